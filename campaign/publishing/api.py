"""The read-only interface for programs (contract.md, “Addresses”)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Response, request, url_for

from campaign.accounts.guard import public
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.companies.rules import is_slug
from campaign.drafting.models import Letter
from campaign.evidence import figure_filter, figure_queries, figure_sheets
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import corrections, public_queries, rates
from campaign.publishing.answers import absolute, blueprint, json_answer, revalidated
from campaign.publishing.models import Response as Outcome
from campaign.publishing.openapi import describe
from campaign.publishing.shown import Shown

PER_PAGE = 50
FIGURES_A_PAGE = 500


class BadParameter(Exception):
    """A parameter that cannot be understood: what is wrong, and what to do."""

    def __init__(self, title: str, what_to_do: str) -> None:
        super().__init__(title)
        self.title, self.what_to_do = title, what_to_do


@blueprint.errorhandler(BadParameter)
def bad_parameter(error: BadParameter) -> Response:
    """Answer in the language of the interface."""
    return _error(400, error.title, error.what_to_do)


def _error(status: int, title: str, what_to_do: str) -> Response:
    return json_answer({"error": {"title": title, "what_to_do": what_to_do}}, status)


def _nothing() -> Response:
    """The one answer for what does not exist and for what is not public."""
    return _error(404, "There is nothing here.", "Start from /api/v1/campaigns.")


def _parameters(*known: str) -> dict[str, str]:
    """The parameters of the request; each at most once, and none that nobody reads.

    Raises:
        BadParameter: one is unknown, or is there twice.
    """
    names = ", ".join(known)
    for name, values in request.args.lists():
        if name not in known:
            can = f"Use {names}." if known else "Leave it out."
            raise BadParameter(f"There is no parameter “{name[:40]}” here.", can)
        if len(values) > 1:
            raise BadParameter(f"“{name}” is there {len(values)} times.", "Give it once.")
    return request.args.to_dict()


def _page(given: dict[str, str]) -> int:
    asked = given.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", asked, re.ASCII):
        raise BadParameter(f"“{asked[:40]}” is no page.", "Give a number from 1.")
    return int(asked)


def _no_page(page: int) -> BadParameter:
    return BadParameter(f"There is no page {page}.", "Follow “next” from the first page.")


def _listed(items: Iterable[object], page: int, pages: int) -> Response:
    url = None
    if page < pages:
        given: dict[str, Any] = {**request.args, "page": page + 1}
        url = absolute(url_for(str(request.endpoint), **given))
    return json_answer({"items": list(items), "next": url})


@blueprint.get("/api/v1/")
@public
@revalidated
def api_index() -> Response:
    """Where everything is."""
    names = ("api_campaigns", "api_records", "api_figures", "api_openapi")
    return json_answer({name[4:]: absolute(url_for(f"publishing.{name}")) for name in names})


@blueprint.get("/api/v1/<path:rest>")
@public
def api_nothing(rest: str) -> Response:
    """Whatever else is asked for."""
    return _nothing()


@blueprint.get("/api/v1/openapi.json")
@public
@revalidated
def api_openapi() -> Response:
    """The description of all this."""
    return json_answer(describe(absolute("/api/v1"), [one.value for one in Outcome]))


@blueprint.get("/api/v1/campaigns")
@public
@revalidated
def api_campaigns() -> Response:
    """All public campaigns, newest first."""
    page = _page(_parameters("page"))
    every = public_queries.open_campaigns(clock.now())
    part = public_queries.cut(every, page, PER_PAGE)
    if part is None:
        raise _no_page(page)
    numbers = public_queries.outcomes([campaign.id for campaign in part.items])
    told = (_campaign(one, numbers.get(one.id, {})) for one in part.items)
    return _listed(told, page, part.pages)


@blueprint.get("/api/v1/campaigns/<slug>")
@public
@revalidated
def api_campaign(slug: str) -> Response:
    """One campaign with its questions and its companies."""
    _parameters()
    found = public_queries.campaign(slug)
    if found is None:
        return _nothing()
    campaign, letters = found
    shown = public_queries.shown(letters)
    told = rates.rates(one.asked for one in shown)
    outcomes: dict[str, int] = {}
    for one in shown:
        outcomes[one.response] = outcomes.get(one.response, 0) + 1
    return json_answer(
        {
            **_campaign(campaign, outcomes),
            "questions": [{"number": q.number, "text": q.text} for q in campaign.questions],
            "response_days": campaign.response_days,
            "response_unit": campaign.response_unit.value,
            "grace_working_days": campaign.grace_working_days,
            "rates": {
                "companies_reached": len(told.reached),
                "any_reply": len(told.replied),
                "substantive_reply": len(told.substantive),
            },
            "companies": [
                {**_company(one.company), "response": one.response, "record_url": _record_url(one)}
                for one in shown
            ],
        }
    )


@blueprint.get("/api/v1/records")
@public
@revalidated
def api_records() -> Response:
    """Public letters and what came of them, oldest first, by campaign and response if wanted."""
    given = _parameters("campaign", "response", "page")
    page = _page(given)
    query = public_queries.with_response(_letters_of(given.get("campaign")), _response(given))
    part = public_queries.part(query.order_by(Letter.id), page, PER_PAGE)
    if part is None:
        raise _no_page(page)
    return _listed((_record(one) for one in public_queries.shown(part.items)), page, part.pages)


def _letters_of(slug: str | None) -> Any:
    if slug is None:
        return public_queries.letters()
    if not is_slug(slug):
        told = f"“{slug[:40]}” is no short name of a campaign."
        raise BadParameter(told, "See /api/v1/campaigns.")
    return public_queries.letters().where(Campaign.slug == slug)


def _response(given: dict[str, str]) -> Outcome | None:
    if "response" not in given:
        return None
    try:
        return Outcome(given["response"])
    except ValueError:
        known = ", ".join(one.value for one in Outcome)
        told = f"“{given['response'][:40]}” is no response."
        raise BadParameter(told, f"Give one of: {known}.") from None


@blueprint.get("/api/v1/companies/<slug>")
@public
@revalidated
def api_company(slug: str) -> Response:
    """One company and all letters to it, newest first."""
    _parameters()
    found = public_queries.company(slug)
    if found is None:
        return _nothing()
    company, letters = found
    records = [_record(one) for one in public_queries.shown(letters)]
    return json_answer({**_company(company), "records": records})


@blueprint.get("/api/v1/evidence/figures")
@public
@revalidated
def api_figures() -> Response:
    """Figures of transparency reports, in the order in which they came in."""
    given = _parameters(*figure_filter.NAMES, "after")
    try:
        asked = figure_filter.read(given)
    except Problem as problem:
        raise BadParameter(problem.title, problem.what_to_do) from None
    after = given.get("after", "0")
    if not re.fullmatch("[0-9]{1,9}", after, re.ASCII):
        raise BadParameter(f"“{after[:40]}” is no place in the list.", "Follow “next”.")
    found = figure_queries.page(asked, after=int(after), limit=FIGURES_A_PAGE + 1)
    shown, url = found[:FIGURES_A_PAGE], None
    if len(found) > FIGURES_A_PAGE:
        query: dict[str, Any] = {**asked.query(), "after": shown[-1].id}
        url = absolute(url_for("publishing.api_figures", **query))
    return json_answer({"items": [figure_sheets.item(one) for one in shown], "next": url})


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _campaign(campaign: Campaign, outcomes: dict[str, int]) -> dict[str, Any]:
    return {
        "slug": campaign.slug,
        "title": campaign.title,
        "summary": campaign.summary,
        "url": absolute(url_for("publishing.campaign", slug=campaign.slug)),
        "records": absolute(url_for("publishing.api_records", campaign=campaign.slug)),
        "outcomes": outcomes,
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "slug": company.slug,
        "name": company.name,
        "country": company.country,
        "url": absolute(url_for("publishing.company", slug=company.slug)),
    }


def _differs(shown: Shown) -> dict[str, Any] | None:
    """How questions or days differ from those of the campaign's other companies, and why."""
    if shown.differs is None:
        return None
    asked = None if shown.differs.questions is None else [one._asdict() for one in shown.questions]
    return {"asked": asked, "days": shown.differs.days, "why": shown.why_differs}


