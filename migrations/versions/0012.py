"""What one letter says otherwise than its campaign; verdicts by the number in the letter."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _verdict() -> sa.Column[str]:
    return sa.Column(
        "verdict",
        sa.Enum(
            "answered",
            "partly",
            "not_addressed",
            "refused_with_reason",
            "misunderstood",
            "answered_elsewhere",
            name="verdict",
            native_enum=False,
            create_constraint=True,
            length=40,
        ),
        nullable=False,
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letter_own",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_body", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("base_questions", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name=op.f("ck_letter_own_days")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_own_letter_id_letter")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_letter_own_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_own")),
        sa.UniqueConstraint("letter_id", "version", name=op.f("uq_letter_own_letter_id_version")),
    )
    op.add_column("frozen_text", sa.Column("own", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "CREATE TABLE question_verdict_kept AS SELECT v.id, v.reply_id, q.number, v.verdict"
        " FROM question_verdict v JOIN question q ON q.id = v.question_id"
    )
    op.drop_table("question_verdict")
    op.create_table(
        "question_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _verdict(),
        sa.CheckConstraint("number > 0", name=op.f("ck_question_verdict_number")),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["reply.id"], name=op.f("fk_question_verdict_reply_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_verdict")),
        sa.UniqueConstraint("reply_id", "number", name=op.f("uq_question_verdict_reply_id_number")),
    )
    op.execute(
        "INSERT INTO question_verdict (reply_id, number, verdict)"
        " SELECT reply_id, number, verdict FROM question_verdict_kept ORDER BY id"
    )
    op.drop_table("question_verdict_kept")


def downgrade() -> None:
    """Take back; a verdict on a question that the campaign does not have is lost."""
    op.execute(
        "CREATE TABLE question_verdict_kept AS SELECT v.id, v.reply_id, q.id AS question_id, v.verdict"
        " FROM question_verdict v"
        " JOIN reply r ON r.id = v.reply_id JOIN letter l ON l.id = r.letter_id"
        " JOIN question q ON q.campaign_id = l.campaign_id AND q.number = v.number"
    )
    op.drop_table("question_verdict")
    op.create_table(
        "question_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        _verdict(),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_verdict_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["reply.id"], name=op.f("fk_question_verdict_reply_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_verdict")),
        sa.UniqueConstraint(
            "reply_id", "question_id", name=op.f("uq_question_verdict_reply_id_question_id")
        ),
    )
    op.execute(
        "INSERT INTO question_verdict (reply_id, question_id, verdict)"
        " SELECT reply_id, question_id, verdict FROM question_verdict_kept ORDER BY id"
    )
    op.drop_table("question_verdict_kept")
    op.drop_column("frozen_text", "own")
    op.drop_table("letter_own")
