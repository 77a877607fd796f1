"""All rows of one organisation as plain values, for taking them elsewhere."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from audit.store.base import Base
from audit.store.journal import JournalCheckpoint, JournalEntry
from audit.store.people import SignIn

# The journal goes in a form of its own; what opens doors goes nowhere.
_LEFT_OUT = (JournalEntry, JournalCheckpoint, SignIn)
_SECRET = frozenset({"password_hash"})
_AT_ONCE = 500


def tables() -> list[str]:
    """Return the names of the tables that are taken along."""
    return sorted(_classes())


def rows_of(session: Session, table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one table that the session's organisation sees, by id."""
    row_class = _classes()[table]
    wanted = select(row_class).order_by(row_class.__mapper__.primary_key[0])
    names = [one.key for one in inspect(row_class).column_attrs if one.key not in _SECRET]
    for row in session.scalars(wanted.execution_options(yield_per=_AT_ONCE)):
        yield to_jsonable_python({name: getattr(row, name) for name in names})


def _classes() -> dict[str, Any]:
    found = (mapper.class_ for mapper in Base.registry.mappers)
    return {one.__tablename__: one for one in found if one not in _LEFT_OUT}
