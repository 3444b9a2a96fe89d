"""Figures as a reader sees them: those that count the same in one line, and why others stand apart.

A chart draws a band as the range that it is and joins nothing that `comparing` keeps apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from campaign.evidence import comparing, figure_rules, figure_words
from campaign.evidence.comparing import Break, Side
from campaign.evidence.figure_rules import Unit, ValueKind
from campaign.evidence.figure_terms import Measure, Terms
from campaign.evidence.report_models import Figure

_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a figure lies on the scale of its line, in percent of its width.

    Attributes:
        is_range: the number lies anywhere within it.
    """

    start: str
    width: str
    is_range: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a line: its words, and its bar where one is drawn."""

    figure: Figure
    words: str
    bar: Bar | None

    @property
    def key(self) -> str:
        """What stands in an address for it."""
        return f"{self.figure.report.slug}/{self.figure.slug}"


@dataclass(frozen=True, slots=True)
class Apart:
    """Another line of the same company that this one is not joined with, and why."""

    heading: str
    period: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one company that count the same, newest first.

    Attributes:
        heading: what they count; the source's words where nobody has said.
        details: the rest of what they count.
    """

    company: str
    slug: str
    heading: str
    details: str
    points: tuple[Point, ...]
    apart: tuple[Apart, ...] = ()


def side(figure: Figure) -> Side:
    """A figure as `comparing` wants it."""
    report = figure.report
    return Side(
        report.company.name, figure.terms, figure.amount, report.period_start, report.period_end,
        report.scope,
    )  # fmt: skip


def words(figure: Figure) -> str:
    """A figure as it stands alone: a rise has its plus, and “not reported” is said."""
    signed = figure.measure is Measure.CHANGE
    return figure_rules.words(figure.amount, signed=signed) or figure_rules.NOT_REPORTED


def lines(figures: Iterable[Figure], breaks: Sequence[Break] = ()) -> list[Series]:
    """Figures, sorted so that those that count the same follow each other, as lines."""
    groups: list[list[Figure]] = []
    for figure in figures:
        for group in reversed(groups):
            if _joins(group[-1], figure, breaks):
                group.append(figure)
                break
            if group[-1].terms != figure.terms:
                groups.append([figure])
                break
        else:
            groups.append([figure])
    return [_line(group, groups, breaks) for group in groups]


def _joins(one: Figure, other: Figure, breaks: Sequence[Break]) -> bool:
    if one.report.company_id != other.report.company_id:
        return False
    return not comparing.reasons((side(one), side(other)), breaks)


def _line(group: list[Figure], groups: Sequence[list[Figure]], breaks: Sequence[Break]) -> Series:
    first, terms = group[0], group[0].terms
    return Series(
        first.report.company.name,
        first.report.company.slug,
        figure_words.heading(terms) if terms else first.label,
        figure_words.details(terms) if terms else "What exactly it counts is not said yet.",
        points(group),
        tuple(_apart(group, groups, breaks)),
    )


def points(figures: Sequence[Figure]) -> tuple[Point, ...]:
    """Figures on one scale, which `comparing` has to allow."""
    scale = _scale(figures)
    return tuple(Point(one, words(one), _bar(one, scale)) for one in figures)


def _scale(figures: Sequence[Figure]) -> Decimal | None:
    """The number at the right end; None where bars would show nothing."""
    if any(one.measure is Measure.CHANGE for one in figures):
        return None
    if all(one.unit is Unit.PERCENT for one in figures):
        return _FULL
    ends = [end for one in figures for end in (one.low, one.high) if end]
    return max(ends) if ends and len(figures) > 1 else None


def _bar(figure: Figure, scale: Decimal | None) -> Bar | None:
    if scale is None or figure.value_kind is ValueKind.NOT_REPORTED:
        return None
    low, high = figure.low or Decimal(0), figure.high
    if figure.value_kind in (ValueKind.BAND, ValueKind.LESS_THAN) and high is not None:
        return Bar(_part(low, scale), _part(high - low, scale), is_range=True)
    return Bar("0%", _part(low, scale), is_range=False)


def _part(value: Decimal, scale: Decimal) -> str:
    return f"{(value / scale * 100).quantize(Decimal('0.1'))}%"


def _apart(
    group: list[Figure], groups: Sequence[list[Figure]], breaks: Sequence[Break]
) -> Iterable[Apart]:
    """Shares of the same requests in other periods, which a reader would join with these."""
    mine = group[0]
    for other in groups:
        theirs = other[0]
        if other is group or not _looks_alike(mine, theirs):
            continue
        if {one.report_id for one in group} & {one.report_id for one in other}:
            continue
        why = comparing.reasons((side(mine), side(theirs)), breaks)
        terms = theirs.terms
        heading = figure_words.heading(terms) if terms else theirs.label
        yield Apart(heading, theirs.report.period_label, why)


def _looks_alike(one: Figure, other: Figure) -> bool:
    if one.report.company_id != other.report.company_id or one.terms is None or other.terms is None:
        return False
    return one.unit is Unit.PERCENT and _of(one.terms) == _of(other.terms)


def _of(terms: Terms) -> tuple[bool, str, str]:
    return terms.measure is Measure.CHANGE, terms.kinds, terms.requester


def by_company(shown: Iterable[Series]) -> list[tuple[str, str, list[Series]]]:
    """Lines under the companies that they are about: name, short name, lines."""
    return [
        (name, slug, list(found))
        for (name, slug), found in groupby(shown, key=lambda one: (one.company, one.slug))
    ]
