"""States of a dispatch, the moves between them, and the proof grade (fairness.md rules 6-9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from campaign.companies.rules import Channel


class DispatchState(StrEnum):
    """Where one message through one channel stands (fairness.md rule 6)."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    TRANSMITTING = "transmitting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"
    FORM_SUBMITTED = "form_submitted"
    POSTED = "posted"
    DELIVERED_SIGNED = "delivered_signed"
    RETURNED_TO_SENDER = "returned_to_sender"
    MENTIONED = "mentioned"
    WITHDRAWN = "withdrawn"


_S = DispatchState

# What its own copy or its own bounce shows of a mail that waits to be tried again: the server that
# said “later” took it all the same, and it must not go a second time.
_SHOWN = (_S.ACCEPTED, _S.DELIVERED, _S.BOUNCED)

# The one table of moves. What arrives for a state that has no such move is recorded, not applied.
MOVES: dict[DispatchState, frozenset[DispatchState]] = {
    _S.QUEUED: frozenset(
        {_S.CLAIMED, _S.WITHDRAWN, _S.EXPIRED, _S.FORM_SUBMITTED, _S.POSTED, _S.MENTIONED, *_SHOWN}
    ),
    _S.DEFERRED: frozenset({_S.CLAIMED, _S.WITHDRAWN, _S.EXPIRED, _S.QUEUED, *_SHOWN}),
    _S.CLAIMED: frozenset(
        {
            *(_S.QUEUED, _S.TRANSMITTING, _S.DEFERRED, _S.EXPIRED, _S.FAILED, _S.WITHDRAWN),
            *_SHOWN,
        }
    ),
    _S.TRANSMITTING: frozenset(
        {
            *(_S.ACCEPTED, _S.DEFERRED, _S.EXPIRED, _S.FAILED),
            *(_S.UNKNOWN, _S.DELIVERED, _S.BOUNCED),
        }
    ),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.DELIVERED, _S.BOUNCED, _S.FAILED}),
    _S.ACCEPTED: frozenset({_S.DELIVERED, _S.BOUNCED}),
    _S.DELIVERED: frozenset({_S.BOUNCED, _S.DELIVERED_SIGNED, _S.RETURNED_TO_SENDER}),
    _S.FORM_SUBMITTED: frozenset({_S.DELIVERED, _S.FAILED}),
    _S.POSTED: frozenset({_S.DELIVERED, _S.DELIVERED_SIGNED, _S.RETURNED_TO_SENDER}),
    _S.DELIVERED_SIGNED: frozenset({_S.RETURNED_TO_SENDER}),
    _S.WITHDRAWN: frozenset({_S.QUEUED}),
    _S.BOUNCED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.FAILED: frozenset(),
    _S.RETURNED_TO_SENDER: frozenset(),
    _S.MENTIONED: frozenset(),
}

# A message in one of these may have left and was not taken back since.
LEFT = frozenset(
    {_S.ACCEPTED, _S.DELIVERED, _S.FORM_SUBMITTED, _S.POSTED, _S.DELIVERED_SIGNED, _S.MENTIONED}
)
# Waits here, and can still be stopped.
NOT_YET_LEAVING = frozenset({_S.QUEUED, _S.DEFERRED, _S.CLAIMED})
NOT_REACHED = frozenset({_S.BOUNCED, _S.EXPIRED, _S.FAILED, _S.RETURNED_TO_SENDER})
UNDECIDED = frozenset({_S.QUEUED, _S.CLAIMED, _S.DEFERRED, _S.TRANSMITTING, _S.UNKNOWN})


def may_move(old: DispatchState, new: DispatchState) -> bool:
    """Whether the table allows the move."""
    return new in MOVES[old]


# Waits after the first, second, … attempt lost before the final dot (reliability.md, Sending 3).
_WAITS = (1, 5, 15, 60)
RETRY_FOR = timedelta(days=2)


def next_attempt(attempts: int, first_at: datetime, now: datetime) -> datetime | None:
    """When to try again after `attempts` attempts; None when two days have passed."""
    if now - first_at >= RETRY_FOR:
        return None
    return now + timedelta(minutes=_WAITS[min(attempts, len(_WAITS)) - 1])


class EvidenceKind(StrEnum):
    """What speaks for or against delivery."""

    ACCEPTED = "accepted"
    OWN_COPY = "own_copy"
    DELAY = "delay"
    BOUNCE = "bounce"
    DELIVERY_RECEIPT = "delivery_receipt"
    AUTO_CONFIRMS_RECEIPT = "auto_confirms_receipt"
    AUTO_UNMONITORED = "auto_unmonitored"
    AUTO_OTHER = "auto_other"
    FORM_SUBMITTED = "form_submitted"
    FORM_REFERENCE = "form_reference"
    POSTED = "posted"
    TRACKED_DELIVERED = "tracked_delivered"
    SIGNED_FOR = "signed_for"
    RETURNED = "returned"
    MENTIONED = "mentioned"
    PERSON_SAYS_DELIVERED = "person_says_delivered"
    PERSON_SAYS_NOT_SENT = "person_says_not_sent"
    ANSWERED = "answered"


