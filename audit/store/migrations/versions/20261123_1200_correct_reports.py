"""Makes room for corrections; their rows stay as they were made."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1200"
down_revision = "20261123_0600"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, then its guard."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
        sa.CheckConstraint("reason <> ''", name="ck_correction_has_reason"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_correction_organisation_id"
        ),
        _owned("audit_id", "audit", "id"),
        _owned("corrects", "audit", "id"),
        _owned("report_id", "report", "id"),
        _owned("begun_by", "membership", "person_id"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_correction_organisation_id_id"),
        sa.UniqueConstraint(
            "organisation_id", "audit_id", name="uq_correction_organisation_id_audit_id"
        ),
    )
    op.create_index(
        "ix_correction_organisation_id_corrects", "correction", ["organisation_id", "corrects"]
    )
    _guard()


def downgrade() -> None:
    """Drop it again, with all rows."""
    op.drop_table("correction")


def _owned(column: str, table: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.{key}"],
        name=f"fk_correction_organisation_id_{column}",
    )


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'correction is final'); END"
        known = (
            "SELECT 1 FROM correction WHERE id = NEW.id"
            " OR (organisation_id = NEW.organisation_id AND audit_id = NEW.audit_id)"
        )
        for act, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", f"WHEN EXISTS ({known})")):
            op.execute(
                f"CREATE TRIGGER correction_refuse_{act.lower()} BEFORE {act} ON correction"
                f" {when} {refuse}"
            )
        return
    for act, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER correction_refuse_{act.lower()} BEFORE {act} ON correction"
            f" FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
