"""Campaigns."""

from __future__ import annotations

from typing import Any

from campaign.accounts.models import User
from campaign.campaigns import operations
from campaign.campaigns.models import Campaign

QUESTIONS = (
    "For how long do you keep location data?",
    "Who outside your company can read it?",
)


def campaign(actor: User, title: str = "Location data", **changes: Any) -> Campaign:
    """A campaign with two questions and one signatory."""
    given: dict[str, Any] = {
        "summary": "What telephone companies keep about where people are.",
        "questions": QUESTIONS,
        "signatories": [("Mara Quill", "Director", "Brightwater Digital Rights")],
        **changes,
    }
    return operations.create_campaign(title=title, actor=actor, **given)
