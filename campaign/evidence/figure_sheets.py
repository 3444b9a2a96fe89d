"""Figures as rows to download: our own layout, so that what was downloaded can be imported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from campaign.evidence import figure_columns
from campaign.evidence.report_models import Figure

HEADER = figure_columns.NAMES
LICENCE = (
    "Facts; the selection and its words are under CC BY 4.0. What a source says of its own licence "
    "stands in the column licence."
)
MEANINGS: Mapping[str, str] = {
    "company": "Short name of the company.",
    "report": "Short name of the report that the figure is in.",
    "service_scope": "The service that the report is about; empty for all, or where not said.",
    "title": "Title of the report.",
    "period_start": "First day of the period.",
    "period_end": "Last day of the period, included.",
    "period_label": "The period as the source prints it.",
    "cadence": "How often such a report comes out.",
    "published_on": "Day on which the report came out; empty where the source does not print it.",
    "source_kind": "primary, company_blog, press or ngo_dataset: who says it.",
    "publisher": "Who published it, where that is not the company.",
    "source_url": "Address of the source; empty where it does not print one.",
    "archive_url": "Address of an archived copy.",
    "file_sha256": "SHA-256 of the file that the figures were read from.",
    "retrieved_at": "When that file was taken in, UTC.",
    "series_break": "Why these figures cannot be set beside earlier ones; empty where they can.",
    "licence": "What the source says of its licence.",
    "report_note": "What a reader has to know of the report.",
    "short_name": "Short name of the figure: the same in every report that states the same.",
    "native_label": "The source's own words for what is counted.",
    "requester_scope": "Whose authorities asked: two letters of a country, non_us or all.",
    "segment": "Whose data was asked for.",
    "request_type": "Kinds of request counted together, with semicolons between.",
    "data_sought": "Which data was asked for.",
    "data_location": "Where that data is kept.",
    "measure": "What is counted.",
    "outcome": "What became of the requests that are counted.",
    "unit": "count or percent.",
    "compared_start": "Of a change: first day of the period that it is measured against.",
    "compared_end": "Of a change: last day of that period, included.",
    "value_kind": "exact, band, at_least, less_than, approx or not_reported (which is not zero).",
    "low": "The least that it can be.",
    "high": "The most that it can be; a band includes both ends.",
    "text": "The figure in the source's own words.",
    "denominator": "Of a percent: what it is a share of.",
    "derived": "yes where it is computed and no source states it.",
    "formula": "How it was computed.",
    "locator": "Where it stands in the source.",
    "status": "current, corrected or disputed.",
    "flag": "What is unclear in print.",
    "parent": "Short name of the figure that it is a part of.",
    "base_figure": "Of a percent: short name of the figure that it is a share of.",
    "checked": "Day on which a second person held it against the source; empty where nobody has.",
    "invented": "yes where it was made up for a demonstration.",
}


def row(figure: Figure) -> tuple[object, ...]:
    """A line of a sheet, in the order of `HEADER`: words, and decimals for numbers."""
    told = values(figure)
    return tuple(told[name] for name in HEADER)


def values(figure: Figure) -> dict[str, object]:
    """What stands in each column; empty words where there is nothing."""
    report = figure.report
    found: dict[str, object] = {
        "company": report.company.slug,
        "report": report.slug,
        "parent": figure.parent.slug if figure.parent else "",
        "base_figure": figure.base.slug if figure.base else "",
        "checked": figure.checked_at,
        "invented": report.invented,
    }
    found |= {column: getattr(report, name) for column, name in figure_columns.REPORT.items()}
    found |= {column: getattr(figure, name) for column, name in figure_columns.FIGURE.items()}
    printed = {column: _cell(value) for column, value in found.items()}
    for end in ("low", "high"):
        value = printed[end]
        if isinstance(value, Decimal):
            printed[end] = value.quantize(Decimal(1).scaleb(-figure.decimals))
    return printed


def item(figure: Figure) -> dict[str, Any]:
    """The same for programs: numbers are numbers, and what is empty in a sheet is null."""
    told: dict[str, Any] = {name: value or None for name, value in values(figure).items()}
    for end in ("low", "high"):
        value = getattr(figure, end)
        told[end] = None if value is None else _number(value)
    told["derived"], told["invented"] = figure.derived, figure.report.invented
    return told


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _cell(value: object) -> object:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value
