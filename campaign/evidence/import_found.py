"""What a reader of a publisher's file found: figures by report, refused lines, differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from campaign.evidence.figure_rules import Amount
from campaign.evidence.figure_terms import Terms
from campaign.evidence.import_periods import Period


class Remark(NamedTuple):
    """Something about a place in the file: why it was refused, or what does not agree."""

    where: str
    why: str


@dataclass(slots=True)
class FoundFigure:
    """A figure as the file states it.

    Attributes:
        label: the file's own words for what is counted.
        verbatim: the cell as it stands.
        slug: its short name where the file gives one; else it is made from the terms.
        parent, base: short names of the figures that it is a part or a share of.
    """

    terms: Terms
    amount: Amount
    label: str
    verbatim: str
    locator: str
    slug: str = ""
    parent: str = ""
    base: str = ""
    formula: str = ""
    flag: str = ""
    disputed: bool = False


@dataclass(slots=True)
class FoundReport:
    """Figures of one period and one service.

    Attributes:
        facts: what the file says about the report beside its period, by the names of the table.
    """

    period: Period
    scope: str
    facts: dict[str, str] = field(default_factory=dict)
    figures: list[FoundFigure] = field(default_factory=list)


class Reading:
    """Everything that one file gave."""

    def __init__(self) -> None:
        self.refused: list[Remark] = []
        self.differences: list[Remark] = []
        self._reports: dict[tuple[Period, str], FoundReport] = {}
        self._seen: dict[tuple[Period, str, Terms, str], FoundFigure] = {}

    @property
    def reports(self) -> list[FoundReport]:
        """Reports that have figures, oldest first."""
        filled = (one for one in self._reports.values() if one.figures)
        return sorted(filled, key=lambda one: (one.period.start, one.period.end, one.scope))

    def refuse(self, where: str, why: str) -> None:
        """Note that a line or a cell was not taken."""
        self.refused.append(Remark(where, why))

    def differ(self, where: str, why: str) -> None:
        """Note what does not agree."""
        self.differences.append(Remark(where, why))

    def report(self, period: Period, scope: str = "") -> FoundReport:
        """The report of a period and a service."""
        return self._reports.setdefault((period, scope), FoundReport(period, scope))

    def add(self, period: Period, scope: str, figure: FoundFigure) -> None:
        """Add a figure; one that the file states twice is taken once, or refused if it differs."""
        key = (period, scope, figure.terms, figure.slug)
        before = self._seen.setdefault(key, figure)
        if before is figure:
            self.report(period, scope).figures.append(figure)
        elif before.amount != figure.amount:
            self.refuse(
                figure.locator,
                f"“{figure.label}” is {figure.verbatim or 'empty'} here and {before.verbatim} at "
                f"{before.locator}; keep the one that is right",
            )
