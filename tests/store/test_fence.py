"""PostgreSQL's own fence: what a session sees when everything above it has failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from audit.errors import Conflict
from audit.store.base import Base, new_id
from audit.store.journal import Actor, JournalEntry, write_entry
from audit.store.migrate import upgrade
from audit.store.people import Person
from audit.store.scope import (
    OrganisationScope,
    acting_for,
    list_organisations,
    organisation_scope,
    platform_scope,
)
from audit.store.session import open_engine, open_session, transaction
from audit.store.sites import Site
from tests.conftest import Scoped
from tests.factories import (
    NOW,
    make_audit,
    make_evidence,
    make_finding,
    make_practitioner,
    make_report,
    make_signature,
    make_world,
)

TABLES = sorted(Base.metadata.tables)
# Filled below, so that seeing nothing of them means something.
FILLED = ["organisation", "person", "membership", "sign_in", "site", "sterilizer", "practitioner"]
FILLED += ["audit", "evidence", "finding", "report", "signature", "journal_entry"]
FINAL = ["journal_entry", "journal_checkpoint", "response_change", "signature"]
FINAL += ["report_revision", "receipt"]

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@pytest.fixture
def worlds(engine: Engine) -> dict[str, UUID]:
    made = {name: make_world(engine, name) for name in ("Ours", "Theirs")}
    for organisation_id, person_id, site_id in made.values():
        with transaction(engine, organisation_scope(organisation_id)) as session:
            make_practitioner(session, session.get_one(Site, site_id))
            audit = make_audit(session)
            make_evidence(session, audit)
            make_finding(session, audit)
            make_report(session, audit, code=f"{organisation_id.hex[-12:]}")
            make_signature(session, audit)
            by = Actor(person_id=person_id, name="Ines Ray")
            write_entry(session, act="audit.complete", by=by, subject=("audit", audit.id), at=NOW)
    return {name: ids[0] for name, ids in made.items()}


@contextmanager
def working(engine: Engine, whom: object = "") -> Iterator[Connection]:
    """A connection as a session has it, with nothing above that narrows."""
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT set_config('role', working_role(), true),"
                " set_config('hygiene_audit.scope', :whom, true)"
            ),
            {"whom": str(whom)},
        )
        yield connection


def whose(table: str) -> str:
    return {"organisation": "id", "person": "id"}.get(table, "organisation_id")


def seen(connection: Connection, table: str) -> set[UUID]:
    rows = connection.execute(text(f"SELECT {whose(table)} FROM {table}"))  # noqa: S608 - of ours
    return set(rows.scalars())


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_fenced_for_its_owner_too(engine: Engine, table: str) -> None:
    with engine.connect() as connection:
        stands = connection.execute(
            text(
                "SELECT relrowsecurity, relforcerowsecurity,"
                " pg_get_userbyid(relowner) <> working_role()"
                " FROM pg_class WHERE oid = to_regclass(:table)"
            ),
            {"table": table},
        ).one()

    assert tuple(stands) == (True, True, True)


@pytest.mark.parametrize("table", FILLED)
def test_statements_see_the_own_rows_alone(
    engine: Engine, worlds: dict[str, UUID], table: str
) -> None:
    with working(engine, worlds["Ours"]) as connection:
        ours = seen(connection, table)
    with working(engine, worlds["Theirs"]) as connection:
        theirs = seen(connection, table)
    with working(engine, "*") as connection:
        everything = seen(connection, table)

    assert ours
    assert theirs
    assert not ours & theirs
    assert ours | theirs == everything


@pytest.mark.usefixtures("worlds")
@pytest.mark.parametrize("table", FILLED)
def test_who_does_not_say_for_whom_sees_nothing(engine: Engine, table: str) -> None:
    with working(engine) as connection:
        assert seen(connection, table) == set()


def test_rows_of_others_are_neither_written_nor_changed(
    engine: Engine, worlds: dict[str, UUID]
) -> None:
    whom = {"theirs": worlds["Theirs"], "id": new_id(), "at": NOW}
    with working(engine, worlds["Ours"]) as connection:
        renamed = connection.execute(
            text("UPDATE site SET name = 'x' WHERE organisation_id = :theirs"), whom
        )
        accounts = connection.execute(text("UPDATE person SET name = 'x'"))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(
                text(
                    "INSERT INTO stamp_attempt SELECT * FROM"
                    " jsonb_populate_record(NULL::stamp_attempt, jsonb_build_object("
                    "'id', CAST(:id AS text), 'organisation_id', CAST(:theirs AS text)))"
                ),
                whom,
            )

    assert renamed.rowcount == 0
    assert accounts.rowcount == 0


@pytest.mark.parametrize("table", FINAL)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET organisation_id = organisation_id",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
        "DROP TABLE {}",
    ],
)
def test_the_working_role_has_no_means_against_what_is_final(
    engine: Engine, table: str, statement: str
) -> None:
    with (
        working(engine, "*") as connection,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        connection.execute(text(statement.format(table)))


def test_the_fence_holds_where_the_scope_no_longer_narrows(
    engine: Engine, worlds: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrganisationScope, "narrowing", ())

    with transaction(engine, organisation_scope(worlds["Ours"])) as session:
        sites = session.scalars(select(Site)).all()
        people = session.scalars(select(Person)).all()
        entries = session.scalars(select(JournalEntry)).all()

    assert {one.name for one in sites} == {"Ours site", "Main Street"}
    assert "Theirs person" not in {one.name for one in people}
    assert {one.organisation_id for one in entries} == {worlds["Ours"]}


def test_the_fence_follows_the_scope(
    engine: Engine, worlds: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrganisationScope, "narrowing", ())

    with transaction(engine, platform_scope("this test")) as session:
        before = len(list_organisations(session))
        with session.begin_nested() as undone:
            with acting_for(session, worlds["Ours"]):
                inside = len(list_organisations(session))
            undone.rollback()
        after = len(list_organisations(session))
        with acting_for(session, worlds["Theirs"]):
            again = [one.name for one in list_organisations(session)]

    assert (before, inside, after) == (2, 1, 2)
    assert again == ["Theirs"]


def test_a_connection_given_back_carries_nothing_over(engine: Engine, scoped: Scoped) -> None:
    with scoped() as session:
        list_organisations(session)
    with engine.connect() as connection:
        me, whom = connection.execute(
            text("SELECT current_user, current_setting('hygiene_audit.scope', true)")
        ).one()

    assert me == "postgres"
    assert not whom


def test_an_account_that_may_make_no_role_is_told_what_to_ask_for(engine: Engine) -> None:
    with plain_database(engine) as url:
        plain = open_engine(url)
        with pytest.raises(Conflict, match="Have its administrator run once") as refusal:
            upgrade(plain)
        asked = refusal.value.message.partition(" once: ")[2].partition("  then")[0]
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(asked)
        upgrade(plain)
        organisation_id, _, _ = make_world(plain, "Ours")
        with plain.connect() as connection:
            bare = connection.execute(text("SELECT count(*) FROM site")).scalar_one()
        with open_session(plain, organisation_scope(organisation_id)) as session:
            sites = session.scalars(select(Site)).all()
        plain.dispose()

    assert bare == 0
    assert [one.name for one in sites] == ["Ours site"]


@contextmanager
def plain_database(engine: Engine) -> Iterator[str]:
    """A database that belongs to an account without any privilege."""
    name = f"plain_{new_id().hex[-8:]}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
        connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER {name}")
        url = make_url(engine.url.render_as_string(hide_password=False))
        yield url.set(username=name, database=name).render_as_string(hide_password=False)
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
