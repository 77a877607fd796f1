"""Makes organisations with their people, sites, sterilizers and practitioners."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_0350"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _make_organisation()
    _make_person()
    _make_membership()
    _make_sign_in()
    _make_site()
    _make_sterilizer()
    _make_practitioner()
    _make_credential()


def downgrade() -> None:
    """Drop them again, with all rows."""
    op.drop_table("credential")
    op.drop_table("practitioner")
    op.drop_table("sterilizer")
    op.drop_table("site")
    op.drop_table("sign_in")
    op.drop_table("membership")
    op.drop_table("person")
    op.drop_table("organisation")


def _make_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )


def _make_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.CheckConstraint("email = lower(email)", name="ck_person_email_lower"),
        sa.UniqueConstraint("email", name="uq_person_email"),
    )


def _make_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.CheckConstraint(
            "role IN ('administrator', 'manager', 'inspector', 'owner', 'auditor')",
            name="ck_membership_role",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_membership_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id"),
        sa.UniqueConstraint("organisation_id", "id", name="uq_membership_organisation_id_id"),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name="uq_membership_organisation_id_person_id"
        ),
    )
    op.create_index("ix_membership_person_id", "membership", ["person_id"])


def _make_sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("signed_at", _TIME, nullable=True),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_sign_in_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_person_id"),
        sa.UniqueConstraint("token_digest", name="uq_sign_in_token_digest"),
    )
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"])


def _make_site() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("services", _JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_site_organisation_id"
        ),
        sa.UniqueConstraint("organisation_id", "id", name="uq_site_organisation_id_id"),
    )


def _make_sterilizer() -> None:
    op.create_table(
        "sterilizer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sterilizer"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_sterilizer_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "site_id"],
            ["site.organisation_id", "site.id"],
            name="fk_sterilizer_organisation_id_site_id",
        ),
        sa.UniqueConstraint("organisation_id", "id", name="uq_sterilizer_organisation_id_id"),
    )


def _make_practitioner() -> None:
    op.create_table(
        "practitioner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_practitioner"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_practitioner_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "site_id"],
            ["site.organisation_id", "site.id"],
            name="fk_practitioner_organisation_id_site_id",
        ),
        sa.UniqueConstraint("organisation_id", "id", name="uq_practitioner_organisation_id_id"),
    )
    op.create_index(
        "ix_practitioner_organisation_id_site_id", "practitioner", ["organisation_id", "site_id"]
    )


def _make_credential() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_credential"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_credential_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "practitioner_id"],
            ["practitioner.organisation_id", "practitioner.id"],
            name="fk_credential_organisation_id_practitioner_id",
        ),
        sa.UniqueConstraint("organisation_id", "id", name="uq_credential_organisation_id_id"),
    )
    op.create_index(
        "ix_credential_organisation_id_practitioner_id",
        "credential",
        ["organisation_id", "practitioner_id"],
    )
