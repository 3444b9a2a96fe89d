"""A campaign's questions in further languages: the same numbers, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns import rules
from campaign.campaigns.models import Campaign, QuestionTranslation
from campaign.database import transaction
from campaign.history.operations import record
from campaign.kernel import fields, languages
from campaign.kernel.errors import Problem


def translate_questions(
    campaign_id: int, language: str, texts: Sequence[str], *, actor: User | None
) -> Campaign:
    """Say the campaign's questions in another language than its main one.

    Args:
        texts: one for each question, in their order.

    Raises:
        Problem: `unknown-language`, `translation-main`, `translation-incomplete`, `not-there`;
            `campaign-fixed` where letters have left and the translation was there already
            (fairness.md rule 3).
    """
    tag = languages.clean(language)
    said = [fields.text(one, name=f"Question {n}", limit=2_000) for n, one in enumerate(texts, 1)]
    with transaction() as session:
        campaign = _campaign(session, campaign_id)
        if tag == campaign.language:
            raise Problem("translation-main", language=languages.name(tag))
        if not all(said) or len(said) != len(campaign.questions):
            raise Problem("translation-incomplete", count=len(campaign.questions))
        before = translated(campaign, tag)
        if tuple(said) == before:
            return campaign
        if campaign.fixed_at and before and not rules.same_questions(before, tuple(said)):
            raise Problem("campaign-fixed", what=f"The questions in {languages.name(tag)}")
        _put(campaign, tag, said)
        record("campaign.questions_translated", campaign, actor=actor, language=tag, questions=said)
    return campaign


def translated(campaign: Campaign, language: str) -> tuple[str, ...]:
    """The questions in a language; empty unless every one is."""
    found = [
        next((one.text for one in question.translations if one.language == language), "")
        for question in campaign.questions
    ]
    return tuple(found) if all(found) else ()


def languages_of(campaign: Campaign) -> tuple[str, ...]:
    """The languages in which every question is translated."""
    tags = {one.language for question in campaign.questions for one in question.translations}
    return tuple(sorted(tag for tag in tags if translated(campaign, tag)))


def _put(campaign: Campaign, language: str, texts: Sequence[str]) -> None:
    for question, text in zip(campaign.questions, texts, strict=True):
        known = next((one for one in question.translations if one.language == language), None)
        if known is None:
            question.translations.append(QuestionTranslation(language=language, text=text))
        else:
            known.text = text


def _campaign(session: Session, campaign_id: int) -> Campaign:
    campaign = session.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None:
        raise Problem("not-there", what="campaign")
    return campaign
