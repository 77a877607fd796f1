"""Transactions: durable, one writer at a time, all or nothing."""

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from audit.errors import Conflict
from audit.store import session as sessions
from audit.store.audits import get_audit
from audit.store.journal import Actor, entries, write_entry
from audit.store.scope import organisation_scope, platform_scope, scope_of
from audit.store.session import durability, open_engine, open_session, transaction, wal_is_safe
from audit.store.sites import Site
from tests.conftest import Scoped
from tests.factories import NOW, make_audit, make_organisation, make_site


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_the_write_ahead_log_is_trusted_only_where_it_is_mended(
    version: tuple[int, int, int], safe: bool
) -> None:
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ((3, 40, 1), "DELETE journal, EXTRA synchronous"),
        ((3, 51, 3), "WAL journal, FULL synchronous"),
    ],
)
def test_the_library_decides_how_commits_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], words: str
) -> None:
    monkeypatch.setattr(sessions.sqlite3, "sqlite_version_info", version)
    engine = open_engine(f"sqlite:///{tmp_path / 'fresh' / 'audit.sqlite3'}")

    said = durability(engine)

    assert said == f"SQLite {sqlite3.sqlite_version}, {words}"
    engine.dispose()


def test_postgresql_says_how_it_keeps_commits(postgres_engine: Engine) -> None:
    said = durability(postgres_engine)

    assert said.startswith("PostgreSQL ")
    assert said.endswith("synchronous commit on, fsync off")


