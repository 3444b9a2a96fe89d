"""Text that somebody types and has not saved as a version: what of it is kept, and how long.

Pure: times are aware and passed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

SLOT = timedelta(minutes=5)
"""What is typed within one slot is kept as one state of the text."""
PACE = timedelta(seconds=0.5)
"""A script may not ask to keep text more often than this."""
WRITES_NOW = timedelta(minutes=2)
"""Who typed within this time is writing now."""
OPEN_FOR = timedelta(days=90)
"""How long text waits that was neither saved nor dropped."""
ENDED_FOR = timedelta(days=30)
"""How long text can be brought back that was saved, dropped or gone on with."""
MOST = 300
"""States kept for one person and text; no honest writer comes near it."""

# Older than this, one state is kept for each of these: after a day one an hour, after a week
# one a day.
_STEPS = ((timedelta(days=7), timedelta(days=1)), (timedelta(days=1), timedelta(hours=1)))
# A text that loses more than this share, and more characters than this, begins a state of its
# own: what was cut by mistake is found in the one before.
_CUT, _CUT_LENGTH = 0.2, 200


class Ending(StrEnum):
    """What became of unsaved text."""

    SAVED = "saved"
    DROPPED = "dropped"
    CONTINUED = "continued"
    UNDONE = "undone"


class Kept(NamedTuple):
    """A kept state, as thinning sees it; `newest` of its sitting."""

    id: int
    at: datetime
    newest: bool


def same_state(begun_at: datetime, length: int, now: datetime, new_length: int) -> bool:
    """Whether newly typed text takes the place of a kept state rather than standing beside it."""
    cut = length - new_length
    return now - begun_at < SLOT and not (cut > _CUT_LENGTH and cut > length * _CUT)


def superfluous(states: Iterable[Kept], now: datetime) -> frozenset[int]:
    """Which states are let go: of the older ones the last of every hour or day is enough.

    The newest of a sitting is never let go, and of the rest no more than `MOST` are kept.
    """
    gone: set[int] = set()
    seen: set[tuple[timedelta, int]] = set()
    newest_first = sorted(states, key=lambda one: (one.at, one.id), reverse=True)
    for state in newest_first:
        step = next((step for age, step in _STEPS if now - state.at > age), None)
        if step is None:
            continue
        stretch = (step, int(state.at.timestamp() // step.total_seconds()))
        if stretch in seen and not state.newest:
            gone.add(state.id)
        seen.add(stretch)
    left = [state.id for state in newest_first if state.id not in gone]
    return frozenset(gone.union(left[MOST:]))
