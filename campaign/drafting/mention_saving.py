"""Saving a campaign's text for public mentions."""

from __future__ import annotations

import json

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.database import transaction
from campaign.drafting import effects, mentioning, queries, rules
from campaign.drafting.models import Letter, MentionTemplate
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem


def save_mention(
    campaign_id: int, *, body: str, actor: User | None, based_on: int | None = None
) -> MentionTemplate | None:
    """Save the text as its next version; the same words again are no new version.

    Letters with a mention that wait for approval or sending are voided (rule 4).

    Args:
        based_on: the version that was changed; where given, a newer one is not overwritten.

    Returns:
        The new version; None where the words are those in use.

    Raises:
        Problem: `template-faults` with every place, `template-newer`, `not-there`,
            `person-needed`, or that the text is empty or too long.
    """
    if actor is None:
        raise Problem("person-needed")
    body = fields.text(body, name="Text", limit=5_000, required=True)
    found = mentioning.faults(body)
    if found:
        places = "; ".join(f"{fault.place}: “{fault.text}” – {fault.why}" for fault in found)
        raise Problem("template-faults", places=places)
    with transaction() as session:
        campaign = session.scalar(
            sa.select(Campaign).where(Campaign.id == campaign_id).with_for_update()
        )
        if campaign is None:
            raise Problem("not-there", what="campaign")
        newest = mentioning.latest(campaign_id)
        if newest.body == body:
            return None
        if based_on is not None and based_on != newest.version:
            raise Problem("template-newer", version=newest.version)
        saved = MentionTemplate(
            campaign_id=campaign_id,
            version=newest.version + 1,
            body=body,
            created_by_id=actor.id,
        )
        session.add(saved)
        record("template.saved", campaign, actor=actor, text="mention", version=saved.version)
        waiting = session.scalars(
            sa.select(Letter)
            .where(Letter.campaign_id == campaign_id, Letter.state.in_(rules.FROZEN))
            .order_by(Letter.id)
            .with_for_update()
        ).all()
        for letter in waiting:
            text = queries.current_frozen(letter)
            if text is not None and "mention" in json.loads(text.bundle):
                effects.void_frozen(letter, "The public mention was changed.", actor=actor)
    return saved
