"""Taking back what was published: in the open, never in silence (fairness.md rule 23).

A record stays at its address for ever. What stood there stays in its history, and in its place
stands when we withdrew it and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history import rules as history_rules
from campaign.kernel import days
from campaign.kernel.errors import Problem
from campaign.publishing import operations, queries, statements, words
from campaign.publishing.models import Record, RecordEntry, Response

_SHOWN = 20
UNDO_FOR = timedelta(hours=1)
"""So long after a publication staff are offered to undo it wherever they see it."""


def retract(letter_id: int, *, why: str, actor: User) -> Record:
    """Withdraw what the record says now; a person's act, possible at any time, halted or not.

    The program does not publish about the letter again: only a person does, when a reply comes.

    Raises:
        Problem: `nothing-published`, or `reason-missing`.
    """
    if not why.strip():
        raise Problem("reason-missing", act="taking back what was published")
    with transaction(publishes=True):
        letter = db.session.get_one(Letter, letter_id, with_for_update=True)
        newest = queries.newest_entry(letter_id)
        if newest is None or newest.response is Response.WITHDRAWN:
            raise Problem("nothing-published", company=letter.company.name)
        return operations.add_entry(
            letter,
            Response.WITHDRAWN,
            statement=statement_of(letter, newest),
            basis=history_rules.canonical([]),
            actor=actor,
            comment=why,
        )


def statement_of(letter: Letter, entry: RecordEntry) -> str:
    """What stands in the place of this entry once it is withdrawn."""
    timeliness = entry.timeliness.value if entry.timeliness else None
    return statements.retracted(
        words.headline(entry.response.value, letter.company.name, timeliness),
        days.local_date(entry.at, days.zone_of(letter.company.timezone)),
    )


def undo_until(entry: RecordEntry) -> datetime:
    """Until when undoing it is offered, aware UTC."""
    return entry.at + UNDO_FOR


def just_published(now: datetime) -> Sequence[RecordEntry]:
    """What records say since less than an hour, newest first, and is not withdrawn."""
    later = sa.orm.aliased(RecordEntry)
    newer = sa.exists().where(
        later.record_id == RecordEntry.record_id, later.number > RecordEntry.number
    )
    query = (
        sa.select(RecordEntry)
        .where(RecordEntry.at > now - UNDO_FOR, RecordEntry.response != Response.WITHDRAWN, ~newer)
        .options(joinedload(RecordEntry.record).joinedload(Record.letter))
        .order_by(RecordEntry.at.desc(), RecordEntry.id.desc())
        .limit(_SHOWN)
    )
    return db.session.scalars(query).all()
