"""Gathering the gate's facts about one letter. Reads only; the decision is `rules.gate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.awaiting import queries as awaiting
from campaign.awaiting.queries import Standing
from campaign.campaigns.queries import embargo_holds
from campaign.drafting.models import Letter
from campaign.drafting.queries import is_approved
from campaign.kernel import clock, days
from campaign.publishing import rules
from campaign.replies import queries as replies
from campaign.replies.models import MailboxReading
from campaign.sending import queries as sending
from campaign.sending.carried import carries
from campaign.sending.models import Dispatch
from campaign.sending.rules import LEFT, EvidenceKind

DIRECT = ("email", "form", "post")


@dataclass(frozen=True)
class Around:
    """What the gate asks about a letter beside its own waiting.

    Attributes:
        here: untriaged messages that are matched or suggested to the letter.
        anywhere: other untriaged ones that could be anybody's.
    """

    mailboxes: Sequence[MailboxReading]
    halt: str
    holds: Sequence[str]
    swept_at: datetime | None
    here: int
    anywhere: int
    own_copy: bool
    replies: int


def check(letter: Letter) -> tuple[rules.Result, ...]:
    """Every gate for this letter as the facts stand in this transaction."""
    standing = awaiting.standing(letter)
    return rules.gate(gather(standing, _around(standing)))


def _around(standing: Standing) -> Around:
    letter = standing.letter
    halt = sending.standing_halt()
    sweeps = awaiting.sweeps_of(letter)
    blocking = replies.blocking(letter)
    here = [m for m in blocking if replies.concerns(m, letter)]
    return Around(
        mailboxes=replies.active_mailboxes(),
        halt=halt.why if halt else "",
        holds=[hold.why for hold in awaiting.holds_on(letter)],
        swept_at=sweeps[-1].at if sweeps else None,
        here=len(here),
        anywhere=len(blocking) - len(here),
        own_copy=replies.own_copy_since(letter),
        replies=len(replies.thread(letter.id)),
    )


def gather(standing: Standing, around: Around) -> rules.Facts:
    """The facts; everything is read anew, nothing is taken from what was computed earlier."""
    letter, sent = standing.letter, standing.sent
    return rules.Facts(
        now=clock.now(),
        zone=letter.company.timezone,
        notice_given=bool(standing.frozen and standing.frozen.notice_given),
        direct=any(d.channel.value in DIRECT and d.state in LEFT for d in sent),
        proof=standing.proof.grade,
        proof_why=standing.proof.why,
        proof_at=standing.proof.at,
        proof_words=_proof_words(standing),
        signed_words=_signed_words(standing),
        reminders_on=standing.policy.reminders,
        reminders=[_reminder(d) for d in standing.reminders],
        deadline=standing.deadline,
        silence_at=standing.silence_at,
        deadline_at=standing.deadline_at,
        grace_working_days=standing.policy.grace_working_days,
        mailboxes=[
            rules.MailboxFacts(box.name, box.watermark, box.error) for box in around.mailboxes
        ],
        own_copy=around.own_copy,
        possible_here=around.here,
        possible_anywhere=around.anywhere,
        other_doors=awaiting.other_doors(standing),
        swept_at=around.swept_at,
        replies=around.replies,
        stops=_stops(letter, around),
        approved=_approved(standing),
    )


def _reminder(dispatch: Dispatch) -> rules.SentReminder:
    return rules.SentReminder(
        dispatch.kind.value, dispatch.state in LEFT, dispatch.accepted_at or dispatch.state_at
    )


_PROOF_WORDS = {
    EvidenceKind.ACCEPTED: "accepted by the company's mail server",
    EvidenceKind.DELIVERY_RECEIPT: "a receipt says that it was delivered",
    EvidenceKind.AUTO_CONFIRMS_RECEIPT: "an automatic reply confirmed receipt",
    EvidenceKind.AUTO_UNMONITORED: "an automatic reply said that nobody reads that mailbox",
    EvidenceKind.FORM_SUBMITTED: "sent through the form, which gave no reference",
    EvidenceKind.FORM_REFERENCE: "the form gave a reference",
    EvidenceKind.POSTED: "posted without tracking",
    EvidenceKind.TRACKED_DELIVERED: "the post tracked its delivery",
    EvidenceKind.SIGNED_FOR: "somebody signed for it",
    EvidenceKind.PERSON_SAYS_DELIVERED: "a person of ours confirmed that it arrived",
    EvidenceKind.ANSWERED: "the company answered it",
}


def _proof_words(standing: Standing) -> str:
    proof, zone = standing.proof, standing.letter.company.timezone
    if proof.at is None or proof.why is None:
        states = {d.state.value.replace("_", " ") for d in standing.sent}
        return f"Its state is {' and '.join(sorted(states))}." if states else ""
    words = _PROOF_WORDS.get(proof.why, proof.why.value.replace("_", " "))
    return f"{words[0].upper()}{words[1:]}, {days.in_words(proof.at, zone)}."


def _signed_words(standing: Standing) -> str:
    """Words for the public: that a second person signed, not who (fairness.md rule 26)."""
    return f"A second person signed for it: {standing.signed.words}" if standing.signed else ""


def _stops(letter: Letter, around: Around) -> list[str]:
    words = [_sentence(f"On hold: {why}") for why in around.holds]
    if embargo_holds(letter.campaign, clock.now()):
        words.append("The campaign is under embargo.")
    if around.halt:
        words.append(_sentence(f"Everything is halted: {around.halt}"))
    return words


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _approved(standing: Standing) -> bool:
    frozen = standing.frozen
    if frozen is None or not is_approved(frozen):
        return False
    if any(d.frozen_text_id != frozen.id for d in standing.dispatches):
        return False
    return all(carries(d, frozen) for d in standing.sent if d.state in LEFT)
