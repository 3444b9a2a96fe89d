"""A term for what people at companies wrote to us."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_LEFT = sa.text("erased_at IS NULL")


def upgrade() -> None:
    """Apply."""
    for table, index, moment in (
        ("incoming_message", "ix_incoming_message_to_erase", "arrived_at"),
        ("reply", "ix_reply_to_erase", "received_at"),
    ):
        op.add_column(table, sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        op.create_index(index, table, [moment], sqlite_where=_LEFT, postgresql_where=_LEFT)
    op.create_table(
        "retention_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_retention_hold_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_retention_hold_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_hold")),
    )
    op.create_index("ix_retention_hold_letter_id", "retention_hold", ["letter_id"])


def downgrade() -> None:
    """Take back; what was erased stays erased."""
    op.drop_table("retention_hold")
    for table, index in (
        ("reply", "ix_reply_to_erase"),
        ("incoming_message", "ix_incoming_message_to_erase"),
    ):
        op.drop_index(index, table_name=table)
        op.drop_column(table, "erased_at")
