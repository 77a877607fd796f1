"""Makes room for time stamps behind issued reports; revisions stay as they were made."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_2000"
down_revision = "20261123_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, then the guard of the revisions."""
    op.create_table(
        "report_revision",
        *_owned_by_report("report_revision"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamped_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_report_revision_number_positive"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_report_revision_organisation_id_id"),
        sa.UniqueConstraint(
            "organisation_id",
            "report_id",
            "number",
            name="uq_report_revision_organisation_id_report_id_number",
        ),
        sa.UniqueConstraint("digest", name="uq_report_revision_digest"),
    )
    op.create_table(
        "stamp_attempt",
        *_owned_by_report("stamp_attempt"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.UniqueConstraint(
            "organisation_id", "report_id", name="uq_stamp_attempt_organisation_id_report_id"
        ),
    )
    _guard()


def downgrade() -> None:
    """Drop them again, with all rows."""
    op.drop_table("stamp_attempt")
    op.drop_table("report_revision")


def _owned_by_report(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=f"fk_{table}_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "report_id"],
            ["report.organisation_id", "report.id"],
            name=f"fk_{table}_organisation_id_report_id",
        ),
    )


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'report_revision is final'); END"
        known = (
            "SELECT 1 FROM report_revision WHERE id = NEW.id OR digest = NEW.digest"
            " OR (organisation_id = NEW.organisation_id AND report_id = NEW.report_id"
            " AND number = NEW.number)"
        )
        for act, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", f"WHEN EXISTS ({known})")):
            op.execute(
                f"CREATE TRIGGER report_revision_refuse_{act.lower()} BEFORE {act}"
                f" ON report_revision {when} {refuse}"
            )
        return
    for act, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER report_revision_refuse_{act.lower()} BEFORE {act} ON report_revision"
            f" FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
