"""Reading mailboxes, incoming messages and threads."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from campaign.accounts.models import User
from campaign.companies.models import Company
from campaign.database import Utc
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel.text import shorten
from campaign.replies.kinds import Kind, Reading, from_dict
from campaign.replies.models import (
    IncomingMessage,
    IncomingPosition,
    MailboxReading,
    MatchSuggestion,
    Reply,
    is_open,
)
from campaign.replies.rules import NOTES, Triage
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch

# Letters that may have reached their company: an answer to one of these may come at any time.
MAY_BE_ANSWERED = (LetterState.SENDING, LetterState.OPEN, LetterState.CONCLUDED)


def active_mailboxes() -> list[MailboxReading]:
    """The mailboxes that are read now, by name."""
    query = sa.select(MailboxReading).where(MailboxReading.active)
    return list(db.session.scalars(query.order_by(MailboxReading.key)))


def mailboxes() -> list[MailboxReading]:
    """Every mailbox that was ever read, those read now first."""
    query = sa.select(MailboxReading).order_by(MailboxReading.active.desc(), MailboxReading.key)
    return list(db.session.scalars(query))


def mailbox_watermark() -> datetime | None:
    """The oldest watermark of the mailboxes read now; None when any has none, or none is read."""
    marks = [box.watermark for box in active_mailboxes()]
    known = [mark for mark in marks if mark is not None]
    return min(known) if known and len(known) == len(marks) else None


def own_copy_since(letter: Letter) -> bool:
    """Whether a message of ours has arrived in a mailbox read now since the letter was sent.

    Sent means: the first attempt of the letter's present round. A copy of the letter itself
    counts whatever the mail server's clock says; mail servers tell whole seconds.
    """
    dispatches = sending.dispatches_of(letter.id, letter.round)
    firsts = [d.first_attempt_at or d.state_at for d in dispatches if d.kind is TextKind.LETTER]
    if not firsts:
        return False
    since = min(firsts).replace(microsecond=0)
    own = sa.or_(
        IncomingMessage.arrived_at >= since,
        IncomingMessage.dispatch_id.in_([d.id for d in dispatches]),
    )
    in_a_box = sa.exists().where(
        IncomingPosition.message_id == IncomingMessage.id,
        IncomingPosition.mailbox_id == MailboxReading.id,
        MailboxReading.active,
    )
    found = sa.select(IncomingMessage.id).where(
        own, IncomingMessage.kind == Kind.OWN_COPY, in_a_box
    )
    return db.session.scalar(found.limit(1)) is not None


def waiting_count() -> int:
    """How many messages wait for a person."""
    query = sa.select(sa.func.count()).select_from(IncomingMessage)
    return db.session.scalar(query.where(is_open(), IncomingMessage.triage == Triage.WAITING)) or 0


def _untriaged() -> sa.Select[Any]:
    return (
        sa.select(IncomingMessage)
        .where(is_open())
        .options(selectinload(IncomingMessage.suggestions))
        .order_by(IncomingMessage.arrived_at, IncomingMessage.id)
    )


def _suggested_to(letter_id: int) -> sa.ColumnElement[bool]:
    return IncomingMessage.suggestions.any(MatchSuggestion.letter_id == letter_id)


def _concerns(letter_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(IncomingMessage.letter_id == letter_id, _suggested_to(letter_id))


def blocking(letter: Letter) -> list[IncomingMessage]:
    """Messages that keep silence of this letter from being published (gate “nothing waiting”).

    Untriaged ones that are matched or suggested to it, that are of nobody known, or that are
    not or cannot be read.
    """
    nobodys = sa.and_(IncomingMessage.letter_id.is_(None), ~IncomingMessage.suggestions.any())
    unread = sa.or_(
        IncomingMessage.triage == Triage.UNREAD,
        IncomingMessage.kind.is_(None),
        IncomingMessage.kind == Kind.UNREADABLE,
    )
    # Put in order here: asked for an order, SQLite reads all messages by it and not the open ones.
    query = _untriaged().where(sa.or_(_concerns(letter.id), nobodys, unread)).order_by(None)
    return sorted(db.session.scalars(query), key=lambda one: (one.arrived_at, one.id))


def concerns(message: IncomingMessage, letter: Letter) -> bool:
    """Whether the message is matched or suggested to the letter."""
    return message.letter_id == letter.id or any(
        suggestion.letter_id == letter.id for suggestion in message.suggestions
    )


def possibly_theirs(letter: Letter) -> bool:
    """Whether an untriaged message is matched or suggested to the letter."""
    return db.session.scalar(_untriaged().where(_concerns(letter.id)).limit(1)) is not None


def thread(letter_id: int) -> list[Reply]:
    """What the company sent, as persons filed it, oldest first; without what was taken back."""
    query = (
        sa.select(Reply)
        .where(Reply.letter_id == letter_id, Reply.withdrawn_at.is_(None))
        .options(selectinload(Reply.verdicts))
        .order_by(Reply.received_at, Reply.id)
    )
    return list(db.session.scalars(query))


def theirs(letter_id: int) -> list[Reply]:
    """The thread without our own notes of what was said in calls and meetings."""
    return [reply for reply in thread(letter_id) if reply.kind not in NOTES]


def items_of(message: IncomingMessage) -> list[Reply]:
    """The items of threads that the message is filed as; several where it answers for several."""
    query = sa.select(Reply).where(Reply.message_id == message.id, Reply.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Reply.id)))


def message(ref: str) -> IncomingMessage | None:
    """The message with this opaque id."""
    return db.session.scalar(sa.select(IncomingMessage).where(IncomingMessage.ref == ref))


def letter(ref: str) -> Letter | None:
    """The letter with this opaque id."""
    return db.session.scalar(sa.select(Letter).where(Letter.ref == ref))


def filed_before(message: IncomingMessage) -> int:
    """How many messages of the same address persons filed that came before this one."""
    if not message.from_address:
        return 0
    query = sa.select(sa.func.count()).where(
        IncomingMessage.from_address == message.from_address,
        IncomingMessage.triage == Triage.FILED,
        IncomingMessage.arrived_at <= message.arrived_at,
        IncomingMessage.id != message.id,
    )
    return db.session.scalar(query) or 0


def dispatch_of(message: IncomingMessage) -> Dispatch | None:
    """The dispatch that the message answers, returns or is a copy of."""
    return db.session.get(Dispatch, message.dispatch_id) if message.dispatch_id else None


def brought_by(message: IncomingMessage) -> User | None:
    """Who brought the message as a file."""
    return db.session.get(User, message.brought_by_id) if message.brought_by_id else None


def triaged_by(message: IncomingMessage) -> User | None:
    """Who said what the message is."""
    return db.session.get(User, message.triaged_by_id) if message.triaged_by_id else None


def reading_of(message: IncomingMessage) -> Reading | None:
    """What the program read in the message; None while it has not read it."""
    return from_dict(json.loads(message.reading)) if message.reading else None


def inbox(part: str, words: str = "") -> sa.Select[Any]:
    """Messages of one part of the inbox: what waits oldest first, the rest newest first.

    Args:
        part: `waiting`, `unreadable`, `all` or another state of triage.
        words: part of a sender, a subject, a text or a company's name.
    """
    query = sa.select(IncomingMessage).options(
        selectinload(IncomingMessage.suggestions).selectinload(MatchSuggestion.letter),
        selectinload(IncomingMessage.letter),
    )
    if part == "waiting":
        query = query.where(is_open())
    elif part == "unreadable":
        query = query.where(IncomingMessage.kind == Kind.UNREADABLE)
    elif part != "all":
        query = query.where(IncomingMessage.triage == Triage(part))
    if words:
        query = query.where(_matches(words))
    if part == "waiting":
        return query.order_by(IncomingMessage.arrived_at, IncomingMessage.id)
    return query.order_by(IncomingMessage.arrived_at.desc(), IncomingMessage.id.desc())


def next_waiting(message: IncomingMessage) -> str | None:
    """The opaque id of the message that waits after this one; else the first that waits."""
    place = sa.tuple_(IncomingMessage.arrived_at, IncomingMessage.id)
    mine = sa.tuple_(sa.literal(message.arrived_at, Utc), sa.literal(message.id))
    waits = sa.select(IncomingMessage.ref).where(
        IncomingMessage.triage == Triage.WAITING, IncomingMessage.id != message.id
    )
    order = (IncomingMessage.arrived_at, IncomingMessage.id)
    later = db.session.scalar(waits.where(place > mine).order_by(*order).limit(1))
    return later or db.session.scalar(waits.order_by(*order).limit(1))


def _matches(words: str) -> sa.ColumnElement[bool]:
    of_company = Letter.company.has(Company.name.icontains(words, autoescape=True))
    held = (
        column.icontains(words, autoescape=True)
        for column in (
            IncomingMessage.from_name,
            IncomingMessage.from_address,
            IncomingMessage.subject,
            IncomingMessage.text,
        )
    )
    return sa.or_(
        *held,
        IncomingMessage.letter.has(of_company),
        IncomingMessage.suggestions.any(MatchSuggestion.letter.has(of_company)),
    )


class Candidate(NamedTuple):
    """A letter that a message may answer, and what its company is known by."""

    letter_id: int
    company: Company


def candidates() -> list[Candidate]:
    """Every letter that may be answered, with its company and contacts."""
    query = (
        sa.select(Letter)
        .where(Letter.state.in_(MAY_BE_ANSWERED))
        .options(selectinload(Letter.company).selectinload(Company.contacts))
        .order_by(Letter.id)
    )
    return [Candidate(found.id, found.company) for found in db.session.scalars(query)]


def letters_by_tokens(tokens: Iterable[str]) -> list[Letter]:
    """The letters whose reply address holds one of these tokens."""
    wanted = list(dict.fromkeys(tokens))[:500]
    if not wanted:
        return []
    query = sa.select(Letter).where(Letter.reply_token.in_(wanted)).order_by(Letter.id)
    return list(db.session.scalars(query))


def answerable(words: str = "", limit: int = 30) -> list[Letter]:
    """Letters that a message can be filed to, those of companies with these words first."""
    query = (
        sa.select(Letter)
        .join(Letter.company)
        .where(Letter.state.in_(MAY_BE_ANSWERED))
        .order_by(sa.func.lower(Company.name), Letter.id.desc())
    )
    if words:
        query = query.where(Company.name.icontains(words, autoescape=True))
    return list(db.session.scalars(query.limit(limit)))


def unread_ids(limit: int) -> list[int]:
    """Messages that are stored and not read yet, oldest first."""
    query = sa.select(IncomingMessage.id).where(is_open(), IncomingMessage.triage == Triage.UNREAD)
    return list(db.session.scalars(query.order_by(IncomingMessage.id).limit(limit)))


def names(refs: Collection[str]) -> dict[str, str]:
    """Names of those among these opaque ids that are messages, replies or mailboxes."""
    said = sa.select(IncomingMessage.ref, IncomingMessage.subject)
    filed = (
        sa.select(Reply.ref, Company.name)
        .join(Letter, Letter.id == Reply.letter_id)
        .join(Company, Company.id == Letter.company_id)
    )
    boxes = sa.select(MailboxReading.ref, MailboxReading.key)
    told: dict[str, str] = {}
    for ref, subject in db.session.execute(said.where(IncomingMessage.ref.in_(refs))):
        told[ref] = f"Message “{shorten(subject, 60)}”" if subject else "Message without a subject"
    for ref, name in db.session.execute(filed.where(Reply.ref.in_(refs))):
        told[ref] = f"Reply of {name}"
    for ref, key in db.session.execute(boxes.where(MailboxReading.ref.in_(refs))):
        told[ref] = f"Mailbox {key}"
    return told


def waiting_for(letter: Letter) -> list[IncomingMessage]:
    """Untriaged messages that are matched or suggested to the letter, oldest first."""
    return list(db.session.scalars(_untriaged().where(_concerns(letter.id))))


def refs_about(letter: Letter) -> list[str]:
    """The opaque ids of a letter's replies; what merely came in tells of itself there."""
    return list(db.session.scalars(sa.select(Reply.ref).where(Reply.letter_id == letter.id)))
