"""Letters that were ordered together leave as one batch: paced, paused, taken back, reported."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_PEOPLE = ("ordered_by_id", "paused_by_id", "taken_back_by_id", "report_read_by_id")


def upgrade() -> None:
    """Apply. Letters that left before belong to no batch."""
    op.create_table(
        "sending_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        sa.Column("per_domain", sa.Integer(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("report_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_read_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("per_minute > 0 AND per_domain > 0", name=op.f("ck_sending_batch_pace")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_sending_batch_campaign_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [person], ["user_account.id"], name=op.f(f"fk_sending_batch_{person}")
            )
            for person in _PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_batch")),
        sa.UniqueConstraint("ref", name=op.f("uq_sending_batch_ref")),
    )
    op.create_index("ix_sending_batch_campaign_id", "sending_batch", ["campaign_id"])
    op.create_index(
        "ix_sending_batch_unread",
        "sending_batch",
        ["ordered_at"],
        sqlite_where=sa.text("report_read_at IS NULL AND taken_back_at IS NULL"),
        postgresql_where=sa.text("report_read_at IS NULL AND taken_back_at IS NULL"),
    )
    # As it is written here SQLite adds the column in place, and every CHECK of the table stays.
    op.execute(
        "ALTER TABLE dispatch ADD COLUMN batch_id INTEGER"
        " CONSTRAINT fk_dispatch_batch_id REFERENCES sending_batch (id)"
    )
    op.create_index("ix_dispatch_batch_id", "dispatch", ["batch_id"])
    op.create_index("ix_dispatch_attempt_at", "dispatch_attempt", ["at"])


def downgrade() -> None:
    """Take back; letters stay ordered, each on its own."""
    op.drop_index("ix_dispatch_attempt_at", "dispatch_attempt")
    op.drop_index("ix_dispatch_batch_id", "dispatch")
    op.execute("ALTER TABLE dispatch DROP COLUMN batch_id")
    op.drop_table("sending_batch")
