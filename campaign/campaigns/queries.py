"""Reading campaigns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from campaign.campaigns import rules
from campaign.campaigns.models import Campaign
from campaign.extensions import db
from campaign.kernel.text import slugify


def campaigns(words: str = "") -> sa.Select[Any]:
    """Campaigns, the newest first; `words` are part of a title."""
    query = sa.select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id.desc())
    if not words:
        return query
    found = [Campaign.title.icontains(words, autoescape=True)]
    folded = slugify(words)
    if folded != slugify(""):
        found.append(Campaign.slug.contains(folded, autoescape=True))
    return query.where(sa.or_(*found))


def campaign(slug: str) -> Campaign | None:
    """The campaign with this short name."""
    return db.session.scalar(sa.select(Campaign).where(Campaign.slug == slug))


def titles(limit: int = 200) -> list[tuple[str, str]]:
    """Short names and titles of the newest campaigns."""
    query = sa.select(Campaign.slug, Campaign.title).order_by(Campaign.id.desc()).limit(limit)
    return [(row.slug, row.title) for row in db.session.execute(query)]


def embargo_holds(campaign: Campaign, now: datetime) -> bool:
    """Whether nothing of the campaign may be seen at `now` (aware)."""
    return rules.embargo_holds(campaign.embargoed, campaign.embargo_until, now)


def names(refs: Collection[str]) -> dict[str, str]:
    """Titles of those among these opaque ids that are campaigns."""
    found = db.session.execute(
        sa.select(Campaign.ref, Campaign.title).where(Campaign.ref.in_(refs))
    )
    return {row.ref: row.title for row in found}
