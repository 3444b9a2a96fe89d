"""The gate before “did not respond”, and what a record says (fairness.md, “The gate”, rules 15-17).

Pure: facts in, results out. Moments are aware UTC; dates are in the company's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from campaign.kernel import days
from campaign.sending.rules import EvidenceKind, Proof


class Gate(StrEnum):
    """What must hold before silence is published, in the order of fairness.md."""

    NOTICE_GIVEN = "notice_given"
    PROOF = "proof"
    REMINDED = "reminded"
    PERIOD = "period"
    MAILBOXES_READ = "mailboxes_read"
    NOTHING_WAITING = "nothing_waiting"
    OTHER_DOORS_SWEPT = "other_doors_swept"
    NO_REPLY = "no_reply"
    NO_HOLD = "no_hold"
    STILL_APPROVED = "still_approved"


TITLES: dict[Gate, str] = {
    Gate.NOTICE_GIVEN: "The letter said that silence would be published",
    Gate.PROOF: "It arrived",
    Gate.REMINDED: "We reminded them twice",
    Gate.PERIOD: "The time had passed",
    Gate.MAILBOXES_READ: "Our mailboxes were read to the end",
    Gate.NOTHING_WAITING: "No unread message could be theirs",
    Gate.OTHER_DOORS_SWEPT: "The other ways to answer were checked",
    Gate.NO_REPLY: "There was no reply of any kind",
    Gate.NO_HOLD: "Nothing was on hold",
    Gate.STILL_APPROVED: "The text sent was the text approved",
}


class Result(NamedTuple):
    """One gate: whether it holds, how we know, and what would open it (for staff)."""

    gate: Gate
    holds: bool
    detail: str
    opens: str = ""


class SentReminder(NamedTuple):
    """A reminder or final notice as the gate sees it."""

    kind: str
    left: bool
    at: datetime | None


class MailboxFacts(NamedTuple):
    """One mailbox that the letter can be answered to."""

    name: str
    watermark: datetime | None
    error: str


@dataclass(frozen=True)
class Facts:
    """Everything that the gate asks about one letter.

    Attributes:
        zone: the company's zone; None while unknown.
        direct: the letter left through a direct channel (e-mail, form, post).
        silence_at: end of the last grace working day; None while no deadline runs.
        own_copy: a message of ours has arrived in a mailbox since the letter was sent.
        possible_here: untriaged messages that are matched or suggested to this letter.
        possible_anywhere: other untriaged or unread ones that could be anybody's.
        other_doors: ways to answer that the program does not read.
        stops: holds, embargo and halt, in words.
    """

    now: datetime
    zone: str | None
    notice_given: bool
    direct: bool
    proof: Proof
    proof_why: EvidenceKind | None
    proof_at: datetime | None
    proof_words: str
    signed_words: str
    reminders_on: bool
    reminders: Sequence[SentReminder]
    deadline: date | None
    silence_at: datetime | None
    deadline_at: datetime | None
    grace_working_days: int
    mailboxes: Sequence[MailboxFacts]
    own_copy: bool
    possible_here: int
    possible_anywhere: int
    other_doors: Sequence[str]
    swept_at: datetime | None
    replies: int
    stops: Sequence[str]
    approved: bool


def gate(facts: Facts) -> tuple[Result, ...]:
    """Every gate with its result, in order. Silence may be told only if all hold."""
    return (
        _notice_given(facts),
        _proof(facts),
        _reminded(facts),
        _period(facts),
        _mailboxes_read(facts),
        _nothing_waiting(facts),
        _other_doors_swept(facts),
        _no_reply(facts),
        _no_hold(facts),
        _still_approved(facts),
    )


def closed(results: Iterable[Result]) -> tuple[Result, ...]:
    """The gates that do not hold."""
    return tuple(result for result in results if not result.holds)


def _notice_given(facts: Facts) -> Result:
    if facts.notice_given:
        return Result(Gate.NOTICE_GIVEN, True, "The sent text carried the publication notice.")
    return Result(
        Gate.NOTICE_GIVEN,
        False,
        "The sent text carried no publication notice.",
        "Nothing: silence is never published from this letter. Send a new round with the notice.",
    )


def _proof(facts: Facts) -> Result:
    if not facts.direct:
        return Result(
            Gate.PROOF,
            False,
            "It left through no direct channel (e-mail, form or post).",
            "Send it through one; a public mention is no delivery.",
        )
    if facts.proof >= Proof.ADEQUATE:
        return Result(Gate.PROOF, True, facts.proof_words)
    if facts.proof is Proof.WEAK and facts.signed_words:
        return Result(Gate.PROOF, True, f"{facts.proof_words} {facts.signed_words}")
    if facts.proof is Proof.WEAK:
        return Result(
            Gate.PROOF,
            False,
            f"The proof is weak. {facts.proof_words}",
            "Better proof, or a second person who signs for this one in writing.",
        )
    return Result(
        Gate.PROOF,
        False,
        f"There is no proof that it arrived. {facts.proof_words}".strip(),
        "Send it again to another contact, or set “not reached”.",
    )


def _reminded(facts: Facts) -> Result:
    if not facts.reminders_on:
        return Result(
            Gate.REMINDED,
            False,
            "This campaign sends no reminders.",
            "Nothing by itself: silence is published only after a reminder and a final notice.",
        )
    left = {reminder.kind: reminder for reminder in facts.reminders if reminder.left}
    missing = [words for kind, words in _REMINDERS if kind not in left]
    if missing:
        return Result(
            Gate.REMINDED,
            False,
            f"Not sent, or not arrived: {' and '.join(missing)}.",
            "The clock sends them when they are due; one that bounced needs another contact.",
        )
    when = [days.in_words(left[kind].at, facts.zone) for kind, _ in _REMINDERS if left[kind].at]  # type: ignore[arg-type]
    return Result(Gate.REMINDED, True, f"Reminder and final notice: {'; '.join(when)}.")


_REMINDERS = (("reminder", "the reminder"), ("final_notice", "the final notice"))


def _period(facts: Facts) -> Result:
    if facts.deadline is None or facts.silence_at is None:
        return Result(
            Gate.PERIOD,
            False,
            "No deadline runs, because nothing proves that the letter arrived.",
            "Proof of delivery starts the period.",
        )
    deadline = days.long_deadline(facts.deadline, facts.zone)
    grace = f"{facts.grace_working_days} working day{'s' * (facts.grace_working_days != 1)}"
    until = days.in_words(facts.silence_at, facts.zone)
    if facts.now < facts.silence_at:
        return Result(
            Gate.PERIOD,
            False,
            f"The deadline is {deadline}; with {grace} of grace it ends {until}.",
            "Time.",
        )
    return Result(Gate.PERIOD, True, f"{deadline}, and {grace} more, until {until}.")


def _mailboxes_read(facts: Facts) -> Result:
    if not facts.mailboxes:
        return Result(
            Gate.MAILBOXES_READ, False, "No mailbox is read.", "Set INBOX_URL and run the clock."
        )
    for box in facts.mailboxes:
        if box.error:
            return Result(
                Gate.MAILBOXES_READ,
                False,
                f"The last reading of {box.name} failed: {box.error}",
                "Mend the mailbox; the next complete reading opens this.",
            )
        behind = box.watermark is None or (
            facts.silence_at is not None and box.watermark <= facts.silence_at
        )
        if behind:
            return Result(
                Gate.MAILBOXES_READ,
                False,
                f"{box.name} was not read to its end after the time had passed.",
                "The next complete reading opens this.",
            )
    if not facts.own_copy:
        return Result(
            Gate.MAILBOXES_READ,
            False,
            "No message of ours has arrived there since the letter was sent, so that it is not"
            " shown that the mailbox works.",
            "Check that mail to the archive address reaches the mailbox.",
        )
    began = min(box.watermark for box in facts.mailboxes if box.watermark)
    return Result(
        Gate.MAILBOXES_READ,
        True,
        f"Read to the end in all folders, in a reading that began"
        f" {days.in_words(began, facts.zone)}; our own copy had arrived there.",
    )


def _nothing_waiting(facts: Facts) -> Result:
    if facts.possible_here:
        return Result(
            Gate.NOTHING_WAITING,
            False,
            f"{_messages(facts.possible_here)} may be theirs.",
            "Read it in the inbox and say what it is.",
        )
    if facts.possible_anywhere:
        return Result(
            Gate.NOTHING_WAITING,
            False,
            f"{_messages(facts.possible_anywhere)} that nobody has seen could be anybody's.",
            "Read it in the inbox and say what it is.",
        )
    return Result(Gate.NOTHING_WAITING, True, "Nothing unread or unmatched could be theirs.")


def _messages(count: int) -> str:
    return "One message" if count == 1 else f"{count} messages"


def _other_doors_swept(facts: Facts) -> Result:
    doors = ", ".join(facts.other_doors)
    if not facts.other_doors:
        return Result(
            Gate.OTHER_DOORS_SWEPT, True, "The letter offers e-mail only, which is read here."
        )
    if facts.swept_at and facts.deadline_at and facts.swept_at >= facts.deadline_at:
        return Result(
            Gate.OTHER_DOORS_SWEPT,
            True,
            f"A person checked {doors} on {days.in_words(facts.swept_at, facts.zone)}.",
        )
    return Result(
        Gate.OTHER_DOORS_SWEPT,
        False,
        f"Not checked since the deadline: {doors}.",
        "A person looks there after the deadline and confirms it.",
    )


def _no_reply(facts: Facts) -> Result:
    if facts.replies:
        return Result(
            Gate.NO_REPLY,
            False,
            "The thread holds a reply.",
            "Nothing: publish what they said, or “acknowledged only”.",
        )
    return Result(Gate.NO_REPLY, True, "The thread holds no reply.")


def _no_hold(facts: Facts) -> Result:
    if facts.stops:
        return Result(Gate.NO_HOLD, False, " ".join(facts.stops), "Its release by a person.")
    return Result(Gate.NO_HOLD, True, "No hold, no embargo, no halt.")


def _still_approved(facts: Facts) -> Result:
    if facts.approved:
        return Result(Gate.STILL_APPROVED, True, "What left has the hash that was signed.")
    return Result(
        Gate.STILL_APPROVED,
        False,
        "What left is not what was signed, or its approval no longer stands.",
        "A person must look: compare the letter with its approval.",
    )


def timeliness(
    received_at: datetime,
    *,
    first_deadline_at: datetime | None,
    deadline_at: datetime | None,
    silence_published_at: datetime | None,
) -> str:
    """When a reply came (fairness.md rule 16); on time where no deadline ever ran."""
    if silence_published_at is not None and received_at > silence_published_at:
        return "after_publication"
    if first_deadline_at is None or received_at < first_deadline_at:
        return "on_time"
    if deadline_at is not None and received_at < deadline_at:
        return "within_extension"
    return "after_deadline"
