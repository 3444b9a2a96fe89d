"""Keeping what somebody types before it is a version; letting it go again.

None of this is an event of the history: nothing of it leaves, and it is its writer's alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.database import new_ref, transaction
from campaign.drafting import unsaved
from campaign.drafting.unsaved import Ending, Kept
from campaign.drafting.unsaved_models import UnsavedText
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem

_SITTING = re.compile("[0-9a-f]{32}")
_LAST_STEP = 2**53  # the largest whole number that a script counts without a gap


@dataclass(frozen=True)
class Place:
    """Where unsaved text belongs: a text of a campaign, and its writer."""

    campaign_id: int
    text: str
    writer: User

    def where(self) -> sa.ColumnElement[bool]:
        """The condition for rows of this place."""
        return sa.and_(
            UnsavedText.campaign_id == self.campaign_id,
            UnsavedText.text == self.text,
            UnsavedText.writer_id == self.writer.id,
        )


@dataclass(frozen=True)
class Typed:
    """What a page sends to be kept.

    Attributes:
        sitting, step: see `UnsavedText`.
        goes_on: opaque id of the unsaved text that this page went on with.
    """

    subject: str
    body: str
    based_on: int
    sitting: str = ""
    step: int = 0
    goes_on: str = ""


def keep(
    place: Place, typed: Typed, *, in_use: tuple[str, str], by_script: bool = False
) -> UnsavedText | None:
    """Keep what is typed. It makes no version, and faults in it do not matter yet.

    Args:
        in_use: subject and text of the version in use; to type the same is to have nothing
            unsaved.
        by_script: whether nobody pressed a button, so that the pace is held down.

    Returns:
        What is kept; None where there is nothing unsaved.

    Raises:
        Problem: `unsaved-too-soon`, `not-there`, or that a field is too long or holds a control
            character.
    """
    subject = fields.line(typed.subject, name="Subject", limit=300)
    body = fields.text(typed.body, name="Text", limit=50_000)
    sitting = typed.sitting if _SITTING.fullmatch(typed.sitting) else new_ref()
    step = min(max(typed.step, 0), _LAST_STEP)
    with transaction() as session:
        _one_at_a_time(session, place)
        last = _last_of(session, place, sitting)
        if last is not None and step and _is_late(last, step):
            return None if last.ended_at else last
        if (subject, body) == (in_use[0].strip(), in_use[1].strip()):
            _end(session, place, [sitting], Ending.UNDONE)
            return None
        if last is not None and _says(last, subject, body, typed.based_on):
            last.step = step
            return last
        if by_script:
            _pace(session, place)
        kept = _put(session, place, last, sitting, UnsavedText(subject=subject, body=body))
        kept.based_on, kept.step, kept.kept_at = typed.based_on, step, clock.now()
        if typed.goes_on:
            _end(session, place, _continued(session, place, typed.goes_on, sitting))
        session.flush()
        if kept is not last:
            _thin(session, place)
    return kept


def _is_late(last: UnsavedText, step: int) -> bool:
    # What a closing page sent may arrive after the text was saved.
    return step < last.step or (last.ended_at is not None and step == last.step)


def _says(last: UnsavedText, subject: str, body: str, based_on: int) -> bool:
    said = (last.subject, last.body, last.based_on)
    return last.ended_at is None and said == (subject, body, based_on)


def _put(
    session: Session, place: Place, last: UnsavedText | None, sitting: str, new: UnsavedText
) -> UnsavedText:
    """The row that holds what is typed: the sitting's last one, or one beside it."""
    if (
        last is not None
        and last.ended_at is None
        and unsaved.same_state(last.begun_at, len(last.body), clock.now(), len(new.body))
    ):
        last.subject, last.body = new.subject, new.body
        return last
    new.campaign_id, new.text, new.writer_id = place.campaign_id, place.text, place.writer.id
    new.sitting = sitting
    session.add(new)
    return new


def end(
    place: Place, *, sitting: str, goes_on: str = "", ending: Ending, version: int | None = None
) -> None:
    """The text of a sitting was saved or dropped, and what it had gone on with."""
    with transaction() as session:
        _one_at_a_time(session, place)
        ended = [sitting, *_continued(session, place, goes_on, sitting)]
        _end(session, place, ended, ending, version)


def drop(place: Place, ref: str) -> None:
    """Let unsaved text go; it can be brought back for `unsaved.ENDED_FOR`.

    Raises:
        Problem: `not-there` where it is not the writer's own.
    """
    with transaction() as session:
        _one_at_a_time(session, place)
        row = _row(session, place, ref)
        if row is None:
            raise Problem("not-there", what="text")
        _end(session, place, [row.sitting], Ending.DROPPED)


def forget_old() -> int:
    """Let go what nobody came back for in time; how many states that were."""
    now = clock.now()
    ended, waited = now - unsaved.ENDED_FOR, now - unsaved.OPEN_FOR
    with transaction() as session:
        gone = session.execute(
            sa.delete(UnsavedText).where(
                UnsavedText.kept_at < ended,
                sa.or_(UnsavedText.ended_at < ended, UnsavedText.kept_at < waited),
            )
        )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _one_at_a_time(session: Session, place: Place) -> None:
    """Let what one person's windows send at the same moment wait for each other."""
    mine = sa.select(User.id).where(User.id == place.writer.id)
    if session.scalar(mine.with_for_update(key_share=True)) is None:
        raise Problem("not-there", what="person")


def _last_of(session: Session, place: Place, sitting: str) -> UnsavedText | None:
    of_sitting = sa.select(UnsavedText).where(place.where(), UnsavedText.sitting == sitting)
    return session.scalars(of_sitting.order_by(UnsavedText.id.desc()).limit(1)).first()


def _pace(session: Session, place: Place) -> None:
    last = session.scalar(
        sa.select(sa.func.max(UnsavedText.kept_at)).where(UnsavedText.writer_id == place.writer.id)
    )
    if last is not None and clock.now() - last < unsaved.PACE:
        raise Problem("unsaved-too-soon")


def _row(session: Session, place: Place, ref: str) -> UnsavedText | None:
    return session.scalar(sa.select(UnsavedText).where(place.where(), UnsavedText.ref == ref))


def _continued(session: Session, place: Place, ref: str, but: str) -> list[str]:
    """The sitting that ends because a page went on with its last state.

    Who goes on with an earlier state has not decided about the last one, which waits on.
    """
    row = _row(session, place, ref) if ref else None
    if row is None or row.sitting == but or _last_of(session, place, row.sitting) is not row:
        return []
    return [row.sitting]


def _end(
    session: Session,
    place: Place,
    sittings: list[str],
    ending: Ending = Ending.CONTINUED,
    version: int | None = None,
) -> None:
    session.execute(
        sa.update(UnsavedText)
        .where(place.where(), UnsavedText.sitting.in_(sittings), UnsavedText.ended_at.is_(None))
        .values(ended_at=clock.now(), ending=ending, version=version)
    )


def _thin(session: Session, place: Place) -> None:
    rows = session.execute(
        sa.select(UnsavedText.id, UnsavedText.kept_at, UnsavedText.sitting)
        .where(place.where())
        .order_by(UnsavedText.id)
    )
    found = list(rows)
    newest = {sitting: number for number, _, sitting in found}
    states = [Kept(number, at, newest[sitting] == number) for number, at, sitting in found]
    gone = unsaved.superfluous(states, clock.now())
    if gone:
        session.execute(sa.delete(UnsavedText).where(UnsavedText.id.in_(gone)))
