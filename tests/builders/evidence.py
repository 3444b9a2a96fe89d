"""Surveys and reports for the tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from campaign.accounts.models import User
from campaign.companies.models import Company
from campaign.evidence.figure_rules import SourceKind
from campaign.evidence.models import Survey
from campaign.evidence.operations import save_survey
from campaign.evidence.report_models import Figure, Report
from campaign.evidence.report_operations import save_figure, save_report

QUESTIONS = """\
storage: Have you ever thought about where your recordings are kept?
- I have not thought about it: 45.6
- I have, and I know: roughly: 54.40%

told: Would you want to be told?
Yes: 0
No: not reported
"""


def survey(**changes: Any) -> Survey:
    """A survey with one question that can be charted and one that cannot."""
    given: dict[str, Any] = {
        "title": "Where recordings are kept",
        "pollster": "Poll House",
        "client": "Open Watch",
        "universe": "adults in Great Britain",
        "fieldwork_start": date(2019, 11, 7),
        "fieldwork_end": date(2019, 11, 8),
        "sample_size": 2072,
        "weighted": True,
        "questions": QUESTIONS,
        "actor": None,
    }
    return save_survey(**{**given, **changes})


def report(about: Company, who: User, **changes: Any) -> Report:
    """A report on a company for the first half of 2017, without figures."""
    given: dict[str, Any] = {
        "company": about.slug,
        "title": "Information request report",
        "period_start": date(2017, 1, 1),
        "period_end": date(2017, 6, 30),
        "period_label": "January–June 2017",
        "source_kind": SourceKind.PRIMARY,
        "source_url": "https://reports.example/2017",
        "actor": who,
    }
    return save_report(**{**given, **changes})


def figure(report: Report, who: User, value: str = "1,618", **changes: Any) -> Figure:
    """A figure of a report: its subpoenas."""
    given: dict[str, Any] = {
        "short_name": "subpoenas",
        "label": "Subpoenas received",
        "locator": "page 2",
        "actor": who,
    }
    return save_figure(report.id, value=value, **{**given, **changes})
