"""The figures that come with the program: two companies' requests from authorities, and a survey.

Each stands with its source, its place in it and the source's own words; what is unclear in print
is flagged (evidence.md, “What must load exactly”).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from campaign.accounts.models import User
from campaign.companies.operations import add_company
from campaign.companies.queries import company
from campaign.evidence import queries
from campaign.evidence.import_operations import import_file
from campaign.evidence.operations import save_survey
from campaign.kernel.files import FileStore

FOLDER = Path(__file__).with_name("start")
COMPANIES = {"amazon": "Amazon", "microsoft": "Microsoft"}
SURVEY = "cloud-storage-and-phones-november-2019"
_SURVEY: dict[str, Any] = {
    "title": "Cloud storage and phones, November 2019",
    "pollster": "YouGov Plc",
    "method": "Online",
    "universe": "adults aged 18 and over in Great Britain",
    "coverage": "Great Britain, representative of all adults",
    "fieldwork_start": date(2019, 11, 7),
    "fieldwork_end": date(2019, 11, 8),
    "sample_size": 2072,
    "weighted": True,
    "note": (
        "As cited in a letter of 7 January 2020. Its two charts are not in the text of the copy, "
        "so the answers beside these two are not here, and neither is its question on how well "
        "people understand the term “cloud computing”, for which no number is printed."
    ),
}


class Loaded(NamedTuple):
    """What came in: reports that have figures in the files, figures and surveys that are new."""

    reports: int
    figures: int
    surveys: int


def load(*, files: FileStore, actor: User | None) -> Loaded:
    """Take the starting data in; what is there already stays as it is.

    Raises:
        Problem: what is wrong with a file, which a test holds to be right.
    """
    reports = figures = 0
    for slug, name in COMPANIES.items():
        if company(slug) is None:
            add_company(name=name, slug=slug, country="US", language="en", actor=actor)
        path = FOLDER / f"{slug}.csv"
        done = import_file(
            path.read_bytes(), path.name, slug, layout="own", files=files, actor=actor
        )
        reports += done.reports
        figures += done.figures
    return Loaded(reports, figures, _survey(actor))


def _survey(actor: User | None) -> int:
    if queries.survey(SURVEY) is not None:
        return 0
    questions = (FOLDER / "yougov.txt").read_text(encoding="utf-8")
    save_survey(**_SURVEY, questions=questions, actor=actor)
    return 1
