"""Reading records and what leads to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import orm

from campaign.awaiting import queries as awaiting
from campaign.awaiting.models import Waiting
from campaign.campaigns.queries import embargo_holds
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.publishing import statements
from campaign.publishing.models import Record, RecordEntry, Response
from campaign.replies.models import Reply
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch
from campaign.sending.rules import NOT_REACHED, NOT_YET_LEAVING, DispatchState

LEFT_STATES = (LetterState.OPEN, LetterState.CONCLUDED)
CHANNEL_WORDS = {
    "email": "by e-mail",
    "form": "through its contact form",
    "post": "by post",
    "mention": "by a public mention",
}


def to_look_at(now: datetime, after: awaiting.Due | None, limit: int) -> list[awaiting.Due]:
    """Open letters, without a record, of which the gate is looked at now; oldest deadline first."""
    query = (
        awaiting.due(Waiting.look_from, now, after, limit)
        .outerjoin(Record, Record.letter_id == Letter.id)
        .where(Record.id.is_(None))
    )
    return [(moment, letter_id) for moment, letter_id in db.session.execute(query)]


def record_of(letter_id: int) -> Record | None:
    """The letter's public record, if it has one."""
    return db.session.scalar(sa.select(Record).where(Record.letter_id == letter_id))


def refs_about(letter: Letter) -> list[str]:
    """The opaque id of a letter's public record, if it has one."""
    return list(db.session.scalars(sa.select(Record.ref).where(Record.letter_id == letter.id)))


def newest_entry(letter_id: int) -> RecordEntry | None:
    """What the letter's record says now, if it has one."""
    return db.session.scalar(
        sa.select(RecordEntry)
        .join(Record, Record.id == RecordEntry.record_id)
        .where(Record.letter_id == letter_id)
        .order_by(RecordEntry.number.desc())
        .limit(1)
    )


def reply(ref: str) -> Reply | None:
    """The item of a thread with this opaque id."""
    return db.session.scalar(sa.select(Reply).where(Reply.ref == ref))


def published_replies(ids: Collection[int]) -> frozenset[int]:
    """Those of these replies (ids) that stand in a record, and were not withdrawn with it."""
    later = orm.aliased(RecordEntry)
    withdrawn = sa.exists().where(
        later.record_id == RecordEntry.record_id,
        later.number > RecordEntry.number,
        later.response == Response.WITHDRAWN,
    )
    query = sa.select(RecordEntry.reply_id).where(RecordEntry.reply_id.in_(ids), ~withdrawn)
    return frozenset(found for found in db.session.scalars(query) if found is not None)


def stops(letter: Letter) -> list[str]:
    """What keeps everything about the letter from being published now, in words."""
    found = [f"on hold: {hold.why}" for hold in awaiting.holds_on(letter)]
    if embargo_holds(letter.campaign, clock.now()):
        found.append("the campaign is under embargo")
    if sending.standing_halt() is not None:
        found.append("everything is halted")
    return found


def told(letter: Letter, as_of: datetime, acknowledged_on: date | None = None) -> statements.Told:
    """What a statement about the letter is made of."""
    waiting = awaiting.waiting_of(letter)
    frozen = awaiting.standing(letter).frozen
    deadline = waiting.deadline_on if waiting and waiting.deadline_on else None
    told = told_from(
        letter,
        _of_the_round_that_left(letter),
        deadline=deadline or (frozen.deadline_on if frozen else None),
        as_of=as_of,
    )
    return replace(told, acknowledged_on=acknowledged_on)


def _of_the_round_that_left(letter: Letter) -> list[Dispatch]:
    """What was sent in the newest round that left: the one before while a resend is prepared."""
    dispatches = sending.dispatches_of(letter.id)
    left = {
        d.round
        for d in dispatches
        if d.kind is TextKind.LETTER and d.state not in (*NOT_YET_LEAVING, DispatchState.WITHDRAWN)
    }
    newest = max(left, default=letter.round)
    return [d for d in dispatches if d.round == newest]


def told_from(
    letter: Letter, dispatches: Sequence[Dispatch], *, deadline: date | None, as_of: datetime
) -> statements.Told:
    """The same from what was read already: `dispatches` are those of the letter's round."""
    sent = [
        d
        for d in dispatches
        if d.kind is TextKind.LETTER and d.state.value not in ("withdrawn", "queued")
    ]
    left = [d for d in sent if d.state not in NOT_REACHED] or sent
    zone = days.zone_of(letter.company.timezone)
    first = min((d.accepted_at or d.state_at for d in left), default=as_of)
    channels = list(dict.fromkeys(CHANNEL_WORDS[d.channel.value] for d in left))
    return statements.Told(
        company=letter.company.name,
        office=next((d.contact.office for d in left if d.contact.office), ""),
        sent_on=days.local_date(first, zone),
        channels=channels,
        deadline=deadline,
        as_of=as_of,
        zone=letter.company.timezone,
    )


def is_public(letter: Letter, now: datetime | None = None) -> bool:
    """The one visibility check of everything about a letter, used by every output.

    A letter is public from the moment it left, also while a resend of it is prepared, and while
    its campaign is under no embargo (fairness.md rule 24).
    """
    if embargo_holds(letter.campaign, now or clock.now()):
        return False
    return letter.state in LEFT_STATES or letter.round > 1


def has_left() -> sa.ColumnElement[bool]:
    """`is_public` as a condition, but for the embargo; it only narrows a list down."""
    return sa.or_(Letter.state.in_(LEFT_STATES), Letter.round > 1)
