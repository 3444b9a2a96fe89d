"""What staff do with letters that were ordered together: pause, go on, slow down, take back."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.effects import unfix_questions
from campaign.database import transaction
from campaign.drafting.models import Letter, LetterState
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import batch_queries
from campaign.sending.effects import changed
from campaign.sending.models import Batch, Dispatch
from campaign.sending.pacing import Pace
from campaign.sending.rules import DispatchState

_UNTOUCHED = (DispatchState.QUEUED, DispatchState.WITHDRAWN)


def _held(session: Session, batch_id: int) -> Batch:
    """The batch, locked.

    Raises:
        Problem: `batch-is-over` where nothing of it waits any more.
    """
    batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
    if batch.taken_back_at is not None or not batch_queries.waits(batch.id):
        raise Problem("batch-is-over")
    return batch


def pause(batch_id: int, *, actor: User | None) -> Batch:
    """Let no more mails of the batch leave; one that a sender holds stops at its last gate.

    Raises:
        Problem: `batch-is-over`.
    """
    with transaction() as session:
        batch = _held(session, batch_id)
        if batch.paused_at is None:
            batch.paused_at, batch.paused_by_id = clock.now(), actor.id if actor else None
            record("batch.paused", batch, actor=actor)
        return batch


def resume(batch_id: int, *, actor: User | None) -> Batch:
    """Let the mails of the batch leave again; what has too little time left by now will not go.

    Raises:
        Problem: `batch-is-over`.
    """
    with transaction() as session:
        batch = _held(session, batch_id)
        if batch.paused_at is not None:
            batch.paused_at = batch.paused_by_id = None
            record("batch.resumed", batch, actor=actor)
        return batch


def change_pace(batch_id: int, pace: Pace, *, actor: User | None) -> Batch:
    """Let the rest of the batch leave at another pace.

    Args:
        pace: 0 for what the mail server bears.

    Raises:
        Problem: `batch-is-over`.
    """
    with transaction() as session:
        batch = _held(session, batch_id)
        before = batch.per_minute, batch.per_domain
        batch.per_minute, batch.per_domain = pace.per_minute or None, pace.per_domain or None
        if before != (batch.per_minute, batch.per_domain):
            record(
                "batch.pace_changed",
                batch,
                actor=actor,
                changed={
                    "per_minute": [before[0], batch.per_minute],
                    "per_domain": [before[1], batch.per_domain],
                },
            )
        return batch


def take_back(batch_id: int, *, actor: User | None) -> Batch:
    """Undo the order of a batch of which nothing has begun to leave; its letters are approved.

    Its dispatches are deleted while they are as they were ordered. One that a sender holds, or a
    person has sent, is not: then nothing is taken back at all.

    Raises:
        Problem: `batch-has-begun`, `batch-is-over`.
    """
    with transaction() as session:
        batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
        if batch.taken_back_at is not None:
            raise Problem("batch-is-over")
        mine = Dispatch.batch_id == batch.id
        letters = session.execute(
            sa.select(Letter.id, Letter.ref).where(
                sa.exists().where(Dispatch.letter_id == Letter.id, mine)
            )
        ).all()
        total = session.scalar(sa.select(sa.func.count()).select_from(Dispatch).where(mine))
        deleted = session.execute(
            sa.delete(Dispatch)
            .where(mine, Dispatch.state.in_(_UNTOUCHED), Dispatch.attempts == 0)
            .execution_options(synchronize_session=False)
        )
        approved = session.execute(
            sa.update(Letter)
            .where(Letter.id.in_([row.id for row in letters]), Letter.state == LetterState.SENDING)
            .values(state=LetterState.APPROVED)
            .execution_options(synchronize_session=False)
        )
        if changed(deleted) != total or changed(approved) != len(letters):
            raise Problem("batch-has-begun")
        session.expire_all()
        batch.taken_back_at, batch.taken_back_by_id = clock.now(), actor.id if actor else None
        if not batch_queries.any_ordered(batch.campaign_id):
            unfix_questions(batch.campaign)
        for row in letters:
            record("letter.taken_back", row.ref, actor=actor)
        record("batch.taken_back", batch, actor=actor, letters=len(letters))
        return batch


def note_report(batch_id: int, *, actor: User | None) -> Batch:
    """Take the report of a batch from Today: somebody has read it.

    Raises:
        Problem: `batch-goes-on` while something of it still waits.
    """
    with transaction() as session:
        batch = session.get_one(Batch, batch_id, with_for_update=True, populate_existing=True)
        if batch_queries.waits(batch.id):
            raise Problem("batch-goes-on")
        if batch.report_read_at is None:
            batch.report_read_at = clock.now()
            batch.report_read_by_id = actor.id if actor else None
            record("batch.report_read", batch, actor=actor)
        return batch
