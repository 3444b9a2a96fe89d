"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from campaign.accounts.models import User
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.drafting import frozen as frozen_texts
from campaign.drafting import queries as drafting
from campaign.drafting.mentioning import Mention
from campaign.drafting.models import FrozenText, Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.sending import rules
from campaign.sending.models import (
    Batch,
    DeliveryEvidence,
    Dispatch,
    DispatchAttempt,
    Halt,
    waits_to_leave,
)
from campaign.sending.parcels import Approved
from campaign.sending.rules import DispatchState, EvidenceKind

_S = DispatchState
_LIVE = (LetterState.SENDING, LetterState.OPEN)
_LEAVING = (EvidenceKind.ACCEPTED, EvidenceKind.FORM_SUBMITTED, EvidenceKind.POSTED)
_KINDS = {
    TextKind.LETTER: "Letter",
    TextKind.REMINDER: "Reminder",
    TextKind.FINAL_NOTICE: "Final notice",
    TextKind.ANSWER: "Answer",
}
TROUBLE_PAUSE = timedelta(minutes=1)
"""How long nothing is tried after the way itself was broken."""


def find(ref: str) -> Dispatch | None:
    """The dispatch with this opaque id."""
    return db.session.scalar(sa.select(Dispatch).where(Dispatch.ref == ref))


def dispatches_of(letter_id: int, round: int | None = None) -> list[Dispatch]:
    """All dispatches of a letter, or of one of its rounds, oldest first, with their evidence.

    Letter, reminders and notices: answers that a person wrote say nothing of their delivery.
    """
    query = sa.select(Dispatch).where(Dispatch.letter_id == letter_id, carries_the_letter())
    if round is not None:
        query = query.where(Dispatch.round == round)
    query = query.order_by(Dispatch.created_at, Dispatch.id)
    return list(db.session.scalars(query.options(selectinload(Dispatch.evidence))))


def answers_sent(letter_id: int) -> list[Dispatch]:
    """The answers in a letter's thread that were ordered, oldest first, with their evidence."""
    query = sa.select(Dispatch).where(Dispatch.letter_id == letter_id, ~carries_the_letter())
    query = query.order_by(Dispatch.created_at, Dispatch.id)
    return list(db.session.scalars(query.options(selectinload(Dispatch.evidence))))


def carries_the_letter() -> sa.ColumnElement[bool]:
    """SQL on `Dispatch`: the letter or a reminder of it, not an answer in its thread."""
    return Dispatch.kind != TextKind.ANSWER


def to_remind(letter: Letter) -> list[Dispatch]:
    """The dispatches of the letter's round by whose ways it is reminded (fairness.md rule 11).

    The mails that were accepted and have not come back; for a company without e-mail what went
    by form or post.
    """
    reached = [
        dispatch
        for dispatch in dispatches_of(letter.id, letter.round)
        if dispatch.kind is TextKind.LETTER and dispatch.state in rules.LEFT
    ]
    mails = [dispatch for dispatch in reached if dispatch.channel is Channel.EMAIL]
    return mails or [one for one in reached if one.channel in (Channel.FORM, Channel.POST)]


def proof(letter: Letter, *, mailbox_read_at: datetime | None) -> rules.Graded:
    """The proof of the letter's round: computed, never stored (fairness.md rule 7).

    Args:
        mailbox_read_at: start of the last complete reading of the mailbox that bounces come to.
    """
    return rules.best(
        rules.grade(as_sent(dispatch, mailbox_read_at))
        for dispatch in dispatches_of(letter.id, letter.round)
        if dispatch.kind is TextKind.LETTER
    )


def as_sent(dispatch: Dispatch, mailbox_read_at: datetime | None) -> rules.Sent:
    """A dispatch as the proof grade needs it."""
    return rules.Sent(
        channel=dispatch.channel,
        state=dispatch.state,
        verified=dispatch.verified,
        evidence=tuple(rules.Evidence(e.kind, e.at) for e in dispatch.evidence),
        mailbox_read_after=mailbox_read_at,
    )


def left_at(letter: Letter, round: int | None = None) -> datetime | None:
    """The first moment at which the letter left, or may have, through a direct channel.

    Args:
        round: of this round only; of any where it is None.
    """
    mine = [Dispatch.letter_id == letter.id, Dispatch.kind == TextKind.LETTER]
    if round is not None:
        mine.append(Dispatch.round == round)
    shown = sa.select(sa.func.min(DeliveryEvidence.at)).join(Dispatch)
    perhaps = sa.select(sa.func.min(Dispatch.state_at)).where(Dispatch.state == _S.UNKNOWN)
    moments = (
        db.session.scalar(shown.where(*mine, DeliveryEvidence.kind.in_(_LEAVING))),
        db.session.scalar(perhaps.where(*mine)),
    )
    return min((moment for moment in moments if moment is not None), default=None)


