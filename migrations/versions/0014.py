"""What is left out of replies in public."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reply_redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_reply_redaction_number")),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["reply.id"], name=op.f("fk_reply_redaction_reply_id_reply")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_reply_redaction_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_redaction")),
        sa.UniqueConstraint("reply_id", "number", name=op.f("uq_reply_redaction_reply_id_number")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("reply_redaction")
