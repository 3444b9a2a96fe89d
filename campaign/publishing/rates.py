"""Response rates, and how several replies to one question count (fairness.md rule 17).

Pure: outcomes in, numbers and the lists behind them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SUBSTANTIVE = frozenset({"responded_full", "responded_partial", "responded_confidential"})
"""Responses that take up the questions, shown or not."""

REPLIED = SUBSTANTIVE | frozenset(
    {"statement_only", "declined", "redirected", "acknowledged_only", "engaged_off_record"}
)
"""Responses in which the company said anything at all."""

LEFT_OUT = frozenset({"not_reached", "withdrawn"})
"""Outcomes that say nothing about the company: not counted at all."""

OPEN = frozenset({"awaiting", "extended"})

_NOTHING = ("", "not_addressed")


class Asked(NamedTuple):
    """One company as the rates see it; `reached`: something proves that the letter arrived."""

    company: str
    response: str
    reached: bool


class Rate(NamedTuple):
    """So many of so many; `percent` is rounded half up, None where there is nothing to count."""

    number: int
    of: int
    percent: int | None


@dataclass(frozen=True)
class Rates:
    """The two rates and the companies behind them, each in the order given.

    `reached` holds exactly those in `replied`, `silent` and `open`; `substantive` is a part of
    `replied`. `left_out` are those that no letter reached, or not yet.
    """

    reached: tuple[str, ...]
    replied: tuple[str, ...]
    substantive: tuple[str, ...]
    silent: tuple[str, ...]
    open: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def any_reply(self) -> Rate:
        """Any reply, over companies reached."""
        return _rate(self.replied, self.reached)

    @property
    def substantive_reply(self) -> Rate:
        """A substantive reply, over companies reached."""
        return _rate(self.substantive, self.reached)


def rates(asked: Iterable[Asked]) -> Rates:
    """The rates over these companies."""
    every = tuple(asked)
    reached = tuple(one for one in every if _counts(one))
    return Rates(
        reached=_names(reached),
        replied=_names(one for one in reached if one.response in REPLIED),
        substantive=_names(one for one in reached if one.response in SUBSTANTIVE),
        silent=_names(one for one in reached if one.response == "no_response"),
        open=_names(one for one in reached if one.response in OPEN),
        left_out=_names(one for one in every if not _counts(one)),
    )


def _counts(one: Asked) -> bool:
    # Whoever answered was reached, whatever else there is of proof.
    return one.response not in LEFT_OUT and (one.reached or one.response not in OPEN)


def _names(some: Iterable[Asked]) -> tuple[str, ...]:
    return tuple(one.company for one in some)


def _rate(some: Sequence[str], every: Sequence[str]) -> Rate:
    if not every:
        return Rate(0, 0, None)
    return Rate(len(some), len(every), (200 * len(some) + len(every)) // (2 * len(every)))


def merged(verdicts: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The verdict of each question over several replies, oldest reply first.

    A later reply that leaves a question out takes nothing back from an earlier one.
    """
    found: dict[int, str] = {}
    for number, verdict in verdicts:
        if found.get(number, "") in _NOTHING or verdict not in _NOTHING:
            found[number] = verdict
    return dict(sorted(found.items()))
