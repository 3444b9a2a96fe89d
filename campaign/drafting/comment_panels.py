"""What the page of a campaign says about comments on its texts."""

from __future__ import annotations

from typing import Any, NamedTuple

from campaign.campaigns.models import Campaign
from campaign.drafting import comments, texts
from campaign.drafting.models import TextKind
from campaign.drafting.rules import CAMPAIGN_TEXTS
from campaign.kernel import languages


class Count(NamedTuple):
    """How many comments are open on one text; `text` as its address names it."""

    text: str
    name: str
    open: int


def campaign_panel(campaign: Campaign) -> tuple[str, dict[str, Any]]:
    """How many comments are open on each text."""
    counts = comments.open_counts(campaign.id)
    # Texts in other languages are told where somebody has said something about them.
    known = dict.fromkeys([*(kind.value for kind in CAMPAIGN_TEXTS), *sorted(counts)])
    told = [Count(text, _name(text), counts.get(text, 0)) for text in known]
    return "drafting/_comment_panel.html", {"told": told}


def _name(text: str) -> str:
    kind, _, language = text.partition(".")
    name = texts.NAMES[TextKind(kind)]
    return f"{name} in {languages.name(language)}" if language else name
