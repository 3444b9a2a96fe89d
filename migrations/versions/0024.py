"""What figures count, where they come from in full, and who checked them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, create_constraint=True, length=40, name=name)


_MEASURE = _choice(
    "measure", "requests_received", "accounts_specified", "requests_with_outcome",
    "accounts_with_outcome", "items_removed", "customers", "change",
)  # fmt: skip
_OUTCOME = _choice(
    "result", "full", "partial", "full_or_partial", "some_data", "content", "noncontent_only",
    "no_data", "rejected", "challenged", "withdrawn", "redirected_to_customer",
    "rejected_withdrawn_or_redirected", "rejected_withdrawn_nodata_or_redirected", "none",
    "pending",
)  # fmt: skip
_CHOICES = {
    "outcome": (_OUTCOME, "none"),
    "segment": (_choice("segment", "consumer", "enterprise", "all", "unspecified"), "unspecified"),
    "sought": (_choice("sought", "content", "noncontent", "both", "unspecified"), "unspecified"),
    "location": (_choice("location", "any", "in_us", "outside_us"), "any"),
    "status": (_choice("status", "current", "corrected", "disputed"), "current"),
}
_CHECKS = {
    "ck_figure_sign": "low >= 0 AND high >= 0 OR measure IS NOT NULL AND measure = 'change'",
    "ck_figure_part": "parent_high IS NULL OR high <= parent_high",
    "ck_figure_compared": "compared_start IS NULL AND compared_end IS NULL"
    " OR measure IS NOT NULL AND measure = 'change' AND compared_start <= compared_end",
    "ck_figure_formula": "NOT derived OR formula <> ''",
    "ck_figure_second_person": "checked_by_id <> entered_by_id",
}
_LINKS = {
    "fk_figure_parent_id": ("figure", "parent_id"),
    "fk_figure_base_id": ("figure", "base_id"),
    "fk_figure_checked_by_id": ("user_account", "checked_by_id"),
}
_REPORT = ("cadence", 40), ("licence", 200), ("file_sha256", 64), ("file_name", 200)


def _empty(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default="")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("report") as report:
        for name, length in _REPORT:
            report.add_column(_empty(name, sa.String(length)))
        report.add_column(_empty("series_break", sa.Text()))
        report.add_column(sa.Column("retrieved_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("figure") as figure:
        figure.alter_column("entered_by_id", existing_type=sa.Integer(), nullable=True)
        figure.add_column(sa.Column("measure", _MEASURE, nullable=True))
        figure.add_column(
            sa.Column("requester", sa.String(10), nullable=False, server_default="all")
        )
        for name, kind in (
            ("kinds", sa.String(300)), ("formula", sa.String(300)), ("flag", sa.Text()),
        ):  # fmt: skip
            figure.add_column(_empty(name, kind))
        for name, (choices, usual) in _CHOICES.items():
            figure.add_column(sa.Column(name, choices, nullable=False, server_default=usual))
        for name in ("compared_start", "compared_end"):
            figure.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in ("parent_id", "base_id", "checked_by_id"):
            figure.add_column(sa.Column(name, sa.Integer(), nullable=True))
        figure.add_column(sa.Column("parent_high", sa.BigInteger(), nullable=True))
        figure.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        figure.add_column(
            sa.Column("derived", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        figure.drop_constraint(op.f("ck_figure_sign"), type_="check")
        for name, rule in _CHECKS.items():
            figure.create_check_constraint(op.f(name), rule)
        figure.create_unique_constraint(op.f("uq_figure_id_high"), ["id", "high"])
        for name, (table, column) in _LINKS.items():
            figure.create_foreign_key(op.f(name), table, [column], ["id"])
        figure.create_foreign_key(
            op.f("fk_figure_parent"), "figure", ["parent_id", "parent_high"], ["id", "high"],
            onupdate="CASCADE",
        )  # fmt: skip
    op.create_index("ix_figure_requester", "figure", ["requester", "measure"])
    op.create_index("ix_figure_kinds", "figure", ["kinds", "measure"])


def downgrade() -> None:
    """Take back; figures that nobody entered go, and with the rest goes what they count."""
    op.drop_index("ix_figure_kinds", table_name="figure")
    op.drop_index("ix_figure_requester", table_name="figure")
    op.execute("DELETE FROM figure WHERE entered_by_id IS NULL OR low < 0 OR high < 0")
    with op.batch_alter_table("figure") as figure:
        for name in ("fk_figure_parent", *_LINKS):
            figure.drop_constraint(op.f(name), type_="foreignkey")
        figure.drop_constraint(op.f("uq_figure_id_high"), type_="unique")
        for name in _CHECKS:
            figure.drop_constraint(op.f(name), type_="check")
        for name, choices in (("measure", _MEASURE), *((n, c) for n, (c, _) in _CHOICES.items())):
            figure.drop_constraint(op.f(f"ck_figure_{choices.name}"), type_="check")
            figure.drop_column(name)
        for name in (
            "requester", "kinds", "formula", "flag", "compared_start", "compared_end", "parent_id",
            "base_id", "checked_by_id", "parent_high", "checked_at", "derived",
        ):  # fmt: skip
            figure.drop_column(name)
        figure.create_check_constraint(op.f("ck_figure_sign"), "low >= 0 AND high >= 0")
        figure.alter_column("entered_by_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("report") as report:
        for name in ("retrieved_at", "series_break", *(name for name, _ in _REPORT)):
            report.drop_column(name)
