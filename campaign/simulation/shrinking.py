"""The shortest story that still fails: what it does not need is left out, piece by piece."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from campaign.simulation import plan as plans
from campaign.simulation.ground import Ground
from campaign.simulation.story import Told, run

Say = Callable[[str], None]


def shortest(seed: int, ground: Ground, *, seconds: float = 120) -> Told:
    """Leave out companies, kinds of faults and events while the same invariant is broken.

    Args:
        seconds: how long to try, at most.
    """
    until = time.monotonic() + seconds
    told = run(seed, ground)
    if told.violation is None:
        return told
    number = told.violation.number
    dropped: frozenset[str] = frozenset()
    for pieces in _pieces(told):
        for group in _halves(pieces):
            if time.monotonic() > until:
                break
            tried = run(seed, ground, dropped | set(group))
            if tried.violation is not None and tried.violation.number == number:
                dropped |= set(group)
    return run(seed, ground, dropped, aloud=True)


def _pieces(told: Told) -> list[list[str]]:
    """What can be left out, the largest first."""
    plan = told.plan
    events = [f"{kind} {n}" for kind in sorted(plan.faults) for n in range(3)]
    events += [f"stranger-{n}" for n in range(3)] + [f"visit {n}" for n in range(30)]
    return [
        [company.id for company in plan.companies],
        ["second worker", "stalls", "crashes", "turns"],
        [kind for kind in plans.KINDS if kind in plan.faults],
        events,
    ]


def _halves(pieces: Sequence[str]) -> list[Sequence[str]]:
    """Groups to try: large ones first, then each alone."""
    groups: list[Sequence[str]] = []
    if len(pieces) > 4:
        middle = len(pieces) // 2
        groups += [pieces[:middle], pieces[middle:]]
    return groups + [[one] for one in pieces]
