"""Reading text that somebody types and has not saved as a version."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer

from campaign.accounts.models import User
from campaign.drafting import unsaved
from campaign.drafting.unsaved_models import UnsavedText
from campaign.extensions import db
from campaign.kernel import clock

_SHOWN_FOR = unsaved.ENDED_FOR


class Writer(NamedTuple):
    """Somebody else who has unsaved text; `now` where they are writing at this moment."""

    name: str
    at: datetime
    now: bool


class State(NamedTuple):
    """A kept state in a list, without its words; `length` in characters."""

    row: UnsavedText
    length: int
    waits: bool


def _place(campaign_id: int, text: str, writer_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        UnsavedText.campaign_id == campaign_id,
        UnsavedText.text == text,
        UnsavedText.writer_id == writer_id,
    )


def waiting(
    campaign_id: int, text: str, writer_id: int, *, but: str = "", limit: int = 20
) -> list[UnsavedText]:
    """What the writer typed and has neither saved nor dropped: the last state of each sitting.

    Args:
        but: a sitting to leave out: the one that the page itself belongs to.
    """
    newest = sa.select(sa.func.max(UnsavedText.id)).where(
        _place(campaign_id, text, writer_id), UnsavedText.ended_at.is_(None)
    )
    return list(
        db.session.scalars(
            sa.select(UnsavedText)
            .where(
                UnsavedText.id.in_(newest.group_by(UnsavedText.sitting)), UnsavedText.sitting != but
            )
            .order_by(UnsavedText.kept_at.desc(), UnsavedText.id.desc())
            .limit(limit)
        )
    )


def states(campaign_id: int, text: str, writer_id: int) -> list[State]:
    """Every state that is kept of the writer's text, newest first."""
    rows = db.session.execute(
        sa.select(UnsavedText, sa.func.length(UnsavedText.body))
        .options(defer(UnsavedText.body))
        .where(_place(campaign_id, text, writer_id))
        .order_by(UnsavedText.kept_at.desc(), UnsavedText.id.desc())
    )
    waits = {one.id for one in waiting(campaign_id, text, writer_id, limit=unsaved.MOST)}
    return [State(row, length, row.id in waits) for row, length in rows]


def one(campaign_id: int, text: str, writer_id: int, ref: str) -> UnsavedText | None:
    """One kept state, where it is the writer's own."""
    return db.session.scalar(
        sa.select(UnsavedText).where(_place(campaign_id, text, writer_id), UnsavedText.ref == ref)
    )


def steps(campaign_id: int, text: str, writer_id: int) -> dict[str, int]:
    """The last step that was kept of every sitting (`UnsavedText.step`)."""
    rows: Any = db.session.execute(
        sa.select(UnsavedText.sitting, sa.func.max(UnsavedText.step))
        .where(_place(campaign_id, text, writer_id))
        .group_by(UnsavedText.sitting)
    )
    return dict(rows.all())


def others(campaign_id: int, writer_id: int) -> dict[str, list[Writer]]:
    """Who else has unsaved text in a campaign, by text; their words stay theirs."""
    now = clock.now()
    rows: Any = db.session.execute(
        sa.select(UnsavedText.text, User.name, sa.func.max(UnsavedText.kept_at))
        .join(User, User.id == UnsavedText.writer_id)
        .where(
            UnsavedText.campaign_id == campaign_id,
            UnsavedText.writer_id != writer_id,
            UnsavedText.ended_at.is_(None),
            UnsavedText.kept_at > now - _SHOWN_FOR,
        )
        .group_by(UnsavedText.text, User.id, User.name)
        .order_by(sa.func.max(UnsavedText.kept_at).desc())
    )
    found: dict[str, list[Writer]] = {}
    for text, name, at in rows:
        found.setdefault(text, []).append(Writer(name, at, now - at < unsaved.WRITES_NOW))
    return found


def own(campaign_id: int, writer_id: int) -> dict[str, datetime]:
    """When the writer's own unsaved text in a campaign was last kept, by text."""
    rows: Any = db.session.execute(
        sa.select(UnsavedText.text, sa.func.max(UnsavedText.kept_at))
        .where(
            UnsavedText.campaign_id == campaign_id,
            UnsavedText.writer_id == writer_id,
            UnsavedText.ended_at.is_(None),
        )
        .group_by(UnsavedText.text)
    )
    return dict(rows.all())
