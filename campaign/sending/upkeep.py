"""What no sender holds any more: rows of dead senders, and texts whose time is over."""

from __future__ import annotations

import sqlalchemy as sa

from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.sending import queries
from campaign.sending.effects import letter_left, move
from campaign.sending.models import Dispatch, is_held, waits_to_leave
from campaign.sending.rules import DispatchState

_S = DispatchState


def recover_stale() -> int:
    """Take back the rows of dead senders; how many.

    `claimed` is queued again; `transmitting` becomes `unknown` and is never sent again by
    itself (reliability.md, Sending 3).
    """
    dead = sa.and_(
        is_held(),
        Dispatch.lease_until <= clock.real_now(),
    )
    if not db.session.scalar(sa.select(sa.exists().where(dead))):
        return 0
    taken = 0
    with transaction() as session:
        rows = session.execute(
            sa.select(
                Dispatch.id, Dispatch.ref, Dispatch.letter_id, Dispatch.kind, Dispatch.state
            ).where(dead)
        ).all()
        for row in rows:
            lost = row.state is _S.TRANSMITTING
            new = _S.UNKNOWN if lost else _S.QUEUED
            why = "The program stopped while it was handing the mail over." if lost else ""
            if move(row.id, new, dead, Dispatch.state == row.state, why=why):
                taken += 1
                letter_left(row.letter_id, row.kind, new)
                record(f"dispatch.{new.value}", row.ref, why=why or "its sender stopped")
    return taken


def close_what_may_not_leave() -> int:
    """End queued rows that no gate would let through any more; how many.

    A text that leaves too little time until the deadline that it states expires; what belongs to
    a letter that was withdrawn, or to a round that is over, is withdrawn.
    """
    now = clock.now()
    late = sa.and_(~queries.in_time(now), Dispatch.channel == Channel.EMAIL)
    ended = ~queries.may_still_leave()
    waiting = waits_to_leave()
    found = sa.select(Dispatch.id, Dispatch.ref, ended.label("ended")).where(
        waiting, sa.or_(late, ended)
    )
    if db.session.execute(found.limit(1)).first() is None:
        return 0
    closed = 0
    with transaction() as session:
        for row in session.execute(found.limit(500)).all():
            new = _S.WITHDRAWN if row.ended else _S.EXPIRED
            why = (
                "Its letter does not go out any more."
                if row.ended
                else "Too little time was left until the deadline that it states."
            )
            if move(row.id, new, waits_to_leave(), why=why):
                closed += 1
                record(f"dispatch.{new.value}", row.ref, why=why)
    return closed
