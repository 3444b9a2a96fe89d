"""Text that somebody types and has not saved as a version."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "unsaved_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=60), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=False),
        sa.Column("sitting", sa.String(length=32), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum(
                *("saved", "dropped", "continued", "undone"),
                name="ending",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_unsaved_text_ended")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_unsaved_text_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"],
            ["user_account.id"],
            name=op.f("fk_unsaved_text_writer_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsaved_text")),
        sa.UniqueConstraint("ref", name=op.f("uq_unsaved_text_ref")),
    )
    op.create_index("ix_unsaved_text_place", "unsaved_text", ["campaign_id", "text", "writer_id"])
    op.create_index(op.f("ix_unsaved_text_kept_at"), "unsaved_text", ["kept_at"])
    op.create_index(op.f("ix_unsaved_text_writer_id"), "unsaved_text", ["writer_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("unsaved_text")
