"""Below the addresses: what a session of one organisation reads and writes, and what keys hold."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.store.base import Base
from audit.store.people import Membership, Person, Role, SignIn
from audit.store.scope import (
    Organisation,
    Owned,
    Scope,
    ScopeError,
    acting_for,
    organisation_scope,
    platform_scope,
)
from audit.store.sites import Site, Sterilizer
from tests.isolation.world import World

# Columns that name something without a key: what they name may be yet to come, or of any kind.
FREE = {
    "journal_entry.subject_id",
    "received_change.audit_id",
    "received_change.change_id",
    "received_change.settled_by",
    "report_revision.stamped_by",
    "response_change.change_id",
    "upload.audit_id",
    "upload.evidence_id",
}
# How a column that names a row is called.
_NAMING = ("_id", "_by", "corrects", "replaces")
_OF_NO_SITE = {"membership", "journal_entry", "journal_checkpoint"}


def sweep(world: World) -> Iterator[str]:
    """Say everything that reaches beyond its organisation, or beyond the sites someone may see."""
    yield from _readings(world)
    yield from _beyond_sites(world)
    yield from _writings(world)


def _readings(world: World) -> Iterator[str]:
    strangers = _rows(world, platform_scope("a sweep reads what is foreign"))
    own = organisation_scope(world.own.organisation_id)
    for row_class, seen in _rows(world, own).items():
        foreign = {
            one for one, whose in strangers[row_class].items() if whose != own.organisation_id
        }
        if foreign & seen.keys():
            yield f"{row_class.__name__}: rows of another organisation are read"
        with world.database.transaction(own, writing=False) as session:
            if any(_got(session, row_class, one) for one in foreign):
                yield f"{row_class.__name__}: a row of another organisation is handed out by its id"
        if seen and not foreign:
            yield f"{row_class.__name__}: the other organisation has none, so nothing is shown"


def _rows(world: World, scope: Scope) -> dict[type[Base], dict[UUID, UUID | None]]:
    """Return whose each row is that `scope` reads, by class and id."""
    found: dict[type[Base], dict[UUID, UUID | None]] = {}
    with world.database.transaction(scope, writing=False) as session:
        whose = {one.person_id: one.organisation_id for one in session.scalars(select(Membership))}
        for mapper in Base.registry.mappers:
            rows = session.scalars(select(mapper.class_)).all()
            found[mapper.class_] = {row.id: _whose(row, whose) for row in rows}
    return found


def _whose(row: Any, members: dict[UUID, UUID]) -> UUID | None:
    match row:
        case Person():
            return members.get(row.id)
        case Organisation():
            return row.id
        case _:
            found: UUID | None = row.organisation_id
            return found


def _got(session: Session, row_class: type[Base], row_id: UUID) -> bool:
    try:
        return session.get(row_class, row_id) is not None
    except ScopeError:
        return False


def _beyond_sites(world: World) -> Iterator[str]:
    scope = organisation_scope(world.own.organisation_id, frozenset({world.own.site_id}))
    whole = _rows(world, organisation_scope(world.own.organisation_id))
    for row_class, seen in _rows(world, scope).items():
        free = not issubclass(row_class, Owned) or row_class.__tablename__ in _OF_NO_SITE
        if not free and whole[row_class] and seen.keys() == whole[row_class].keys():
            yield f"{row_class.__name__}: who is limited to a site sees those of all sites"


def _writings(world: World) -> Iterator[str]:
    for name, act in _ACTS.items():
        try:
            with world.database.transaction(organisation_scope(world.own.organisation_id)) as s:
                act(s, world)
            yield f"{name}: was done"
        except (ScopeError, IntegrityError):
            pass
        finally:
            world.restore()
    try:
        with world.database.transaction(platform_scope("a sweep reads again")) as session:
            row = session.get_one(Site, world.foreign.site_id)
            with acting_for(session, world.own.organisation_id):
                session.refresh(row)
        yield "reading a foreign row again: was done"
    except ScopeError:
        pass
    with world.database.transaction(platform_scope("a sweep reads first")) as session:
        # Held on to, so that it stays in hand.
        kept = session.get_one(Site, world.foreign.site_id)
        with acting_for(session, world.own.organisation_id):
            if kept and session.get(Site, world.foreign.site_id) is not None:
                yield "a foreign row read before is handed out by its id"


def _add_for_another(session: Session, world: World) -> None:
    row = Sterilizer(site_id=world.foreign.site_id, name="x", kind="gravity")
    row.organisation_id = world.foreign.organisation_id
    session.add(row)


def _refer_to_another(session: Session, world: World) -> None:
    session.add(Sterilizer(site_id=world.foreign.site_id, name="x", kind="gravity"))


def _take_in(session: Session, world: World) -> None:
    session.add(Membership(person_id=world.foreign.person_id, role=Role.OWNER))


def _come_in_elsewhere(session: Session, world: World) -> None:
    row = session.scalars(select(SignIn).limit(1)).one()
    session.add(
        SignIn(
            token_digest="x",
            person_id=row.person_id,
            organisation_id=world.foreign.organisation_id,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
        )
    )


def _move(session: Session, world: World) -> None:
    site = session.get_one(Site, world.own.site_id)
    site.organisation_id = world.foreign.organisation_id


_ACTS: dict[str, Callable[[Session, World], None]] = {
    "adding a row for another organisation": _add_for_another,
    "referring to a row of another organisation": _refer_to_another,
    "making a stranger a member": _take_in,
    "opening a stay in another organisation": _come_in_elsewhere,
    "moving a row to another organisation": _move,
}


def loose_keys(path: str) -> Iterator[str]:
    """Say which columns name an owned row without its organisation, in the database itself."""
    owned = {
        one.class_.__tablename__ for one in Base.registry.mappers if issubclass(one.class_, Owned)
    }
    with closing(sqlite3.connect(path)) as raw:
        for table in sorted({*owned, "link"}):
            columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
            held: dict[int, set[str]] = {}
            for row in raw.execute(f"PRAGMA foreign_key_list({table})"):
                held.setdefault(row[0], set()).add(row[3])
            kept = [one for one in held.values() if "organisation_id" in one]
            for column in columns:
                names = column.endswith(_NAMING) and column != "organisation_id"
                if (
                    names
                    and f"{table}.{column}" not in FREE
                    and {"organisation_id", column} not in kept
                    and not _is_shared(raw, table, column)
                ):
                    yield f"{table}.{column}"


def _is_shared(raw: sqlite3.Connection, table: str, column: str) -> bool:
    """Say whether a column names a person only: members are checked as they are added."""
    return (table, column) == ("membership", "person_id") and bool(raw)
