"""The moment at which a deadline that was moved would have ended, as it was promised.

Whether a reply came on time is judged by it: a zone that is changed later must not make a reply
late that was on time when it came. Extensions from before have none, and are judged as until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "extension", sa.Column("old_deadline_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("extension", "old_deadline_at")
