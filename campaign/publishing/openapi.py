"""The description of the interface (OpenAPI 3.1.0), so that programs can read it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from campaign.evidence import figure_sheets
from campaign.evidence.figure_terms import Kind, Measure, Result, Segment

_TEXT = {"type": "string"}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_DAY = {"type": ["string", "null"], "format": "date"}
_URL = {"type": ["string", "null"], "format": "uri"}


def describe(base: str, responses: Sequence[str]) -> dict[str, Any]:
    """The whole description.

    Args:
        base: public address of `/api/v1`.
        responses: codes that a record's response can have.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Letters to companies and what came of them",
            "version": "1",
            "description": "Read-only. Lists are cut into pages: follow `next` until it is null."
            " Moments are in UTC; deadlines are days in the company's own zone, inclusive.",
        },
        "servers": [{"url": base}],
        "paths": _paths(responses),
        "components": {"schemas": _schemas(responses)},
    }


def _paths(responses: Sequence[str]) -> dict[str, Any]:
    page = _query("page", {"type": "integer", "minimum": 1}, "Page of the list, from 1.")
    slug = {"name": "slug", "in": "path", "required": True, "schema": _TEXT}
    chosen = {"type": "string", "enum": list(responses)}
    return {
        "/campaigns": _get("Campaigns, newest first", _list("Campaign"), page),
        "/campaigns/{slug}": _get("One campaign", _ref("Campaign"), slug),
        "/records": _get(
            "Letters and what came of them, oldest first",
            _list("Record"),
            _query("campaign", _TEXT, "Short name of a campaign."),
            _query("response", chosen, "Only records with this response."),
            page,
        ),
        "/companies/{slug}": _get("One company and all letters to it", _ref("Company"), slug),
        "/evidence/figures": _get(
            "Figures of transparency reports, in the order in which they came in",
            _list("Figure"),
            *_figure_filters(),
            _query("after", {"type": "integer", "minimum": 0}, "Place in the list; see `next`."),
        ),
    }


def _figure_filters() -> list[dict[str, Any]]:
    def one_of(kinds: type[StrEnum]) -> dict[str, Any]:
        return {"type": "string", "enum": [one.value for one in kinds]}

    return [
        _query("company", _TEXT, "Short name of a company."),
        _query("period", _TEXT, "First and last day, such as 2019-01-01..2019-06-30."),
        _query("place", _TEXT, "Whose authorities asked: a country's two letters, non_us or all."),
        _query("kind", one_of(Kind), "Kind of request, alone or counted with others."),
        _query("segment", one_of(Segment), "Whose data was asked for."),
        _query("outcome", one_of(Result), "What became of the requests."),
        _query("measure", one_of(Measure), "What is counted."),
    ]


def _figure() -> dict[str, Any]:
    numbers, flags = ("low", "high"), ("derived", "invented")
    kinds: dict[str, Any] = {name: {"type": ["number", "null"]} for name in numbers}
    kinds |= {name: {"type": "boolean"} for name in flags}
    usual = {"type": ["string", "null"]}
    return _object(
        **{
            name: {**kinds.get(name, usual), "description": figure_sheets.MEANINGS[name]}
            for name in figure_sheets.HEADER
        }
    )


def _query(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": words}


def _get(summary: str, schema: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    def told(words: str, content: dict[str, Any]) -> dict[str, Any]:
        return {"description": words, "content": {"application/json": {"schema": content}}}

    answers = {"200": told("What was asked for.", schema)}
    answers["400"] = told("A parameter cannot be understood.", _ref("Error"))
    answers["404"] = told("It does not exist, or it is not public.", _ref("Error"))
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": answers}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    items = {"type": "array", "items": _ref(name)}
    return _object(items=items, next=_URL)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _array(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


def _schemas(responses: Sequence[str]) -> dict[str, Any]:
    response = {"type": "string", "enum": list(responses)}
    late = ["on_time", "within_extension", "after_deadline", "after_publication", None]
    yes_or_no = {"type": "boolean"}
    number = {"type": "integer"}
    return {
        "Error": _object(error=_object(title=_TEXT, what_to_do=_TEXT)),
        "Campaign": _object(
            slug=_TEXT,
            title=_TEXT,
            summary=_TEXT,
            url=_URL,
            records=_URL,
            outcomes={"type": "object", "additionalProperties": number},
            questions=_array(number=number, text=_TEXT),
        ),
        "Company": _object(
            slug=_TEXT,
            name=_TEXT,
            country={"type": ["string", "null"]},
            url=_URL,
            records={"type": "array", "items": _ref("Record")},
        ),
        "Record": _object(
            campaign=_TEXT,
            company=_TEXT,
            company_name=_TEXT,
            url=_URL,
            headline=_TEXT,
            response=response,
            timeliness={"enum": late},
            permission={"type": ["string", "null"]},
            sent_at=_MOMENT,
            deadline=_DAY,
            deadline_zone={"type": ["string", "null"]},
            published_at=_MOMENT,
            as_of=_MOMENT,
            in_touch={
                **yes_or_no,
                "description": "Something new may be theirs.",
            },
            statement=_TEXT,
            comment={**_TEXT, "description": "Our own words, apart from the statement."},
            basis=_array(gate=_TEXT, holds=yes_or_no, detail=_TEXT),
            questions=_array(number=number, verdict=_TEXT),
            differs={
                "type": ["object", "null"],
                "description": "Where this company was asked something else than the others, or "
                "has other days: its questions (number in its letter, text, campaign_number of "
                "the same words), days, and why. Null where it is like the others.",
            },
            extensions=_array(
                at=_MOMENT, asked_by=_TEXT, why=_TEXT, old_deadline=_DAY, new_deadline=_DAY
            ),
            history=_array(
                number=number,
                at=_MOMENT,
                response=response,
                timeliness={"enum": late},
                statement=_TEXT,
            ),
            replies={
                **_array(
                    received_at=_MOMENT,
                    left_out={"type": "array", "items": _TEXT},
                    files=_array(
                        name=_TEXT, media_type=_TEXT, size=number, redacted=yes_or_no, url=_URL
                    ),
                ),
                "description": "What the company answered, as far as it is public; the words stand "
                "at reply_url. left_out: why passages are left out of it, one reason for each.",
            },
            corrections={
                **_array(at=_MOMENT, was=_TEXT, now=_TEXT, why=_TEXT),
                "description": "What we changed on the record without a new reply, and why.",
            },
            letter_url=_URL,
            reply_url=_URL,
            history_url=_URL,
        ),
        "Figure": _figure(),
    }
