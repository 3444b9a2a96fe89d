"""The time to answer can be counted in working days of the company."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_UNITS = sa.Enum(
    "calendar", "working", name="unit", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    with op.batch_alter_table("campaign") as table:
        table.add_column(
            sa.Column("response_unit", _UNITS, nullable=False, server_default="calendar")
        )
    with op.batch_alter_table("campaign") as table:
        table.alter_column("response_unit", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("campaign") as table:
        table.drop_constraint(op.f("ck_campaign_unit"), type_="check")
        table.drop_column("response_unit")
