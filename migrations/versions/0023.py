"""The hash of a frozen letter's PDF beside its bundle, to be found by what lets files go."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TEXTS = sa.table(
    "frozen_text",
    sa.column("id", sa.Integer),
    sa.column("bundle", sa.Text),
    sa.column("pdf_sha256", sa.String),
)
_AT_ONCE = 200


def upgrade() -> None:
    op.add_column(
        "frozen_text",
        sa.Column("pdf_sha256", sa.String(64), nullable=False, server_default=""),
    )
    _fill()
    op.create_index("ix_frozen_text_pdf_sha256", "frozen_text", ["pdf_sha256"])


def _fill() -> None:
    """From the bundles, in parts: each holds a whole letter."""
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(_TEXTS.c.id, _TEXTS.c.bundle)
        .where(_TEXTS.c.id > last)
        .order_by(_TEXTS.c.id)
        .limit(_AT_ONCE)
    ).all():
        for row in rows:
            told = json.loads(row.bundle).get("pdf_sha256", "")
            connection.execute(_TEXTS.update().where(_TEXTS.c.id == row.id).values(pdf_sha256=told))
        last = rows[-1].id


def downgrade() -> None:
    op.drop_index("ix_frozen_text_pdf_sha256", "frozen_text")
    op.drop_column("frozen_text", "pdf_sha256")
