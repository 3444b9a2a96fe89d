"""Tables of transparency reports and their figures.

What a source does not print is empty, never guessed (evidence.md).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.companies.models import Company
from campaign.database import Utc, choice, new_ref
from campaign.evidence.figure_rules import Amount, Denominator, SourceKind, Unit, ValueKind
from campaign.evidence.figure_terms import (
    EVERYWHERE,
    Location,
    Measure,
    Result,
    Segment,
    Sought,
    Status,
    Terms,
)
from campaign.extensions import Model
from campaign.kernel import clock


class Exact(sa.types.TypeDecorator[Decimal]):
    """A decimal of at most four places, kept as a whole number of ten-thousandths.

    So that every database keeps and compares it exactly: SQLite has no decimals.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        scaled = value.scaleb(4)
        if scaled != int(scaled):
            raise ValueError("more than four decimals cannot be stored")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-4)


class Report(Model):
    """A report on one company's figures for one period; the dates are inclusive.

    Attributes:
        slug: stands in texts; made from the company and the period, and stays.
        period_label: the period as the source prints it.
        publisher: who published it, where that is not the company.
        invented: made up for the demonstration; what cites it says so.
        cadence: how often it comes out, in words.
        series_break: why its figures cannot be set beside those of earlier periods; empty where
            they can.
        file_sha256: of the source file that its figures were read from; the file is kept.
    """

    __tablename__ = "report"
    __table_args__ = (
        sa.CheckConstraint("period_start <= period_end", name="period"),
        sa.CheckConstraint(
            "source_kind NOT IN ('press', 'ngo_dataset') OR publisher <> ''", name="publisher"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    scope: Mapped[str] = mapped_column(sa.String(200), default="")
    period_start: Mapped[date]
    period_end: Mapped[date]
    period_label: Mapped[str] = mapped_column(sa.String(80))
    published_on: Mapped[date | None]
    source_kind: Mapped[SourceKind] = mapped_column(choice(SourceKind))
    publisher: Mapped[str] = mapped_column(sa.String(200), default="")
    source_url: Mapped[str] = mapped_column(sa.String(500), default="")
    archive_url: Mapped[str] = mapped_column(sa.String(500), default="")
    invented: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    cadence: Mapped[str] = mapped_column(sa.String(40), default="")
    licence: Mapped[str] = mapped_column(sa.String(200), default="")
    series_break: Mapped[str] = mapped_column(sa.Text, default="")
    file_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    retrieved_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    company: Mapped[Company] = relationship()
    figures: Mapped[list[Figure]] = relationship(
        back_populates="report", order_by="Figure.id", cascade="all, delete-orphan"
    )


class Figure(Model):
    """One figure of a report, as exactly as its source states it.

    Attributes:
        slug: its short name; the same in every report that states the same.
        label: the source's own words for what is counted.
        verbatim: the figure in the source's own words.
        locator: where it stands in the source: page, sheet, cell, paragraph.
        measure: what is counted, and with it whom it was asked by and the rest of its terms; None
            where nobody has said, and then it is compared with nothing.
        parent_id: the figure that this one is a part of ("of which"). `parent_high` is what that
            one says, copied by the database itself so that it can hold a part to its whole.
        base_id: of a percent, the figure that it is a share of.
        formula: how it was computed from others; empty for what the source states.
        flag: what a reader must know: ambiguous in print, misprinted, in conflict.
        checked_by_id: the second person who held it against the source.
    """

    __tablename__ = "figure"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "slug"),
        sa.Index("ix_figure_slug", "slug"),
        sa.CheckConstraint("unit <> 'percent' OR denominator IS NOT NULL", name="percent"),
        sa.UniqueConstraint("id", "high"),
        sa.Index("ix_figure_requester", "requester", "measure"),
        sa.Index("ix_figure_kinds", "kinds", "measure"),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_high"],
            ["figure.id", "figure.high"],
            name="fk_figure_parent",
            onupdate="CASCADE",
        ),
        sa.CheckConstraint(
            "low >= 0 AND high >= 0 OR measure IS NOT NULL AND measure = 'change'", name="sign"
        ),
        sa.CheckConstraint("parent_high IS NULL OR high <= parent_high", name="part"),
        sa.CheckConstraint(
            "compared_start IS NULL AND compared_end IS NULL"
            " OR measure IS NOT NULL AND measure = 'change' AND compared_start <= compared_end",
            name="compared",
        ),
        sa.CheckConstraint("NOT derived OR formula <> ''", name="formula"),
        sa.CheckConstraint("checked_by_id <> entered_by_id", name="second_person"),
        sa.CheckConstraint("decimals BETWEEN 0 AND 4", name="decimals"),
        # A comparison with NULL would let a row pass, so each part says what has to be there.
        sa.CheckConstraint(
            "(value_kind IN ('exact', 'approx') AND low IS NOT NULL AND high IS NOT NULL"
            " AND low = high)"
            " OR (value_kind = 'band' AND low IS NOT NULL AND high IS NOT NULL AND low < high)"
            " OR (value_kind = 'at_least' AND low IS NOT NULL AND high IS NULL)"
            " OR (value_kind = 'less_than' AND low IS NULL AND high IS NOT NULL)"
            " OR (value_kind = 'not_reported' AND low IS NULL AND high IS NULL)",
            name="value",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("report.id"))
    slug: Mapped[str] = mapped_column(sa.String(40))
    label: Mapped[str] = mapped_column(sa.String(200))
    unit: Mapped[Unit] = mapped_column(choice(Unit))
    denominator: Mapped[Denominator | None] = mapped_column(choice(Denominator))
    value_kind: Mapped[ValueKind] = mapped_column(choice(ValueKind))
    low: Mapped[Decimal | None] = mapped_column(Exact)
    high: Mapped[Decimal | None] = mapped_column(Exact)
    decimals: Mapped[int] = mapped_column(default=0)
    verbatim: Mapped[str] = mapped_column(sa.String(500), default="")
    locator: Mapped[str] = mapped_column(sa.String(200), default="")
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    measure: Mapped[Measure | None] = mapped_column(choice(Measure))
    requester: Mapped[str] = mapped_column(sa.String(10), default=EVERYWHERE)
    kinds: Mapped[str] = mapped_column(sa.String(300), default="")
    outcome: Mapped[Result] = mapped_column(choice(Result), default=Result.NONE)
    segment: Mapped[Segment] = mapped_column(choice(Segment), default=Segment.UNSPECIFIED)
    sought: Mapped[Sought] = mapped_column(choice(Sought), default=Sought.UNSPECIFIED)
    location: Mapped[Location] = mapped_column(choice(Location), default=Location.ANY)
    compared_start: Mapped[date | None]
    compared_end: Mapped[date | None]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("figure.id"))
    parent_high: Mapped[Decimal | None] = mapped_column(Exact)
    base_id: Mapped[int | None] = mapped_column(sa.ForeignKey("figure.id"))
    derived: Mapped[bool] = mapped_column(default=False)
    formula: Mapped[str] = mapped_column(sa.String(300), default="")
    flag: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[Status] = mapped_column(choice(Status), default=Status.CURRENT)
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Utc)

    report: Mapped[Report] = relationship(back_populates="figures")
    parent: Mapped[Figure | None] = relationship(
        primaryjoin="foreign(Figure.parent_id) == remote(Figure.id)", viewonly=True
    )
    base: Mapped[Figure | None] = relationship(
        primaryjoin="foreign(Figure.base_id) == remote(Figure.id)", viewonly=True
    )

    @property
    def terms(self) -> Terms | None:
        """What it counts; None where nobody has said."""
        if self.measure is None:
            return None
        return Terms(
            measure=self.measure, requester=self.requester, kinds=self.kinds,
            outcome=self.outcome, segment=self.segment, sought=self.sought,
            location=self.location, denominator=self.denominator,
            compared_start=self.compared_start, compared_end=self.compared_end,
        )  # fmt: skip

    @property
    def amount(self) -> Amount:
        """The figure as the rules know it."""
        return Amount(self.value_kind, self.unit, self.low, self.high, self.decimals)
