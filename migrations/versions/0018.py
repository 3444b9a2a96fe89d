"""Whom a message is proved to come from, who brought it, and all that it is filed to."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("incoming_message") as message:
        message.add_column(sa.Column("sender_check", sa.Text(), nullable=False, server_default=""))
        message.add_column(sa.Column("brought_by_id", sa.Integer(), nullable=True))
        message.add_column(
            sa.Column("brought_as", sa.String(length=300), nullable=False, server_default="")
        )
        message.add_column(sa.Column("original_sha256", sa.String(length=64), nullable=True))
        message.create_foreign_key(
            op.f("fk_incoming_message_brought_by_id"), "user_account", ["brought_by_id"], ["id"]
        )
    with op.batch_alter_table("reply") as reply:
        reply.drop_constraint(op.f("uq_reply_message_id"), type_="unique")
        reply.create_unique_constraint(
            op.f("uq_reply_message_id_letter_id"), ["message_id", "letter_id"]
        )


def downgrade() -> None:
    """Take back.

    Messages look as if nobody had checked or brought them; of several replies in one mail only
    the first keeps its mail.
    """
    op.execute(
        "UPDATE reply SET message_id = NULL WHERE id NOT IN"
        " (SELECT MIN(id) FROM reply WHERE message_id IS NOT NULL GROUP BY message_id)"
    )
    with op.batch_alter_table("reply") as reply:
        reply.drop_constraint(op.f("uq_reply_message_id_letter_id"), type_="unique")
        reply.create_unique_constraint(op.f("uq_reply_message_id"), ["message_id"])
    with op.batch_alter_table("incoming_message") as message:
        message.drop_constraint(op.f("fk_incoming_message_brought_by_id"), type_="foreignkey")
        message.drop_column("original_sha256")
        message.drop_column("brought_as")
        message.drop_column("brought_by_id")
        message.drop_column("sender_check")
