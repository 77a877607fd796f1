"""Lets a site choose the language of its reports; until now all were in English."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_1900"
down_revision = "20261123_1200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    language = sa.Column("language", sa.Text(), nullable=False, server_default="en")
    op.add_column("site", language)


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("site", "language")
