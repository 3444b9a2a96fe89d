"""Transparency reports on companies and their figures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_VALUE = (
    "(value_kind IN ('exact', 'approx') AND low IS NOT NULL AND high IS NOT NULL"
    " AND low = high)"
    " OR (value_kind = 'band' AND low IS NOT NULL AND high IS NOT NULL AND low < high)"
    " OR (value_kind = 'at_least' AND low IS NOT NULL AND high IS NULL)"
    " OR (value_kind = 'less_than' AND low IS NULL AND high IS NOT NULL)"
    " OR (value_kind = 'not_reported' AND low IS NULL AND high IS NULL)"
)


def _choice(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("period_label", sa.String(length=80), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column(
            "source_kind",
            _choice("sourcekind", "primary", "company_blog", "press", "ngo_dataset"),
            nullable=False,
        ),
        sa.Column("publisher", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("archive_url", sa.String(length=500), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("period_start <= period_end", name=op.f("ck_report_period")),
        sa.CheckConstraint(
            "source_kind NOT IN ('press', 'ngo_dataset') OR publisher <> ''",
            name=op.f("ck_report_publisher"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_report_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("ref", name=op.f("uq_report_ref")),
        sa.UniqueConstraint("slug", name=op.f("uq_report_slug")),
    )
    op.create_index(op.f("ix_report_company_id"), "report", ["company_id"])
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("unit", _choice("unit", "count", "percent"), nullable=False),
        sa.Column(
            "denominator",
            _choice(
                "denominator",
                "requests_received",
                "requests_with_disclosure",
                "accounts_specified",
                "other",
            ),
            nullable=True,
        ),
        sa.Column(
            "value_kind",
            _choice(
                "valuekind", "exact", "band", "at_least", "less_than", "approx", "not_reported"
            ),
            nullable=False,
        ),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("verbatim", sa.String(length=500), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "unit <> 'percent' OR denominator IS NOT NULL", name=op.f("ck_figure_percent")
        ),
        sa.CheckConstraint("low >= 0 AND high >= 0", name=op.f("ck_figure_sign")),
        sa.CheckConstraint("decimals BETWEEN 0 AND 4", name=op.f("ck_figure_decimals")),
        sa.CheckConstraint(_VALUE, name=op.f("ck_figure_value")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_figure_report_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_figure_entered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint("report_id", "slug", name=op.f("uq_figure_report_id_slug")),
    )
    op.create_index("ix_figure_slug", "figure", ["slug"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("figure")
    op.drop_table("report")