class Proof(IntEnum):
    """Grade of proof that a letter arrived; computed, never typed (fairness.md rule 7)."""

    NONE = 0
    WEAK = 1
    ADEQUATE = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: when it happened (aware UTC) and what kind it is."""

    kind: EvidenceKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """One dispatch as the proof grade needs it.

    Attributes:
        verified: the contact was verified, under 12 months before the dispatch left.
        mailbox_read_after: start of the last complete reading of the mailbox that bounces
            come to; aware UTC, None when there was none.
    """

    channel: Channel
    state: DispatchState
    verified: bool
    evidence: tuple[Evidence, ...]
    mailbox_read_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade, the event that gave it and when; `at` is None where there is no proof."""

    grade: Proof
    at: datetime | None = None
    why: EvidenceKind | None = None


_STRONG = (EvidenceKind.SIGNED_FOR, EvidenceKind.ANSWERED)
_ADEQUATE = (
    EvidenceKind.DELIVERY_RECEIPT,
    EvidenceKind.AUTO_CONFIRMS_RECEIPT,
    EvidenceKind.FORM_REFERENCE,
    EvidenceKind.TRACKED_DELIVERED,
    EvidenceKind.PERSON_SAYS_DELIVERED,
)
_WEAK = (EvidenceKind.ACCEPTED, EvidenceKind.FORM_SUBMITTED, EvidenceKind.POSTED)


def grade(sent: Sent) -> Graded:
    """The proof grade of one dispatch (fairness.md rule 7).

    A bounce, a return or a failure takes proof away whatever spoke for it before; only an
    answer of the company itself stands against that.
    """
    first: dict[EvidenceKind, datetime] = {}
    for item in sorted(sent.evidence, key=lambda item: item.at):
        first.setdefault(item.kind, item.at)
    answered = first.get(EvidenceKind.ANSWERED)
    if sent.channel is Channel.MENTION:
        return Graded(Proof.NONE)
    if sent.state not in LEFT:
        if answered:
            return Graded(Proof.STRONG, answered, EvidenceKind.ANSWERED)
        return Graded(Proof.NONE)
    return _grade_what_left(sent, first)


def _grade_what_left(sent: Sent, first: dict[EvidenceKind, datetime]) -> Graded:
    # A strong piece says that it arrived, not only when: the period counts from the earliest
    # piece that was adequate, so that an answer never moves its own deadline.
    adequate = _earliest(first, _ADEQUATE)
    unmonitored = EvidenceKind.AUTO_UNMONITORED in first
    accepted = first.get(EvidenceKind.ACCEPTED)
    read = accepted and sent.mailbox_read_after and sent.mailbox_read_after > accepted
    if accepted and sent.verified and read and not unmonitored:
        candidate = Graded(Proof.ADEQUATE, accepted, EvidenceKind.ACCEPTED)
        adequate = min((g for g in (adequate, candidate) if g), key=_when)
    strong = _earliest(first, _STRONG, Proof.STRONG)
    if strong:
        return Graded(Proof.STRONG, min(_when(g) for g in (strong, adequate) if g), strong.why)
    return adequate or _earliest(first, _WEAK, Proof.WEAK) or Graded(Proof.NONE)


def _earliest(
    first: dict[EvidenceKind, datetime],
    kinds: tuple[EvidenceKind, ...],
    as_grade: Proof = Proof.ADEQUATE,
) -> Graded | None:
    found = [Graded(as_grade, first[kind], kind) for kind in kinds if kind in first]
    return min(found, key=_when) if found else None


def _when(graded: Graded) -> datetime:
    if graded.at is None:
        raise ValueError("a grade without proof has no moment")
    return graded.at


def best(grades: Iterable[Graded]) -> Graded:
    """The proof of a letter that went several ways: the highest grade, of those the earliest."""
    reached = [g for g in grades if g.grade is not Proof.NONE]
    if not reached:
        return Graded(Proof.NONE)
    top = max(g.grade for g in reached)
    adequate = [g for g in reached if g.grade >= Proof.ADEQUATE]
    pool = adequate or reached
    earliest = min(pool, key=_when)
    why = next(g.why for g in reached if g.grade is top)
    return Graded(top, earliest.at, why)
