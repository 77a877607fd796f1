"""Real databases for tests: a migrated SQLite file, and a PostgreSQL cluster of this run's own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from audit.store.migrate import upgrade
from audit.store.scope import organisation_scope, platform_scope
from audit.store.session import open_engine, open_session, transaction
from tests.factories import make_organisation
from tests.soft_tokens import SoftTokens, soft_module

Scoped = Callable[..., AbstractContextManager[Session]]
_numbers = count(1)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "audit.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def translated(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates as they were translated for the first of many applications."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("translated")))


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    copy = tmp_path / "audit.sqlite3"
    shutil.copyfile(migrated_file, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A cluster of its own, reached by a socket in its folder; gone with the run."""
    programs = _postgres_programs()
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        _as_postgres(programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8")
        # Nothing here has to outlive the run, so nothing is synced.
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off"
        start = ("start", "-w", "-D", data, "-l", f"{folder}/log", "-o", options)
        _as_postgres(programs / "pg_ctl", *start)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            _as_postgres(programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated database, cloned for each test."""
    _on_server(postgres_url, "CREATE DATABASE migrated")
    engine = open_engine(_database(postgres_url, "migrated"))
    upgrade(engine)
    engine.dispose()
    return "migrated"


@pytest.fixture
def postgres_engine(postgres_url: str, postgres_template: str) -> Iterator[Engine]:
    name = f"test_{next(_numbers)}"
    _on_server(postgres_url, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    engine = open_engine(_database(postgres_url, name))
    yield engine
    engine.dispose()
    _on_server(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_engine(postgres_url: str) -> Iterator[Engine]:
    name = f"empty_{next(_numbers)}"
    _on_server(postgres_url, f"CREATE DATABASE {name}")
    engine = open_engine(_database(postgres_url, name))
    yield engine
    engine.dispose()
    _on_server(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both kinds of database, migrated and empty."""
    name = {"sqlite": "sqlite_engine", "postgresql": "postgres_engine"}[request.param]
    found: Engine = request.getfixturevalue(name)
    return found


@pytest.fixture
def organisation_id(engine: Engine) -> UUID:
    with transaction(engine, platform_scope("a test's organisation")) as session:
        return make_organisation(session).id


@pytest.fixture
def scoped(engine: Engine, organisation_id: UUID) -> Scoped:
    """Opens transactions in the test's organisation: `with scoped() as session:`."""
    return partial(transaction, engine, organisation_scope(organisation_id))


@pytest.fixture
def session(engine: Engine, organisation_id: UUID) -> Iterator[Session]:
    """A session of the test's organisation; what it does is rolled back."""
    with open_session(engine, organisation_scope(organisation_id)) as opened:
        yield opened


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftTokens:
    """A drawer with one empty token in it, called "Clinic"."""
    made = SoftTokens(tmp_path, soft_module())
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.prepare()))
    made.add()
    return made


def _postgres_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.fail("These tests need PostgreSQL: apt-get install postgresql")
    return found[-1].parent


def _as_postgres(program: Path, *arguments: str) -> None:
    # PostgreSQL refuses to run as root.
    before = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
    done = subprocess.run(
        [*before, str(program), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        cwd="/",
    )
    if done.returncode:
        pytest.fail(f"{program.name} ended with {done.returncode}")


def _on_server(url: str, statement: str) -> None:
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
