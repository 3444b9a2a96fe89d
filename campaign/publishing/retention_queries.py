"""Whose words and names are kept no longer, and whose soon."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from campaign.awaiting.answer_models import OutgoingAnswer
from campaign.campaigns.models import Picture
from campaign.companies.models import Company
from campaign.drafting.attachment_models import Attachment
from campaign.drafting.models import FrozenText, Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.publishing.models import Record, RecordEntry
from campaign.publishing.retention_models import RetentionHold
from campaign.publishing.retention_rules import Term
from campaign.replies.file_models import ReplyFile, ReplyFileVersion
from campaign.replies.kinds import Kind
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.note_models import Note, NoteFile
from campaign.replies.rules import Triage
from campaign.sending.models import DeliveryEvidence, Dispatch

_OVER = (LetterState.CONCLUDED, LetterState.WITHDRAWN)
_NOBODYS = (Triage.DISMISSED, Triage.SPAM, Triage.SETTLED)
# A copy of our own mail is our words, and shows that the relay took the letter.
_THEIRS = sa.or_(IncomingMessage.kind.is_(None), IncomingMessage.kind != Kind.OWN_COPY)


class Soon(NamedTuple):
    """A letter of which the correspondence goes next; `last` is its last word, aware UTC."""

    letter: Letter
    last: datetime


def due_letters(term: Term, limit: int, only: int | None = None) -> list[int]:
    """Numbers of letters that are over, silent for the term, kept by nobody, and not erased.

    Args:
        only: this letter or none.
    """
    by_message = sa.select(IncomingMessage.letter_id).where(
        IncomingMessage.erased_at.is_(None),
        IncomingMessage.arrived_at < term.before,
        IncomingMessage.letter_id.is_not(None),
        _THEIRS,
        ~_answers_another(term),
    )
    by_reply = sa.select(Reply.letter_id).where(
        Reply.erased_at.is_(None), Reply.received_at < term.before
    )
    query = (
        sa.select(Letter.id)
        .where(Letter.id.in_(sa.union_all(by_message, by_reply)), ~_still_needed(Letter, term))
        .order_by(Letter.id)
        .limit(limit)
    )
    if only is not None:
        query = query.where(Letter.id == only)
    return list(db.session.scalars(query))


def _still_needed(letter: type[Letter], term: Term) -> sa.ColumnElement[bool]:
    """SQL on letters: not over, or something came, went or was published, or a person keeps it."""
    message, reply = aliased(IncomingMessage), aliased(Reply)
    newest = sa.select(sa.func.max(RetentionHold.id)).where(RetentionHold.letter_id == letter.id)
    kept = RetentionHold.id == newest.correlate(letter).scalar_subquery()
    reasons = (
        sa.select(message.id).where(
            message.letter_id == letter.id, message.arrived_at >= term.before
        ),
        sa.select(reply.id).where(reply.letter_id == letter.id, reply.filed_at >= term.before),
        sa.select(Dispatch.id).where(
            Dispatch.letter_id == letter.id, Dispatch.state_at >= term.before
        ),
        sa.select(RecordEntry.id)
        .join(Record, Record.id == RecordEntry.record_id)
        .where(Record.letter_id == letter.id, RecordEntry.at >= term.before),
        sa.select(RetentionHold.id).where(kept, RetentionHold.until >= term.today),
    )
    return sa.or_(letter.state.not_in(_OVER), *(one.correlate(letter).exists() for one in reasons))


def _answers_another(term: Term) -> sa.ColumnElement[bool]:
    """SQL on `IncomingMessage`: it was filed to a letter too that still needs it."""
    other = aliased(Letter)
    return (
        sa.select(Reply.id)
        .join(other, other.id == Reply.letter_id)
        .where(Reply.message_id == IncomingMessage.id, _still_needed(other, term))
        .correlate(IncomingMessage)
        .exists()
    )


def nobodys(before: datetime, limit: int) -> list[int]:
    """Numbers of messages that are no company's reply, came before `before`, are not erased."""
    query = (
        sa.select(IncomingMessage.id)
        .where(
            IncomingMessage.erased_at.is_(None),
            IncomingMessage.arrived_at < before,
            IncomingMessage.letter_id.is_(None),
            IncomingMessage.triage.in_(_NOBODYS),
            _THEIRS,
        )
        .order_by(IncomingMessage.arrived_at)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def messages_of(letter_id: int, term: Term) -> Sequence[IncomingMessage]:
    """A letter's messages that are not erased, without the copies of the letter's own mails."""
    answers = sa.select(Dispatch.id).where(
        Dispatch.letter_id == letter_id, Dispatch.kind == TextKind.ANSWER
    )
    return db.session.scalars(
        sa.select(IncomingMessage).where(
            IncomingMessage.letter_id == letter_id,
            IncomingMessage.erased_at.is_(None),
            sa.or_(_THEIRS, IncomingMessage.dispatch_id.in_(answers)),
            ~_answers_another(term),
        )
    ).all()


def replies_of(letter_id: int) -> Sequence[Reply]:
    """A letter's replies that are not erased."""
    return db.session.scalars(
        sa.select(Reply).where(Reply.letter_id == letter_id, Reply.erased_at.is_(None))
    ).all()


def answers_to(letter_id: int) -> Sequence[OutgoingAnswer]:
    """What we wrote in a letter's thread, drafts among it."""
    return db.session.scalars(
        sa.select(OutgoingAnswer)
        .where(OutgoingAnswer.letter_id == letter_id)
        .options(joinedload(OutgoingAnswer.dispatch))
    ).all()


def notes_of(letter_id: int) -> Sequence[Note]:
    """A letter's notes of calls and meetings that are not erased."""
    return db.session.scalars(
        sa.select(Note).where(Note.letter_id == letter_id, Note.erased_at.is_(None))
    ).all()


def unneeded(hashes: Collection[str]) -> list[str]:
    """Those of these hashes whose bytes nothing needs that is public, ours or not erased yet."""
    wanted = set(hashes) - {""}
    needed: set[str | None] = set()
    for query in (
        sa.select(ReplyFile.sha256)
        .join(Reply)
        .where(sa.or_(Reply.erased_at.is_(None), ReplyFile.published == 0)),
        sa.select(ReplyFileVersion.sha256)
        .join(ReplyFile, ReplyFile.id == ReplyFileVersion.file_id)
        .join(Reply)
        .where(sa.or_(Reply.erased_at.is_(None), ReplyFile.published == ReplyFileVersion.number)),
        sa.select(NoteFile.sha256).join(Note).where(Note.erased_at.is_(None)),
        sa.select(IncomingMessage.sha256).where(IncomingMessage.erased_at.is_(None)),
        sa.select(IncomingMessage.original_sha256).where(IncomingMessage.erased_at.is_(None)),
        sa.select(Dispatch.file_sha256).where(Dispatch.kind != TextKind.ANSWER),
        sa.select(DeliveryEvidence.file_sha256),
        sa.select(Attachment.sha256),
        sa.select(Picture.sha256),
        sa.select(FrozenText.pdf_sha256),  # companies send our own letter back
    ):
        (column,) = query.selected_columns
        needed.update(db.session.scalars(query.where(column.in_(wanted))))
    return sorted(wanted - needed)


def files_to_go(since: datetime) -> list[str]:
    """Hashes of the messages erased since whose bytes nothing needs any more."""
    recent = IncomingMessage.erased_at >= since
    pairs = db.session.execute(
        sa.select(IncomingMessage.sha256, IncomingMessage.original_sha256).where(recent)
    )
    return unneeded({one for pair in pairs for one in pair if one})


def soon(limit: int = 100) -> list[Soon]:
    """Letters that are over and still hold correspondence, those silent for longest first."""
    last = (
        sa.select(sa.func.max(IncomingMessage.arrived_at))
        .where(IncomingMessage.letter_id == Letter.id, IncomingMessage.erased_at.is_(None), _THEIRS)
        .correlate(Letter)
        .scalar_subquery()
    )
    query = (
        sa.select(Letter, last.label("last"))
        .join(Company, Company.id == Letter.company_id)
        .where(Letter.state.in_(_OVER), last.is_not(None))
        .options(joinedload(Letter.company), joinedload(Letter.campaign))
        .order_by(sa.text("last"))
        .limit(limit)
    )
    return [Soon(letter, when) for letter, when in db.session.execute(query)]


def holds(letter_ids: Sequence[int]) -> dict[int, RetentionHold]:
    """The newest word for each of these letters that its correspondence is kept longer."""
    rows = db.session.scalars(
        sa.select(RetentionHold)
        .where(RetentionHold.letter_id.in_(letter_ids))
        .options(joinedload(RetentionHold.by))
        .order_by(RetentionHold.id)
    )
    return {row.letter_id: row for row in rows}
