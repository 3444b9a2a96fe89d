"""The clock processes: what `flask clock` does, one process after another or at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from campaign import schedule
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.simulation import plan as plans
from campaign.simulation.ground import Ground
from campaign.simulation.plan import Plan
from campaign.simulation.turns import Actor, Turns

_BEHIND = (timedelta(seconds=2), timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=2))
# What is not about letters is done in whole passes only.
_RARE = {
    "ask co-signers": 0,
    "remind staff": 0,
    "forget old unsaved texts": 0,
    "erase what is kept no longer": 0,
    "probe": 0.1,
}


class Workers:
    """One or two clock processes, which wake now and then.

    Attributes:
        waits: whether a job has something to do, as far as can be told at a glance.
        calm: whether nothing goes wrong any more, and everything is done each time.
    """

    def __init__(
        self, plan: Plan, turns: Turns, ground: Ground, waits: Callable[[str], bool]
    ) -> None:
        self.plan, self.turns, self.ground = plan, turns, ground
        self.waits = waits
        self.calm = False
        self.actors: dict[int, Actor] = {}
        self.wakes = 0

    def wake(self, number: int) -> None:
        """Let a clock process do what is due, unless it is still at it."""
        running = self.actors.get(number)
        if running is not None and running.alive:
            return
        self.wakes += 1
        chance = self.plan.chance("wake", number, self.wakes)
        actor = Actor(f"clock {number}", chance)
        if plans.CLOCKS in self.plan.faults and number == 2:
            actor.behind = self.plan.chance("clock").choice(_BEHIND)
        self.actors[number] = actor
        whole = chance.random() < 0.03
        self.turns.start(actor, lambda: self._work(actor, whole=whole))

    def _work(self, actor: Actor, *, whole: bool) -> None:
        with self.ground.app.app_context():
            if whole:
                self._pass(actor)
            else:
                self._jobs(actor)

    def _pass(self, actor: Actor) -> None:
        """A pass as the scheduler runs it, with its lease."""
        tally = schedule.run_pass()
        for error in tally.errors if tally else ():
            self._failed(error)

    def _jobs(self, actor: Actor) -> None:
        """The same jobs without the lease: correctness must not rest on it.

        Now and then one is left out, as if the process had been ended between two.
        """
        for job in schedule.JOBS:
            if actor.chance.random() > self._worth(job.name):
                continue
            try:
                job.act(schedule.Tally())
            except Problem as problem:
                self.turns.tell(actor.name, f"could not {job.name}: {problem.code}")
            except Exception as error:
                self._failed(f"{job.name}: {type(error).__name__}: {error}")
            finally:
                db.session.rollback()

    def _worth(self, job: str) -> float:
        """How often a job is done: one that has nothing to do is done seldom, as time is short."""
        if self.calm:
            return 1.0
        if job in _RARE:
            return _RARE[job]
        return 0.97 if self.waits(job) else 0.07

    def _failed(self, why: str) -> None:
        self.turns.violate(0, f"a job failed: {why}")
