"""What a company was really asked: the campaign's questions, or its letter's own, as they left.

From the first letter that leaves on, the campaign's questions are fixed; how a letter's own
differ is frozen beside its text (`FrozenText.own`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from campaign.campaigns.models import Campaign
from campaign.drafting.models import FrozenText, Letter
from campaign.extensions import db


class Question(NamedTuple):
    """A question of one letter, by its number there.

    Attributes:
        campaign_number: that of the campaign's question with the same words; None for none.
    """

    number: int
    text: str
    campaign_number: int | None


class Differs(NamedTuple):
    """How one letter differs from the campaign's others in what rule 3 of fairness.md is about.

    Attributes:
        questions: those that it asks where they are not the campaign's; None where they are.
        days: to answer, where the others have another number; None where they have the same.
        why: the reason, which readers see.
    """

    questions: tuple[Question, ...] | None
    days: int | None
    why: str


def differs(own: str) -> Differs | None:
    """What is frozen beside a text (`FrozenText.own`); None where company and others are alike."""
    told: Mapping[str, Any] = json.loads(own) if own else {}
    if told.get("asked") is None and told.get("days") is None:
        return None
    asked = told["asked"]
    questions = asked and tuple(
        Question(number, one["text"], one["number"]) for number, one in enumerate(asked, 1)
    )
    return Differs(None if asked is None else questions or (), told["days"], told["why"])


def questions(campaign: Campaign, differs: Differs | None) -> tuple[Question, ...]:
    """The questions of a letter in its own numbering."""
    if differs and differs.questions is not None:
        return differs.questions
    return tuple(Question(one.number, one.text, one.number) for one in campaign.questions)


def of_letter(letter: Letter) -> Sequence[Question]:
    """The questions of a letter as it left; they are the same in every round."""
    own = db.session.scalar(
        sa.select(FrozenText.own)
        .where(FrozenText.letter_id == letter.id, FrozenText.voided_at.is_(None))
        .order_by(FrozenText.round.desc())
        .limit(1)
    )
    return questions(letter.campaign, differs(own or ""))
