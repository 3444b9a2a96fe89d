"""Our own layout: one figure a row, with the columns that our downloads have (evidence.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from campaign.evidence import figure_columns, figure_rules, figure_terms
from campaign.evidence.figure_rules import Amount, Denominator, SourceKind, Unit, ValueKind
from campaign.evidence.figure_terms import (
    Location,
    Measure,
    Result,
    Segment,
    Sought,
    Status,
    Terms,
)
from campaign.evidence.import_found import FoundFigure, Reading
from campaign.evidence.import_periods import Period, found, months
from campaign.evidence.import_tables import Line, Table
from campaign.kernel.errors import Problem

_ALIASES = {"scope": "service_scope", "label": "native_label", "requester": "requester_scope",
            "kinds": "request_type", "verbatim": "text", "figure": "value"}  # fmt: skip
_KNOWN = {*figure_columns.NAMES, "value"}
_REPORT_WORDS = (
    "title", "cadence", "published_on", "source_kind", "publisher", "source_url", "archive_url",
    "series_break", "licence", "report_note",
)  # fmt: skip
_YES = {"yes", "true", "1", "y"}


class _Refused(ValueError):
    """A row that cannot be taken; the text says why and what to write."""


def fits(headers: Iterable[str]) -> bool:
    """Whether words of a header are ours."""
    names = {_name(cell) for cell in headers}
    return "measure" in names and bool(names & {"value", "value_kind"})


def _name(cell: str) -> str:
    name = re.sub(r"\W+", "_", cell.strip().lower()).strip("_")
    return _ALIASES.get(name, name)


def read(tables: Sequence[Table], name: str) -> Reading:
    """Read every sheet in our layout; columns that nobody knows are named as refused."""
    reading = Reading()
    for table in tables:
        if not table.lines or not fits(table.lines[0].cells):
            reading.refuse(
                table.name or name,
                "the first line has to name the columns, among them measure and value",
            )
            continue
        _sheet(table, reading)
    return reading


def _sheet(table: Table, reading: Reading) -> None:
    head, *lines = table.lines
    names = [_name(cell) for cell in head.cells]
    for cell, column in zip(head.cells, names, strict=True):
        if cell and column not in _KNOWN:
            reading.refuse(table.locator(head.number), f"there is no column “{cell[:60]}”")
    for line in lines:
        cells = {column: line.cell(n) for n, column in enumerate(names) if column in _KNOWN}
        try:
            _row(cells, line, table, reading)
        except (_Refused, Problem) as error:
            reading.refuse(table.locator(line.number), str(error))


def _row(cells: Mapping[str, str], line: Line, table: Table, reading: Reading) -> None:
    period = _period(cells)
    scope = cells.get("service_scope", "")
    denominator = _one_of(Denominator, cells, "denominator", None)
    terms = Terms(
        measure=_one_of(Measure, cells, "measure", None) or _missing("measure"),
        requester=figure_terms.requester(cells.get("requester_scope") or "all"),
        kinds=figure_terms.kinds(cells.get("request_type") or "all_legal_process"),
        outcome=_one_of(Result, cells, "outcome", Result.NONE),
        segment=_one_of(Segment, cells, "segment", Segment.UNSPECIFIED),
        sought=_one_of(Sought, cells, "data_sought", Sought.UNSPECIFIED),
        location=_one_of(Location, cells, "data_location", Location.ANY),
        denominator=denominator,
        compared_start=_day(cells, "compared_start"),
        compared_end=_day(cells, "compared_end"),
    )
    amount = _amount(cells, denominator)
    status = _one_of(Status, cells, "status", Status.CURRENT)
    figure = FoundFigure(
        terms,
        amount,
        label=cells.get("native_label") or cells.get("measure", ""),
        verbatim=cells.get("text", ""),
        locator=cells.get("locator") or table.locator(line.number),
        slug=figure_rules.short_name(cells["short_name"]) if cells.get("short_name") else "",
        parent=cells.get("parent", ""),
        base=cells.get("base_figure", ""),
        formula=cells.get("formula", ""),
        flag=cells.get("flag", ""),
        disputed=status is Status.DISPUTED,
    )
    if not figure.formula and cells.get("derived", "").lower() in _YES:
        raise _Refused("a derived figure says how it was computed, in the column formula")
    report = reading.report(period, scope)
    for name in _REPORT_WORDS:
        if cells.get(name):
            report.facts.setdefault(name, cells[name])
    _one_of(SourceKind, cells, "source_kind", None)
    reading.add(period, scope, figure)


def _missing(column: str) -> Any:
    raise _Refused(f"the column {column} is empty")


def _one_of(kind: type[StrEnum], cells: Mapping[str, str], name: str, usual: Any) -> Any:
    words = cells.get(name, "").strip().lower()
    if not words:
        return usual
    try:
        return kind(words)
    except ValueError:
        known = ", ".join(kind)
        raise _Refused(f"“{words[:40]}” is no {name}; write one of {known}") from None


def _day(cells: Mapping[str, str], name: str) -> date | None:
    words = cells.get(name, "")
    if not words:
        return None
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        raise _Refused(f"the {name} “{words[:30]}” is no day; write 2019-06-30") from None


def _period(cells: Mapping[str, str]) -> Period:
    start, end = _day(cells, "period_start"), _day(cells, "period_end")
    label = cells.get("period_label", "")
    said = found(label)
    if start is None and end is None and said:
        return Period(said.start, said.end, label)
    if start is None or end is None or start > end:
        raise _Refused("a figure needs the first and the last day of its period, as 2019-01-01")
    usual = found(f"{start} to {end}") or months(end.year, 1, 12)
    return Period(start, end, label or usual.label)


def _amount(cells: Mapping[str, str], denominator: Denominator | None) -> Amount:
    is_change = cells.get("measure", "").strip().lower() == Measure.CHANGE
    if cells.get("value"):
        amount = figure_rules.read(cells["value"], signed=is_change)
    else:
        amount = _stated(cells)
    unit = _one_of(Unit, cells, "unit", amount.unit)
    if amount.kind is ValueKind.NOT_REPORTED:
        amount = amount._replace(unit=Unit.PERCENT if denominator else Unit.COUNT)
    elif unit is not amount.unit and cells.get("value"):
        raise _Refused(f"the unit is {unit} and the value “{cells['value'][:40]}” is not")
    if (amount.unit is Unit.PERCENT) != (denominator is not None):
        raise _Refused("a percent has a denominator, and a count has none")
    return amount


def _stated(cells: Mapping[str, str]) -> Amount:
    """From the columns value_kind, low and high, as our downloads have them."""
    kind = _one_of(ValueKind, cells, "value_kind", None) or _missing("value")
    unit = _one_of(Unit, cells, "unit", Unit.COUNT)
    low, high = _number(cells, "low"), _number(cells, "high")
    decimals = max(0, *(-int(v.as_tuple().exponent) for v in (low, high) if v is not None), 0)
    amount = Amount(kind, unit, low, high, decimals)
    if not _HOLDS[kind](low, high):
        raise _Refused(f"low and high do not go with the value kind {kind}")
    return amount


_HOLDS: Mapping[ValueKind, Callable[[Decimal | None, Decimal | None], bool]] = {
    ValueKind.EXACT: lambda low, high: low is not None and low == high,
    ValueKind.APPROX: lambda low, high: low is not None and low == high,
    ValueKind.BAND: lambda low, high: low is not None and high is not None and low < high,
    ValueKind.AT_LEAST: lambda low, high: low is not None and high is None,
    ValueKind.LESS_THAN: lambda low, high: low is None and high is not None,
    ValueKind.NOT_REPORTED: lambda low, high: low is None and high is None,
}


def _number(cells: Mapping[str, str], name: str) -> Decimal | None:
    words = cells.get(name, "").replace(",", "")
    if not words:
        return None
    try:
        return Decimal(words)
    except InvalidOperation:
        raise _Refused(f"{name} “{words[:40]}” is no number") from None
