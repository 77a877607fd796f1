"""Makes room for what tablets hand in, and guards it.

Guards of new columns are triggers of their own: those of older columns stay as they are.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_0600"
down_revision = "20261123_0353"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_STANDINGS = (
    "'receiving', 'done', 'conflict', 'refused', 'locked', 'quarantined', 'settled',"
    " 'taken_over', 'left_out'"
)
_OUTCOMES = "'applied', 'merged', 'conflict', 'refused', 'locked', 'quarantined'"
_WAITING = "('receiving', 'conflict', 'refused', 'locked', 'quarantined')"
_RECORDING = "('planned', 'in_progress')"

_ADDED = {
    "audit": ("claimed_started_at", "claimed_completed_at"),
    "evidence": ("announced", "drawn_on"),
    "response_change": ("change_id",),
    "signature": ("claimed_at",),
}
_HANDED = "id organisation_id audit_id key digest person_id brought_by device received_at"
_FIXED = {
    "received_change": f"{_HANDED} change_id raw parent at via outcome settles",
    "upload": f"{_HANDED} evidence_id facts size width height taken_at drawn_on",
    "receipt": "id organisation_id audit_id person_id made_at document hand_in",
}
_ONCE = {
    "received_change": "settled_by decided_at decided_by",
    "upload": "stored stored_size stored_width stored_height finished_at decided_at decided_by",
    "receipt": "",
}
_KEYS = {
    "received_change": ["organisation_id change_id"],
    "upload": ["organisation_id evidence_id"],
    "receipt": ["organisation_id audit_id"],
}


def upgrade() -> None:
    """Add the columns and tables, then their guards."""
    _add_columns()
    op.create_table("received_change", *_received_columns(), *_handed_rules("received_change"))
    op.create_table("upload", *_upload_columns(), *_handed_rules("upload"))
    for table in ("received_change", "upload"):
        for column in ("audit_id", "stands"):
            name = f"ix_{table}_organisation_id_{column}"
            op.create_index(name, table, ["organisation_id", column])
    _make_receipt()
    for table in _ADDED:
        _guard_added(table)
    for table in _FIXED:
        _guard(table)


def downgrade() -> None:
    """Drop them again, with all rows."""
    for table in _ADDED:
        where = "" if _on_sqlite() else f" ON {table}"
        op.execute(f"DROP TRIGGER {table}_refuse_added{where}")
    if _on_sqlite():
        op.execute("DROP TRIGGER response_change_refuse_twice")
    for table in _FIXED:
        op.drop_table(table)
    op.drop_index("ix_response_change_organisation_id_change_id", "response_change")
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column)


def _add_columns() -> None:
    for column in _ADDED["audit"]:
        op.add_column("audit", sa.Column(column, _TIME, nullable=True))
    op.add_column("evidence", sa.Column("announced", sa.Text(), nullable=True))
    op.add_column("evidence", sa.Column("drawn_on", sa.Uuid(), nullable=True))
    op.add_column("signature", sa.Column("claimed_at", _TIME, nullable=True))
    op.add_column("response_change", sa.Column("change_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE response_change SET change_id = id")
    op.create_index(
        "ix_response_change_organisation_id_change_id",
        "response_change",
        ["organisation_id", "change_id"],
        unique=True,
    )


def _handed_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("stands", sa.String(40), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", _TIME, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
    ]


def _received_columns() -> list[sa.Column[Any]]:
    return [
        *_handed_columns(),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("settles", _JSON, nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
    ]


def _upload_columns() -> list[sa.Column[Any]]:
    return [
        *_handed_columns(),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", _TIME, nullable=True),
        sa.Column("drawn_on", sa.Uuid(), nullable=True),
        sa.Column("stored", sa.Text(), nullable=True),
        sa.Column("stored_size", sa.Integer(), nullable=True),
        sa.Column("stored_width", sa.Integer(), nullable=True),
        sa.Column("stored_height", sa.Integer(), nullable=True),
        sa.Column("finished_at", _TIME, nullable=True),
    ]


def _handed_rules(table: str) -> list[sa.Constraint]:
    own = _KEYS[table][0].split()[-1]
    rules: list[sa.Constraint] = [
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.CheckConstraint(f"stands IN ({_STANDINGS})", name=f"ck_{table}_standing"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=f"fk_{table}_organisation_id"
        ),
        sa.UniqueConstraint("organisation_id", "id", name=f"uq_{table}_organisation_id_id"),
        sa.UniqueConstraint("organisation_id", own, name=f"uq_{table}_organisation_id_{own}"),
        *(_member(table, column) for column in ("person_id", "brought_by", "decided_by")),
    ]
    if table == "received_change":
        words = f"outcome IN ({_OUTCOMES})"
        rules.append(sa.CheckConstraint(words, name="ck_received_change_outcome"))
    return rules


def _member(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        ["membership.organisation_id", "membership.person_id"],
        name=f"fk_{table}_organisation_id_{column}",
    )


def _make_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("document", _JSON, nullable=False),
        sa.Column("hand_in", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_receipt_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audit_id"],
            ["audit.organisation_id", "audit.id"],
            name="fk_receipt_organisation_id_audit_id",
        ),
        _member("receipt", "person_id"),
        sa.UniqueConstraint(
            "organisation_id", "audit_id", name="uq_receipt_organisation_id_audit_id"
        ),
    )


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _differs() -> str:
    return "IS NOT" if _on_sqlite() else "IS DISTINCT FROM"


def _refuse_change(table: str, name: str, condition: str) -> None:
    if _on_sqlite():
        act = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{table} is final'); END"
    else:
        act = f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse_change()"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE UPDATE ON {table} {act}")


def _guard_added(table: str) -> None:
    changed = _any_of(" ".join(_ADDED[table]))
    late = f"OLD.state NOT IN {_RECORDING} AND ({changed})" if table == "audit" else changed
    _refuse_change(table, "refuse_added", late)
    if table == "response_change" and _on_sqlite():
        _refuse_replacing(table, "refuse_twice", ["organisation_id change_id"])


def _guard(table: str) -> None:
    changes = [_any_of(_FIXED[table])]
    changes += [f'(OLD."{one}" IS NOT NULL AND {_any_of(one)})' for one in _ONCE[table].split()]
    if table != "receipt":
        decided = _any_of("stands code words reason")
        changes.append(f"(OLD.stands NOT IN {_WAITING} AND ({decided}))")
    _refuse_change(table, "refuse_change", " OR ".join(changes))
    if _on_sqlite():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is final'); END"
        op.execute(f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} {refuse}")
        _refuse_replacing(table, "refuse_replace", ["id", *_KEYS[table]])
        return
    refuse = "EXECUTE FUNCTION refuse_change()"
    for act, each in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table}"
            f" FOR EACH {each} {refuse}"
        )


def _refuse_replacing(table: str, name: str, keys: list[str]) -> None:
    """Refuse an insert over an existing key: SQLite may replace a row without deleting it."""
    same = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key.split()) + ")"
        for key in keys
    )
    known = f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 - of the names above only
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN EXISTS ({known})"
        f" BEGIN SELECT RAISE(ABORT, '{table} is final'); END"
    )


def _any_of(columns: str) -> str:
    return " OR ".join(f'OLD."{one}" {_differs()} NEW."{one}"' for one in columns.split())
