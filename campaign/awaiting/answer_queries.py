"""What we wrote in threads, and to whom an answer may go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from campaign.awaiting.answer_models import OutgoingAnswer
from campaign.awaiting.answer_rules import AnswerState
from campaign.companies.ours import is_ours
from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import ItemKind
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch


def answer(ref: str) -> OutgoingAnswer | None:
    """The answer with this opaque id."""
    return db.session.scalar(sa.select(OutgoingAnswer).where(OutgoingAnswer.ref == ref))


def answers_of(letter_id: int) -> Sequence[OutgoingAnswer]:
    """All answers of a letter that were not thrown away, oldest first."""
    query = (
        sa.select(OutgoingAnswer)
        .where(OutgoingAnswer.letter_id == letter_id, OutgoingAnswer.state != AnswerState.DISCARDED)
        .options(
            joinedload(OutgoingAnswer.dispatch).selectinload(Dispatch.evidence),
            joinedload(OutgoingAnswer.written_by),
            joinedload(OutgoingAnswer.message),
        )
        .order_by(OutgoingAnswer.id)
    )
    return db.session.scalars(query).all()


def message_of(letter: Letter, ref: str) -> IncomingMessage | None:
    """A message that a person has filed to this letter: only such a one is answered."""
    return db.session.scalar(_filed_to(letter).where(IncomingMessage.ref == ref))


def _filed_to(letter: Letter) -> sa.Select[Any]:
    """What was filed to a letter, the newest first; one mail may answer for two companies."""
    return (
        sa.select(IncomingMessage)
        .join(Reply, Reply.message_id == IncomingMessage.id)
        .where(Reply.letter_id == letter.id, Reply.withdrawn_at.is_(None))
        .order_by(IncomingMessage.arrived_at.desc(), IncomingMessage.id)
    )


def filed_as(letter: Letter, message: IncomingMessage) -> Reply | None:
    """The item of the letter's thread that a message was filed as."""
    return db.session.scalar(
        sa.select(Reply).where(Reply.message_id == message.id, Reply.letter_id == letter.id)
    )


def unanswered_request(letter: Letter) -> IncomingMessage | None:
    """The newest request for more time that nobody has begun to answer."""
    begun = sa.exists().where(
        OutgoingAnswer.message_id == IncomingMessage.id, OutgoingAnswer.letter_id == letter.id
    )
    asked = _filed_to(letter).where(Reply.kind == ItemKind.EXTENSION_REQUEST, ~begun)
    return db.session.scalar(asked.limit(1))


def to_whom(letter: Letter, message: IncomingMessage | None) -> dict[str, str]:
    """The addresses that an answer may go to, each with the name known for it.

    Whoever wrote the message, then whoever wrote another filed one, then the contacts that the
    letter went to by e-mail; none of our own.
    """
    writers = db.session.scalars(_filed_to(letter)).all()
    found = [(one.from_address, one.from_name) for one in ([message] if message else [])]
    found += [(one.from_address, one.from_name) for one in writers]
    found += [
        (one.recipient, one.contact.person)
        for one in sending.dispatches_of(letter.id)
        if one.channel is Channel.EMAIL
    ]
    ours: Settings = current_app.extensions["settings"]
    own = (ours.mail_from, ours.reply_address, ours.archive)
    told: dict[str, str] = {}
    for address, name in found:
        if address and not is_ours(address, own):
            told.setdefault(address.lower(), name or "")
    return told


def first_mail(letter: Letter) -> Dispatch | None:
    """The newest mail of the letter itself that left: the thread that an answer belongs to."""
    mails = [
        one
        for one in sending.dispatches_of(letter.id)
        if one.message_id and one.kind.value == "letter" and one.accepted_at
    ]
    return mails[-1] if mails else None
