"""What we may answer in the thread of a letter, and who has to agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from campaign.replies.rules import ItemKind


class AnswerKind(StrEnum):
    """What a mail of ours in the thread of a letter is."""

    THANKS = "thanks"
    EXTENSION_DECISION = "extension_decision"
    CHASER = "chaser"
    REJOINDER = "rejoinder"
    CORRECTION_DECISION = "correction_decision"
    OTHER = "other"


class AnswerState(StrEnum):
    """Where an answer stands before it is in the outbox."""

    DRAFT = "draft"
    WAITING = "waiting"
    ORDERED = "ordered"
    DISCARDED = "discarded"


# What binds the organisation, or argues with the company, is read by a second person.
NEEDS_SECOND: frozenset[AnswerKind] = frozenset(
    {AnswerKind.REJOINDER, AnswerKind.CORRECTION_DECISION}
)
_FIRST: Mapping[ItemKind, AnswerKind] = {
    ItemKind.EXTENSION_REQUEST: AnswerKind.EXTENSION_DECISION,
    ItemKind.ACKNOWLEDGEMENT: AnswerKind.CHASER,
    ItemKind.CORRECTION_REQUEST: AnswerKind.CORRECTION_DECISION,
}
_GAP = re.compile(r"\[[^\]\n]+\]")
_ANSWERED = re.compile(r"\s*(?:re|aw|sv|vs|odp|antw|rif|r|tr)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


def first_kind(item: ItemKind | None) -> AnswerKind:
    """What an answer to such an item most likely is."""
    return _FIRST.get(item, AnswerKind.THANKS) if item else AnswerKind.OTHER


def answering(subject: str) -> str:
    """The subject of an answer, as mail programs make it: one “Re:”, however they said it."""
    words = subject.strip()
    return words if _ANSWERED.match(words) else f"Re: {words}" if words else ""


def thread_of(first: str | None, known: Iterable[str], parent: str) -> tuple[str, ...]:
    """The `References` of an answer: our letter, what the mail answers, the mail itself."""
    return tuple(dict.fromkeys(one for one in (first, *known, parent) if one))


def gaps(text: str, starts: Iterable[str]) -> tuple[str, ...]:
    """What starting texts leave to be written, such as “[Quote the sentence.]”, and still stands.

    Brackets of the writer's own are theirs.
    """
    left = (gap for start in starts for gap in _GAP.findall(start))
    return tuple(dict.fromkeys(gap for gap in left if gap in text))
