"""Writing in the thread of a letter: drafts, a second person's word, the order to send.

An answer never counts as the letter, a reminder or proof: it goes to whoever wrote, when a person
orders it, through the same outbox.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.awaiting import answer_queries
from campaign.awaiting.answer_models import OutgoingAnswer
from campaign.awaiting.answer_rules import NEEDS_SECOND, AnswerKind, AnswerState, gaps, thread_of
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting import library
from campaign.drafting.frozen import MailText
from campaign.drafting.models import Letter, TextKind
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem
from campaign.replies import queries as replies
from campaign.replies.models import IncomingMessage
from campaign.sending import parcels
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch

_TEXT_MAX = 50_000


class Words(NamedTuple):
    """What a person typed."""

    kind: AnswerKind
    to_address: str
    subject: str
    text: str


def write(letter_id: int, words: Words, *, message_ref: str = "", actor: User) -> OutgoingAnswer:
    """Begin an answer; it is a draft.

    Args:
        message_ref: the filed message that it answers, if any.

    Raises:
        Problem: `letter-not-out`, `answer-to-whom`, `field-empty`, `field-too-long`,
            `control-character`, `bad-address`.
    """
    with transaction() as session:
        letter = session.get_one(Letter, letter_id)
        if not sending.dispatches_of(letter.id):
            raise Problem("letter-not-out", company=letter.company.name)
        message = answer_queries.message_of(letter, message_ref) if message_ref else None
        found = OutgoingAnswer(
            letter_id=letter.id,
            message_id=message.id if message else None,
            written_by_id=actor.id,
            **_checked(letter, message, words),
        )
        session.add(found)
        session.flush()
        _note("answer.written", found, actor)
    return found


def rewrite(answer_id: int, words: Words, *, seen: int, actor: User) -> OutgoingAnswer:
    """Save a draft anew; whoever saves becomes its writer.

    Args:
        seen: the version that the person had before them.

    Raises:
        Problem: `answer-changed` where somebody was first, and as `write`.
    """
    with transaction() as session:
        found = _locked(session, answer_id, AnswerState.DRAFT, seen=seen)
        for name, value in _checked(found.letter, found.message, words).items():
            setattr(found, name, value)
        _next(found)
        found.written_by_id = actor.id
        _note("answer.written", found, actor)
    return found


def _checked(letter: Letter, message: IncomingMessage | None, words: Words) -> dict[str, str]:
    allowed = answer_queries.to_whom(letter, message)
    address = words.to_address.lower()
    if address not in allowed:
        raise Problem("answer-to-whom", company=letter.company.name)
    return {
        "kind": AnswerKind(words.kind),
        "to_name": allowed[address],
        "to_address": address,
        "subject": fields.line(words.subject, name="Subject", limit=300, required=True),
        "text": fields.text(words.text, name="Text", limit=_TEXT_MAX, required=True),
    }


def send(answer_id: int, *, seen: int, actor: User) -> OutgoingAnswer:
    """Order a draft to be sent, or put it before a second person where its kind asks for that.

    Raises:
        Problem: `answer-changed`, `answer-unfinished`, `letter-not-approved`, `bad-address`,
            `bad-message`.
    """
    with transaction() as session:
        found = _locked(session, answer_id, AnswerState.DRAFT, seen=seen)
        left = gaps(found.text, [start.body for start in library.starts()])
        if left:
            raise Problem("answer-unfinished", gap=left[0])
        _next(found)
        if found.kind in NEEDS_SECOND:
            found.state = AnswerState.WAITING
            _note("answer.put_up", found, actor)
        else:
            _order(session, found, actor)
    return found


def approve(answer_id: int, *, seen: int, actor: User) -> OutgoingAnswer:
    """A second person agrees to the very words that were put up, which orders them.

    Raises:
        Problem: `answer-changed`, `answer-own`, and as `send`.
    """
    with transaction() as session:
        found = _locked(session, answer_id, AnswerState.WAITING, seen=seen)
        if found.written_by_id == actor.id:
            raise Problem("answer-own")
        found.approved_by_id = actor.id
        _next(found)
        _order(session, found, actor)
    return found


def give_back(answer_id: int, *, seen: int, actor: User) -> None:
    """Make what waits for a second person a draft again.

    Raises:
        Problem: `answer-changed`.
    """
    with transaction() as session:
        found = _locked(session, answer_id, AnswerState.WAITING, seen=seen)
        found.state = AnswerState.DRAFT
        _next(found)
        _note("answer.given_back", found, actor)


def discard(answer_id: int, *, seen: int, actor: User) -> None:
    """Throw a draft away; its words stay in the history.

    Raises:
        Problem: `answer-changed`.
    """
    with transaction() as session:
        found = _locked(session, answer_id, AnswerState.DRAFT, seen=seen)
        found.state = AnswerState.DISCARDED
        _next(found)
        _note("answer.discarded", found, actor)


def _locked(session: Session, answer_id: int, state: AnswerState, *, seen: int) -> OutgoingAnswer:
    found = session.get_one(OutgoingAnswer, answer_id, with_for_update=True, populate_existing=True)
    if found.state is not state or found.version != seen:
        raise Problem("answer-changed")
    return found


def _next(found: OutgoingAnswer) -> None:
    found.version += 1
    found.written_at = clock.now()


def _order(session: Session, found: OutgoingAnswer, actor: User) -> None:
    """Within an act: the exact bytes are made and kept, and the mail is in the outbox."""
    approved = sending.approved_text(found.letter)
    first = answer_queries.first_mail(found.letter)
    parent, known = _thread(found.message, first)
    mail = parcels.answer(
        approved,
        MailText(found.subject, found.text, ""),
        to_name=found.to_name,
        to_address=found.to_address,
        parent=parent,
        references=known,
    )
    dispatch = Dispatch(
        letter_id=found.letter_id,
        frozen_text_id=approved.row.id,
        kind=TextKind.ANSWER,
        round=found.letter.round,
        contact_id=None,
        channel=Channel.EMAIL,
        recipient=found.to_address,
        **mail.columns(),
    )
    session.add(dispatch)
    session.flush()
    found.dispatch_id, found.state = dispatch.id, AnswerState.ORDERED
    found.ordered_at = clock.now()
    _note("answer.ordered", found, actor, sha256=mail.sha256, dispatch=dispatch.ref)


def _thread(
    message: IncomingMessage | None, first: Dispatch | None
) -> tuple[str | None, tuple[str, ...]]:
    """What the mail is an answer to, and the thread that it belongs to (RFC 5322, 3.6.4)."""
    ours = first.message_id if first else None
    if message is None or not message.message_id:
        return ours, thread_of(ours, (), "")
    reading = replies.reading_of(message)
    known = (*reading.references, *reading.in_reply_to) if reading else ()
    return message.message_id, thread_of(ours, known, message.message_id)


def _note(kind: str, found: OutgoingAnswer, actor: User, **more: Any) -> None:
    db.session.flush()
    record(
        kind,
        found,
        actor=actor,
        letter=found.letter.ref,
        company=found.letter.company.name,
        what=found.kind.value,
        to=found.to_address,
        subject=found.subject,
        text=found.text,
        version=found.version,
        **more,
    )
