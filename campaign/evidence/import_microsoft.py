"""Microsoft's workbooks: a row per country, counts with shares beside them, a row of totals.

Layouts and sheets changed over the years, so that columns are found by the words above them,
which may fill one, two or three lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from campaign.evidence.figure_rules import Amount, Denominator, ValueKind
from campaign.evidence.figure_terms import EVERYWHERE, Kind, Measure, Result, Segment, Terms
from campaign.evidence.import_cells import NoFigure, clean, count, place, share
from campaign.evidence.import_found import FoundFigure, Reading
from campaign.evidence.import_periods import Period, found
from campaign.evidence.import_tables import Line, Table

_COUNTRY = re.compile(r"countr(y|ies)|region|jurisdiction|location", re.I)
_PERCENT = re.compile(r"%|per ?cent", re.I)
_HEADER_LINES = 3
_FOR_PERIOD = 12  # lines above and in the header where a period may stand

# What the words above a column mean; the first that fits.
_COLUMNS: tuple[tuple[str, Measure, Result], ...] = (
    (r"non-?\s?content|subscriber|transactional", Measure.REQUESTS_WITH_OUTCOME,
     Result.NONCONTENT_ONLY),
    (r"no (customer )?data|not? found", Measure.REQUESTS_WITH_OUTCOME, Result.NO_DATA),
    (r"reject|not meet|refus", Measure.REQUESTS_WITH_OUTCOME, Result.REJECTED),
    (r"content", Measure.REQUESTS_WITH_OUTCOME, Result.CONTENT),
    (r"account|user|specified|identifier", Measure.ACCOUNTS_SPECIFIED, Result.NONE),
    (r"request|demand|total", Measure.REQUESTS_RECEIVED, Result.NONE),
)  # fmt: skip
_SHEETS: tuple[tuple[str, Kind], ...] = (
    ("emergenc", Kind.EMERGENCY),
    ("civil", Kind.CIVIL_PRIVATE_PARTY),
    ("removal", Kind.CONTENT_REMOVAL),
    ("preserv", Kind.PRESERVATION),
)
_SERVICES = ("Skype", "Yammer", "LinkedIn", "GitHub", "Nuance")


@dataclass(frozen=True)
class _Column:
    index: int
    label: str
    terms: Terms

    @property
    def is_share(self) -> bool:
        return self.terms.denominator is not None


@dataclass(frozen=True)
class _Head:
    """The lines of a header, and what each column holds."""

    first: int
    last: int
    country: int
    columns: tuple[_Column, ...]


def read(tables: Sequence[Table], name: str) -> Reading:
    """Read every sheet that has a header with countries.

    Args:
        name: the file's name, which may say the period.
    """
    reading = Reading()
    known = 0
    for table in tables:
        known += _sheet(table, name, reading)
    if not known:
        reading.refuse(name, "no sheet has a line of headers with a country and total requests")
    return reading


def _sheet(table: Table, name: str, reading: Reading) -> bool:
    head = _head(table)
    if head is None:
        return False
    period = _period(table, head, name)
    if period is None:
        where = f"sheet “{table.name}”"
        reading.refuse(where, "no period is named in it; put it into its name, as 2019 Jan-Jun")
        return True
    _Rows(table, head, period, reading).read()
    return True


def _head(table: Table) -> _Head | None:
    for at, line in enumerate(table.lines):
        country = next((n for n, cell in enumerate(line.cells) if _is_country(cell)), None)
        if country is None:
            continue
        last = _last(table.lines, at, country)
        above = table.lines[at - 1 : at] if _is_group(table.lines[at - 1 : at], country) else ()
        columns = _columns([*above, *table.lines[at : last + 1]], country, table)
        if any(one.terms.measure is Measure.REQUESTS_RECEIVED for one in columns):
            return _Head(at, last, country, columns)
    return None


def _is_country(cell: str) -> bool:
    return len(cell) < 40 and bool(_COUNTRY.search(cell)) and not re.search(r"\d", cell)


def _is_group(above: Sequence[Line], country: int) -> bool:
    """Whether the line above the header's holds words for groups of its columns."""
    return bool(above) and len(set(filter(None, above[0].cells[country + 1 :]))) > 1


def _last(lines: Sequence[Line], at: int, country: int) -> int:
    """The header's last line: what follows without a country and without numbers is part of it."""
    last = at
    for number in range(at + 1, min(at + _HEADER_LINES, len(lines))):
        cells = lines[number].cells
        if lines[number].cell(country) or any(re.match(r"[\d.]+$", cell) for cell in cells):
            break
        last = number
    return last


