"""Brings a database to this version's schema, all of it or none, and says where it stands."""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

# Any number will do, as long as all upgrades of one PostgreSQL database wait on the same.
_UPGRADE_LOCK = 4_716_203


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationState:
    """Which schema a database has, and which one this version needs."""

    current: str | None
    newest: str

    @property
    def up_to_date(self) -> bool:
        """Say whether the database has the schema that this version needs."""
        return self.current == self.newest


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; an interrupted upgrade leaves the old one."""
    move(engine, "head")


def move(engine: Engine, revision: str) -> None:
    """Go up, or down, to `revision` in one transaction; down is for tests and rescue only."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        configuration = _configuration(connection)
        if _is_known(revision, _current(connection)):
            command.downgrade(configuration, revision)
        else:
            command.upgrade(configuration, revision)


def migration_state(engine: Engine) -> MigrationState:
    """Compare the database with what this version needs."""
    with engine.connect().execution_options(reading=True) as connection:
        return MigrationState(current=_current(connection), newest=_newest())


def _is_known(revision: str, current: str | None) -> bool:
    """Say whether `revision` lies behind `current`."""
    if revision == "base":
        return True
    scripts = _scripts()
    passed = {one.revision for one in scripts.iterate_revisions(current or "base", "base")}
    wanted = scripts.get_revision(revision)
    return wanted is not None and wanted.revision in passed


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str:
    newest = _scripts().get_current_head()
    if newest is None:
        raise RuntimeError("The migrations are missing from this installation.")
    return newest


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_configuration(None))


def _configuration(connection: Connection | None) -> Config:
    configuration = Config()
    configuration.set_main_option("path_separator", "os")
    folder = str(Path(__file__).parent / "migrations")
    # A percent sign in a path would be read as a reference.
    configuration.set_main_option("script_location", folder.replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration
