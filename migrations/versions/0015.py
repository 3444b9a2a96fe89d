"""Mentions that the program posts when a person presses."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mention_post",
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "posting",
                "posted",
                "refused",
                "unknown",
                name="poststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pressed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_mention_post_dispatch_id_dispatch")
        ),
        sa.PrimaryKeyConstraint("dispatch_id", name=op.f("pk_mention_post")),
        sa.UniqueConstraint("key", name=op.f("uq_mention_post_key")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("mention_post")
