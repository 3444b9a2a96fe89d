"""One run: a seed's world lives until everything in it has come to an end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from campaign.simulation import opening
from campaign.simulation import plan as plans
from campaign.simulation.glance import Glance
from campaign.simulation.ground import Ground
from campaign.simulation.mailbox import Mail
from campaign.simulation.oracle import Oracle
from campaign.simulation.plan import Plan
from campaign.simulation.staff import Staff
from campaign.simulation.stopping import Stopping
from campaign.simulation.turns import Rates, Turns, Violation
from campaign.simulation.wiring import wired
from campaign.simulation.workers import Workers
from campaign.simulation.world import World

_DAY = timedelta(days=1)
_SETTLING = 40  # at most so many rounds of work after the last trouble


@dataclass
class Told:
    """What became of a run.

    Attributes:
        lines: the story, if it was written down.
        trace: a hash of all that happened, the same for the same seed.
    """

    plan: Plan
    violation: Violation | None = None
    events: int = 0
    steps: int = 0
    crashes: int = 0
    stalls: int = 0
    lines: list[str] = field(default_factory=list)
    trace: str = ""


class Story:
    """The run of one plan."""

    def __init__(self, plan: Plan, ground: Ground, *, aloud: bool = False) -> None:
        self.plan, self.ground, self.aloud = plan, ground, aloud
        self.told = Told(plan)
        self._trace = hashlib.sha256()
        self.turns = Turns(plan.start, tell=self._tell)
        self.world = World(plan, self.turns)
        self.workers = Workers(plan, self.turns, ground, self._waits)
        self._woken: dict[int, datetime] = {}
        self._off: list[tuple[datetime, datetime]] = []

    def _tell(self, who: str, what: str) -> None:
        line = f"{self.turns.now:%Y-%m-%d %H:%M:%S}  {who}: {what}"
        self._trace.update(line.encode() + b"\n")
        if self.aloud:
            self.told.lines.append(line)

    def run(self) -> Told:
        """Live through it."""
        self.ground.fresh(self.plan.boxes)
        self.oracle = Oracle(self.world, self.ground.path, self.ground.files)
        self.glance = Glance(self.oracle.db, self.world)
        self.staff = Staff(self.world, self.turns, self.ground, self.oracle)
        self.stopping = Stopping(self.world, self.turns, self.ground, self.oracle)
        self.turns.look = self.oracle.look
        self.world.arrived = self._something_arrived
        try:
            with wired(self.world, self.turns):
                self._live()
        except Violation as violation:
            self.told.violation = violation
            self._tell("the oracle", str(violation))
        finally:
            self.oracle.close()
        self.told.events, self.told.steps = self.oracle.events, self.turns.steps
        self.told.crashes, self.told.stalls = self.turns.crashes, self.turns.stalls
        self.told.trace = self._trace.hexdigest()
        return self.told

    def _live(self) -> None:
        if not self.plan.campaigns:
            return
        with self.ground.app.app_context():
            opening.begin(self.world)
        self.turns.rates = self.plan.rates
        self._weather()
        self._visits()
        self._wake_at(self.plan.start + timedelta(minutes=1))
        try:
            self.turns.run(self.plan.start + _DAY)
            while self.turns.now < self._trouble_ends():
                self._look_ahead()
                self.turns.run(self.turns.now + _DAY)
            self._come_to_rest()
        finally:
            self.turns.end()

    def _trouble_ends(self) -> datetime:
        """Some days after the last letter's time was over at the earliest."""
        overs = [letter.over() for letter in self.world.letters.values()]
        known = [over for over in overs if over is not None]
        return max([*known, self.plan.start + 12 * _DAY]) + 2 * _DAY

    # -- what goes wrong --------------------------------------------------------------------

    def _weather(self) -> None:
        chance, start, days = self.plan.chance("weather"), self.plan.start, 25
        faults = self.plan.faults
        moments = {
            kind: [start + _DAY * chance.uniform(0, days) for _ in range(chance.randrange(1, 4))]
            for kind in (plans.OUTAGES, plans.MOVES, plans.RENUMBERS, plans.DOWNTIME,
                         plans.HALTS, plans.HOLDS)
        }  # fmt: skip
        for kind, whens in moments.items():
            for number, when in enumerate(whens):
                if kind in faults and self.plan.has(f"{kind} {number}"):
                    self._happens(kind, number, when)
        for number in range(chance.choice((0, 0, 1, 3))):
            when = start + _DAY * chance.uniform(0, days)
            if self.plan.has(f"stranger-{number}"):
                mood = self.plan.chance("stranger", number)
                self.turns.at(when, partial(self.world.stranger, number, mood))

    def _happens(self, kind: str, number: int, when: datetime) -> None:
        chance = self.plan.chance(kind, number)
        time = _DAY * chance.choice((0.05, 0.3, 1, 3))
        if kind == plans.OUTAGES:
            what = chance.choice(("smtp", "imap"))
            self.world.outage(what, when, time)
            self.turns.at(when, lambda: self._tell(f"{what} server", f"is away for {time}"))
        elif kind == plans.DOWNTIME:
            self._off.append((when, when + time * 2))
            self.turns.at(when, lambda: self._tell("the clock", f"is off for {time * 2}"))
        elif kind == plans.RENUMBERS:
            self.turns.at(when, lambda: self.world.renumber(chance))
        elif kind == plans.MOVES:
            self.turns.at(when, lambda: self._moves(chance))
        elif kind == plans.HALTS:
            self.turns.at(when, lambda: self.stopping.halt(time))
        elif kind == plans.HOLDS:
            letter_id = chance.choice(sorted(self.world.letters))
            self.turns.at(when, lambda: self.stopping.hold(letter_id, time * 4))

    def _moves(self, chance: Random) -> None:
        box = chance.choice(list(self.world.boxes.values()))
        if box.ever:
            self.world.move(box, chance)

    # -- who works when ---------------------------------------------------------------------

    def _visits(self) -> None:
        chance = self.plan.chance("visits")
        when = self.plan.start
        every = chance.choice((0.6, 1.2, 2.5))
        for number in range(30):
            when += _DAY * chance.uniform(0.3, 1.7) * every
            if when > self.plan.start + 30 * _DAY:
                break
            if self.plan.has(f"visit {number}"):
                self.turns.at(when, self.staff.visit)

    def _something_arrived(self, mail: Mail) -> None:
        chance = self.plan.chance("arrival", mail.sha)
        if chance.random() < 0.5:
            self._wake_at(self.turns.now + timedelta(minutes=chance.choice((0.1, 3, 40))))

    def _wake_at(self, when: datetime) -> None:
        chance = self.plan.chance("who wakes", when)
        first = chance.randrange(self.plan.workers) + 1
        self.turns.at(when, lambda: self._wake(first))
        if self.plan.workers > 1 and chance.random() < 0.5:
            late = timedelta(seconds=chance.choice((0, 0.1, 2, 20)))
            self.turns.at(when + late, lambda: self._wake(3 - first))

    def _waits(self, job: str) -> bool:
        return self.glance.waits(job)

    def _wake(self, number: int) -> None:
        now = self.turns.now
        if any(start <= now < end for start, end in self._off):
            return
        last = self._woken.get(number)
        if last is not None and now - last < timedelta(minutes=2):
            return
        self._woken[number] = now
        self.workers.wake(number)

    def _look_ahead(self) -> None:
        """Wake when something is due within a day, a little before it and a little after it."""
        now = self.turns.now
        chance = self.plan.chance("ahead", now)
        for when in self._due(now, now + _DAY):
            self._wake_at(when + timedelta(seconds=chance.choice((1, 15, 600, 7200))))
            if chance.random() < 0.25:
                self._wake_at(when - timedelta(seconds=chance.choice((1, 1800, 7200, 40000))))
        self._wake_at(now + _DAY * chance.random())

    def _due(self, low: datetime, high: datetime) -> list[datetime]:
        """When something is due by the program's own reckoning, or by ours."""
        found = [letter.over() for letter in self.world.letters.values()]
        for query in (
            "select next_at from waiting where next_at is not null",
            "select silence_at from waiting where silence_at is not null",
            "select not_before from dispatch where state in ('queued', 'deferred')",
        ):
            found += [
                datetime.fromisoformat(text).replace(tzinfo=UTC)
                for (text,) in self.oracle.rows(query)
            ]
        return sorted({when for when in found if when is not None and low <= when < high})

    def _come_to_rest(self) -> None:
        """Nothing goes wrong any more, and everybody does what waits: it all has to end."""
        self._tell("the world", "nothing goes wrong any more")
        self.world.settle()
        self.workers.calm = True
        self.turns.rates = Rates()
        self._off.clear()
        self.staff.diligence = 1.0
        for _ in range(_SETTLING):
            if self._at_rest():
                break
            due = self._due(self.turns.now, self.turns.now + 60 * _DAY)
            when = min([*due[:1], self.turns.now + _DAY])
            self.turns.run(max(when, self.turns.now) + timedelta(minutes=20))
            self.workers.wake(1)
            self.turns.run(self.turns.now + timedelta(minutes=5))
            self.workers.wake(1)
            self.turns.run(self.turns.now + timedelta(minutes=5))
            self.staff.visit()
            self.turns.run(self.turns.now + timedelta(minutes=20))
        self.workers.wake(1)
        self.turns.run(self.turns.now + timedelta(hours=1))
        self.oracle.last()

    def _at_rest(self) -> bool:
        waiting = self.oracle.rows(
            "select 1 from letter where state not in ('concluded', 'withdrawn') limit 1"
        )
        return not waiting and self.turns.empty


def run(seed: int, ground: Ground, dropped: frozenset[str] = frozenset(), **how: bool) -> Told:
    """Live through one seed, with less if need be."""
    return Story(plans.make(seed, dropped), ground, **how).run()
