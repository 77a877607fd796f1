from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit.domain.catalogue import Catalogue
from audit.domain.definitions import RepeatGroup
from audit.services.acting import Member, Shelf
from audit.services.audits import Handed, Plan, name_subjects, record_responses, start_audit
from audit.services.reports import Press
from audit.store.audits import AuditKind
from audit.store.blobs import Blobs
from audit.store.keys import KeyStore
from tests.conftest import Scoped
from tests.factories import NOW, make_person, make_site
from tests.services.small_library import small_library

PASSPHRASE = "for tests only"
GIVEN = {
    "gloves_worn": {"value": "yes"},
    "water_warm": {"value": "41,5"},
    "glove_changes": {"done": "9", "missed": "1"},
    "room_clean@1": {"value": "yes"},
    "room_clean@2": {"value": "yes"},
}


@dataclass(frozen=True)
class Desk:
    """One member at work on one site."""

    scoped: Scoped
    shelf: Shelf
    press: Press
    by: Member
    site_id: UUID

    def start(self) -> UUID:
        plan = Plan(
            site_id=self.site_id,
            checklist_code="small-check",
            kind=AuditKind.SELF_AUDIT,
            person_in_charge="Lee Park",
        )
        with self.scoped() as session:
            audit = start_audit(session, plan, catalogue=self.catalogue, by=self.by, now=NOW)
            name_subjects(session, audit.id, RepeatGroup.ROOMS, ["One", "Two"], by=self.by, now=NOW)
            return audit.id

    def record(self, audit_id: UUID, revision: int | None = None, **given: object) -> int:
        handed = Handed(given=given, revision=revision)  # type: ignore[arg-type]  # raw on purpose
        with self.scoped() as session:
            return record_responses(
                session, audit_id, handed, catalogue=self.catalogue, by=self.by, now=self.later
            )

    @property
    def catalogue(self) -> Catalogue:
        return self.shelf.catalogue

    @property
    def later(self) -> datetime:
        return NOW + timedelta(minutes=30)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return small_library(tmp_path_factory.mktemp("checklists"))


@pytest.fixture
def desk(scoped: Scoped, catalogue: Catalogue, tmp_path: Path) -> Desk:
    with scoped() as session:
        person, site = make_person(session, name="Ines Ray"), make_site(session)
        member, site_id = Member(id=person.id, name=person.name), site.id
    shelf = Shelf(catalogue=catalogue, blobs=Blobs(tmp_path / "blobs"))
    keys = KeyStore(folder=tmp_path / "keys", passphrase=PASSPHRASE)
    press = Press(blobs=shelf.blobs, keys=keys, base_url="http://audits.test")
    return Desk(scoped=scoped, shelf=shelf, press=press, by=member, site_id=site_id)
