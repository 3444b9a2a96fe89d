"""Texts, questions and letters in several languages; what there was is English."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _language() -> sa.Column[str]:
    return sa.Column("language", sa.String(length=10), nullable=False, server_default="en")


def upgrade() -> None:
    """Apply."""
    for table in ("campaign", "letter_template", "mention_template", "frozen_text"):
        op.add_column(table, _language())
    op.add_column(
        "letter_template",
        sa.Column("name", sa.String(length=120), nullable=False, server_default=""),
    )
    with op.batch_alter_table("letter_template") as batch:
        batch.drop_constraint("uq_letter_template_campaign_id_kind_version", type_="unique")
        batch.create_unique_constraint(
            op.f("uq_letter_template_campaign_id_kind_language_version"),
            ["campaign_id", "kind", "language", "version"],
        )
    with op.batch_alter_table("mention_template") as batch:
        batch.drop_constraint("uq_mention_template_campaign_id_version", type_="unique")
        batch.create_unique_constraint(
            op.f("uq_mention_template_campaign_id_language_version"),
            ["campaign_id", "language", "version"],
        )
    op.create_table(
        "question_translation",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_translation_question_id_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", "language", name=op.f("pk_question_translation")),
    )


def downgrade() -> None:
    """Take back: only English texts are left, as there were before."""
    op.drop_table("question_translation")
    op.execute(sa.text("DELETE FROM letter_template WHERE language <> 'en'"))
    op.execute(sa.text("DELETE FROM mention_template WHERE language <> 'en'"))
    with op.batch_alter_table("mention_template") as batch:
        batch.drop_constraint("uq_mention_template_campaign_id_language_version", type_="unique")
        batch.drop_column("language")
        batch.create_unique_constraint(
            op.f("uq_mention_template_campaign_id_version"), ["campaign_id", "version"]
        )
    with op.batch_alter_table("letter_template") as batch:
        batch.drop_constraint(
            "uq_letter_template_campaign_id_kind_language_version", type_="unique"
        )
        batch.drop_column("name")
        batch.drop_column("language")
        batch.create_unique_constraint(
            op.f("uq_letter_template_campaign_id_kind_version"), ["campaign_id", "kind", "version"]
        )
    for table in ("frozen_text", "campaign"):
        op.drop_column(table, "language")
