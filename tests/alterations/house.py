"""A house with a journal: entries, files and checkpoints, exported by the real program."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine

from audit.services.exporting import export_organisation
from audit.services.journal import make_checkpoint
from audit.store.blobs import Blobs
from audit.store.journal import Actor, write_entry
from audit.store.keys import KeyStore
from audit.store.migrate import upgrade
from audit.store.scope import organisation_scope, platform_scope
from audit.store.session import open_engine, transaction
from reports.checkpoint import LogKey
from tests.factories import NOW, make_organisation, make_person, make_site

BEFORE, AFTER = 24, 8


@dataclass(frozen=True, kw_only=True)
class Exported:
    """An export, the checkpoint that left the house before its last entries, and its log key."""

    folder: Path
    outside: str
    vouched: int
    key: LogKey


def export_from(folder: Path) -> Exported:
    """Make a house in `folder` and export it."""
    engine = open_engine(f"sqlite:///{folder / 'audit.sqlite3'}")
    upgrade(engine)
    with transaction(engine, platform_scope("the house of a test")) as session:
        organisation_id = make_organisation(session).id
    scope = organisation_scope(organisation_id)
    keys = KeyStore(folder=folder / "keys", passphrase="for tests only")
    blobs = Blobs(folder / "blobs")
    _act(engine, organisation_id, blobs, range(BEFORE))
    with transaction(engine, scope) as session:
        left = make_checkpoint(session, keys, now=NOW)
    _act(engine, organisation_id, blobs, range(BEFORE, BEFORE + AFTER))
    with transaction(engine, scope) as session:
        export_organisation(session, folder / "export", blobs=blobs, keys=keys, now=NOW)
    engine.dispose()
    if left is None:
        raise AssertionError("a journal with entries has a checkpoint")
    return Exported(
        folder=folder / "export",
        outside=left.note,
        vouched=left.size,
        key=keys.log_key(str(organisation_id)),
    )


def _act(engine: Engine, organisation_id: UUID, blobs: Blobs, acts: range) -> None:
    with transaction(engine, organisation_scope(organisation_id)) as session:
        person, site = make_person(session, name=f"Zoë {acts.start}"), make_site(session)
        by = Actor(person_id=person.id, name=person.name, role="inspector", device="stay/1")
        for number in acts:
            digest = blobs.put(f"photo {number}".encode())
            issued = number % 4 == 0
            write_entry(
                session,
                act="issue_report" if issued else "add_photo",
                by=by,
                subject=("audit", site.id),
                at=NOW + timedelta(minutes=number),
                details={"key": f"item-{number}", "digest": digest},
                claimed_at=NOW if number % 2 else None,
                files=[digest] if issued else (),
            )
