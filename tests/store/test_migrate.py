"""Migrations: up, down and up again, equal to the models, whole or not at all."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Inspector, inspect

from audit.store import (
    audits,
    corrections,
    device,
    evidence,
    findings,
    journal,
    links,
    migrate,
    people,
    practitioners,
    reports,
    signatures,
    sites,
    stamps,
)
from audit.store.base import Base
from audit.store.migrate import migration_state, move, upgrade
from audit.store.session import open_engine

MODULES = (
    audits,
    corrections,
    device,
    evidence,
    findings,
    journal,
    links,
    people,
    practitioners,
    reports,
    signatures,
    stamps,
    sites,
)
FOLDER = Path(audits.__file__).parent / "migrations" / "versions"
REVISIONS = sorted(path.name[:13] for path in FOLDER.glob("*.py"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgresql":
        yield request.getfixturevalue("empty_postgres_engine")
        return
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    yield engine
    engine.dispose()


def test_migrations_go_up_down_and_up_again(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    made = schema(empty_engine)

    for revision in [*reversed(REVISIONS[:-1]), "base"]:
        move(empty_engine, revision)
    left = inspect(empty_engine).get_table_names()
    upgrade(empty_engine)

    assert left == ["alembic_version"]
    assert schema(empty_engine) == made
    assert migration_state(empty_engine).up_to_date


def test_an_upgrade_of_a_current_database_changes_nothing(engine: Engine) -> None:
    before = schema(engine)

    upgrade(engine)

    assert schema(engine) == before


def test_the_state_names_the_revision_of_the_database(empty_engine: Engine) -> None:
    fresh = migration_state(empty_engine)

    move(empty_engine, REVISIONS[0])

    assert fresh.current is None
    assert not fresh.up_to_date
    assert migration_state(empty_engine).current == REVISIONS[0]
    assert migration_state(empty_engine).newest == REVISIONS[-1]


def test_models_and_migrated_schema_are_equal(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    migrated = schema(empty_engine)
    move(empty_engine, "base")

    Base.metadata.create_all(empty_engine)

    assert schema(empty_engine) == migrated


def test_every_row_of_the_store_is_known_to_the_comparison() -> None:
    modules = {mapper.class_.__module__ for mapper in Base.registry.mappers}

    assert modules == {module.__name__ for module in MODULES} | {"audit.store.scope"}


def test_missing_migrations_are_noticed(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "migrations").mkdir()
    monkeypatch.setattr(migrate, "__file__", str(tmp_path / "migrate.py"))

    with pytest.raises(RuntimeError, match="migrations are missing"):
        migration_state(sqlite_engine)


KILLED = """
import os, signal, sys
from sqlalchemy import event
from audit.store.migrate import upgrade
from audit.store.session import open_engine

engine = open_engine(sys.argv[1])
left = int(sys.argv[2])

def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "after_cursor_execute", count)
upgrade(engine)
"""


@pytest.mark.parametrize("statement", [4, 11, 23, 40])
def test_an_upgrade_killed_midway_leaves_the_old_schema_and_can_be_repeated(
    tmp_path: Path, statement: int
) -> None:
    url = f"sqlite:///{tmp_path / 'audit.sqlite3'}"
    command = [sys.executable, "-c", KILLED, url, str(statement)]

    killed = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": "."})
    engine = open_engine(url)
    left = inspect(engine).get_table_names()
    upgrade(engine)

    assert killed.returncode == -signal.SIGKILL
    assert left == []
    assert migration_state(engine).up_to_date
    engine.dispose()


def schema(engine: Engine) -> dict[str, dict[str, Any]]:
    """Everything the database says about its tables, without the order it was made in."""
    inspector = inspect(engine)
    return {name: table(inspector, name) for name in inspector.get_table_names()}


def table(inspector: Inspector, name: str) -> dict[str, Any]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(name)
        },
        "primary": inspector.get_pk_constraint(name),
        "foreign": {str(sorted(key.items(), key=str)) for key in inspector.get_foreign_keys(name)},
        "unique": {
            (key["name"], tuple(key["column_names"]))
            for key in inspector.get_unique_constraints(name)
        },
        "checks": {(one["name"], one["sqltext"]) for one in inspector.get_check_constraints(name)},
        "indexes": {
            (index["name"], tuple(index["column_names"]), bool(index["unique"]))
            for index in inspector.get_indexes(name)
        },
    }
