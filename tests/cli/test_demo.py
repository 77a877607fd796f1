import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from audit.services.demo import LATE
from audit.store.audits import Audit
from audit.store.database import Database
from audit.store.findings import Finding, list_open_findings
from audit.store.people import count_organisations
from audit.store.reports import Report
from audit.store.scope import Organisation, ScopedSession, organisation_scope, platform_scope
from audit.store.session import open_engine
from tests.cli.conftest import PROGRAM, Bench, Demo, surroundings


@contextmanager
def looking(data: Path, organisation_id: UUID | None = None) -> Iterator[ScopedSession]:
    """Open the database of a data directory, only to look."""
    database = Database(engine=open_engine(f"sqlite:///{data / 'audit.sqlite3'}"))
    scope = (
        organisation_scope(organisation_id) if organisation_id else platform_scope("a test looks")
    )
    with database.transaction(scope, writing=False) as session:
        yield session
    database.engine.dispose()


@pytest.fixture
def house(demo: Demo) -> Iterator[ScopedSession]:
    with looking(demo.data) as session:
        found = session.scalars(select(Organisation)).one()
    assert found.demo
    with looking(demo.data, found.id) as session:
        yield session


def test_every_finished_audit_of_the_year_has_its_report(house: ScopedSession) -> None:
    audits = list(house.scalars(select(Audit)))
    reports = list(house.scalars(select(Report)))

    today = datetime.now(UTC)
    assert len(audits) > 40
    assert {audit.id for audit in audits if audit.completed_at} == {one.audit_id for one in reports}
    assert len(audits) - len(reports) == 1
    assert all(audit.completed_at < today for audit in audits if audit.completed_at)


def test_most_findings_were_put_right_and_few_are_late(house: ScopedSession) -> None:
    today = datetime.now(UTC).date()
    every = list(house.scalars(select(Finding)))
    still = list_open_findings(house)

    assert len(every) > 60
    assert LATE < len(still) < 40
    assert sum(one.due_on is not None and one.due_on < today for one in still) <= LATE
    assert all(one.raised_on > today - timedelta(days=100) for one in still)


def test_findings_were_put_right_around_the_day_they_were_due(house: ScopedSession) -> None:
    closed = [one for one in house.scalars(select(Finding)) if one.closed_on]

    days = [(one.closed_on - one.due_on).days for one in closed if one.closed_on and one.due_on]
    assert min(days) >= -3
    assert max(days) <= 1
    assert all(one.closed_on >= one.raised_on for one in closed if one.closed_on)


def test_reports_of_the_demo_pass_and_say_that_they_are_registered(
    house: ScopedSession, demo: Demo
) -> None:
    newest = house.scalars(select(Report).order_by(Report.issued_at.desc())).first()
    assert newest is not None
    sealed = next((demo.data / "evidence").rglob(f"*{newest.digest}*"))

    done = demo.bench.run("report", "verify", sealed)

    assert done.exit_code == 0
    assert newest.code in done.stdout
    first = "".join(PdfReader(sealed).pages[0].extract_text().split())
    assert f"http://127.0.0.1:8471/v/{newest.code}" in first
    assert "issued" in done.stdout.partition("The file says:")[0]


def test_the_password_is_kept_for_its_owner_alone(demo: Demo) -> None:
    logins = demo.data / "demo-logins"

    assert logins.stat().st_mode & 0o777 == 0o600
    assert len(logins.read_text(encoding="ascii")) >= 12


def test_serving_the_demo_says_where_it_is_and_how_to_sign_in(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    password = (demo.data / "demo-logins").read_text(encoding="ascii")

    with subprocess.Popen(
        [PROGRAM, "serve", "--port", address.rpartition(":")[2]],
        env=surroundings(demo.data),
        cwd=demo.bench.folder,
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        said = [serving.stdout.readline().strip() for _ in range(7)]
        serving.terminate()

    assert said[0] == f"Hygiene Audit is at http://{address}"
    assert said[2].split()[0] == "owner@demo.test"
    assert said[-1] == f"password: {password}"


def test_serving_nobody_yet_says_where_to_make_the_first_account(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"

    with subprocess.Popen(
        [PROGRAM, "serve", "--port", address.rpartition(":")[2]],
        env=surroundings(tmp_path / "data"),
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        said = [serving.stdout.readline().strip() for _ in range(2)]
        serving.terminate()

    assert f"Open http://{address}/setup" in said[1]


def test_making_the_demo_says_how_far_it_is(demo: Demo) -> None:
    lines = demo.said.splitlines()

    whole = lines[-1].rpartition("/")[2]
    assert lines[0] == "Making up a year of audits"
    assert len(lines) == 5
    assert lines[-1] == f"Making up a year of audits {whole}/{whole}"


def test_second_demo_changes_nothing(demo: Demo) -> None:
    before = {path: path.stat().st_mtime_ns for path in demo.data.rglob("*") if path.is_file()}

    done = demo.bench.run("demo")

    after = {path: path.stat().st_mtime_ns for path in demo.data.rglob("*") if path.is_file()}
    assert done.exit_code == 0
    assert done.stderr == "This installation is in use already; no demo was added.\n"
    assert after.keys() == before.keys()
    assert after[demo.data / "demo-logins"] == before[demo.data / "demo-logins"]
    with looking(demo.data) as session:
        assert count_organisations(session) == 1


def test_demo_that_is_killed_leaves_nothing_of_it(bench: Bench) -> None:
    with subprocess.Popen(
        [PROGRAM, "demo"],
        env=surroundings(bench.data),
        cwd=bench.folder,
        stderr=subprocess.DEVNULL,
    ) as running:
        while not list((bench.data / "evidence").rglob("*")):
            assert running.poll() is None
            time.sleep(0.02)
        running.kill()

    with looking(bench.data) as session:
        assert count_organisations(session) == 0
    assert not (bench.data / "demo-logins").exists()


def test_sealed_report_of_the_demo_needs_no_server(bench: Bench) -> None:
    done = bench.run("demo", "--report", bench.out)

    assert done.exit_code == 0
    assert done.stdout.endswith("Its data are made up.\n")
    assert not (bench.data / "audit.sqlite3").exists()
    assert bench.run("report", "verify", bench.out).exit_code == 0


def test_report_of_the_demo_is_not_written_where_there_is_no_folder(bench: Bench) -> None:
    done = bench.run("demo", "--report", bench.folder / "none" / "report.pdf")

    assert done.exit_code == 3
    assert f"There is no folder {bench.folder / 'none'} to write into." in done.stderr
    assert list(bench.folder.iterdir()) == []
