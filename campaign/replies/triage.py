"""What persons say of incoming mail. Two at once never overwrite each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.drafting import asked
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem
from campaign.replies import effects, finding, queries
from campaign.replies.checking import check_in
from campaign.replies.models import IncomingMessage, QuestionVerdict, Reply
from campaign.replies.rules import (
    NOTES,
    Answer,
    ItemKind,
    MatchReason,
    Permission,
    Triage,
    Verdict,
)
from campaign.replies.sorting import stop_reminding
from campaign.sending import effects as sending_effects
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch
from campaign.sending.rules import EvidenceKind

MAY_ANSWER = (ItemKind.RESPONSE, ItemKind.SUPPLEMENT)

STANDS = {
    Triage.UNREAD: "is still being read",
    Triage.WAITING: "waits again",
    Triage.FILED: "is filed",
    Triage.SETTLED: "was settled by the program",
    Triage.DISMISSED: "was put aside as no company's reply",
    Triage.SPAM: "was marked as spam",
}


def file_reply(
    message_id: int,
    *,
    letter_id: int,
    kind: ItemKind,
    answer: Answer | None,
    permission: Permission,
    verdicts: Mapping[int, Verdict],
    text: str,
    note: str = "",
    more: bool = False,
    actor: User,
) -> Reply:
    """Say what a waiting message is: an item of a letter's thread. Nothing is published by it.

    Args:
        verdicts: by the question's number in the letter as it left.
        text: what readers see later if it is published: their words, verbatim.
        note: our own words about it, for staff.
        more: it answers for another company too: it goes on waiting, and blocks as before.

    Raises:
        Problem: `message-triaged` where somebody was first, `filed-there-already`,
            `answer-missing`, `question-foreign`, `letter-not-out`, `not-there`.
    """
    with transaction() as session:
        message = _locked(session, message_id, Triage.WAITING)
        letter = _letter(session, letter_id)
        if letter.id in {item.letter_id for item in queries.items_of(message)}:
            raise Problem("filed-there-already", company=letter.company.name)
        reply = _item(
            session,
            letter,
            kind=kind,
            answer=answer,
            permission=permission,
            verdicts=verdicts,
            received_at=message.arrived_at,
            sender=_sender(message),
            text=text,
            note=note,
            actor=actor,
            message=message,
        )
        if message.letter_id != letter.id:
            message.letter_id, message.matched_by = letter.id, MatchReason.PERSON
        _follow(reply, letter, queries.dispatch_of(message), message.from_address, actor)
        if more:
            message.letter_id = message.matched_by = None
        else:
            _triaged(message, Triage.FILED, actor, note)
    return reply


def finish(message_id: int, *, actor: User) -> None:
    """Say that a message that was filed and went on waiting answers for nobody else.

    Raises:
        Problem: `message-triaged`, `not-there`, `letter-missing` where it is filed nowhere.
    """
    with transaction() as session:
        message = _locked(session, message_id, Triage.WAITING)
        items = queries.items_of(message)
        if not items:
            raise Problem("letter-missing")
        message.letter_id, message.matched_by = items[0].letter_id, MatchReason.PERSON
        _triaged(message, Triage.FILED, actor, "")
        record("message.finished", message, actor=actor, **_about(message))


def log_reply(
    letter_id: int,
    *,
    kind: ItemKind,
    answer: Answer | None,
    permission: Permission,
    verdicts: Mapping[int, Verdict],
    received_at: datetime,
    sender: str,
    text: str,
    note: str = "",
    actor: User,
) -> Reply:
    """Take down what came by telephone, by post or in person.

    Args:
        received_at: aware; when it came.
        sender: who said or wrote it, and how it came.

    Raises:
        Problem: `received-later`, `field-empty`, and as `file_reply`.
    """
    if received_at > clock.now():
        raise Problem("received-later")
    who = fields.line(sender, name="Who it came from", limit=700, required=True)
    words = fields.text(text, name="What they said", limit=200_000, required=True)
    with transaction() as session:
        letter = _letter(session, letter_id)
        reply = _item(
            session,
            letter,
            kind=kind,
            answer=answer,
            permission=permission,
            verdicts=verdicts,
            received_at=received_at,
            sender=who,
            text=words,
            note=note,
            actor=actor,
        )
        _follow(reply, letter, None, "", actor)
    return reply


def dismiss(message_id: int, *, why: str, actor: User) -> None:
    """Say that a waiting message is no company's reply.

    Raises:
        Problem: `reason-missing`, `message-triaged`, `not-there`.
    """
    words = fields.text(why, name="The reason", limit=2000)
    if not words:
        raise Problem("reason-missing", act="putting a message aside")
    _say(message_id, Triage.DISMISSED, words, actor)


def mark_spam(message_id: int, *, actor: User) -> None:
    """Say that a waiting message is spam.

    Raises:
        Problem: `message-triaged`, `not-there`.
    """
    _say(message_id, Triage.SPAM, "", actor)


def _say(message_id: int, triage: Triage, why: str, actor: User) -> None:
    with transaction() as session:
        message = _locked(session, message_id, Triage.WAITING)
        if items := queries.items_of(message):
            raise Problem("filed-in-part", company=items[0].letter.company.name)
        _triaged(message, triage, actor, why)
        record(f"message.{triage.value}", message, actor=actor, why=why, **_about(message))


def reopen(message_id: int, *, actor: User) -> None:
    """Let a message wait for a person again, whatever was said of it.

    Raises:
        Problem: `message-triaged` where it waits already; `reply-concluded` where the letter has
            an outcome, which only its own page can change.
    """
    with transaction() as session:
        done = (Triage.FILED, Triage.SETTLED, Triage.DISMISSED, Triage.SPAM)
        message = _locked(session, message_id, *done)
        before = message.triage
        for reply in queries.items_of(message):
            if reply.letter.state is LetterState.CONCLUDED:
                raise Problem("reply-concluded", company=reply.letter.company.name)
            effects.unfile(reply, why="The message was reopened.", actor=actor)
        message.triage, message.triage_note = Triage.WAITING, ""
        message.triaged_by_id = message.triaged_at = None
        stop_reminding(message)
        record("message.reopened", message, actor=actor, before=before.value, **_about(message))


def match(message_id: int, letter_id: int, *, actor: User) -> None:
    """Say which letter a waiting message belongs to; it goes on waiting.

    Raises:
        Problem: `message-triaged`, `letter-not-out`, `not-there`.
    """
    with transaction() as session:
        message = _locked(session, message_id, Triage.WAITING)
        letter = _letter(session, letter_id)
        message.letter_id, message.matched_by = letter.id, MatchReason.PERSON
        session.flush()
        session.refresh(message, ["letter"])
        stop_reminding(message)
        record(
            "message.matched", message, actor=actor, letter=letter.ref, company=letter.company.name
        )


def _locked(session: Session, message_id: int, *states: Triage) -> IncomingMessage:
    message = session.get(IncomingMessage, message_id, with_for_update=True)
    if message is None:
        raise Problem("not-there", what="message")
    if message.triage not in states:
        who = queries.triaged_by(message)
        by = f", by {who}" if who and message.triage is not Triage.WAITING else ""
        raise Problem("message-triaged", stands=STANDS[message.triage] + by)
    return message


def _letter(session: Session, letter_id: int) -> Letter:
    letter = session.get(Letter, letter_id, with_for_update=True)
    if letter is None:
        raise Problem("not-there", what="letter")
    if not sending.dispatches_of(letter.id):
        raise Problem("letter-not-out", company=letter.company.name)
    return letter


def _item(
    session: Session,
    letter: Letter,
    *,
    kind: ItemKind,
    answer: Answer | None,
    permission: Permission,
    verdicts: Mapping[int, Verdict],
    received_at: datetime,
    sender: str,
    text: str,
    note: str,
    actor: User,
    message: IncomingMessage | None = None,
) -> Reply:
    if kind is ItemKind.RESPONSE and answer is None:
        raise Problem("answer-missing")
    if set(verdicts) - {question.number for question in asked.of_letter(letter)}:
        raise Problem("question-foreign", company=letter.company.name)
    reply = Reply(
        letter_id=letter.id,
        message_id=message.id if message else None,
        kind=kind,
        answer=answer if kind in MAY_ANSWER else None,
        permission=permission,
        received_at=received_at,
        sender=sender,
        text=text,
        note=fields.text(note, name="Note", limit=10_000),
        filed_by_id=actor.id,
        filed_at=clock.now(),
        verdicts=[QuestionVerdict(number=n, verdict=v) for n, v in verdicts.items()],
    )
    session.add(reply)
    session.flush()
    return reply


def _follow(
    reply: Reply, letter: Letter, dispatch: Dispatch | None, address: str, actor: User
) -> None:
    """Within an act: what a filed item means for the letter, and its event."""
    message = db.session.get(IncomingMessage, reply.message_id) if reply.message_id else None
    answered = finding.answered_dispatch(letter, dispatch, address)
    if answered is not None and reply.kind not in NOTES:
        sending_effects.add_evidence(
            answered,
            EvidenceKind.ANSWERED,
            at=reply.received_at,
            detail=f"{letter.company.name} answered.",
            source_ref=message.ref if message else reply.ref,
            by=actor,
        )
    sending_effects.withdraw_reminders(letter, "A reply arrived.")
    record(
        "reply.filed",
        reply,
        actor=actor,
        letter=letter.ref,
        message=message.ref if message else None,
        sha256=message.sha256 if message else None,
        company=letter.company.name,
        what=reply.kind.value,
        answer=reply.answer.value if reply.answer else None,
        permission=reply.permission.value,
        received_at=reply.received_at.isoformat(),
        sender=reply.sender,
        proved=_proved(message),
        verdicts={str(v.number): v.verdict.value for v in reply.verdicts},
    )


def _proved(message: IncomingMessage | None) -> str | None:
    """The domain that the message was proved to come from when it was read; None for none."""
    check = check_in(message.sender_check) if message else None
    return (check.domain or None) if check else None


def _triaged(message: IncomingMessage, triage: Triage, actor: User, note: str) -> None:
    message.triage, message.triage_note = triage, note
    message.triaged_by_id, message.triaged_at = actor.id, clock.now()


def _sender(message: IncomingMessage) -> str:
    if message.from_name and message.from_address:
        return f"{message.from_name} <{message.from_address}>"
    return message.from_address or message.from_name or "unknown sender"


def _about(message: IncomingMessage) -> dict[str, Any]:
    return {"sender": _sender(message), "subject": message.subject, "sha256": message.sha256}