def _columns(lines: Sequence[Line], country: int, table: Table) -> tuple[_Column, ...]:
    width = max(len(line.cells) for line in lines)
    filled = [_spread(line, width) for line in lines[:-1]]
    filled.append([lines[-1].cell(n) for n in range(width)])
    kind, columns = _kind(table.name), []
    for index in range(width):
        if index == country:
            continue
        words = [clean(row[index]) for row in filled if row[index]]
        label = " ".join(dict.fromkeys(words))[:200]
        terms = _terms(label, kind)
        if terms:
            columns.append(_Column(index, label, terms))
    return tuple(columns)


def _spread(line: Line, width: int) -> list[str]:
    """Words over several columns stand in the first of them only; here they stand over each."""
    spread, words = [], ""
    for index in range(width):
        words = line.cell(index) or words
        spread.append(words)
    return spread


def _kind(sheet: str) -> Kind:
    words = sheet.lower()
    return next((kind for part, kind in _SHEETS if part in words), Kind.ALL_LEGAL_PROCESS)


def _terms(label: str, kind: Kind) -> Terms | None:
    for words, measure, outcome in _COLUMNS:
        if re.search(words, label, re.I):
            share_of = Denominator.REQUESTS_RECEIVED if _PERCENT.search(label) else None
            segment = Segment.ENTERPRISE if "enterprise" in label.lower() else Segment.UNSPECIFIED
            return Terms(
                measure=measure,
                kinds=kind.value,
                outcome=outcome,
                segment=segment,
                denominator=share_of,
            )
    return None


def _period(table: Table, head: _Head, name: str) -> Period | None:
    """The sheet's own words first, then its name, then the file's."""
    lines = table.lines[max(0, head.first - _FOR_PERIOD) : head.first + 1]
    titles = (cell for line in lines for cell in line.cells if cell)
    said = [*titles, table.name, name]
    periods = [one for one in map(found, said) if one]
    halves = (one for one in periods if (one.start.month, one.end.month) != (1, 12))
    return next(halves, periods[0] if periods else None)


class _Rows:
    """The rows below a header."""

    def __init__(self, table: Table, head: _Head, period: Period, reading: Reading) -> None:
        self.table, self.head, self.period, self.reading = table, head, period, reading
        self.scope = next((one for one in _SERVICES if one.lower() in table.name.lower()), "")
        self.sums: dict[_Column, Decimal] = {}
        self.totals: dict[_Column, tuple[Amount, str]] = {}
        self.uncounted: set[_Column] = set()

    def read(self) -> None:
        """Every row down to the next table; the totals may stand first or last."""
        for line in self.table.lines[self.head.last + 1 :]:
            if _is_country(line.cell(self.head.country)):
                break
            if self._is_row(line):
                self._row(line)
        self._check()

    def _is_row(self, line: Line) -> bool:
        return bool(line.cell(self.head.country)) and any(
            line.cell(column.index) for column in self.head.columns
        )

    def _row(self, line: Line) -> None:
        words = line.cell(self.head.country)
        requester = place(words)
        if requester is None:
            where = self.table.locator(line.number)
            self.reading.refuse(where, f"“{words[:60]}” is no country that we know by this name")
            self.uncounted.update(self.head.columns)
            return
        for column in self.head.columns:
            self._cell(line, column, requester)

    def _cell(self, line: Line, column: _Column, requester: str) -> None:
        cell, where = line.cell(column.index), self.table.locator(line.number, column.index)
        try:
            amount = share(cell, fraction=True) if column.is_share else count(cell)
        except NoFigure as error:
            self.reading.refuse(where, f"{column.label}: {error}")
            self.uncounted.add(column)
            return
        self._sum(column, amount, requester, where)
        terms = replace(column.terms, requester=requester)
        figure = FoundFigure(terms, amount, column.label, cell, where)
        self.reading.add(self.period, self.scope, figure)

    def _sum(self, column: _Column, amount: Amount, requester: str, where: str) -> None:
        if requester == EVERYWHERE:
            self.totals[column] = amount, where
        elif amount.kind is ValueKind.EXACT and amount.low is not None:
            self.sums[column] = self.sums.get(column, Decimal()) + amount.low
        elif amount.kind is not ValueKind.NOT_REPORTED:
            self.uncounted.add(column)  # a range has no sum

    def _check(self) -> None:
        """Hold the totals against the rows, where all of them could be read."""
        for column, (amount, where) in self.totals.items():
            summed = self.sums.get(column, Decimal())
            counts = not column.is_share and amount.kind is ValueKind.EXACT
            if counts and column not in self.uncounted and amount.low != summed:
                self.reading.differ(
                    where,
                    f"{column.label}: the total says {amount.low:,}, the rows add up to {summed:,}",
                )


def fits(headers: Iterable[str]) -> bool:
    """Whether words of a header are Microsoft's."""
    words = " ".join(headers).lower()
    return bool(_COUNTRY.search(words)) and "content" in words and "reject" in words
