"""What the page of a campaign says about comments on its texts."""

from __future__ import annotations

from typing import Any

from campaign.campaigns.models import Campaign
from campaign.drafting import comments, texts
from campaign.drafting.models import TextKind


def campaign_panel(campaign: Campaign) -> tuple[str, dict[str, Any]]:
    """How many comments are open on each text."""
    counts = comments.open_counts(campaign.id)
    told = [(kind, texts.NAMES[kind], counts.get(kind.value, 0)) for kind in TextKind]
    return "drafting/_comment_panel.html", {"told": told}
