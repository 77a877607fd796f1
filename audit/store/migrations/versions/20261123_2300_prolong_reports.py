"""Notes how long each revision of a report holds: its level, and the end of its newest stamp."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_2300"
down_revision = "20261123_2000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what was not noted yet; revisions made before have a time stamp and nothing else."""
    op.add_column(
        "report_revision", sa.Column("level", sa.Text(), nullable=False, server_default="B-T")
    )
    op.add_column(
        "report_revision", sa.Column("holds_until", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("report_revision", "holds_until")
    op.drop_column("report_revision", "level")