def test_a_journal_that_cannot_be_set_stops_the_start(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    holder = sqlite3.connect(path)
    holder.execute("PRAGMA journal_mode=wal")
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM site").fetchall()
    engine = open_engine(f"{sqlite_url}?timeout=0")

    with pytest.raises(Conflict, match="being saved"):
        durability(engine)

    holder.close()
    engine.dispose()


def test_the_database_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "audit.sqlite3"

    open_engine(f"sqlite:///{path}").dispose()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_each_connection_is_set_alike(sqlite_engine: Engine) -> None:
    names = ("foreign_keys", "recursive_triggers", "mmap_size", "secure_delete", "trusted_schema")

    with sqlite_engine.connect() as connection:
        set_to = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert set_to == [1, 1, 0, 1, 0]


def test_a_transaction_keeps_all_or_nothing(scoped: Scoped) -> None:
    def fail_halfway() -> None:
        with scoped() as session:
            make_site(session)
            raise LookupError

    with pytest.raises(LookupError):
        fail_halfway()

    with scoped() as session:
        assert session.scalars(select(Site)).all() == []


def test_an_open_session_keeps_what_its_owner_commits(
    engine: Engine, organisation_id: UUID
) -> None:
    scope = organisation_scope(organisation_id)
    with open_session(engine, scope) as session:
        make_site(session, name="kept")
        session.commit()
        make_site(session, name="dropped")
        session.rollback()

    with transaction(engine, scope, writing=False) as session:
        names = session.scalars(select(Site.name)).all()

    assert names == ["kept"]


def test_values_stay_readable_after_the_commit(scoped: Scoped) -> None:
    with scoped() as session:
        site = make_site(session, name="Main Street")

    assert site.name == "Main Street"


def test_writers_wait_for_each_other_and_none_is_lost(
    sqlite_engine: Engine, sqlite_url: str
) -> None:
    with transaction(sqlite_engine, platform_scope("a test's organisation")) as session:
        scope = organisation_scope(make_organisation(session).id)
    # A second engine stands for a second process: it shares the file, here also the queue.
    engines = [sqlite_engine, open_engine(sqlite_url)]
    failures: list[Exception] = []

    def write(engine: Engine) -> None:
        try:
            for _ in range(10):
                with transaction(engine, scope) as session:
                    make_site(session)
        except Exception as error:  # noqa: BLE001 - whatever it was, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=write, args=(engines[place % 2],)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with transaction(sqlite_engine, scope, writing=False) as session:
        assert len(session.scalars(select(Site)).all()) == 40
    assert failures == []
    engines[1].dispose()


def test_a_reader_does_not_wait_for_a_writer(sqlite_engine: Engine) -> None:
    with transaction(sqlite_engine, platform_scope("a test's organisation")) as session:
        scope = organisation_scope(make_organisation(session).id)

    with transaction(sqlite_engine, scope) as writing:
        make_site(writing)
        with transaction(sqlite_engine, scope, writing=False) as reading:
            seen = reading.scalars(select(Site)).all()

    assert seen == []


def test_a_thread_that_would_wait_for_itself_is_told_at_once(sqlite_engine: Engine) -> None:
    scope = platform_scope("a test writes twice")

    with (
        transaction(sqlite_engine, scope),
        open_session(sqlite_engine, scope) as inner,
        pytest.raises(RuntimeError, match="writing already"),
    ):
        make_organisation(inner)

    with transaction(sqlite_engine, scope) as again:
        make_organisation(again)


def test_waiting_too_long_for_a_turn_is_a_refusal(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "BUSY_SECONDS", 0.01)
    scope = platform_scope("a test holds the turn")
    refused: list[Conflict] = []

    def write() -> None:
        with open_session(sqlite_engine, scope) as second:
            try:
                make_organisation(second)
            except Conflict as refusal:
                refused.append(refusal)

    with transaction(sqlite_engine, scope) as first:
        make_organisation(first)
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    assert [one.code for one in refused] == ["database_busy"]


def test_a_reading_session_cannot_write_past_the_flush_on_postgresql(
    postgres_engine: Engine,
) -> None:
    scope = platform_scope("a test reads")

    with transaction(postgres_engine, scope, writing=False) as session:
        read_only = session.get_bind().get_execution_options()["postgresql_readonly"]

    assert read_only is True


def test_two_who_add_and_write_the_journal_wait_and_do_not_deadlock(
    engine: Engine, organisation_id: UUID
) -> None:
    scope = organisation_scope(organisation_id)
    both_added = threading.Barrier(2)
    ended: list[str] = []

    def work(wait: threading.Barrier | None) -> None:
        try:
            with transaction(engine, scope) as session:
                site = make_site(session)
                if wait is not None:
                    wait.wait(timeout=20)
                by = Actor(person_id=None, name="a test")
                write_entry(session, act="site.add", by=by, subject=("site", site.id), at=NOW)
            ended.append("done")
        except Exception as error:  # noqa: BLE001 - whatever it was, the test shows it
            ended.append(repr(error))

    # SQLite lets one in at a time, so there nobody can wait for the other to have added.
    wait = both_added if engine.dialect.name == "postgresql" else None
    threads = [threading.Thread(target=work, args=(wait,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with transaction(engine, scope, writing=False) as session:
        numbers = [entry.number for entry in entries(session)]
    assert ended == ["done", "done"]
    assert numbers == [2, 1]


def test_another_program_that_writes_for_too_long_is_a_refusal(sqlite_url: str) -> None:
    engine = open_engine(f"{sqlite_url}?timeout=0")
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")

        with (
            pytest.raises(Conflict) as refusal,
            transaction(engine, platform_scope("a test waits")) as session,
        ):
            make_organisation(session)

    assert refusal.value.code == "database_busy"
    engine.dispose()


def test_a_change_made_on_a_stale_view_is_refused(engine: Engine, scoped: Scoped) -> None:
    with scoped() as session:
        audit_id = make_audit(session).id
        scope = scope_of(session)
    with open_session(engine, scope) as stale:
        seen = get_audit(stale, audit_id)
        stale.commit()
        with scoped() as session:
            get_audit(session, audit_id).given = {"a": {"value": "yes"}}
        seen.given = {"b": {"value": "no"}}

        with pytest.raises(Conflict) as refusal:
            stale.flush()

    assert refusal.value.code == "changed_meanwhile"
