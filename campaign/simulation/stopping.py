"""People stop everything for a while, or one letter, and let it go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from campaign.awaiting import operations as awaiting
from campaign.kernel.errors import Problem
from campaign.sending import operations as sending
from campaign.simulation import opening
from campaign.simulation.ground import Ground
from campaign.simulation.oracle import Oracle
from campaign.simulation.turns import Actor, Turns
from campaign.simulation.world import World


class Stopping:
    """Whoever holds and halts; nothing ever happens to them while they do."""

    def __init__(self, world: World, turns: Turns, ground: Ground, oracle: Oracle) -> None:
        self.world, self.turns, self.ground, self.oracle = world, turns, ground, oracle

    def halt(self, time: timedelta) -> None:
        """Everything stops for a while."""

        def halts() -> None:
            sending.halt(why="Something is wrong.", actor=None)
            self.oracle.halted = self.turns.steps
            self.turns.at(self.turns.now + time, lambda: self._do("end the halt", self._goes_on))

        self._do("halt everything", halts)

    def _goes_on(self) -> None:
        self.oracle.halted = None
        sending.release_halt(actor=None)

    def hold(self, letter_id: int, time: timedelta) -> None:
        """One letter is on hold for a while."""
        name = self.world.letters[letter_id].company.name

        def holds() -> None:
            who = opening.people()["publisher"]
            hold_id = awaiting.hold(why="We wait.", actor=who, letter_id=letter_id).id
            self.oracle.held[letter_id] = self.turns.steps
            self.turns.at(
                self.turns.now + time,
                lambda: self._do(f"release {name}", lambda: self._lets_go(letter_id, hold_id)),
            )

        self._do(f"hold {name}", holds)

    def _lets_go(self, letter_id: int, hold_id: int) -> None:
        self.oracle.held.pop(letter_id, None)
        awaiting.release(hold_id, actor=opening.people()["publisher"])

    def _do(self, what: str, act: Callable[[], None]) -> None:
        def acts() -> None:
            with self.ground.app.app_context():
                try:
                    act()
                except Problem as problem:
                    self.turns.tell("staff", f"cannot {what}: {problem.code}")
                else:
                    self.turns.tell("staff", what)

        self.turns.start(Actor("staff, at the switch", Random(0), steady=True), acts)
