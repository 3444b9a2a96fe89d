"""Why a question of a survey is not drawn: its numbers can be misread as its source prints them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "survey_question",
        sa.Column("flag", sa.String(500), nullable=False, server_default=""),
    )


def downgrade() -> None:
    with op.batch_alter_table("survey_question") as table:
        table.drop_column("flag")
