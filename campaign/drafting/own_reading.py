"""Reading what single letters say otherwise than their campaign."""

from __future__ import annotations

import json

import sqlalchemy as sa

from campaign.campaigns.models import Campaign
from campaign.drafting import own as rules
from campaign.drafting.models import Letter, LetterOwn
from campaign.drafting.own import Applied, OwnWords, Said
from campaign.extensions import db
from campaign.kernel.errors import Problem

NOTHING = OwnWords()


def newest(letter_id: int) -> LetterOwn | None:
    """The version of a letter's own words that is in use."""
    return db.session.scalar(
        sa.select(LetterOwn)
        .where(LetterOwn.letter_id == letter_id)
        .order_by(LetterOwn.version.desc())
        .limit(1)
    )


def rows_of(campaign_id: int) -> list[LetterOwn]:
    """The versions in use of all letters of a campaign."""
    last = (
        sa.select(sa.func.max(LetterOwn.id))
        .join(Letter, Letter.id == LetterOwn.letter_id)
        .where(Letter.campaign_id == campaign_id)
        .group_by(LetterOwn.letter_id)
    )
    return list(db.session.scalars(sa.select(LetterOwn).where(LetterOwn.id.in_(last))))


def of_campaign(campaign_id: int, only: Letter | None = None) -> dict[int, OwnWords]:
    """What letters of a campaign say otherwise, by the letter's id; in one query.

    Args:
        only: the one letter that is asked for, which may be stored nowhere.
    """
    if only is None:
        return {row.letter_id: value(row) for row in rows_of(campaign_id)}
    row = newest(only.id) if only.id is not None else None
    return {only.id: value(row)} if row else {}


def value(row: LetterOwn) -> OwnWords:
    """A stored version as the rules need it."""
    return OwnWords(
        row.version,
        row.base_body,
        row.body,
        tuple(json.loads(row.base_questions)),
        tuple(json.loads(row.questions)),
        row.days,
        row.why,
    )


def said(campaign: Campaign, body: str, questions: tuple[str, ...]) -> Said:
    """What the campaign says to every company of one language.

    Args:
        body, questions: the campaign's text of the letter, and its questions, in that language.
    """
    return Said(body, questions, campaign.response_days)


def applied(said: Said, own: OwnWords | None) -> Applied:
    """What a letter says, with its own words in what the campaign says."""
    return rules.apply(own or NOTHING, said)


def problems(company: str, applied: Applied) -> list[Problem]:
    """What keeps a letter with own words from approval."""
    found = []
    if applied.conflicts:
        found.append(Problem("own-conflict", company=company, what="text"))
    if applied.question_conflicts:
        found.append(Problem("own-conflict", company=company, what="questions"))
    if applied.unequal and not applied.own.why.strip():
        found.append(Problem("own-reason-missing", company=company))
    return found
