"""What may be done to a letter, to whom it goes, and what happens by itself once it is sent.

Dates are days on the company's own calendar; the law is fairness.md rules 1 to 5.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from campaign.campaigns.rules import SHORT_PERIOD
from campaign.companies.rules import Channel
from campaign.drafting import mentions, wording
from campaign.drafting.wording import Words
from campaign.kernel import days
from campaign.kernel.languages import ENGLISH


class TextKind(StrEnum):
    """What a text to a company is."""

    LETTER = "letter"
    REMINDER = "reminder"
    FINAL_NOTICE = "final_notice"
    # A mail that a person writes in the thread of a letter; no text of the campaign.
    ANSWER = "answer"


# The texts that a campaign has, and that are frozen and signed with each letter.
CAMPAIGN_TEXTS = (TextKind.LETTER, TextKind.REMINDER, TextKind.FINAL_NOTICE)


class LetterState(StrEnum):
    """Where a letter stands (reliability.md, invariant 13)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SENDING = "sending"
    OPEN = "open"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


UNSENT = frozenset({LetterState.DRAFT, LetterState.IN_REVIEW, LetterState.APPROVED})
"""States in which nothing has left: the text can change, and the letter can be withdrawn."""

FROZEN = frozenset({LetterState.IN_REVIEW, LetterState.APPROVED})
"""States in which a frozen text waits to be approved or sent; any change voids it (rule 4)."""

SENT = frozenset({LetterState.SENDING, LetterState.OPEN})
"""States from which a person can order another round."""

FINAL_NOTICE_BEFORE = 2
"""Working days from the final notice to the deadline (rule 11)."""

NOT_IN = {
    TextKind.LETTER: {"original.date": "It names the letter that a reminder reminds of."},
    TextKind.REMINDER: {"letter.date": "A reminder has no date yet: use ((original.date))."},
    TextKind.FINAL_NOTICE: {"letter.date": "A notice has no date yet: use ((original.date))."},
}
"""Fields that have no value in one kind of text, with what to do."""

