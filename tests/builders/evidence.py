"""Surveys for the tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from campaign.evidence.models import Survey
from campaign.evidence.operations import save_survey

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
