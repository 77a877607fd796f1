"""Makes audits with their responses, evidence and signatures."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_0351"
down_revision = "20261123_0350"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _make_audit()
    _make_response_change()
    _make_evidence()
    _make_signature()


def downgrade() -> None:
    """Drop them again, with all rows."""
    op.drop_table("signature")
    op.drop_table("evidence")
    op.drop_table("response_change")
    op.drop_table("audit")


def _make_audit() -> None:
    op.create_table("audit", *_audit_columns(), *_audit_rules())
    op.create_index(
        "ix_audit_organisation_id_site_id_started_at",
        "audit",
        ["organisation_id", "site_id", "started_at"],
    )
    op.create_index("ix_audit_organisation_id_state", "audit", ["organisation_id", "state"])


def _audit_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("inspector_id", sa.Uuid(), nullable=False),
        sa.Column("inspector_name", sa.Text(), nullable=False),
        sa.Column("checklist_code", sa.Text(), nullable=False),
        sa.Column("checklist_version", sa.Text(), nullable=False),
        sa.Column("checklist_digest", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("pack_code", sa.Text(), nullable=True),
        sa.Column("pack_version", sa.Text(), nullable=True),
        sa.Column("person_in_charge", sa.Text(), nullable=False),
        sa.Column("present", _JSON, nullable=False),
        sa.Column("services", _JSON, nullable=False),
        sa.Column("repeats", _JSON, nullable=False),
        sa.Column("given", _JSON, nullable=False),
        sa.Column("given_revision", sa.Integer(), nullable=False),
        sa.Column("scheduled_for", sa.Date(), nullable=True),
        sa.Column("started_at", _TIME, nullable=True),
        sa.Column("completed_at", _TIME, nullable=True),
        sa.Column("signed_at", _TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("earned", sa.Text(), nullable=True),
        sa.Column("possible", sa.Text(), nullable=True),
        sa.Column("percent", sa.Text(), nullable=True),
        sa.Column("record_digest", sa.Text(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
    ]


def _audit_rules() -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.CheckConstraint("kind IN ('self_audit', 'inspection')", name="ck_audit_auditkind"),
        sa.CheckConstraint(
            "state IN ('planned', 'in_progress', 'completed', 'signed', 'reported', 'amended',"
            " 'withdrawn')",
            name="ck_audit_auditstate",
        ),
        sa.CheckConstraint("number > 0", name="ck_audit_number_positive"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_audit_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "inspector_id"],
            ["membership.organisation_id", "membership.person_id"],
            name="fk_audit_organisation_id_inspector_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "site_id"],
            ["site.organisation_id", "site.id"],
            name="fk_audit_organisation_id_site_id",
        ),
        sa.UniqueConstraint("organisation_id", "id", name="uq_audit_organisation_id_id"),
        sa.UniqueConstraint("organisation_id", "number", name="uq_audit_organisation_id_number"),
    ]


def _make_response_change() -> None:
    op.create_table(
        "response_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", _JSON, nullable=True),
        sa.Column("after", _JSON, nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("claimed_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_response_change"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_response_change_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audit_id"],
            ["audit.organisation_id", "audit.id"],
            name="fk_response_change_organisation_id_audit_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["membership.organisation_id", "membership.person_id"],
            name="fk_response_change_organisation_id_person_id",
        ),
        sa.UniqueConstraint(
            "organisation_id",
            "audit_id",
            "sequence",
            name="uq_response_change_organisation_id_audit_id_sequence",
        ),
    )
    op.create_index(
        "ix_response_change_organisation_id_audit_id_key",
        "response_change",
        ["organisation_id", "audit_id", "key"],
    )


def _make_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("added_at", _TIME, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", _TIME, nullable=True),
        sa.Column("removed_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_evidence_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "added_by"],
            ["membership.organisation_id", "membership.person_id"],
            name="fk_evidence_organisation_id_added_by",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audit_id"],
            ["audit.organisation_id", "audit.id"],
            name="fk_evidence_organisation_id_audit_id",
        ),
        sa.UniqueConstraint("organisation_id", "id", name="uq_evidence_organisation_id_id"),
    )
    op.create_index(
        "ix_evidence_organisation_id_audit_id", "evidence", ["organisation_id", "audit_id"]
    )
    op.create_index("ix_evidence_organisation_id_digest", "evidence", ["organisation_id", "digest"])


def _make_signature() -> None:
    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("signed_at", _TIME, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("strokes", _JSON, nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
        sa.CheckConstraint(
            "part IN ('inspector', 'person_in_charge', 'manager')", name="ck_signature_part"
        ),
        sa.CheckConstraint("NOT refused OR reason <> ''", name="ck_signature_refusal_has_reason"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_signature_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audit_id"],
            ["audit.organisation_id", "audit.id"],
            name="fk_signature_organisation_id_audit_id",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["membership.organisation_id", "membership.person_id"],
            name="fk_signature_organisation_id_person_id",
        ),
        sa.UniqueConstraint(
            "organisation_id", "audit_id", "part", name="uq_signature_organisation_id_audit_id_part"
        ),
    )
