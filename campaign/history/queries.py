"""Reading the log."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from campaign.extensions import db
from campaign.history import rules
from campaign.history.models import HistoryDetail, HistoryEvent, HistoryHead


class Told(NamedTuple):
    """An event with what it still tells."""

    seq: int
    at: datetime
    kind: str
    subject: str
    actor: str | None
    detail: dict[str, Any]
    payload: str
    hash: str


def _joined() -> sa.Select[HistoryEvent, str, str]:
    return (
        sa.select(HistoryEvent, HistoryDetail.salt, HistoryDetail.body)
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .order_by(HistoryEvent.seq)
    )


def _told(event: HistoryEvent, body: str | None) -> Told:
    actor = json.loads(event.payload)["actor"]
    detail = json.loads(body) if body else {}
    return Told(
        event.seq, event.at, event.kind, event.subject, actor, detail, event.payload, event.hash
    )


def of(*subjects: str) -> list[Told]:
    """All events about these opaque ids, oldest first."""
    rows = db.session.execute(_joined().where(HistoryEvent.subject.in_(subjects)))
    return [_told(event, body) for event, _salt, body in rows]


def newest(limit: int = 100, before: int | None = None) -> list[Told]:
    """The newest events, newest first; `before` pages back."""
    query = _joined().order_by(None).order_by(HistoryEvent.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(HistoryEvent.seq < before)
    return [_told(event, body) for event, _salt, body in db.session.execute(query)]


def _links(*where: sa.ColumnElement[bool]) -> Iterator[rules.Link]:
    query = (
        sa.select(
            HistoryEvent.seq,
            HistoryEvent.payload,
            HistoryEvent.hash,
            HistoryDetail.salt,
            HistoryDetail.body,
        )
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .where(*where)
        .order_by(HistoryEvent.seq)
        .execution_options(yield_per=1000)
    )
    for row in db.session.execute(query):
        yield rules.Link(*row)


def links_about(subjects: Collection[str]) -> list[rules.Link]:
    """The events about these opaque ids as they stand in the chain, oldest first."""
    return list(_links(HistoryEvent.subject.in_(subjects)))


def head() -> tuple[int, str]:
    """Number and hash of the newest event; zero and the beginning of the chain before any."""
    row = db.session.execute(sa.select(HistoryHead.seq, HistoryHead.hash)).first()
    return (row[0], row[1]) if row else (0, rules.GENESIS)


def verify() -> tuple[int, tuple[int, str] | None]:
    """Check the whole chain: the number of events, and the first break (event, why) or None."""
    stored = head()
    return stored[0], rules.first_break(_links(), stored)
