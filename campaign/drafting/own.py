"""What one letter of a campaign says otherwise than the others: text, questions, days.

Pure. A person changes the campaign's text for one company; what the campaign changes later flows
in, by paragraph. Other questions and other days need a reason (fairness.md rule 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from campaign.drafting import merging, placeholders
from campaign.drafting.merging import Change, Conflict, Merged

QUESTIONS = "questions"
"""The field that prints the questions."""


class Said(NamedTuple):
    """What a letter says of the things that can be a company's own.

    Attributes:
        body: of the letter's text, before its fields are filled in.
        days: to answer, calendar days.
    """

    body: str
    questions: tuple[str, ...]
    days: int

    @property
    def asks(self) -> tuple[str, ...]:
        """The questions that the letter prints; none where its text leaves them out."""
        return self.questions if QUESTIONS in placeholders.names(self.body) else ()


class OwnWords(NamedTuple):
    """What a person wrote for one company.

    Attributes:
        base_body, body: the campaign's text that was changed, and what was made of it; both
            empty where the letter has the campaign's.
        base_questions, questions: likewise.
        days: to answer; None for the campaign's.
        why: the reason for other questions or days, which readers see.
    """

    version: int = 0
    base_body: str = ""
    body: str = ""
    base_questions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    days: int | None = None
    why: str = ""


class Asked(NamedTuple):
    """A question of one letter; `number` is that of the campaign's question with these words."""

    text: str
    number: int | None


@dataclass(frozen=True)
class Applied:
    """One letter's own words put into what its campaign says now.

    Attributes:
        instead_of: what a letter says that has nothing of its own.
        conflicts, question_conflicts: what both changed; a person has to choose.
    """

    own: OwnWords
    instead_of: Said
    said: Said
    conflicts: tuple[Conflict, ...] = ()
    question_conflicts: tuple[Conflict, ...] = ()

    @property
    def paragraphs(self) -> tuple[Change, ...]:
        """The paragraphs that are the letter's own."""
        was, now = self.instead_of.body, self.said.body
        return merging.differing(merging.paragraphs(was), merging.paragraphs(now))

    @property
    def questions(self) -> tuple[Change, ...]:
        """The questions that are the letter's own."""
        return merging.differing(self.instead_of.asks, self.said.asks, merging.bare)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What the letter asks, in its own numbering."""
        numbers = {
            merging.bare(text): number
            for number, text in reversed([*enumerate(self.instead_of.questions, 1)])
        }
        return tuple(Asked(text, numbers.get(merging.bare(text))) for text in self.said.asks)

    @property
    def own_questions(self) -> tuple[str, ...]:
        """All questions of the letter where a person wrote some for it; else none."""
        return self.said.questions if self.own.questions else ()

    @property
    def own_days(self) -> int | None:
        """The days to answer, where the other companies have another number."""
        return self.said.days if self.said.days != self.instead_of.days else None

    @property
    def differs(self) -> bool:
        """Whether the letter says anything otherwise."""
        return bool(self.paragraphs or self.unequal)

    @property
    def unequal(self) -> bool:
        """Whether the company is asked something else, or has other days: that needs a reason."""
        return bool(self.questions or self.own_days is not None)

    @property
    def settled(self) -> bool:
        """Whether no person has to choose between two changes."""
        return not (self.conflicts or self.question_conflicts)

    def told(self) -> dict[str, Any]:
        """What is frozen with the letter of how it differs."""
        return {
            **told(self),
            "instead_of": {
                "body": self.instead_of.body if self.paragraphs else "",
                "questions": list(self.instead_of.questions) if self.questions else [],
                "days": self.instead_of.days,
            },
        }


def told(applied: Applied) -> dict[str, Any]:
    """What a list needs to know of how a letter differs."""
    asked = [one._asdict() for one in applied.asked] if applied.questions else None
    return {
        "version": applied.own.version,
        "paragraphs": len(applied.paragraphs),
        "questions": len(applied.questions),
        "asked": asked,
        "days": applied.own_days,
        "why": applied.own.why if applied.unequal else "",
    }


def as_frozen(own: Mapping[str, Any], body: str, questions: tuple[str, ...]) -> Applied:
    """How a frozen letter differs, from what `Applied.told` put beside it.

    Args:
        body, questions: what the letter says.
    """
    was = own["instead_of"]
    instead_of = Said(was["body"] or body, tuple(was["questions"]) or questions, was["days"])
    said = Said(body, questions, own["days"] or was["days"])
    return Applied(OwnWords(own["version"], days=own["days"], why=own["why"]), instead_of, said)


def apply(own: OwnWords, campaign: Said) -> Applied:
    """Put what is a letter's own into what the campaign says now."""
    text, asked = merged(own, campaign)
    body = merging.joined(text.paragraphs()) if own.body else campaign.body
    said = Said(body, asked.paragraphs(), own.days or campaign.days)
    return Applied(own, campaign, said, text.conflicts, asked.conflicts)


def merged(own: OwnWords, campaign: Said) -> tuple[Merged, Merged]:
    """A letter's own text and questions brought together with the campaign's."""
    now = merging.paragraphs(campaign.body)
    text, asked = Merged(now), Merged(campaign.questions)
    if own.body:
        base, ours = merging.paragraphs(own.base_body), merging.paragraphs(own.body)
        text = merging.merge(base, ours, now)
    if own.questions:
        asked = merging.merge(own.base_questions, own.questions, campaign.questions, merging.bare)
    return text, asked
