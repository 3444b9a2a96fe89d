"""Which figures may stand in one line, and why others may not (evidence.md, “Rules”)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from campaign.evidence import figure_words as words
from campaign.evidence.figure_rules import Amount, Unit, ValueKind
from campaign.evidence.figure_terms import Measure, Terms

_NEARLY = 4  # days by which two halves or quarters of a year differ
_COMPUTES = frozenset({ValueKind.EXACT, ValueKind.APPROX})


@dataclass(frozen=True, slots=True)
class Side:
    """A figure as far as it matters beside another.

    Attributes:
        terms: what it counts; None where nobody has said.
        start, end: its period, both days included.
        scope: the service that it is about; empty for all of them.
    """

    company: str
    terms: Terms | None
    amount: Amount
    start: date
    end: date
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """From this day on, what a company counts cannot be set beside what it counted before."""

    company: str
    on: date
    why: str


def reasons(sides: Sequence[Side], breaks: Sequence[Break] = ()) -> tuple[str, ...]:
    """Why these may not stand in one line, each reason once; none where they may."""
    found: dict[str, None] = {}
    for one, other in pairwise(sides):
        found.update(dict.fromkeys(_pair(one, other, breaks)))
    return tuple(found)


def no_change(old: Side, new: Side, breaks: Sequence[Break] = ()) -> tuple[str, ...]:
    """Why no change can be computed from one to the other; none where one can."""
    found = list(_pair(old, new, breaks))
    if old.company != new.company:
        found.append("They are figures of two companies: that is a difference and no change.")
    for side in (old, new):
        if side.amount.kind is ValueKind.BAND:
            found.append("A band stands for any number within it, so nothing is computed from it.")
        elif side.amount.kind not in _COMPUTES:
            found.append("A figure without one exact number cannot be computed with.")
    if old.amount.low == 0:
        found.append("There is no percent of zero.")
    if old.terms and old.terms.measure is Measure.CHANGE:
        found.append("A change is not computed from changes.")
    if old.amount.unit is Unit.PERCENT:
        found.append("No percent is computed of a percent.")
    return tuple(dict.fromkeys(found))


def change(old: Amount, new: Amount) -> Decimal:
    """Percent by which a number rose or fell, to one decimal; `no_change` has to allow it.

    Raises:
        ValueError: one of them is no single number, or the old one is zero.
    """
    if old.low is None or new.low is None or not old.low:
        raise ValueError("no_change has a reason against this")
    return ((new.low - old.low) / old.low * 100).quantize(Decimal("0.1"))


def _pair(one: Side, other: Side, breaks: Sequence[Break]) -> list[str]:
    if one.terms is None or other.terms is None:
        return ["Nobody has said yet what exactly one of them counts."]
    found = _terms(one.terms, other.terms)
    if one.amount.unit is not other.amount.unit:
        found.append("One is a number, the other a share.")
    if one.scope != other.scope:
        found.append(
            f"One is about {one.scope or 'all services'}, the other about "
            f"{other.scope or 'all services'}."
        )
    if one.amount.unit is Unit.COUNT and not _as_long(one, other):
        found.append(
            f"Their periods are not equally long: {_days(one):,} days and {_days(other):,} days."
        )
    return [*found, *_broken(one, other, breaks)]


def _terms(one: Terms, other: Terms) -> list[str]:
    told = (
        ("counts", words.MEASURES[one.measure], words.MEASURES[other.measure]),
        ("counts", words.kinds(one.kinds), words.kinds(other.kinds)),
        ("counts requests", words.OUTCOMES[one.outcome], words.OUTCOMES[other.outcome]),
        ("is about", words.place(one.requester), words.place(other.requester)),
        ("is about", words.SEGMENTS[one.segment], words.SEGMENTS[other.segment]),
        ("is about", words.SOUGHT[one.sought], words.SOUGHT[other.sought]),
        ("is about data", words.LOCATIONS[one.location], words.LOCATIONS[other.location]),
    )
    found = [
        f"One {verb} {ours}, the other {theirs}." for verb, ours, theirs in told if ours != theirs
    ]
    if one.denominator and other.denominator and one.denominator is not other.denominator:
        ours, theirs = words.SHARES[one.denominator], words.SHARES[other.denominator]
        found.append(f"One is a share of {ours}, the other a share of {theirs}.")
    if _compared(one) != _compared(other):
        found.append("They are changes against different periods.")
    return found


def _compared(terms: Terms) -> tuple[date | None, date | None]:
    return terms.compared_start, terms.compared_end


def _days(side: Side) -> int:
    return (side.end - side.start).days + 1


def _as_long(one: Side, other: Side) -> bool:
    return abs(_days(one) - _days(other)) <= _NEARLY


def _broken(one: Side, other: Side, breaks: Sequence[Break]) -> list[str]:
    first, last = sorted((one.start, other.start))
    return [
        f"What {there.company} counts changed on {there.on.isoformat()}: {there.why}"
        for there in breaks
        if there.company in (one.company, other.company) and first < there.on <= last
    ]
