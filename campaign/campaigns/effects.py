"""What later stages change about campaigns, within acts of their own."""

from __future__ import annotations

from campaign.campaigns.models import Campaign
from campaign.history.operations import record
from campaign.kernel import clock


def fix_questions(campaign: Campaign) -> None:
    """Fix questions and response period, because a letter leaves (fairness.md rule 3).

    Call within the act that orders the first letter; does nothing the second time.
    """
    if campaign.fixed_at is None:
        campaign.fixed_at = clock.now()
        record("campaign.fixed", campaign, title=campaign.title)


def unfix_questions(campaign: Campaign) -> None:
    """Let questions and response period change again, because nothing has left after all.

    Call within the act that takes back all that was ordered of the campaign.
    """
    if campaign.fixed_at is not None:
        campaign.fixed_at = None
        record("campaign.unfixed", campaign, title=campaign.title)
