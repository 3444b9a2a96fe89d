"""Comments on a campaign's texts, with replies."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "text_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by_id IS NULL)",
            name=op.f("ck_text_comment_resolved"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_text_comment_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_text_comment_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"],
            ["user_account.id"],
            name=op.f("fk_text_comment_resolved_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_comment")),
        sa.UniqueConstraint("ref", name=op.f("uq_text_comment_ref")),
    )
    op.create_index("ix_text_comment_place", "text_comment", ["campaign_id", "text"])
    op.create_table(
        "text_comment_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_text_comment_reply_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["text_comment.id"],
            name=op.f("fk_text_comment_reply_comment_id_text_comment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_comment_reply")),
    )
    op.create_index(op.f("ix_text_comment_reply_comment_id"), "text_comment_reply", ["comment_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("text_comment_reply")
    op.drop_table("text_comment")
