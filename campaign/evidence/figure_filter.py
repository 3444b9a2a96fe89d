"""Which figures a reader asks for: the words of an address, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from campaign.companies.rules import is_slug
from campaign.evidence.figure_terms import Kind, Measure, Result, Segment, requester
from campaign.kernel.errors import Problem

_Choice = TypeVar("_Choice", bound=StrEnum)
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show; what is None is not asked about.

    Attributes:
        company: its short name.
        period: first and last day of the report's period, both included.
        place: whose authorities asked, as `figure_terms.requester` writes it.
        kind: figures that count requests of this kind, alone or together with others.
    """

    company: str | None = None
    period: tuple[date, date] | None = None
    place: str | None = None
    kind: Kind | None = None
    segment: Segment | None = None
    outcome: Result | None = None
    measure: Measure | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return self == Filter()

    def query(self) -> dict[str, str]:
        """The words of an address that ask for the same."""
        told: dict[str, Any] = {key: value for key, value in asdict(self).items() if value}
        if self.period:
            told["period"] = period_words(*self.period)
        return {key: str(value) for key, value in told.items()}


NAMES = ("company", "period", "place", "kind", "segment", "outcome", "measure")


def period_words(start: date, end: date) -> str:
    """A period as it stands in an address, such as `2019-01-01..2019-06-30`."""
    return f"{start.isoformat()}..{end.isoformat()}"


def read(given: Mapping[str, str]) -> Filter:
    """The filter that an address asks for; empty words ask about nothing.

    Raises:
        Problem: `figure-term`.
    """
    asked = {name: given[name].strip() for name in NAMES if given.get(name, "").strip()}
    return Filter(
        company=_company(asked.get("company")),
        period=_period(asked.get("period")),
        place=requester(asked["place"]) if "place" in asked else None,
        kind=_choice(Kind, "kind", asked),
        segment=_choice(Segment, "segment", asked),
        outcome=_choice(Result, "outcome", asked),
        measure=_choice(Measure, "measure", asked),
    )


def _company(slug: str | None) -> str | None:
    if slug is not None and not is_slug(slug):
        raise Problem("figure-term", name="company", value=slug[:60], known="a short name")
    return slug


def _period(words: str | None) -> tuple[date, date] | None:
    if words is None:
        return None
    try:
        found = _PERIOD.fullmatch(words)
        if found:
            return date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError:
        pass
    known = "two days such as 2019-01-01..2019-06-30"
    raise Problem("figure-term", name="period", value=words[:60], known=known)


def _choice(kinds: type[_Choice], name: str, asked: Mapping[str, str]) -> _Choice | None:
    if name not in asked:
        return None
    try:
        return kinds(asked[name])
    except ValueError:
        known = ", ".join(kinds)
        raise Problem("figure-term", name=name, value=asked[name][:60], known=known) from None