_SMALL_WORDS = frozenset({"and", "at", "for", "of", "on", "the", "to"})
_BEST_FIRST = (Channel.EMAIL, Channel.FORM, Channel.POST)
_REFERENCE_LENGTH = 10
_WORDS_A_MINUTE = 200
_IDEOGRAPH = re.compile(
    "[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_REFERENCE = re.compile(rf"\bL-([0-9a-f]{{{_REFERENCE_LENGTH}}})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Calendar:
    """The company's calendar: ISO 3166 country and part of it, and an IANA zone; None unknown."""

    country: str | None
    region: str | None
    zone: str | None

    def working_day(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it."""
        return days.add_working_days(day, n, self.country, self.region)

    def working_days(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        return days.working_days_between(start, end, self.country, self.region)


def printed_deadline(
    dated_on: date, response_days: int, unit: days.Unit, calendar: Calendar
) -> date:
    """The inclusive date that a letter dated on that day prints (rule 2)."""
    return days.period_end(dated_on, response_days, unit, calendar.country, calendar.region)


def approvals_needed(dated_on: date, deadline: date, calendar: Calendar) -> int:
    """2 where the company has under 5 working days, else 1 (rule 2)."""
    return 2 if calendar.working_days(dated_on, deadline) < SHORT_PERIOD else 1


def best(contacts: Sequence[tuple[Channel, bool]]) -> int | None:
    """Which contact a letter goes to where no person chose: its place in the list, or None.

    The first verified e-mail address, else the first e-mail address; without any the form,
    else the post. A mention never alone (rule 7).

    Args:
        contacts: usable ones in the company's order: channel, and whether it is verified.
    """
    order = [
        (_BEST_FIRST.index(channel), not verified, place)
        for place, (channel, verified) in enumerate(contacts)
        if channel in _BEST_FIRST
    ]
    return min(order)[2] if order else None


def greeted(salutation: str, office: str, words: Words | None = None) -> str:
    """Whom the letter greets, for the words after “Dear”.

    What a person entered, without a “Dear” of its own; else the office; else nobody by name.

    Args:
        words: of the letter's language; English where none are given.
    """
    words = words or wording.of(ENGLISH)
    starts = "|".join(map(re.escape, sorted(words.greeting["strip"], key=len, reverse=True)))
    given = re.sub(rf"^\s*(?:{starts})(?:\s+|,\s*)|[\s,]+$", "", salutation, flags=re.IGNORECASE)
    if given.strip():
        return given.strip()
    named = office_name(office, words.language)
    if words.language == ENGLISH:
        named = named.removeprefix("The ").removeprefix("the ")
    return named or str(words.greeting["nobody"])


def office_name(office: str, language: str = ENGLISH) -> str:
    """An office as a letter writes it: in English “privacy office” becomes “Privacy Office”."""
    if language != ENGLISH:
        return " ".join(office.split())
    return " ".join(
        word.capitalize() if word.islower() and word not in _SMALL_WORDS else word
        for word in office.split()
    )


def channel_lines(
    ways: Sequence[tuple[Channel, str]], words: Words | None = None
) -> tuple[str, ...]:
    """What stands under the addressee for the ways that the letter takes.

    A postal address stands first: it shows in the window of the envelope. Then “via e-mail: …”,
    “and via X: @…”.

    Args:
        ways: channel and value of each contact.
        words: of the letter's language; English where none are given.
    """
    words = words or wording.of(ENGLISH)
    address: list[str] = []
    via: list[str] = []
    for channel, value in ways:
        if channel is Channel.POST:
            address += [line.strip() for line in value.splitlines() if line.strip()]
        else:
            way = _way(channel, value, words)
            via.append(words.ways["further"].format(way=way) if via else way)
    return (*address, *via)


def _way(channel: Channel, value: str, words: Words) -> str:
    if channel is not Channel.MENTION:
        return words.ways[channel.value].format(value=value)
    handle = mentions.handle_of(value)
    if handle.network is mentions.Network.OTHER:
        return words.ways["mention"].format(value=handle.written)
    network = mentions.NAMES[handle.network]
    return words.ways["network"].format(network=network, value=handle.written)


def reference(ref: str) -> str:
    """The reference that a letter prints, from its opaque id: “L-3F2A9C1D7B”."""
    return f"L-{ref[:_REFERENCE_LENGTH].upper()}"


def references_in(text: str) -> tuple[str, ...]:
    """The references in a text as they begin opaque ids (lower case), each once, in order."""
    return tuple(dict.fromkeys(found.lower() for found in _REFERENCE.findall(text)))


@dataclass(frozen=True)
class Promise:
    """What the campaign's policy lets happen after a letter was sent."""

    reminders: bool
    auto_publish: bool
    grace_working_days: int
    notice_given: bool


def automation(
    dated_on: date,
    deadline: date,
    calendar: Calendar,
    promise: Promise,
    to: str,
    by_program: bool,
) -> tuple[str, ...]:
    """What happens by itself after the sending, one sentence each, for the approver.

    The days are those of a letter that arrives on the day it is dated. All of them move later
    with a later arrival, never earlier.

    Args:
        to: whom reminders go to, in words.
        by_program: whether the program sends them; otherwise they become a person's task.
    """
    told = _reminding(dated_on, deadline, calendar, to, by_program) if promise.reminders else []
    if not promise.reminders:
        told.append("No reminder is sent: the campaign's policy has none.")
    told.append(_publishing(deadline, calendar, promise))
    told.append(
        "If the letter arrives after the day it is dated, these days move later; never earlier."
    )
    return tuple(told)


def _reminding(
    dated_on: date, deadline: date, calendar: Calendar, to: str, by_program: bool
) -> list[str]:
    final = max(calendar.working_day(deadline, -FINAL_NOTICE_BEFORE), dated_on)
    half = days.plus_days(dated_on, max(1, (deadline - dated_on).days // 2))
    first = calendar.working_day(days.plus_days(half, -1), 1)
    goes = f"goes to {to} by e-mail" if by_program else f"to {to} becomes a task for a person"
    unless = "unless a reply, or a message that could be one, has come"
    if not dated_on < first < final:
        return [f"In this short period a reminder, then a final notice, {goes}, {unless}."]
    return [
        f"On {days.date_in_words(first)} a reminder {goes}, {unless}.",
        f"On {days.date_in_words(final)} a final notice {goes}, {unless}.",
    ]


def _publishing(deadline: date, calendar: Calendar, promise: Promise) -> str:
    if not promise.notice_given:
        return (
            "The letter does not carry the publication notice: "
            "that no reply came is never published from it."
        )
    last = calendar.working_day(deadline, promise.grace_working_days)
    over = days.end_of_day(last, days.zone_of(calendar.zone)) - timedelta(seconds=1)
    zone = days.zone_in_words(calendar.zone, over)
    where = zone if zone.startswith("anywhere") else f"in {zone}"
    until = f"If no reply has come by the end of {days.date_in_words(last)} {where}"
    if promise.auto_publish:
        return f"{until} and every gate holds, the program publishes “did not respond” by itself."
    return (
        f"{until} and every gate holds, the program asks for a person's word; "
        "“did not respond” is published after that word only."
    )


def differences(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The lines that left a text (“-”) and came into it (“+”), in order; empty where none did."""
    told = difflib.ndiff(before.splitlines(), after.splitlines())
    return tuple((line[0], line[2:]) for line in told if line[0] in "-+" and line[2:].strip())


@dataclass(frozen=True)
class Length:
    """How long a text is; `minutes` of reading, rounded up."""

    words: int
    minutes: int


def length(text: str) -> Length:
    """Count the words of a text; of Chinese and Japanese every character counts as one.

    What stands between two spaces is a word where it holds a letter or a digit, so a field or a
    link is one and a dash or the mark of a list is none.
    """
    without, characters = _IDEOGRAPH.subn(" ", text)
    words = characters + sum(any(map(str.isalnum, run)) for run in without.split())
    return Length(words, -(-words // _WORDS_A_MINUTE))
