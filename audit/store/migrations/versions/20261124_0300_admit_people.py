"""Invites people and leads them back in by links, limits them to sites, names their devices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261124_0300"
down_revision = "20261124_0100"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add the columns, and the table of links."""
    op.add_column("membership", sa.Column("sites", _JSON, nullable=True))
    op.add_column("membership", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("sign_in", sa.Column("device", sa.Text(), nullable=False, server_default=""))
    _make_links()


def _make_links() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(40), nullable=True),
        sa.Column("sites", _JSON, nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.CheckConstraint("kind IN ('invitation', 'password')", name="ck_link_linkkind"),
        sa.CheckConstraint(
            "role IN ('administrator', 'manager', 'inspector', 'owner', 'auditor')",
            name="ck_link_role",
        ),
        sa.UniqueConstraint("token_digest", name="uq_link_token_digest"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_link_organisation_id"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["organisation_id", column],
                ["membership.organisation_id", "membership.person_id"],
                name=f"fk_link_organisation_id_{column}",
            )
            for column in ("made_by", "person_id", "used_by")
        ),
    )
    op.create_index("ix_link_organisation_id", "link", ["organisation_id"])


def downgrade() -> None:
    """Forget links, limits and devices."""
    op.drop_table("link")
    op.drop_column("sign_in", "device")
    op.drop_column("membership", "until")
    op.drop_column("membership", "sites")
