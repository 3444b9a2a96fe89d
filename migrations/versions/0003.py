"""Surveys with their questions and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("pollster", sa.String(length=200), nullable=False),
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("universe", sa.String(length=200), nullable=False),
        sa.Column("coverage", sa.String(length=200), nullable=False),
        sa.Column("fieldwork_start", sa.Date(), nullable=True),
        sa.Column("fieldwork_end", sa.Date(), nullable=True),
        sa.Column("sample_size", sa.Integer(), nullable=True),
        sa.Column("weighted", sa.Boolean(), nullable=True),
        sa.Column("tables_url", sa.String(length=500), nullable=False),
        sa.Column("archive_url", sa.String(length=500), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fieldwork_start <= fieldwork_end", name=op.f("ck_survey_fieldwork")),
        sa.CheckConstraint("sample_size > 0", name=op.f("ck_survey_sample_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("ref", name=op.f("uq_survey_ref")),
        sa.UniqueConstraint("slug", name=op.f("uq_survey_slug")),
    )
    op.create_table(
        "survey_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_question_survey_id_survey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
        sa.UniqueConstraint("survey_id", "slug", name=op.f("uq_survey_question_survey_id_slug")),
        sa.UniqueConstraint(
            "survey_id", "position", name=op.f("uq_survey_question_survey_id_position")
        ),
    )
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "hundredths BETWEEN 0 AND 10000", name=op.f("ck_survey_answer_hundredths")
        ),
        sa.CheckConstraint("decimals BETWEEN 0 AND 2", name=op.f("ck_survey_answer_decimals")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["survey_question.id"],
            name=op.f("fk_survey_answer_question_id_survey_question"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint(
            "question_id", "label", name=op.f("uq_survey_answer_question_id_label")
        ),
        sa.UniqueConstraint(
            "question_id", "position", name=op.f("uq_survey_answer_question_id_position")
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("survey_answer")
    op.drop_table("survey_question")
    op.drop_table("survey")
