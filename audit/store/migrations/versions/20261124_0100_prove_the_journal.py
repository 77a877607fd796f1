"""Makes each journal entry a leaf of a tree, and room for checkpoints; earlier entries get theirs.

The form of a leaf is written out here once more: this is how those of before were made, whatever
later versions do.
"""

import json
import secrets
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "20261124_0100"
down_revision = "20261123_2330"
branch_labels = None
depends_on = None

_ADDED = ("role", "device", "nth", "salt", "leaf")
_ENTRIES = sa.table(
    "journal_entry",
    sa.column("id", sa.Uuid()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("person_name", sa.Text()),
    sa.column("act", sa.Text()),
    sa.column("subject_kind", sa.Text()),
    sa.column("subject_id", sa.Uuid()),
    sa.column("details", sa.JSON()),
    sa.column("person_id", sa.Uuid()),
    sa.column("claimed_at", sa.DateTime(timezone=True)),
    sa.column("nth", sa.Integer()),
    sa.column("salt", sa.Text()),
    sa.column("leaf", sa.Text()),
)


def upgrade() -> None:
    """Add the columns, make the leaves of what is there, then guard both tables."""
    for name in _ADDED:
        kind, unset = (sa.Integer(), "0") if name == "nth" else (sa.Text(), "")
        column = sa.Column(name, kind, nullable=False, server_default=unset)
        op.add_column("journal_entry", column)
    _fill()
    op.create_table(
        "journal_checkpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column(
            "peaks",
            sa.JSON(none_as_null=True).with_variant(
                sa.dialects.postgresql.JSONB(none_as_null=True), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal_checkpoint"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_journal_checkpoint_organisation_id"
        ),
        sa.UniqueConstraint(
            "organisation_id", "size", name="uq_journal_checkpoint_organisation_id_size"
        ),
        sa.CheckConstraint("size > 0", name="ck_journal_checkpoint_size_positive"),
    )
    _guard()


def downgrade() -> None:
    """Forget leaves and checkpoints."""
    on_table = "" if _on_sqlite() else " ON journal_entry"
    op.execute(f"DROP TRIGGER journal_entry_refuse_rewrite{on_table}")
    op.drop_table("journal_checkpoint")
    for name in reversed(_ADDED):
        op.drop_column("journal_entry", name)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _fill() -> None:
    connection = op.get_bind()
    counts: Counter[tuple[object, object]] = Counter()
    order = (_ENTRIES.c.organisation_id, _ENTRIES.c.number)
    for row in connection.execute(sa.select(_ENTRIES).order_by(*order)).all():
        subject = (row.organisation_id, row.subject_id)
        counts[subject] += 1
        salt = secrets.token_hex(32)
        leaf = _leaf(row, counts[subject], salt)
        filled = {"nth": counts[subject], "salt": salt, "leaf": leaf}
        connection.execute(sa.update(_ENTRIES).where(_ENTRIES.c.id == row.id).values(filled))


def _leaf(row: sa.Row[tuple[object, ...]], nth: int, salt: str) -> str:
    payload = {"details": row.details, "person": row.person_name, "role": ""}
    committed = bytes.fromhex(salt) + _canonical(payload).encode()
    said = {
        "act": row.act,
        "at": _moment(row.at),
        "commit": sha256(committed).hexdigest(),
        "index": row.number - 1,
        "nth": nth,
        "organisation": str(row.organisation_id),
        "subject": f"{row.subject_kind}/{row.subject_id}",
        "v": 1,
    }
    if row.person_id:
        said["by"] = str(row.person_id)
    if row.claimed_at:
        said["claimed"] = _moment(row.claimed_at)
    return _canonical(said)


def _canonical(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _moment(at: datetime) -> str:
    # SQLite keeps plain UTC.
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _guard() -> None:
    differs = "IS NOT" if _on_sqlite() else "IS DISTINCT FROM"
    changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in _ADDED)
    if not _on_sqlite():
        op.execute(
            "CREATE TRIGGER journal_entry_refuse_rewrite BEFORE UPDATE ON journal_entry"
            f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION refuse_change()"
        )
        for act, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER journal_checkpoint_refuse_{act.lower()} BEFORE {act}"
                f" ON journal_checkpoint FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
        return
    op.execute(
        "CREATE TRIGGER journal_entry_refuse_rewrite BEFORE UPDATE ON journal_entry"
        f" WHEN {changed} BEGIN SELECT RAISE(ABORT, 'journal_entry is final'); END"
    )
    refuse = "BEGIN SELECT RAISE(ABORT, 'journal_checkpoint is final'); END"
    known = (
        "SELECT 1 FROM journal_checkpoint WHERE id = NEW.id"
        " OR (organisation_id = NEW.organisation_id AND size = NEW.size)"
    )
    for act, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", f"WHEN EXISTS ({known})")):
        op.execute(
            f"CREATE TRIGGER journal_checkpoint_refuse_{act.lower()} BEFORE {act}"
            f" ON journal_checkpoint {when} {refuse}"
        )
