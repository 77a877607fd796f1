"""Engines that keep what they acknowledged, and sessions that know for whom they work."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.orm import Session, SessionTransaction

from audit.errors import Conflict
from audit.store.base import write_json
from audit.store.fence import fence_in
from audit.store.scope import Scope, ScopedSession

BUSY_SECONDS = 30.0
# The WAL-reset bug (lost or corrupted commits): https://sqlite.org/wal.html#walresetbug
WAL_BROKEN_FROM = (3, 7, 0)
WAL_MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Say whether this SQLite's write-ahead log is free of the WAL-reset bug."""
    if version < WAL_BROKEN_FROM or version >= max(WAL_MENDED):
        return True
    return any(version[:2] == mended[:2] and version >= mended for mended in WAL_MENDED)


def open_engine(url: str) -> Engine:
    """Return the engine for `url`, set so that a commit survives a power cut."""
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return create_engine(url, pool_pre_ping=True, json_serializer=write_json)


def _open_sqlite(url: str) -> Engine:
    path = Path(str(make_url(url).database)).absolute()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made here, so that nobody else on the machine can ever read it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, json_serializer=write_json)
    event.listen(engine, "connect", _set_durable)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _say_busy)
    return engine


def _set_durable(connection: sqlite3.Connection, _: object) -> None:
    # The driver must not begin transactions by itself: it would leave out migrations.
    connection.isolation_level = None
    safe = wal_is_safe(sqlite3.sqlite_version_info)
    journal, synchronous = ("wal", "FULL") if safe else ("delete", "EXTRA")
    set_to = connection.execute(f"PRAGMA journal_mode={journal}").fetchone()[0]
    if set_to != journal:
        raise RuntimeError(f"SQLite keeps its journal as {set_to}, but {journal} is needed.")
    for pragma in (
        f"synchronous={synchronous}",
        "mmap_size=0",
        "foreign_keys=ON",
        # Without it INSERT OR REPLACE deletes rows behind the triggers' back.
        "recursive_triggers=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _say_busy(context: ExceptionContext) -> None:
    if getattr(context.original_exception, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        raise _busy() from context.original_exception


def _busy() -> Conflict:
    return Conflict("Too much is being saved at once. Try again.", code="database_busy")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def durability(engine: Engine) -> str:
    """Say in words how commits are kept, as the connection itself reports it."""
    with engine.connect().execution_options(reading=True) as connection:
        if engine.dialect.name == "sqlite":
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
            synchronous = ("OFF", "NORMAL", "FULL", "EXTRA")[level]
            library = sqlite3.sqlite_version
            return f"SQLite {library}, {journal.upper()} journal, {synchronous} synchronous"
        version, commit, fsync = (
            connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("server_version", "synchronous_commit", "fsync")
        )
        return f"PostgreSQL {version}, synchronous commit {commit}, fsync {fsync}"


class _Turn:
    """One writer at a time in this process: SQLite's own waiting is unfair and slow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    def take(self) -> None:
        if self._holder == threading.get_ident():
            raise RuntimeError("This thread is writing already; end that transaction first.")
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise _busy()
        self._holder = threading.get_ident()

    def give(self) -> None:
        self._holder = None
        self._lock.release()


_turns: dict[str, _Turn] = {}
_turns_lock = threading.Lock()


def _turn(engine: Engine) -> _Turn | None:
    if engine.dialect.name != "sqlite":
        return None
    with _turns_lock:
        return _turns.setdefault(os.path.realpath(str(engine.url.database)), _Turn())


class _QueuedSession(ScopedSession):
    """A scoped session that waits for its turn to write."""

    turn: _Turn | None = None
    has_turn = False


fence_in(_QueuedSession)


@event.listens_for(_QueuedSession, "after_transaction_create")
def _take_turn(session: _QueuedSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None and session.turn is not None:
        session.turn.take()
        session.has_turn = True


@event.listens_for(_QueuedSession, "after_transaction_end")
def _give_turn(session: _QueuedSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None and session.turn is not None and session.has_turn:
        session.has_turn = False
        session.turn.give()


def open_session(engine: Engine, scope: Scope, *, writing: bool = True) -> Session:
    """Return a session for `scope`; its owner commits or rolls back once, and closes it.

    One for reading only does not wait for writers, and refuses to write.
    """
    options: dict[str, Any] = {"reading": not writing}
    if engine.dialect.name == "postgresql" and not writing:
        options["postgresql_readonly"] = True
    session = _QueuedSession(engine.execution_options(**options), expire_on_commit=False)
    session.scope = scope
    session.writing = writing
    session.turn = _turn(engine) if writing else None
    return session


@contextmanager
def transaction(engine: Engine, scope: Scope, *, writing: bool = True) -> Iterator[Session]:
    """Commit what is done inside, or nothing of it."""
    with open_session(engine, scope, writing=writing) as session, session.begin():
        yield session
