"""An index on the dispatch that a message is about: the gates look for our own copy by it."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_incoming_message_dispatch_id", "incoming_message", ["dispatch_id"])


def downgrade() -> None:
    op.drop_index("ix_incoming_message_dispatch_id", "incoming_message")
