"""Turns: actors that run one at a time on one made-up clock, and may be stopped at every step.

An actor stands for a process of ours: a clock process, or the request of a person. It runs as a
greenlet, so that the real code can be stopped in the middle of a call: for a moment while another
one works, for hours, or for good.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from greenlet import greenlet

STEP = timedelta(milliseconds=20)
_SWITCH_SECONDS = 3.0
_STALL_MINUTES = (1.0, 180.0)


class Crash(BaseException):
    """The actor's process ends here, and nothing of it cleans up."""


class Violation(Exception):
    """What must never happen did; `number` is the invariant's in reliability.md."""

    def __init__(self, number: int, why: str) -> None:
        self.number, self.why = number, why
        super().__init__(f"invariant {number}: {why}")


@dataclass(frozen=True)
class Rates:
    """How often a step ends in a crash, a stall, or another's turn."""

    crash: float = 0.0
    stall: float = 0.0
    switch: float = 0.0


@dataclass(eq=False)
class Actor:
    """One process of ours.

    Attributes:
        chance: decides what happens to it at its steps, whatever happens to others.
        behind: how far its machine's clock is behind.
        committed: number of the step at which it committed last.
        committed_at: what its machine's clock showed then.
        steady: nothing ever happens to it.
    """

    name: str
    chance: Random
    behind: timedelta = timedelta()
    dead: bool = False
    committed: int = 0
    committed_at: datetime | None = None
    life: greenlet | None = None
    steady: bool = False

    @property
    def alive(self) -> bool:
        return self.life is not None and not self.life.dead


@dataclass
class Turns:
    """Who runs when.

    Attributes:
        look: looks at everything after a step that changed something.
        tell: takes down what happened, for the story.
    """

    now: datetime
    look: Callable[[], None] = lambda: None
    tell: Callable[[str, str], None] = lambda who, what: None
    rates: Rates = field(default_factory=Rates)
    steps: int = 0
    crashes: int = 0
    stalls: int = 0
    dirty: bool = False
    running: Actor | None = None
    broken: Violation | None = None
    _queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0
    _main: greenlet = field(default_factory=greenlet.getcurrent)
    _actors: list[Actor] = field(default_factory=list)

    def clock(self) -> datetime:
        """What the clock of the machine shows that works now."""
        return self.now - (self.running.behind if self.running else timedelta())

    @property
    def empty(self) -> bool:
        """Whether nothing is to come."""
        return not self._queue

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Do something at that moment, or now if it has passed."""
        self._count += 1
        heapq.heappush(self._queue, (max(moment, self.now), self._count, act))

    def start(self, actor: Actor, act: Callable[[], None]) -> None:
        """Let an actor begin now; it goes on in its turns until it ends or dies."""

        def life() -> None:
            try:
                act()
            except Crash:
                self.tell(actor.name, "is gone")

        actor.life = greenlet(life, self._main)
        self._actors = [*(one for one in self._actors if one.alive), actor]
        self._resume(actor)

    def _resume(self, actor: Actor) -> None:
        if actor.life is None or actor.life.dead:
            return
        before, self.running = self.running, actor
        try:
            actor.life.switch()
        finally:
            self.running = before

    def run(self, until: datetime) -> None:
        """Let things happen up to that moment.

        Raises:
            Violation: what must never happen did.
        """
        while self._queue and self._queue[0][0] <= until:
            moment, _number, act = heapq.heappop(self._queue)
            self.now = max(self.now, moment)
            act()
            self._look()
            if self.broken:
                raise self.broken
        self.now = max(self.now, until)

    def _look(self) -> None:
        if not self.dirty or self.broken:
            return
        self.dirty = False
        try:
            self.look()
        except Violation as violation:
            self.broken = violation

    def violate(self, number: int, why: str) -> None:
        """Note from within an actor's step that something happened that must not."""
        if self.broken is None:
            self.broken = Violation(number, why)

    def step(self, what: str, *, may_wait: bool = True) -> None:
        """One step of the actor that runs: it may be the last, or the last for hours.

        Args:
            may_wait: False where it holds a lock that others would wait for in vain.

        Raises:
            Crash: this was the end of it, now or earlier.
        """
        actor = self.running
        if actor is None:
            return
        if actor.dead:
            raise Crash
        self.steps += 1
        self.now += STEP
        self._look()
        if self.broken:
            self._die(actor)
        if actor.steady:
            return
        rates = self.rates
        roll = actor.chance.random()
        if roll < rates.crash:
            self.crashes += 1
            self.tell(actor.name, f"crashes at: {what}")
            self._die(actor)
        if may_wait and roll < rates.crash + rates.stall + rates.switch:
            self._wait(actor, what, stalls=roll < rates.crash + rates.stall)

    def _die(self, actor: Actor) -> None:
        actor.dead = True
        raise Crash

    def _wait(self, actor: Actor, what: str, *, stalls: bool) -> None:
        if stalls:
            low, high = _STALL_MINUTES
            minutes = low * (high / low) ** actor.chance.random()
            self.stalls += 1
            self.tell(actor.name, f"stalls for {minutes:.0f} minutes at: {what}")
            self.sleep(timedelta(minutes=minutes))
        else:
            self.sleep(timedelta(seconds=actor.chance.random() * _SWITCH_SECONDS))

    def sleep(self, time: timedelta) -> None:
        """Let time pass for the actor that runs, in which others work."""
        actor = self.running
        if actor is None:
            return
        self.at(self.now + time, lambda: self._resume(actor))
        self._main.switch()
        if actor.dead:
            raise Crash

    def kill(self, actor: Actor) -> None:
        """End a process from outside, wherever it is."""
        if actor.alive:
            actor.dead = True
            self._resume(actor)

    def end(self) -> None:
        """End all that still run."""
        for actor in self._actors:
            self.kill(actor)
