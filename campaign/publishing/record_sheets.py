"""Letters and what came of them as files: one line a letter, with what each column means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask import Response, abort, url_for

from campaign.accounts.guard import public
from campaign.drafting.models import Letter
from campaign.publishing import public_queries
from campaign.publishing.answers import absolute, blueprint, json_answer, revalidated
from campaign.publishing.shown import Shown
from campaign.web.lists import csv_file
from campaign.web.sheets import xlsx_file

LICENCE = "CC BY 4.0: say whose it is and link to the record."
_AT_ONCE = 500  # letters in memory together
COLUMNS: Mapping[str, str] = {
    "campaign": "Short name of the campaign.",
    "campaign_title": "Its title.",
    "company": "Short name of the company.",
    "company_name": "Its name.",
    "country": "Two letters of the country that it is in; empty where it is not known.",
    "response": "What came of the letter, as the interface for programs codes it.",
    "timeliness": "When the answer came; empty without one.",
    "permission": "How far the answer may be shown; empty without one.",
    "sent_at": "When the letter left, UTC.",
    "deadline": "Last day to answer, included, in the company's own zone.",
    "deadline_zone": "That zone; empty where it is not known, and the day ends everywhere.",
    "published_at": "When the outcome was first published, UTC.",
    "as_of": "Up to when what stands there is known, UTC.",
    "in_touch": "yes where something new may be theirs and is being read.",
    "verdicts": "How the answer deals with each question: number, colon, verdict.",
    "statement": "What we say came of it.",
    "url": "The record.",
    "letter_url": "The letter as PDF.",
}


def row(shown: Shown) -> tuple[object, ...]:
    """A line, in the order of `COLUMNS`."""
    slug, company = shown.campaign.slug, shown.company.slug
    record, as_of = shown.record, shown.as_of
    return (
        shown.campaign.slug,
        shown.campaign.title,
        shown.company.slug,
        shown.company.name,
        shown.company.country,
        shown.response,
        shown.timeliness,
        shown.permission,
        shown.sent_at.isoformat(timespec="seconds") if shown.sent_at else "",
        shown.deadline.isoformat() if shown.deadline else "",
        shown.zone,
        record.published_at.isoformat(timespec="seconds") if record else "",
        as_of.isoformat(timespec="seconds") if as_of else "",
        "yes" if shown.in_touch else "",
        "; ".join(f"{number}: {verdict}" for number, verdict in shown.verdicts.items()),
        shown.statement,
        absolute(url_for("publishing.record", slug=slug, company=company)),
        absolute(url_for("publishing.letter_pdf", slug=slug, company=company)),
    )


def _rows(letters: Sequence[Letter]) -> Iterator[tuple[object, ...]]:
    for start in range(0, len(letters), _AT_ONCE):
        yield from map(row, public_queries.shown(letters[start : start + _AT_ONCE]))


def _file(form: str, name: str, letters: Sequence[Letter]) -> Response:
    return (csv_file if form == "csv" else xlsx_file)(name, tuple(COLUMNS), _rows(letters))


@blueprint.get("/records.csv", defaults={"form": "csv"})
@blueprint.get("/records.xlsx", defaults={"form": "xlsx"})
@public
@revalidated
def records_file(form: str) -> Response:
    """All public letters as a file."""
    return _file(form, "records", public_queries.every_letter())


@blueprint.get("/campaigns/<slug>/records.csv", defaults={"form": "csv"})
@blueprint.get("/campaigns/<slug>/records.xlsx", defaults={"form": "xlsx"})
@public
@revalidated
def campaign_file(slug: str, form: str) -> Response:
    """The letters of a campaign as a file."""
    found = public_queries.campaign(slug) or abort(404)
    return _file(form, f"records-{slug}", found[1])


@blueprint.get("/companies/<slug>/records.csv", defaults={"form": "csv"})
@blueprint.get("/companies/<slug>/records.xlsx", defaults={"form": "xlsx"})
@public
@revalidated
def company_file(slug: str, form: str) -> Response:
    """The letters to a company as a file."""
    found = public_queries.company(slug) or abort(404)
    return _file(form, f"records-{slug}", found[1])


@blueprint.get("/records/columns.json")
@public
@revalidated
def record_columns() -> Response:
    """What the columns of the files mean, and the licence."""
    columns = [{"name": name, "means": words} for name, words in COLUMNS.items()]
    return json_answer({"licence": LICENCE, "columns": columns})
