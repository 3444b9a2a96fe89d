"""What each person was reminded of, what each has chosen, and indexes for what is looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TOPICS = (
    "replies", "publication", "mailboxes", "approvals", "sending", "deadlines", "drafts",
    "reviews", "embargoes",
)  # fmt: skip
WAYS = ("at_once", "digest", "muted")


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("topic", _choice(TOPICS, "topic"), nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("detail", sa.String(400), nullable=False),
        sa.Column("path", sa.String(400), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_digest", sa.Boolean(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_reminder_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("user_id", "key", name="uq_reminder_user_id_key"),
    )
    op.create_index(
        "ix_reminder_rooms",
        "reminder",
        ["key"],
        unique=True,
        sqlite_where=sa.text("user_id IS NULL"),
        postgresql_where=sa.text("user_id IS NULL"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_calendar_feed_user_id"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_calendar_feed_campaign_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feed"),
        sa.UniqueConstraint("ref", name="uq_calendar_feed_ref"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_feed_token_hash"),
    )
    op.create_index("ix_calendar_feed_user_id", "calendar_feed", ["user_id"])
    op.create_table(
        "reminder_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", _choice(TOPICS, "topic"), nullable=False),
        sa.Column("way", _choice(WAYS, "way"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_reminder_choice_user_id"
        ),
        sa.PrimaryKeyConstraint("user_id", "topic", name="pk_reminder_choice"),
    )
    op.create_index("ix_record_review_on", "record", ["review_on"])
    op.create_index("ix_waiting_deadline", "waiting", ["deadline_at"])
    op.create_index(
        "ix_letter_draft",
        "letter",
        ["created_at"],
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )


def _choice(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    op.drop_index("ix_letter_draft", "letter")
    op.drop_index("ix_waiting_deadline", "waiting")
    op.drop_index("ix_record_review_on", "record")
    op.drop_table("reminder_choice")
    op.drop_table("calendar_feed")
    op.drop_table("reminder")