def _record_url(shown: Shown) -> str:
    slug, company = shown.campaign.slug, shown.company.slug
    return absolute(url_for("publishing.record", slug=slug, company=company))


def _record(shown: Shown) -> dict[str, Any]:
    """A record as contract.md has it, and where to read it."""
    url = _record_url(shown)
    return {
        "campaign": shown.campaign.slug,
        "company": shown.company.slug,
        "company_name": shown.company.name,
        "url": url,
        "headline": shown.headline,
        "response": shown.response,
        "timeliness": shown.timeliness,
        "permission": shown.permission,
        "sent_at": _moment(shown.sent_at),
        "deadline": shown.deadline.isoformat() if shown.deadline else None,
        "deadline_zone": shown.zone,
        "published_at": _moment(shown.record.published_at if shown.record else None),
        "as_of": _moment(shown.as_of),
        "in_touch": shown.in_touch,
        "statement": shown.statement,
        "comment": shown.comment,
        "basis": [{key: one[key] for key in ("gate", "holds", "detail")} for one in shown.basis],
        "questions": [
            {"number": number, "verdict": verdict} for number, verdict in shown.verdicts.items()
        ],
        "differs": _differs(shown),
        "extensions": [
            {
                "at": _moment(extension.at),
                "asked_by": shown.mask(extension.asked_by),
                "why": shown.mask(extension.why),
                "old_deadline": extension.old_deadline.isoformat(),
                "new_deadline": extension.new_deadline.isoformat(),
            }
            for extension in shown.extensions
        ],
        "history": [
            {
                "number": entry.number,
                "at": _moment(entry.at),
                "response": entry.response.value,
                "timeliness": entry.timeliness.value if entry.timeliness else None,
                "statement": entry.statement,
            }
            for entry in shown.entries
        ],
        "replies": [
            {
                "received_at": _moment(reply.received_at),
                "left_out": [piece.why for piece in shown.pieces(reply) if piece.reason],
                "files": [
                    {
                        "name": file.name,
                        "media_type": file.content.about.media_type,
                        "size": file.content.size,
                        "redacted": file.redacted,
                        "url": absolute(url_for("publishing.reply_file", token=file.token)),
                    }
                    for file in shown.files_of(reply)
                ],
            }
            for reply in shown.shown_replies
        ],
        "corrections": [
            {"at": _moment(one.at), "was": one.was, "now": one.now, "why": one.why}
            for one in corrections.of(shown)
        ],
        "letter_url": f"{url}letter.pdf",
        "reply_url": f"{url}#reply" if shown.shown_replies else None,
        "history_url": f"{url}history.json",
    }
