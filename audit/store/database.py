"""The open database, for callers that know no SQLAlchemy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Engine

from audit.store.migrate import MigrationState, migration_state
from audit.store.scope import Scope, ScopedSession
from audit.store.session import durability, open_session, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One engine, and sessions on it."""

    engine: Engine

    def open(self, scope: Scope, *, writing: bool) -> ScopedSession:
        """Return a session for `scope`; its owner commits or rolls back once, and closes it."""
        return cast("ScopedSession", open_session(self.engine, scope, writing=writing))

    @contextmanager
    def transaction(self, scope: Scope, *, writing: bool = True) -> Iterator[ScopedSession]:
        """Commit what is done inside, or nothing of it."""
        with transaction(self.engine, scope, writing=writing) as session:
            yield cast("ScopedSession", session)

    def durability(self) -> str:
        """Say in words how commits are kept."""
        return durability(self.engine)

    def state(self) -> MigrationState:
        """Compare the schema with what this version needs."""
        return migration_state(self.engine)