def by_message_ids(ids: Iterable[str]) -> list[Dispatch]:
    """The dispatches with these Message-IDs (angle brackets included)."""
    return _with(Dispatch.message_id, ids)


def by_tokens(tokens: Iterable[str]) -> list[Dispatch]:
    """The dispatches whose envelope sender holds one of these tokens."""
    return _with(Dispatch.token, tokens)


def _with(column: Any, values: Iterable[str]) -> list[Dispatch]:
    wanted = list(dict.fromkeys(values))[:500]
    if not wanted:
        return []
    return list(db.session.scalars(sa.select(Dispatch).where(column.in_(wanted))))


def approved_text(letter: Letter) -> Approved:
    """The letter's frozen text, its hash computed anew and compared with what was signed.

    Raises:
        Problem: `letter-not-approved`.
    """
    row = drafting.current_frozen(letter)
    if row is None or not drafting.is_approved(row):
        raise Problem("letter-not-approved", company=letter.company.name)
    return Approved(row, frozen_texts.load(row))


def standing_halt() -> Halt | None:
    """The halt that stands, if one does."""
    return db.session.scalar(sa.select(Halt).where(Halt.standing.is_(True)))


def halt_words() -> str:
    """Why everything is halted; empty while nothing is."""
    halt = standing_halt()
    return halt.why if halt else ""


def not_halted() -> sa.ColumnElement[bool]:
    """SQL: no halt stands."""
    return ~sa.exists().where(Halt.standing.is_(True))


def may_still_leave() -> sa.ColumnElement[bool]:
    """SQL on `Dispatch`: its letter is live, in this round, and its text was not voided.

    An answer in its thread is ordered by a person for itself, whatever becomes of the letter.
    """
    stands = sa.exists().where(
        FrozenText.id == Dispatch.frozen_text_id, FrozenText.voided_at.is_(None)
    )
    of_the_letter = sa.and_(_of_this_round(*_LIVE), stands.correlate(Dispatch))
    return sa.or_(~carries_the_letter(), of_the_letter)


def _of_this_round(*states: LetterState) -> sa.ColumnElement[bool]:
    """SQL on `Dispatch`: its letter is in one of these states, and in its round."""
    live = sa.exists().where(
        Letter.id == Dispatch.letter_id, Letter.state.in_(states), Letter.round == Dispatch.round
    )
    return live.correlate(Dispatch)


def not_paused() -> sa.ColumnElement[bool]:
    """SQL on `Dispatch`: what it was ordered with is not paused."""
    paused = sa.exists().where(Batch.id == Dispatch.batch_id, Batch.paused_at.is_not(None))
    return sa.or_(Dispatch.batch_id.is_(None), ~paused.correlate(Dispatch))


def in_time(now: datetime) -> sa.ColumnElement[bool]:
    """SQL on `Dispatch`: there is time enough until the deadline that it states."""
    return sa.or_(Dispatch.not_after.is_(None), Dispatch.not_after > now)


def sending_trouble() -> str:
    """Why mail does not leave although it could; empty while it does.

    One line: the words of the newest trouble with the way itself (server unreachable, TLS,
    sign-in, a full disk), not with one recipient. It ends when the mail that met it has left.
    """
    no_answer = sa.exists().where(
        DispatchAttempt.dispatch_id == Dispatch.id,
        DispatchAttempt.number == Dispatch.attempts,
        DispatchAttempt.code.is_(None),
    )
    found = db.session.scalar(
        sa.select(Dispatch.why)
        .where(
            Dispatch.why != "",
            Dispatch.channel == Channel.EMAIL,
            waits_to_leave(),
            sa.or_(Dispatch.state == _S.QUEUED, sa.and_(Dispatch.state == _S.DEFERRED, no_answer)),
        )
        .order_by(Dispatch.state_at.desc(), Dispatch.id.desc())
        .limit(1)
    )
    return found or ""


