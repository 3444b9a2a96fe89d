"""Gathering the gate's facts about one letter. Reads only; the decision is `rules.gate`."""

from __future__ import annotations

from campaign.accounts.models import User
from campaign.awaiting import queries as awaiting
from campaign.awaiting import rules as waiting_rules
from campaign.awaiting.queries import Standing
from campaign.campaigns.queries import embargo_holds
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import Letter, TextKind
from campaign.drafting.queries import is_approved
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.publishing import rules
from campaign.replies import queries as replies
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch
from campaign.sending.rules import LEFT, EvidenceKind

DIRECT = ("email", "form", "post")


def check(letter: Letter) -> tuple[rules.Result, ...]:
    """Every gate for this letter as the facts stand in this transaction."""
    return rules.gate(gather(letter, awaiting.standing(letter)))


def gather(letter: Letter, standing: Standing) -> rules.Facts:
    """The facts; everything is read anew, nothing is taken from what was computed earlier."""
    sent = _sent(letter)
    sweeps = awaiting.sweeps_of(letter)
    here, anywhere = _possible(letter)
    deadline_at = standing.deadline and waiting_rules.deadline_at(standing.deadline, standing.place)
    return rules.Facts(
        now=clock.now(),
        zone=letter.company.timezone,
        notice_given=bool(standing.frozen and standing.frozen.notice_given),
        direct=any(d.channel.value in DIRECT and d.state in LEFT for d in sent),
        proof=standing.proof.grade,
        proof_why=standing.proof.why,
        proof_at=standing.proof.at,
        proof_words=_proof_words(letter, standing, sent),
        signed_words=_signed_words(standing),
        reminders_on=standing.policy.reminders,
        reminders=[_reminder(d) for d in standing.reminders],
        deadline=standing.deadline,
        silence_at=standing.silence_at,
        deadline_at=deadline_at or None,
        grace_working_days=standing.policy.grace_working_days,
        mailboxes=[
            rules.MailboxFacts(box.key, box.watermark, box.error)
            for box in replies.active_mailboxes()
        ],
        own_copy=replies.own_copy_since(letter),
        possible_here=here,
        possible_anywhere=anywhere,
        other_doors=_other_doors(standing, sent),
        swept_at=sweeps[-1].at if sweeps else None,
        replies=len(replies.thread(letter.id)),
        stops=_stops(letter),
        approved=_approved(standing, sent),
    )


def _sent(letter: Letter) -> list[Dispatch]:
    dispatches = sending.dispatches_of(letter.id, letter.round)
    return [d for d in dispatches if d.kind is TextKind.LETTER]


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


def _proof_words(letter: Letter, standing: Standing, sent: list[Dispatch]) -> str:
    proof = standing.proof
    if proof.at is None or proof.why is None:
        states = {d.state.value.replace("_", " ") for d in sent}
        return f"Its state is {' and '.join(sorted(states))}." if states else ""
    words = _PROOF_WORDS.get(proof.why, proof.why.value.replace("_", " "))
    when = days.in_words(proof.at, letter.company.timezone)
    return f"{words[0].upper()}{words[1:]}, {when}."


def _signed_words(standing: Standing) -> str:
    if standing.signed is None:
        return ""
    person = db.session.get_one(User, standing.signed.by_id)
    return f"Signed for by {person.name or 'a second person'}: {standing.signed.words}"


def _possible(letter: Letter) -> tuple[int, int]:
    """Untriaged messages that may be this company's, and those that may be anybody's."""
    blocking = replies.blocking(letter)
    here = [m for m in blocking if replies.concerns(m, letter)]
    return len(here), len(blocking) - len(here)


def _other_doors(standing: Standing, sent: list[Dispatch]) -> list[str]:
    """Doors that the letter offers, or went by, and that the program does not read."""
    offered = frozen_texts.load(standing.frozen).doors if standing.frozen else ()
    went = {_DOOR_OF[d.channel.value] for d in sent if d.channel.value in _DOOR_OF}
    return sorted((set(offered) - {"email"}) | went)


_DOOR_OF = {"form": "the contact form", "post": "the post box"}


def _stops(letter: Letter) -> list[str]:
    words = [f"On hold: {hold.why}." for hold in awaiting.holds_on(letter)]
    if embargo_holds(letter.campaign, clock.now()):
        words.append("The campaign is under embargo.")
    halt = sending.standing_halt()
    if halt is not None:
        words.append(f"Everything is halted: {halt.why}.")
    return words


def _approved(standing: Standing, sent: list[Dispatch]) -> bool:
    frozen = standing.frozen
    if frozen is None or frozen.voided_at is not None or not is_approved(frozen):
        return False
    every = [*sent, *standing.reminders]
    if any(d.frozen_text_id != frozen.id for d in every):
        return False
    return all(sending.carries(d, frozen) for d in sent if d.state in LEFT)
