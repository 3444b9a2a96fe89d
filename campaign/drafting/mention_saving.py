"""Saving a campaign's text for public mentions."""

from __future__ import annotations

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.drafting import custom_queries, frozen, mentioning, operations, texts
from campaign.drafting.models import FrozenText, MentionTemplate
from campaign.history.operations import record
from campaign.kernel import fields, languages
from campaign.kernel.errors import Problem


def save_mention(
    campaign_id: int,
    *,
    body: str,
    actor: User | None,
    based_on: int | None = None,
    language: str | None = None,
) -> MentionTemplate | None:
    """Save the text as its next version in its language; the same words again are no new version.

    Letters with a mention that wait for approval or sending are voided (rule 4).

    Args:
        based_on: the version that was changed; where given, a newer one is not overwritten.
        language: a BCP 47 tag; the campaign's main language where none is given.

    Returns:
        The new version; None where the words are those in use.

    Raises:
        Problem: `template-faults` with every place, `template-newer`, `not-there`,
            `person-needed`, or that the text is empty or too long.
    """
    author = operations.person(actor)
    body = fields.text(body, name="Text", limit=5_000, required=True)
    with transaction() as session:
        campaign = operations.locked_campaign(session, campaign_id)
        texts.refuse(mentioning.faults(body, custom_queries.kinds(campaign.id)))
        tag = languages.clean(language) if language else campaign.language
        newest = mentioning.by_language(campaign_id, campaign.language).get(tag)
        if newest and newest.body == body:
            return None
        version = newest.version if newest else 0
        if based_on is not None and based_on != version:
            raise Problem("template-newer", version=version)
        saved = MentionTemplate(
            campaign_id=campaign_id,
            language=tag,
            version=version + 1,
            body=body,
            created_by_id=author.id,
        )
        session.add(saved)
        record(
            "template.saved", campaign, actor=author, text="mention", language=tag,
            version=saved.version,
        )  # fmt: skip
        operations.void_waiting(
            session, campaign, "The public mention was changed.", author, _has_mention
        )
    return saved


def _has_mention(text: FrozenText) -> bool:
    return bool(frozen.load(text).mentions)
