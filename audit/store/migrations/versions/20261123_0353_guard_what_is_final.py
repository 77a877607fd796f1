"""Guards what is final: no one's statement changes, deletes or replaces it.

SQLite: `INSERT OR REPLACE` deletes without asking delete triggers unless `recursive_triggers` is
on, so an insert over an existing key is refused before it begins. PostgreSQL: `TRUNCATE` asks no
row trigger, so it has one of its own.
"""

from alembic import op

revision = "20261123_0353"
down_revision = "20261123_0352"
branch_labels = None
depends_on = None

# Every column that never changes, by table.
_FIXED = {
    "audit": "id organisation_id number",
    "evidence": (
        "id organisation_id audit_id key digest size width height original_name added_at added_by"
        " taken_at"
    ),
    "journal_entry": (
        "id organisation_id number at person_name act subject_kind subject_id details person_id"
        " claimed_at"
    ),
    "report": (
        "id organisation_id audit_id code digest snapshot_digest renderer size issued_at replaces"
    ),
    "response_change": (
        "id organisation_id audit_id sequence key before after person_id at via claimed_at"
    ),
    "signature": (
        "id organisation_id audit_id part name role meaning signed_at digest person_id strokes"
        " credential comment refused reason"
    ),
}

# What completing an audit closes.
_CLOSED = (
    "site_id kind inspector_id inspector_name checklist_code checklist_version checklist_digest"
    " zone created_at pack_code pack_version person_in_charge present services repeats given"
    " given_revision scheduled_for started_at completed_at outcome earned possible percent"
)

# Other keys by which a row could be replaced.
_KEYS = {
    "audit": ["organisation_id number"],
    "evidence": [],
    "journal_entry": ["organisation_id number"],
    "report": ["code", "digest"],
    "response_change": ["organisation_id audit_id sequence"],
    "signature": ["organisation_id audit_id part"],
}

_RECORDING = "('planned', 'in_progress')"

_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is final', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    """Make the triggers of this database."""
    if _on_sqlite():
        for table in _FIXED:
            _guard_on_sqlite(table)
    else:
        op.execute(_REFUSE)
        for table in _FIXED:
            _guard_on_postgresql(table)


def downgrade() -> None:
    """Drop them again."""
    for table in _FIXED:
        if _on_sqlite():
            for act in ("delete", "change", "replace"):
                op.execute(f"DROP TRIGGER {table}_refuse_{act}")
        else:
            for act in ("delete", "change", "truncate"):
                op.execute(f"DROP TRIGGER {table}_refuse_{act} ON {table}")
    if not _on_sqlite():
        op.execute("DROP FUNCTION refuse_change()")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _guard_on_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is final'); END"
    same = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key.split()) + ")"
        for key in ("id", *_KEYS[table])
    )
    known = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 - of the names above only
    refuse_known = f"WHEN EXISTS ({known}) {refuse}"
    op.execute(f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE ON {table}"
        f" WHEN {_changes(table, 'IS NOT')} {refuse}"
    )
    op.execute(f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} {refuse_known}")


def _guard_on_postgresql(table: str) -> None:
    refuse = "EXECUTE FUNCTION refuse_change()"
    op.execute(
        f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE ON {table}"
        f" FOR EACH ROW WHEN ({_changes(table, 'IS DISTINCT FROM')}) {refuse}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT {refuse}"
    )


def _changes(table: str, differs: str) -> str:
    """Return the condition under which an update touches what is final."""
    changes = [_any_of(_FIXED[table], differs)]
    if table == "evidence":
        changes.append(_once("removed_at", differs))
    if table == "audit":
        reopened = f"NEW.state IN {_RECORDING}"
        closed = f"{reopened} OR {_any_of(_CLOSED, differs)} OR {_once('record_digest', differs)}"
        changes.append(f"(OLD.state NOT IN {_RECORDING} AND ({closed}))")
    return " OR ".join(changes)


def _any_of(columns: str, differs: str) -> str:
    return " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns.split())


def _once(column: str, differs: str) -> str:
    return f'(OLD."{column}" IS NOT NULL AND OLD."{column}" {differs} NEW."{column}")'
