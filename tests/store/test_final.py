"""What is final stays: refused with words at flush, and by the database for everyone else."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from audit.domain.lifecycle import AuditState
from audit.store.audits import Audit, ResponseChange, get_audit
from audit.store.base import Base
from audit.store.corrections import Correction
from audit.store.evidence import Evidence
from audit.store.journal import Actor, JournalEntry, write_entry
from audit.store.reports import Report, ReportState
from audit.store.scope import UnchangeableError
from audit.store.signatures import Signature
from audit.store.stamps import Revision
from tests.conftest import Scoped
from tests.factories import (
    NOW,
    digest_of,
    make_audit,
    make_evidence,
    make_report,
    make_signature,
)

FINAL = (
    "audit",
    "evidence",
    "journal_entry",
    "report",
    "response_change",
    "signature",
    "correction",
    "report_revision",
)

REPLACE = "INSERT OR REPLACE INTO"


def make_change(audit: Audit, sequence: int) -> ResponseChange:
    return ResponseChange(
        audit_id=audit.id,
        sequence=sequence,
        key="gloves_changed",
        before=None,
        after={"value": "yes"},
        person_id=audit.inspector_id,
        at=NOW,
        via="page",
    )


@pytest.fixture
def kept(scoped: Scoped) -> dict[str, UUID]:
    """One row of each kind that stays; the audit is completed."""
    with scoped() as session:
        audit = make_audit(session)
        change = make_change(audit, 1)
        session.add(change)
        photo = make_evidence(session, audit)
        signature = make_signature(session, audit)
        report = make_report(session, audit)
        by = Actor(person_id=audit.inspector_id, name=audit.inspector_name)
        entry = write_entry(
            session, act="audit.complete", by=by, subject=("audit", audit.id), at=NOW
        )
        audit.given = {"gloves_changed": {"value": "yes"}}
        audit.state = AuditState.COMPLETED
        correction = Correction(
            audit_id=make_audit(session).id,
            corrects=audit.id,
            report_id=report.id,
            reason="The wrong room.",
            begun_at=NOW,
            begun_by=audit.inspector_id,
        )
        revision = Revision(
            report_id=report.id,
            number=1,
            digest=digest_of("stamped"),
            size=1,
            stamped_at=NOW,
            stamped_by="Time Authority",
            made_at=NOW,
            level="B-T",
            holds_until=None,
        )
        session.add_all([correction, revision])
        rows = (audit, photo, entry, report, change, signature, correction, revision)
        return {name: row.id for name, row in zip(FINAL, rows, strict=True)}


CHANGES: list[tuple[str, type[Base], Callable[[Any], None]]] = [
    ("audit", Audit, lambda row: setattr(row, "given", {})),
    ("audit", Audit, lambda row: setattr(row, "percent", "100")),
    ("audit", Audit, lambda row: setattr(row, "number", 7)),
    ("evidence", Evidence, lambda row: setattr(row, "digest", digest_of("another"))),
    ("journal_entry", JournalEntry, lambda row: setattr(row, "act", "nothing.happened")),
    ("report", Report, lambda row: setattr(row, "digest", digest_of("another"))),
    ("response_change", ResponseChange, lambda row: setattr(row, "after", {"value": "no"})),
    ("signature", Signature, lambda row: setattr(row, "refused", True)),
    ("correction", Correction, lambda row: setattr(row, "reason", "Another one.")),
    ("report_revision", Revision, lambda row: setattr(row, "digest", digest_of("another"))),
]


@pytest.mark.parametrize(("name", "kind", "change"), CHANGES)
def test_a_change_of_what_is_final_is_refused_at_flush(
    scoped: Scoped,
    kept: dict[str, UUID],
    name: str,
    kind: type[Base],
    change: Callable[[Any], None],
) -> None:
    with pytest.raises(UnchangeableError, match="is final"), scoped() as session:
        change(session.get_one(kind, kept[name]))


def test_a_change_made_without_looking_first_is_refused_too(
    scoped: Scoped, kept: dict[str, UUID]
) -> None:
    def overwrite_unseen() -> None:
        with scoped() as session:
            audit = session.get_one(Audit, kept["audit"])
            session.expire(audit, ["given"])
            audit.given = {}

    with pytest.raises(UnchangeableError, match="given is final"):
        overwrite_unseen()


@pytest.mark.parametrize(("name", "kind"), dict.fromkeys((name, kind) for name, kind, _ in CHANGES))
def test_what_is_final_is_never_deleted(
    scoped: Scoped, kept: dict[str, UUID], name: str, kind: type[Base]
) -> None:
    with pytest.raises(UnchangeableError, match="never deleted"), scoped() as session:
        session.delete(session.get_one(kind, kept[name]))


def test_an_audit_in_progress_takes_responses_and_keeps_its_number(scoped: Scoped) -> None:
    with scoped() as session:
        audit_id = make_audit(session).id

    with scoped() as session:
        get_audit(session, audit_id).given = {"gloves_changed": {"value": "no"}}

    with pytest.raises(UnchangeableError, match="number is final"), scoped() as session:
        get_audit(session, audit_id).number = 99


def test_a_completed_audit_goes_on_to_its_signature_and_report(
    scoped: Scoped, kept: dict[str, UUID]
) -> None:
    with scoped() as session:
        audit = get_audit(session, kept["audit"])
        audit.state = AuditState.SIGNED
        audit.signed_at = NOW
        audit.record_digest = digest_of("a record")

    with scoped() as session:
        assert get_audit(session, kept["audit"]).state is AuditState.SIGNED
        get_audit(session, kept["audit"]).record_digest = digest_of("another record")
        with pytest.raises(UnchangeableError, match="record_digest"):
            session.flush()
        session.rollback()


def test_no_audit_goes_back(scoped: Scoped, kept: dict[str, UUID]) -> None:
    with scoped() as session:
        get_audit(session, kept["audit"]).state = AuditState.REPORTED

    with pytest.raises(UnchangeableError, match="state is final"), scoped() as session:
        get_audit(session, kept["audit"]).state = AuditState.COMPLETED


def test_no_report_stands_again(scoped: Scoped, kept: dict[str, UUID]) -> None:
    with scoped() as session:
        session.get_one(Report, kept["report"]).state = ReportState.WITHDRAWN

    with pytest.raises(UnchangeableError, match="state is final"), scoped() as session:
        session.get_one(Report, kept["report"]).state = ReportState.CURRENT


def test_a_completed_audit_takes_no_photo(scoped: Scoped, kept: dict[str, UUID]) -> None:
    with pytest.raises(IntegrityError, match="final"), scoped() as session:
        make_evidence(session, get_audit(session, kept["audit"]))


def test_a_completed_audit_takes_no_response(scoped: Scoped, kept: dict[str, UUID]) -> None:
    with pytest.raises(IntegrityError, match="final"), scoped() as session:
        session.add(make_change(get_audit(session, kept["audit"]), 2))


def test_what_may_change_does(scoped: Scoped, kept: dict[str, UUID]) -> None:
    with scoped() as session:
        session.get_one(Report, kept["report"]).state = ReportState.SUPERSEDED
        session.get_one(Evidence, kept["evidence"]).removed_at = NOW

    with scoped() as session:
        assert session.get_one(Report, kept["report"]).state is ReportState.SUPERSEDED
        assert session.get_one(Evidence, kept["evidence"]).removed_at == NOW


STATEMENTS = [
    "DELETE FROM audit",
    "DELETE FROM correction",
    "DELETE FROM evidence",
    "DELETE FROM journal_entry",
    "DELETE FROM report",
    "DELETE FROM response_change",
    "DELETE FROM signature",
    "UPDATE audit SET number = 9",
    "UPDATE audit SET given = '{}'",
    "UPDATE audit SET state = 'in_progress'",
    "UPDATE audit SET signed_at = NULL, record_digest = NULL, state = 'planned'",
    "UPDATE correction SET reason = 'x'",
    "UPDATE evidence SET digest = 'x'",
    "UPDATE journal_entry SET act = 'x'",
    "UPDATE journal_entry SET number = 2",
    "UPDATE report SET digest = 'x'",
    "UPDATE response_change SET after = NULL",
    "UPDATE signature SET refused = true, reason = 'x'",
]


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.usefixtures("kept")
def test_the_database_refuses_statements_from_anyone(engine: Engine, statement: str) -> None:
    with engine.connect() as connection, pytest.raises(IntegrityError, match="is final"):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("forward", "back"),
    [
        ("UPDATE report SET state = 'withdrawn'", "UPDATE report SET state = 'current'"),
        ("UPDATE audit SET state = 'reported'", "UPDATE audit SET state = 'completed'"),
        ("UPDATE audit SET record_digest = 'a'", "UPDATE audit SET record_digest = 'b'"),
        ("UPDATE audit SET signed_at = created_at", "UPDATE audit SET signed_at = NULL"),
        ("UPDATE evidence SET removed_at = added_at", "UPDATE evidence SET removed_at = NULL"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_the_database_lets_things_go_forward_only(engine: Engine, forward: str, back: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(forward))

        with pytest.raises(IntegrityError, match="is final"):
            connection.execute(text(back))


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", FINAL)
@pytest.mark.usefixtures("kept")
def test_postgresql_refuses_to_empty_a_table(engine: Engine, name: str) -> None:
    with engine.connect() as connection, pytest.raises(IntegrityError, match="is final"):
        connection.execute(text(f"TRUNCATE {name} CASCADE"))


@contextmanager
def stranger(engine: Engine) -> Iterator[sqlite3.Connection]:
    """A connection of another program, with none of our settings."""
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        yield connection


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", FINAL)
@pytest.mark.usefixtures("kept")
def test_sqlite_refuses_to_replace_a_row_whatever_the_connection(engine: Engine, name: str) -> None:
    statement = f"{REPLACE} {name} SELECT * FROM {name}"  # noqa: S608 - the names above

    with stranger(engine) as connection, pytest.raises(sqlite3.IntegrityError, match="final"):
        connection.execute(statement)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("audit", "organisation_id, number"),
        ("journal_entry", "organisation_id, number"),
        ("report", "code"),
        ("report", "digest"),
        ("response_change", "organisation_id, audit_id, sequence"),
        ("signature", "organisation_id, audit_id, part"),
        ("correction", "organisation_id, audit_id"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_sqlite_refuses_to_replace_a_row_by_another_of_its_keys(
    engine: Engine, name: str, shared: str
) -> None:
    columns = [column.name for column in Base.metadata.tables[name].columns]
    keys = {"id", "code", "digest"} - set(shared.split(", "))
    fresh = ", ".join(
        f"hex(randomblob(16)) AS {column}" if column in keys else f'"{column}"'
        for column in columns
    )
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f"{REPLACE} {name} ({names}) SELECT {fresh} FROM {name}"  # noqa: S608 - as above

    with stranger(engine) as connection, pytest.raises(sqlite3.IntegrityError, match="final"):
        connection.execute(statement)


def test_two_rows_with_one_number_are_refused_by_either_database(scoped: Scoped) -> None:
    with scoped() as session:
        audit = make_audit(session)

    with pytest.raises(IntegrityError), scoped() as session:
        make_audit(session, number=audit.number)
