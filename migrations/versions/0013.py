"""What a company's web form takes: how long a text, how it counts, what else it asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "web_form",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column(
            "counts",
            sa.Enum(
                "browser",
                "server",
                "bytes",
                name="formcount",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.CheckConstraint("most > 0", name=op.f("ck_web_form_most")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_web_form_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_web_form")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("web_form")
