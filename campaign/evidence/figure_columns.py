"""The columns of our own layout, one figure a row with its report (evidence.md, “Tables”)."""

from __future__ import annotations

REPORT = {
    "service_scope": "scope",
    "title": "title",
    "period_start": "period_start",
    "period_end": "period_end",
    "period_label": "period_label",
    "cadence": "cadence",
    "published_on": "published_on",
    "source_kind": "source_kind",
    "publisher": "publisher",
    "source_url": "source_url",
    "archive_url": "archive_url",
    "file_sha256": "file_sha256",
    "retrieved_at": "retrieved_at",
    "series_break": "series_break",
    "licence": "licence",
    "report_note": "note",
}
FIGURE = {
    "short_name": "slug",
    "native_label": "label",
    "requester_scope": "requester",
    "segment": "segment",
    "request_type": "kinds",
    "data_sought": "sought",
    "data_location": "location",
    "measure": "measure",
    "outcome": "outcome",
    "unit": "unit",
    "compared_start": "compared_start",
    "compared_end": "compared_end",
    "value_kind": "value_kind",
    "low": "low",
    "high": "high",
    "text": "verbatim",
    "denominator": "denominator",
    "derived": "derived",
    "formula": "formula",
    "locator": "locator",
    "status": "status",
    "flag": "flag",
}
NAMES = (
    "company", "report", *REPORT, *FIGURE, "parent", "base_figure", "checked", "invented",
)  # fmt: skip
