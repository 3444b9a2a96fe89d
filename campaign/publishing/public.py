"""Public pages: what we asked, what came of it, and how we know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, abort, render_template, request, url_for

from campaign.accounts.guard import public
from campaign.drafting import frozen as frozen_texts
from campaign.drafting import letterheads
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter
from campaign.evidence import figure_queries
from campaign.kernel import clock
from campaign.publishing import (
    api,
    attachments,
    evidence_pages,
    feeds,
    health,
    history_pages,
    linked_data,
    public_files,
    public_letter,
    public_queries,
    rates,
    record_sheets,
    rules,
)
from campaign.publishing import corrections as correcting
from campaign.publishing.answers import (
    absolute,
    blueprint,
    cached,
    files,
    revalidated,
    settings,
)
from campaign.publishing.shown import Shown
from campaign.publishing.timelines import timeline
from campaign.publishing.words import CAME_BACK, counted, in_touch

__all__ = [
    "api", "attachments", "blueprint", "evidence_pages", "feeds", "health", "history_pages",
    "public_files", "record_sheets",
]  # fmt: skip

CAMPAIGNS_A_PAGE = 20
CORRECTIONS = 200
COMPANIES_A_PAGE = 200
NEWEST = 8


def page_number() -> int:
    """The page asked for in the address, from 1; 404 for what is no such number."""
    asked = request.args.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,4}", asked, re.ASCII):
        abort(404)
    return int(asked)


@blueprint.get("/")
@public
@revalidated
def front() -> str:
    """Campaigns and newest records."""
    every = public_queries.open_campaigns(clock.now())
    part = public_queries.cut(every, page_number(), CAMPAIGNS_A_PAGE) or abort(404)
    outcomes = public_queries.outcomes([campaign.id for campaign in part.items])
    newest = public_queries.newest_letters(NEWEST) if part.page == 1 else []
    return render_template(
        "publishing/public/front.html",
        campaigns=part.items,
        totals={key: sum(found.values()) for key, found in outcomes.items()},
        numbers={key: counted(found) for key, found in outcomes.items()},
        newest=public_queries.shown(newest),
        part=part,
    )


@blueprint.get("/campaigns/<slug>/")
@public
@revalidated
def campaign(slug: str) -> str:
    """What was asked of whom, and what came back."""
    found = public_queries.campaign(slug) or abort(404)
    shown = public_queries.shown(found[1])
    return render_template(
        "publishing/public/campaign.html",
        campaign=found[0],
        shown=shown,
        rates=rates.rates(one.asked for one in shown),
        as_of=clock.now().replace(second=0, microsecond=0),
        timezone=settings().timezone,
        matrix_rows=[_matrix_row(one) for one in shown],
        linked=linked_data.of_campaign(
            found[0],
            url=absolute(url_for("publishing.campaign", slug=slug)),
            publisher=_publisher(),
        ),
    )


def _publisher() -> dict[str, Any]:
    return linked_data.publisher(settings().org_name, absolute(url_for("publishing.front")))


def _matrix_row(shown: Shown) -> dict[str, Any]:
    return {
        "name": shown.company.name,
        "url": url_for("publishing.record", slug=shown.campaign.slug, company=shown.company.slug),
        "outcome": shown.response,
        "verdicts": shown.campaign_verdicts,
        "not_asked": shown.not_asked,
    }


def _days(shown: Shown, moments: Sequence[datetime]) -> list[str]:
    """Short dates, the year at the last one only: “9 Nov” and “15 Nov 2026”."""
    dates = [shown.local_date(moment) for moment in moments]
    return [f"{one:%-d %b %Y}" if one == dates[-1] else f"{one:%-d %b}" for one in dates]


def _shown(slug: str, company: str) -> Shown:
    letter: Letter = public_queries.letter(slug, company) or abort(404)
    return public_queries.shown([letter])[0]


def _frozen(shown: Shown) -> frozen_texts.Frozen:
    row = drafting.frozen_of(shown.letter, shown.round) or abort(404)
    return frozen_texts.load(row)


@blueprint.get("/campaigns/<slug>/<company>/")
@public
@revalidated
def record(slug: str, company: str) -> str:
    """Letter and reply side by side, and how we know."""
    shown = _shown(slug, company)
    frozen = _frozen(shown)
    titles = {gate.value: title for gate, title in rules.TITLES.items()}
    return render_template(
        "publishing/public/record.html",
        shown=shown,
        letter=public_letter.page(frozen, shown.hidden_persons),
        hides_addresses=public_letter.hides_addresses(frozen),
        gates=[{**one, "title": titles.get(one["gate"], "A reply arrived")} for one in shown.basis],
        events=timeline(shown),
        reminded=_days(shown, shown.reminded),
        in_touch=in_touch(shown.company.name) if shown.in_touch else "",
        came_back=CAME_BACK,
        reply_address=settings().reply_address,
        linked=linked_data.of_record(
            shown,
            url=absolute(url_for("publishing.record", slug=slug, company=company)),
            campaign_url=absolute(url_for("publishing.campaign", slug=slug)),
            publisher=_publisher(),
        ),
    )


@blueprint.get("/campaigns/<slug>/<company>/letter.pdf")
@public
@revalidated
def letter_pdf(slug: str, company: str) -> Response:
    """The letter as PDF."""
    shown = _shown(slug, company)
    pdf = public_letter.pdf(_frozen(shown), shown.hidden_persons)
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{company}.pdf"'
    return response


@blueprint.get("/campaigns/<slug>/<company>/history.json")
@public
@revalidated
def history_json(slug: str, company: str) -> Response:
    """The chain's events about the letter, to be checked by anybody."""
    return history_pages.history(_shown(slug, company))


@blueprint.get("/companies/")
@public
@revalidated
def companies() -> str:
    """Companies that we wrote to, in the order of their names."""
    part = public_queries.companies(page_number(), COMPANIES_A_PAGE)
    return render_template("publishing/public/companies.html", part=part or abort(404))


@blueprint.get("/companies/<slug>/")
@public
@revalidated
def company(slug: str) -> str:
    """All letters to one company over the years."""
    found = public_queries.company(slug) or abort(404)
    shown = public_queries.shown(found[1])
    return render_template(
        "publishing/public/company.html",
        company=found[0],
        shown=shown,
        has_evidence=figure_queries.company(slug) is not None,
    )


@blueprint.get("/corrections/")
@public
@revalidated
def corrections() -> str:
    """Corrections of records, and how to ask for one."""
    return render_template(
        "publishing/public/corrections.html",
        listed=correcting.newest(CORRECTIONS),
        reply_address=settings().reply_address,
    )


@blueprint.get("/how-we-work/")
@public
@cached
def how_we_work() -> str:
    """Our rules in plain words."""
    return render_template(
        "publishing/public/how_we_work.html",
        titles=list(rules.TITLES.values()),
        reply_address=settings().reply_address,
    )


@blueprint.get("/privacy/")
@public
@cached
def privacy() -> str:
    """How personal data is handled."""
    return render_template("publishing/public/privacy.html", settings=settings())


@blueprint.get("/imprint/")
@public
@cached
def imprint() -> str:
    """Who is responsible."""
    return render_template("publishing/public/imprint.html", settings=settings())


@blueprint.get("/pictures/<sha256>")
@public
@cached
def logo(sha256: str) -> Response:
    """The logo of a letterhead; signatures are never public (fairness.md rule 26)."""
    found = letterheads.is_logo(sha256) or abort(404)
    return Response(files().get(found.sha256), mimetype=found.media_type)
