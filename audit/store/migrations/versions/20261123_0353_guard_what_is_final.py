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

# States in their order; none goes back.
_AUDIT_STATES = "planned in_progress completed signed reported amended withdrawn"
_REPORT_STATES = "current superseded withdrawn"

# What is added to an audit, and only until it is completed.
_UNTIL_COMPLETED = ("evidence", "response_change")

_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is final', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

_REFUSE_LATE = """
CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM audit WHERE id = NEW.audit_id) NOT IN ('planned', 'in_progress') THEN
        RAISE EXCEPTION '% of a completed audit is final', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Make the triggers of this database."""
    if _on_sqlite():
        for table in _FIXED:
            _guard_on_sqlite(table)
    else:
        op.execute(_REFUSE)
        op.execute(_REFUSE_LATE)
        for table in _FIXED:
            _guard_on_postgresql(table)


def downgrade() -> None:
    """Drop them again."""
    acts = ("delete", "change", "replace" if _on_sqlite() else "truncate")
    names = [f"{table}_refuse_{act}" for table in _FIXED for act in acts]
    names += [f"{table}_refuse_late" for table in _UNTIL_COMPLETED]
    for name in names:
        table = name.rpartition("_refuse_")[0]
        op.execute(f"DROP TRIGGER {name}" + ("" if _on_sqlite() else f" ON {table}"))
    if not _on_sqlite():
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_late()")


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
    if table in _UNTIL_COMPLETED:
        state = "SELECT state FROM audit WHERE id = NEW.audit_id"
        op.execute(
            f"CREATE TRIGGER {table}_refuse_late BEFORE INSERT ON {table}"
            f" WHEN ({state}) NOT IN {_RECORDING} {refuse}"
        )


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
    if table in _UNTIL_COMPLETED:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_late BEFORE INSERT ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_late()"
        )


def _changes(table: str, differs: str) -> str:
    """Return the condition under which an update touches what is final."""
    changes = [_any_of(_FIXED[table], differs)]
    if table == "evidence":
        changes.append(_once("removed_at", differs))
    if table == "report":
        changes.append(_goes_back(_REPORT_STATES))
    if table == "audit":
        closed = [_any_of(_CLOSED, differs)]
        closed += [_once(column, differs) for column in ("record_digest", "signed_at")]
        changes.append(f"(OLD.state NOT IN {_RECORDING} AND ({' OR '.join(closed)}))")
        changes.append(_goes_back(_AUDIT_STATES))
    return " OR ".join(changes)


def _goes_back(states: str) -> str:
    places = " ".join(f"WHEN '{state}' THEN {n}" for n, state in enumerate(states.split()))
    return f"(CASE NEW.state {places} END < CASE OLD.state {places} END)"


def _any_of(columns: str, differs: str) -> str:
    return " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns.split())


def _once(column: str, differs: str) -> str:
    return f'(OLD."{column}" IS NOT NULL AND OLD."{column}" {differs} NEW."{column}")'
