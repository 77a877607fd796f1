"""Makes findings, reports and the journal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_0352"
down_revision = "20261123_0351"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _make_finding()
    _make_report()
    _make_journal_entry()


def downgrade() -> None:
    """Drop them again, with all rows."""
    op.drop_table("journal_entry")
    op.drop_table("report")
    op.drop_table("finding")


def _make_finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(40), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("repeat_key", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        *_finding_rules(),
    )
    op.create_index("ix_finding_organisation_id_due_on", "finding", ["organisation_id", "due_on"])


def _finding_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "due_on IS NULL OR due_on >= raised_on", name="ck_finding_due_after_raised"
        ),
        sa.CheckConstraint(
            "corrected OR due_on IS NOT NULL", name="ck_finding_due_unless_corrected"
        ),
        sa.CheckConstraint(
            "severity IN ('critical', 'major', 'minor')", name="ck_finding_severity"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_finding_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audit_id"],
            ["audit.organisation_id", "audit.id"],
            name="fk_finding_organisation_id_audit_id",
        ),
        sa.UniqueConstraint(
            "organisation_id",
            "audit_id",
            "item_code",
            "repeat_key",
            name="uq_finding_organisation_id_audit_id_item_code_repeat_key",
        ),
        sa.UniqueConstraint("organisation_id", "id", name="uq_finding_organisation_id_id"),
    ]


def _make_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("snapshot_digest", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("issued_at", _TIME, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.CheckConstraint(
            "state IN ('current', 'superseded', 'withdrawn')", name="ck_report_reportstate"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_report_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audit_id"],
            ["audit.organisation_id", "audit.id"],
            name="fk_report_organisation_id_audit_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "replaces"],
            ["report.organisation_id", "report.id"],
            name="fk_report_organisation_id_replaces",
        ),
        sa.UniqueConstraint("code", name="uq_report_code"),
        sa.UniqueConstraint("digest", name="uq_report_digest"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_report_organisation_id_id"),
    )
    op.create_index("ix_report_organisation_id_audit_id", "report", ["organisation_id", "audit_id"])
    op.create_index(
        "ix_report_organisation_id_issued_at", "report", ["organisation_id", "issued_at"]
    )


def _make_journal_entry() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("details", _JSON, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journal_entry"),
        sa.CheckConstraint("number > 0", name="ck_journal_entry_number_positive"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_journal_entry_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["membership.organisation_id", "membership.person_id"],
            name="fk_journal_entry_organisation_id_person_id",
        ),
        sa.UniqueConstraint(
            "organisation_id", "number", name="uq_journal_entry_organisation_id_number"
        ),
    )
    op.create_index(
        "ix_journal_entry_organisation_id_subject_id",
        "journal_entry",
        ["organisation_id", "subject_id"],
    )
