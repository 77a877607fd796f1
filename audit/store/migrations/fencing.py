"""What a migration does for each new table, so that PostgreSQL fences its rows in."""

from alembic import op


def fence_table(
    table: str, *, whose: str = "organisation_id", final: bool = False, removed: bool = False
) -> None:
    """Show the rows of a table to their own organisation only; on SQLite, do nothing.

    `whose` is the column that says whose a row is. Rows of a `final` table are added and never
    touched again; only those of a `removed` one does the program itself take away.
    """
    if not on_postgresql():
        return
    grant_rows(table, final=final, removed=removed)
    op.execute(f"CREATE POLICY own ON {table} USING (scope_admits({whose}))")


def grant_rows(table: str, *, final: bool = False, removed: bool = False) -> None:
    """Let the working role at a table, as far as the policies on it admit."""
    allowed = ["SELECT", "INSERT"]
    allowed += [] if final else ["UPDATE"]
    allowed += ["DELETE"] if removed else []
    op.execute(f"GRANT {', '.join(allowed)} ON {table} TO {quoted(working_role())}")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def on_postgresql() -> bool:
    """Say whether this database has roles and policies at all."""
    return op.get_bind().dialect.name == "postgresql"


def working_role() -> str:
    """Return the role that sessions take, as this database remembers it."""
    return str(op.get_bind().exec_driver_sql("SELECT working_role()").scalar_one())


def quoted(name: str) -> str:
    """Return a name as PostgreSQL takes it literally."""
    return '"' + name.replace('"', '""') + '"'