def way_rests(now: datetime) -> bool:
    """Whether the way was broken less than a minute ago."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    waits_to_leave(),
                    Dispatch.state == _S.QUEUED,
                    Dispatch.why != "",
                    Dispatch.not_before > now,
                    Dispatch.not_before <= now + TROUBLE_PAUSE,
                )
            )
        )
    )


PARTS = ("leaving", "tasks", "failed")


@dataclass(frozen=True)
class Line:
    """One dispatch in a list for staff; `at` is since when it stands there, or when it left."""

    ref: str
    company: str
    kind: TextKind
    channel: Channel
    recipient: str
    state: DispatchState
    at: datetime
    not_before: datetime
    why: str


@dataclass(frozen=True)
class Lines:
    """One page of a list; `pages`, `page` and `total` are what the pager asks for."""

    items: Sequence[Line]
    page: int
    pages: int
    total: int


def _part(part: str) -> sa.ColumnElement[bool]:
    """SQL: which dispatches stand in a part of the queue page."""
    by_mail = Dispatch.channel == Channel.EMAIL
    if part == "leaving":
        waiting = (_S.QUEUED, _S.DEFERRED, _S.CLAIMED, _S.TRANSMITTING)
        return sa.and_(by_mail, Dispatch.state.in_(waiting))
    if part == "tasks":
        return sa.or_(sa.and_(~by_mail, Dispatch.state == _S.QUEUED), Dispatch.state == _S.UNKNOWN)
    return sa.and_(
        Dispatch.state.in_(rules.NOT_REACHED),
        _of_this_round(*_LIVE),
    )


_SHOWN = (
    Dispatch.ref,
    Company.name,
    Dispatch.kind,
    Dispatch.channel,
    Dispatch.recipient,
    Dispatch.state,
)


def lines(part: str, page: int, per_page: int) -> Lines:
    """One page of a part of the queue."""
    order: Sequence[Any] = (Dispatch.not_before, Dispatch.id)
    if part == "failed":
        order = (Dispatch.state_at.desc(), Dispatch.id.desc())
    return _lines(_part(part), Dispatch.state_at, order, page, per_page)


def captured(page: int, per_page: int = 50) -> Lines:
    """The mails that left into the captured outbox, newest first."""
    left = sa.and_(Dispatch.channel == Channel.EMAIL, Dispatch.accepted_at.is_not(None))
    newest = (Dispatch.accepted_at.desc(), Dispatch.id.desc())
    return _lines(left, Dispatch.accepted_at, newest, page, per_page)


def _lines(
    where: sa.ColumnElement[bool], at: Any, order: Sequence[Any], page: int, per_page: int
) -> Lines:
    """Columns only, and two queries, whatever the number of letters."""
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Dispatch).where(where)) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        sa.select(*_SHOWN, at, Dispatch.not_before, Dispatch.why)
        .join(Letter, Letter.id == Dispatch.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .where(where)
        .order_by(*order)
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return Lines([Line(*row) for row in rows], page, pages, total)


def attempts_of(dispatch: Dispatch) -> list[DispatchAttempt]:
    """Its conversations with servers, oldest first."""
    return list(
        db.session.scalars(
            sa.select(DispatchAttempt)
            .where(DispatchAttempt.dispatch_id == dispatch.id)
            .order_by(DispatchAttempt.number)
        )
    )


def text_to_paste(dispatch: Dispatch) -> str:
    """The text that a person fills in or posts; empty where there is nothing to copy.

    A letter by post is printed from its PDF; a reminder has its text only.
    """
    first = dispatch.kind is TextKind.LETTER
    by_hand = dispatch.channel is Channel.FORM or (dispatch.channel is Channel.POST and not first)
    if not by_hand or dispatch.state is not _S.QUEUED:
        return ""
    text = frozen_texts.load(db.session.get_one(FrozenText, dispatch.frozen_text_id))
    if first or dispatch.states_deadline is None:
        return text.letter_mail().text
    return text.reminder_mail(dispatch.kind, dispatch.states_deadline).text


def mention_of(dispatch: Dispatch) -> Mention | None:
    """What a person posts for a letter's dispatch by mention, as it was approved."""
    if dispatch.channel is not Channel.MENTION or dispatch.kind is not TextKind.LETTER:
        return None
    text = frozen_texts.load(db.session.get_one(FrozenText, dispatch.frozen_text_id))
    return next((one for one in text.mentions if one.contact == dispatch.recipient), None)


def with_company(ref: str) -> Dispatch | None:
    """The dispatch with letter, company and evidence loaded, for its page."""
    return db.session.scalar(
        sa.select(Dispatch)
        .where(Dispatch.ref == ref)
        .options(
            joinedload(Dispatch.letter).joinedload(Letter.company),
            joinedload(Dispatch.known_contact),
            selectinload(Dispatch.evidence),
        )
    )


def who(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people, by number."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    return {
        user.id: str(user)
        for user in db.session.scalars(sa.select(User).where(User.id.in_(wanted)))
    }


def names(refs: Collection[str]) -> dict[str, str]:
    """Names of those among these opaque ids that are dispatches or halts, for the history."""
    found = db.session.execute(
        sa.select(Dispatch.ref, Dispatch.kind, Company.name)
        .join(Letter, Letter.id == Dispatch.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .where(Dispatch.ref.in_(refs))
    )
    named = {ref: f"{_KINDS[kind]} to {name}" for ref, kind, name in found}
    halts = db.session.scalars(sa.select(Halt.ref).where(Halt.ref.in_(refs)))
    return named | dict.fromkeys(halts, "The halt")


def refs_about(letter: Letter) -> list[str]:
    """The opaque ids of everything that was sent of a letter, answers too."""
    return list(db.session.scalars(sa.select(Dispatch.ref).where(Dispatch.letter_id == letter.id)))
