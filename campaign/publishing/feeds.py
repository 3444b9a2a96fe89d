"""Feeds of what was published or changed, and the list of public addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Response, abort, render_template, request, url_for

from campaign.accounts.guard import public
from campaign.evidence import figure_queries
from campaign.publishing import public_queries
from campaign.publishing.answers import (
    absolute,
    blueprint,
    json_answer,
    revalidated,
    settings,
)
from campaign.publishing.shown import Shown

NEWEST = 30


class Item(NamedTuple):
    """One state of a record in a feed; `id` never changes and is never used twice."""

    id: str
    url: str
    title: str
    summary: str
    published_at: datetime
    updated_at: datetime


def _items(campaign: str = "", company: str = "") -> list[Item]:
    newest = public_queries.newest_letters(NEWEST, campaign=campaign, company=company)
    return [_item(shown) for shown in public_queries.shown(newest) if shown.record is not None]


def _item(shown: Shown) -> Item:
    assert shown.record is not None
    path = url_for("publishing.record", slug=shown.campaign.slug, company=shown.company.slug)
    return Item(
        f"urn:letters:record:{shown.record.ref}",
        absolute(path),
        shown.headline,
        shown.statement,
        shown.record.published_at,
        shown.changed_at,
    )


def _updated(items: Sequence[Item]) -> datetime:
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return max((item.updated_at for item in items), default=epoch)


class Feed(NamedTuple):
    """What a feed is about, and where its page is."""

    title: str
    page: str
    items: list[Item]


def _everything() -> Feed:
    return Feed(f"{settings().org_name}: letters and answers", "/", _items())


def _of_campaign(slug: str) -> Feed:
    found = public_queries.campaign(slug) or abort(404)
    page = url_for("publishing.campaign", slug=slug)
    return Feed(f"{settings().org_name}: {found[0].title}", page, _items(campaign=slug))


def _of_company(slug: str) -> Feed:
    found = public_queries.company(slug) or abort(404)
    page = url_for("publishing.company", slug=slug)
    return Feed(f"{settings().org_name}: {found[0].name}", page, _items(company=slug))


def _atom(feed: Feed) -> Response:
    text = render_template(
        "publishing/public/feed.xml",
        title=feed.title,
        items=feed.items,
        updated=_updated(feed.items),
        own=absolute(request.path),
        front=absolute(feed.page),
    )
    return Response(text, mimetype="application/atom+xml")


def _json(feed: Feed) -> Response:
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": absolute(feed.page),
        "feed_url": absolute(request.path),
        "language": "en-GB",
        "items": [
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "content_text": item.summary,
                "date_published": item.published_at.isoformat(timespec="seconds"),
                "date_modified": item.updated_at.isoformat(timespec="seconds"),
            }
            for item in feed.items
        ],
    }
    return json_answer(content, mimetype="application/feed+json")


@blueprint.get("/feed.atom")
@public
@revalidated
def feed_atom() -> Response:
    """Newest records (RFC 4287)."""
    return _atom(_everything())


@blueprint.get("/feed.json")
@public
@revalidated
def feed_json() -> Response:
    """Newest records (JSON Feed 1.1)."""
    return _json(_everything())


@blueprint.get("/campaigns/<slug>/feed.atom")
@public
@revalidated
def campaign_atom(slug: str) -> Response:
    """Newest records of a campaign (RFC 4287)."""
    return _atom(_of_campaign(slug))


@blueprint.get("/campaigns/<slug>/feed.json")
@public
@revalidated
def campaign_json(slug: str) -> Response:
    """Newest records of a campaign (JSON Feed 1.1)."""
    return _json(_of_campaign(slug))


@blueprint.get("/companies/<slug>/feed.atom")
@public
@revalidated
def company_atom(slug: str) -> Response:
    """Newest records of a company (RFC 4287)."""
    return _atom(_of_company(slug))


@blueprint.get("/companies/<slug>/feed.json")
@public
@revalidated
def company_json(slug: str) -> Response:
    """Newest records of a company (JSON Feed 1.1)."""
    return _json(_of_company(slug))


PAGES = ("front", "companies", "evidence", "corrections", "how_we_work", "privacy", "imprint")


@blueprint.get("/sitemap.xml")
@public
@revalidated
def sitemap() -> Response:
    """All public pages, for search engines."""
    paths = [url_for(f"publishing.{name}") for name in PAGES]
    for letter in public_queries.every_letter():
        campaign, company = letter.campaign.slug, letter.company.slug
        paths.append(url_for("publishing.campaign", slug=campaign))
        paths.append(url_for("publishing.record", slug=campaign, company=company))
        paths.append(url_for("publishing.company", slug=company))
    paths += [
        url_for("publishing.evidence_company", slug=one.slug) for one in figure_queries.companies()
    ]
    urls = [absolute(path) for path in dict.fromkeys(paths)]
    text = render_template("publishing/public/sitemap.xml", urls=urls)
    return Response(text, mimetype="application/xml")
