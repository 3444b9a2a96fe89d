"""The days on which a company is closed beside its country's holidays.

A deadline's grace and the days before a reminder count working days; a company that told us it is
closed for a week has not worked in it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_on >= first_on", name="in_order"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_closure_by_id"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_closure_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
        sa.UniqueConstraint("ref", name="uq_closure_ref"),
    )
    op.create_index("ix_closure_company_id", "closure", ["company_id"])


def downgrade() -> None:
    op.drop_table("closure")
