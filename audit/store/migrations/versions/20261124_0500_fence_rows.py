"""Fences every row in on PostgreSQL, behind a role that owns nothing.

A transaction takes the working role and says for whom it works (`audit.store.fence`). Who says
nothing sees nothing, the owner of the tables too.
"""

from alembic import op

from audit.errors import Conflict
from audit.store.migrations.fencing import (
    fence_table,
    grant_rows,
    on_postgresql,
    quoted,
    working_role,
)

revision = "20261124_0500"
down_revision = "20261124_0300"
branch_labels = None
depends_on = None

# Each has its rows' organisation in a column.
_OWNED = [
    *("audit", "credential", "evidence", "finding", "link", "membership", "practitioner"),
    *("received_change", "report", "sign_in", "site", "sterilizer", "upload"),
]

# Added, and never touched again.
_FINAL = [
    *("correction", "journal_checkpoint", "journal_entry", "receipt", "report_revision"),
    *("response_change", "signature"),
]

# What the program itself takes away.
_REMOVED = ["stamp_attempt"]

_ROLE_NEEDED = (
    "PostgreSQL needs one role more, and this account may not make it. Have its administrator run"
    ' once: CREATE ROLE "{role}" NOLOGIN; GRANT "{role}" TO "{me}";  then start again.'
)

_ADMITS = """
CREATE FUNCTION scope_admits(whose uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('hygiene_audit.scope', true) IN ('*', whose::text)
$$
"""

_ADMITS_PERSON = (
    "scope_admits(NULL) OR EXISTS (SELECT FROM membership"
    " WHERE membership.person_id = person.id AND scope_admits(membership.organisation_id))"
)


def upgrade() -> None:
    """Make the role and the policies."""
    if not on_postgresql():
        return
    _make_role()
    op.execute(_ADMITS)
    op.execute(f"GRANT USAGE ON SCHEMA public TO {quoted(working_role())}")
    fence_table("organisation", whose="id")
    for table in (*_OWNED, *_FINAL, *_REMOVED):
        fence_table(table, final=table in _FINAL, removed=table in _REMOVED)
    grant_rows("person")
    op.execute(f"CREATE POLICY known ON person FOR SELECT USING ({_ADMITS_PERSON})")
    op.execute("CREATE POLICY added ON person FOR INSERT WITH CHECK (true)")
    op.execute("CREATE POLICY changed ON person FOR UPDATE USING (scope_admits(NULL))")


def downgrade() -> None:
    """Take the fence away; the role stays, since other databases may use it."""
    if not on_postgresql():
        return
    role = quoted(working_role())
    for table in ("organisation", *_OWNED, *_FINAL, *_REMOVED, "person"):
        policies = ("known", "added", "changed") if table == "person" else ("own",)
        for policy in policies:
            op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM {role}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {role}")
    op.execute("DROP FUNCTION scope_admits(uuid)")
    op.execute("DROP FUNCTION working_role()")


def _make_role() -> None:
    """Make the role that sessions take, unless it is there; a function remembers it."""
    connection = op.get_bind()
    me, database = connection.exec_driver_sql("SELECT current_user, current_database()").one()
    role = f"{database}_work"
    known = "SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = %s"
    member = connection.exec_driver_sql(known, (role,)).scalar_one_or_none()
    may_make = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    if not member:
        if not connection.exec_driver_sql(may_make).scalar_one():
            message = _ROLE_NEEDED.format(role=role, me=me)
            raise Conflict(message, code="database_role_missing")
        if member is None:
            op.execute(f"CREATE ROLE {quoted(role)} NOLOGIN")
        op.execute(f"GRANT {quoted(role)} TO CURRENT_USER")
    name = role.replace("'", "''")
    op.execute(
        "CREATE FUNCTION working_role() RETURNS text LANGUAGE sql IMMUTABLE"
        f" AS $$ SELECT '{name}' $$"
    )
