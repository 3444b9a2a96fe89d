"""What a campaign writes where a company is mentioned in public."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mention_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_mention_template_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_mention_template_created_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention_template")),
        sa.UniqueConstraint(
            "campaign_id", "version", name=op.f("uq_mention_template_campaign_id_version")
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("mention_template")
