"""Lets an organisation say how its reports look; until now all had the look of the house."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_2330"
down_revision = "20261123_2300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has said anything yet."""
    kept = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("organisation", sa.Column("branding", kept, nullable=True))


def downgrade() -> None:
    """Forget it; reports already issued keep their look."""
    op.drop_column("organisation", "branding")
