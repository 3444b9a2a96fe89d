"""The one clock of the program: aware UTC times, nothing else.

`now()` is what every rule and operation sees. `at()` sets it for the demonstration and the
`tick` command. Leases protect real processes from each other, so they use `real_now()`, which
nothing moves but the simulation: it has no real processes, and runs by a clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)
_simulated: Callable[[], datetime] | None = None


def now() -> datetime:
    """The present moment in UTC, or the moment that `at()` has set."""
    return _set_to.get() or real_now()


def real_now() -> datetime:
    """The machine's own time in UTC, whatever `at()` says. For leases and job run times."""
    return _simulated() if _simulated else datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at `moment` within the block.

    For the demonstration and `flask tick --at` only.

    Raises:
        ValueError: `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("the clock is set with an aware time only")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _set_to.reset(token)


@contextmanager
def simulated(machine: Callable[[], datetime]) -> Iterator[None]:
    """Take the machine's time from `machine` (aware UTC) within the block, in every thread.

    For the simulation only, in a process of its own: leases follow it too.
    """
    global _simulated
    before, _simulated = _simulated, machine
    try:
        yield
    finally:
        _simulated = before
