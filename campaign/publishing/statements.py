"""What a record says, made from facts (fairness.md rules 15 and 17). Pure.

Dates are in the company's zone; moments are aware UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campaign.kernel import days


@dataclass(frozen=True)
class Told:
    """What statements are made of.

    Attributes:
        channels: in words, in the order of sending: “by e-mail”, “through its contact form”.
        as_of: the moment that the statement speaks of.
        acknowledged_on: date of their acknowledgement or request for time.
    """

    company: str
    office: str
    sent_on: date
    channels: Sequence[str]
    deadline: date | None
    as_of: datetime
    zone: str | None
    acknowledged_on: date | None = None


# An office that is called by one of these stands with “the” before it; “public affairs” does not.
_WITH_ARTICLE = frozenset(
    "board centre center commissioner committee counsel department desk directorate director"
    " division executive lead manager office officer ombudsman secretary service team unit".split()
)


def _to(told: Told) -> str:
    """Whom we wrote to: “the privacy office at Acme”, “Acme (public affairs)”, “Acme”."""
    if not told.office:
        return told.company
    if told.office.split()[-1].lower() in _WITH_ARTICLE:
        return f"the {told.office} at {told.company}"
    return f"{told.company} ({told.office})"


def _wrote(told: Told) -> str:
    to = _to(told)
    by = days.date_in_words(told.deadline) if told.deadline else ""
    asked = f" and asked for a reply by {by}" if by else ""
    return (
        f"We wrote to {to} on {days.date_in_words(told.sent_on)} {_listed(told.channels)}{asked}."
    )


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def asked(told: Told) -> str:
    """What is said of a letter while its answer is awaited."""
    return _wrote(told)


def silence(told: Told) -> str:
    """The statement of a record of silence (fairness.md rule 15)."""
    return (
        f"{_wrote(told)} We had not received a response by {days.in_words(told.as_of, told.zone)}."
    )


def acknowledged_only(told: Told) -> str:
    """The statement where they acknowledged the letter, or asked for time, and then nothing."""
    if told.acknowledged_on is None:
        raise ValueError("an acknowledgement has a date")
    return (
        f"{_wrote(told)} It was acknowledged on {days.date_in_words(told.acknowledged_on)};"
        f" we had not received an answer by {days.in_words(told.as_of, told.zone)}."
    )


def not_reached(told: Told) -> str:
    """The statement where nothing shows that the letter arrived (fairness.md rule 17)."""
    to = _to(told)
    return (
        f"We tried to write to {to} on {days.date_in_words(told.sent_on)}"
        f" {_listed(told.channels)}. The letter could not be delivered, so the company cannot be"
        " said to have left it unanswered."
    )


_ANSWERS = {
    "responded_full": "It answered on {day}.",
    "responded_partial": "It answered some of our questions on {day}.",
    "statement_only": "It sent a statement on {day} that does not take up our questions.",
    "declined": "On {day} it replied that it would not answer.",
    "redirected": "On {day} it referred us elsewhere.",
    "engaged_off_record": "It spoke with us, not for publication; first on {day}.",
    "responded_confidential": "It answered on {day} and asked us to keep the answer confidential.",
}


def answered(told: Told, response: str, received_on: date) -> str:
    """The statement about a reply; the reply itself stands beside it, verbatim."""
    return f"{_wrote(told)} {_ANSWERS[response].format(day=days.date_in_words(received_on))}"


def retracted(headline: str, published_on: date) -> str:
    """What stands where a record was that we have withdrawn."""
    on = days.date_in_words(published_on)
    return f"On {on} we published here: “{headline}”. We have withdrawn that."
