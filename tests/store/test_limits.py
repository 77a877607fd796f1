"""Who is limited to chosen sites sees what belongs to them, whatever way it is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from audit.errors import NotAllowed
from audit.services.acting import Member
from audit.services.sites import SiteEntry, add_site
from audit.store.audits import Audit, ResponseChange, next_audit_number
from audit.store.base import Base
from audit.store.limits import limit
from audit.store.scope import (
    Owned,
    ScopeError,
    is_limited,
    organisation_scope,
    whole_organisation,
)
from audit.store.session import transaction
from audit.store.sites import Site, Sterilizer, list_sites
from tests.conftest import Scoped
from tests.factories import (
    NOW,
    make_audit,
    make_credential,
    make_evidence,
    make_finding,
    make_practitioner,
    make_report,
    make_signature,
    make_site,
    make_sterilizer,
)

# What belongs to no site: who belongs here, and who did what.
OF_NO_SITE = {"membership", "journal_entry", "journal_checkpoint"}


@dataclass
class Two:
    """Two sites of one organisation with the same things at each."""

    organisation_id: UUID
    here: UUID
    there: UUID
    rows: dict[UUID, dict[type[Base], UUID]]


def furnish(session: Session, name: str) -> tuple[UUID, dict[type[Base], UUID]]:
    site = make_site(session, name=name)
    practitioner = make_practitioner(session, site)
    audit = make_audit(session, site)
    change = ResponseChange(
        audit_id=audit.id,
        sequence=1,
        key="gloves_worn",
        before=None,
        after={"value": "yes"},
        person_id=audit.inspector_id,
        at=NOW,
        via="page",
    )
    session.add(change)
    made = (
        site,
        make_sterilizer(session, site),
        practitioner,
        make_credential(session, practitioner),
        audit,
        change,
        make_evidence(session, audit),
        make_signature(session, audit),
        make_finding(session, audit),
        make_report(session, audit),
    )
    return site.id, {type(row): row.id for row in made}


@pytest.fixture
def two(scoped: Scoped, organisation_id: UUID) -> Two:
    with scoped() as session:
        here, mine = furnish(session, "Here")
        there, theirs = furnish(session, "There")
    return Two(
        organisation_id=organisation_id, here=here, there=there, rows={here: mine, there: theirs}
    )


@pytest.fixture
def limited(engine: Engine, two: Two) -> Iterator[Session]:
    scope = organisation_scope(two.organisation_id, frozenset({two.here}))
    with transaction(engine, scope) as session:
        yield session


def test_every_row_belongs_to_a_site_or_is_known_to_belong_to_none() -> None:
    owned = [one.class_ for one in Base.registry.mappers if issubclass(one.class_, Owned)]

    free = {one.__tablename__ for one in owned if limit(one, [uuid4()]) is None}

    assert free == OF_NO_SITE


def test_only_what_belongs_to_the_chosen_sites_is_read(limited: Session, two: Two) -> None:
    found: dict[str, Any] = {}
    for row_class, row_id in two.rows[two.here].items():
        seen = {row.id for row in limited.scalars(select(row_class))}  # type: ignore[attr-defined]  # all have one
        alone = limited.get(row_class, two.rows[two.there][row_class]) is None
        found[row_class.__name__] = (seen == {row_id}, alone)

    assert set(found.values()) == {(True, True)}


def test_numbers_go_on_from_those_of_all_sites(limited: Session, two: Two) -> None:
    with whole_organisation(limited):
        highest = max(limited.scalars(select(Audit.number)).all())

    assert next_audit_number(limited) == highest + 1
    assert len(list_sites(limited)) == 1
    assert two.there


def test_a_look_beyond_ends(limited: Session, two: Two) -> None:
    with whole_organisation(limited):
        assert limited.get(Site, two.there) is not None

    assert limited.get(Site, two.there) is None
    assert is_limited(limited)


def test_nothing_is_written_at_another_site(engine: Engine, two: Two) -> None:
    scope = organisation_scope(two.organisation_id, frozenset({two.here}))

    with pytest.raises(ScopeError, match="another site"), transaction(engine, scope) as session:
        session.add(Sterilizer(site_id=two.there, name="x", kind="gravity"))


def test_nobody_limited_adds_a_site(limited: Session) -> None:
    entry = SiteEntry(name="New", address="1 Road", jurisdiction="US-UT", zone="", services=())
    by = Member(id=uuid4(), name="Ada")

    with pytest.raises(NotAllowed, match="chosen sites only"):
        add_site(limited, entry, by=by, now=datetime.now(UTC))
