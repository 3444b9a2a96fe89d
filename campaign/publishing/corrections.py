"""What we changed on records by ourselves, without a new reply: corrections (fairness.md rule 23).

A reply that comes late changes a headline too, but nothing was wrong before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.publishing import public_queries
from campaign.publishing.models import Record, RecordEntry
from campaign.publishing.shown import Shown


class Correction(NamedTuple):
    """One change of a record.

    Attributes:
        at: when it was made, aware UTC.
        was: what the record said before, a response of fairness.md rule 16.
        now: what it said from then on.
        why: our reason, in public words.
    """

    at: datetime
    was: str
    now: str
    why: str


class Listed(NamedTuple):
    """A correction with the record that it is of."""

    correction: Correction
    shown: Shown


def of(shown: Shown) -> list[Correction]:
    """The corrections of a record, oldest first."""
    return [
        Correction(entry.at, before.response.value, entry.response.value, shown.mask(entry.comment))
        for before, entry in zip(shown.entries, shown.entries[1:], strict=False)
        if entry.reply_id is None
    ]


def newest(limit: int) -> list[Listed]:
    """Corrections of public records, the newest first."""
    query = (
        public_queries.letters()
        .join(Record, Record.letter_id == Letter.id)
        .join(RecordEntry, RecordEntry.record_id == Record.id)
        .where(RecordEntry.number > 1, RecordEntry.reply_id.is_(None))
        .order_by(RecordEntry.at.desc(), RecordEntry.id.desc())
        .limit(limit)
    )
    letters: Sequence[Letter] = db.session.scalars(query).unique().all()
    found = [Listed(one, shown) for shown in public_queries.shown(letters) for one in of(shown)]
    return sorted(found, key=lambda one: one.correction.at, reverse=True)[:limit]
