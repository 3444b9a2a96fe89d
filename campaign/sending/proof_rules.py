"""What a proof grade rests on, piece by piece, and what is missing for a better one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from campaign.companies.rules import Channel
from campaign.sending.rules import LEFT, Evidence, EvidenceKind, Proof, Sent, grade


class Weighs(StrEnum):
    """What one piece of evidence does to the grade (fairness.md rule 7)."""

    STRONG = "strong"
    ADEQUATE = "adequate"
    WEAK = "weak"
    AGAINST = "against"
    NOTHING = "nothing"


class Missing(StrEnum):
    """What keeps a dispatch from adequate proof."""

    MENTION_NEVER_COUNTS = "mention_never_counts"
    DID_NOT_LEAVE = "did_not_leave"
    CONTACT_NOT_VERIFIED = "contact_not_verified"
    MAILBOX_NOT_READ = "mailbox_not_read"
    NOBODY_READS_THERE = "nobody_reads_there"
    NO_REFERENCE = "no_reference"
    NO_TRACKING = "no_tracking"


@dataclass(frozen=True, slots=True)
class Reason:
    """A piece of evidence: what it is, when it happened (aware UTC), what it does."""

    kind: EvidenceKind
    at: datetime
    weighs: Weighs


_AGAINST = frozenset(
    {
        EvidenceKind.BOUNCE,
        EvidenceKind.RETURNED,
        EvidenceKind.PERSON_SAYS_NOT_SENT,
        EvidenceKind.AUTO_UNMONITORED,
    }
)
_BY_GRADE: Mapping[Proof, Weighs] = {
    Proof.NONE: Weighs.NOTHING,
    Proof.WEAK: Weighs.WEAK,
    Proof.ADEQUATE: Weighs.ADEQUATE,
    Proof.STRONG: Weighs.STRONG,
}
_MISSING_BY_CHANNEL: Mapping[Channel, Missing] = {
    Channel.FORM: Missing.NO_REFERENCE,
    Channel.POST: Missing.NO_TRACKING,
}


def reasons(sent: Sent) -> tuple[Reason, ...]:
    """The evidence of a dispatch in the order of time, each with what it does to the grade.

    What a piece is worth is asked of `rules.grade` itself, with that piece alone, so that the
    two can never differ.
    """
    return tuple(
        Reason(item.kind, item.at, _weighs(sent, item))
        for item in sorted(sent.evidence, key=lambda item: item.at)
    )


def _weighs(sent: Sent, item: Evidence) -> Weighs:
    if item.kind in _AGAINST:
        return Weighs.AGAINST
    alone = tuple(
        one
        for one in sent.evidence
        if one is item or (one.kind in _AGAINST and item.kind is EvidenceKind.ACCEPTED)
    )
    return _BY_GRADE[grade(replace(sent, evidence=alone)).grade]


def missing(sent: Sent) -> tuple[Missing, ...]:
    """What is missing for adequate proof; nothing where it is adequate or better."""
    if grade(sent).grade >= Proof.ADEQUATE:
        return ()
    if sent.channel is Channel.MENTION:
        return (Missing.MENTION_NEVER_COUNTS,)
    if sent.state not in LEFT:
        return (Missing.DID_NOT_LEAVE,)
    if sent.channel is not Channel.EMAIL:
        return (_MISSING_BY_CHANNEL[sent.channel],)
    return tuple(_missing_of_mail(sent))


def _missing_of_mail(sent: Sent) -> list[Missing]:
    moments = [one.at for one in sent.evidence if one.kind is EvidenceKind.ACCEPTED]
    read = sent.mailbox_read_after
    found = {
        Missing.CONTACT_NOT_VERIFIED: not sent.verified,
        Missing.MAILBOX_NOT_READ: not (moments and read and read > min(moments)),
        Missing.NOBODY_READS_THERE: any(
            one.kind is EvidenceKind.AUTO_UNMONITORED for one in sent.evidence
        ),
    }
    return [one for one, holds in found.items() if holds]
