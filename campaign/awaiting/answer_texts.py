"""What an answer starts from: a starting text of the library, filled in for this letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from campaign.awaiting import queries as awaiting
from campaign.awaiting.answer_rules import AnswerKind, answering
from campaign.drafting import composing, library
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import Letter
from campaign.drafting.queries import current_frozen
from campaign.kernel.languages import ENGLISH
from campaign.replies.models import IncomingMessage

_STARTS: Mapping[AnswerKind, str] = {
    AnswerKind.THANKS: "acknowledgement",
    AnswerKind.EXTENSION_DECISION: "extension-granted",
    AnswerKind.CHASER: "chaser",
    AnswerKind.REJOINDER: "rejoinder",
    AnswerKind.CORRECTION_DECISION: "correction-notice",
}
_FIELD = re.compile(r"\(\(([a-z._]+)\)\)")


class Start(NamedTuple):
    """A subject and a text to go on from; plain words, since the mail is plain text."""

    subject: str
    text: str


def start(letter: Letter, kind: AnswerKind, message: IncomingMessage | None) -> Start:
    """The starting text of a kind, filled in; empty for a kind that has none.

    The deadline is the binding one, so an extension is given before its answer is written.
    """
    values = _values(letter, message)
    chosen = _in_language(_STARTS.get(kind, ""), letter)
    if chosen is None:
        return Start(answering(message.subject) if message else "", "")
    subject = _filled(chosen.subject, values)
    if message and message.subject:
        subject = answering(message.subject)
    return Start(subject, _plain(_filled(chosen.body, values)))


def _in_language(name: str, letter: Letter) -> library.Start | None:
    """The text in the letter's language, else in English."""
    frozen = current_frozen(letter)
    known = {one.language: one for one in library.starts() if one.name.partition(".")[0] == name}
    return known.get(frozen.language if frozen else ENGLISH) or known.get(ENGLISH)


def _values(letter: Letter, message: IncomingMessage | None) -> Mapping[str, str]:
    frozen = current_frozen(letter)
    if frozen is None:
        return {}
    text = frozen_texts.load(frozen)
    deadline = awaiting.standing(letter).deadline or frozen.deadline_on
    values = composing.values_of(text.content, deadline, text.zone)
    writer = message.from_name if message else ""
    return {**values, "contact.salutation": writer} if writer else values


def _filled(source: str, values: Mapping[str, str]) -> str:
    """One pass: what a value holds is never read again."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), source)


def _plain(words: str) -> str:
    return words.replace("**", "")
