"""Measuring the product beside its limit, in turn, and printing both as a row of a table.

Nothing here is a test: a machine that others use tells little about absolute times, so ratios
are printed with their range, and nobody fails for a slow minute.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

ROUNDS = 7
_SCALE = 2**20 if sys.platform == "darwin" else 2**10  # of ru_maxrss, to MiB
_WIDTHS = (44, 20, 20, 22, 10)
_HEADS = ("work", "product", "limit", "product / limit", "goal")


class Pair(NamedTuple):
    """How long the product and its limit took in each round, in seconds."""

    product: tuple[float, ...]
    limit: tuple[float, ...]

    def ratios(self, rates: bool) -> list[float]:
        """Product / limit by round: of times, or of rates."""
        turned = (self.limit, self.product) if rates else (self.product, self.limit)
        return sorted(above / below for above, below in zip(*turned, strict=True))


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def in_turn(
    product: Callable[[int], object], limit: Callable[[int], object], rounds: int = ROUNDS
) -> Pair:
    """Both in turn, after a warm-up; each is told its round, so that it can do something new."""
    times: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        first = seconds(lambda: product(number))  # noqa: B023 (called at once)
        times.append((first, seconds(lambda: limit(number))))  # noqa: B023
    return Pair(*zip(*times[1:], strict=True))


def title(words: str) -> None:
    """What the next rows are about, and their heads."""
    print(f"\n{words}")
    _row(_HEADS)


def rates(work: str, pair: Pair, many: int, goal: str) -> None:
    """A row of things a second, higher is better."""
    shown = [f"{many / median(one):,.1f}/s" for one in pair]
    _row((work, *shown, _range(pair.ratios(rates=True)), goal))


def times(work: str, pair: Pair, many: int, goal: str) -> None:
    """A row of time for one thing, lower is better."""
    shown = [f"{median(one) / many * 1000:,.2f} ms" for one in pair]
    _row((work, *shown, _range(pair.ratios(rates=False)), goal))


def memory() -> None:
    """The most memory that this process, and the largest of its children, has had."""
    own = peak_memory()
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _SCALE
    print(f"peak memory: {own:,.0f} MiB" + (f"; of a child {child:,.0f} MiB" if child else ""))


def peak_memory() -> float:
    """The most memory that this program has had, in MiB.

    On Linux `ru_maxrss` starts with what the process had that started this one; `VmHWM` does not.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as told:
            return next(int(line.split()[1]) / 2**10 for line in told if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _SCALE


def _range(ratios: list[float]) -> str:
    return f"{median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})"


def _row(cells: tuple[str, ...]) -> None:
    print("  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip())
