"""How complete a company's reporting is, and what to ask for where something is missing.

Ten elements that reports of this kind are asked for, in what they have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from campaign.evidence.figure_rules import ValueKind
from campaign.evidence.figure_terms import (
    EVERYWHERE,
    OUTSIDE_US,
    Kind,
    Measure,
    Result,
    Sought,
)
from campaign.evidence.report_models import Figure

_Holds = Callable[[Figure], bool]
_REMOVAL = {Kind.CONTENT_REMOVAL, Kind.ACCOUNT_RESTRICTION}
_SECURITY = {Kind.NATIONAL_SECURITY_COMBINED, Kind.NSL, Kind.FISA_CONTENT, Kind.FISA_NONCONTENT}
_PROCESS = {
    Kind.SUBPOENA, Kind.SUBPOENA_CRIMINAL, Kind.SUBPOENA_CIVIL, Kind.SEARCH_WARRANT,
    Kind.WIRETAP_ORDER, Kind.PEN_REGISTER_TRAP_TRACE, Kind.OTHER_COURT_ORDER,
}  # fmt: skip
_GIVEN = {
    Result.FULL, Result.PARTIAL, Result.FULL_OR_PARTIAL, Result.SOME_DATA, Result.CONTENT,
    Result.NONCONTENT_ONLY,
}  # fmt: skip
_REFUSED = {
    Result.REJECTED, Result.CHALLENGED, Result.WITHDRAWN, Result.REDIRECTED_TO_CUSTOMER,
    Result.NO_DATA, Result.REJECTED_WITHDRAWN_OR_REDIRECTED,
    Result.REJECTED_WITHDRAWN_NODATA_OR_REDIRECTED,
}  # fmt: skip


class Element(NamedTuple):
    """One thing that a report can disclose.

    Attributes:
        ask: the question for a letter where it is missing.
    """

    name: str
    ask: str
    holds: _Holds


class Checked(NamedTuple):
    """An element, and whether a report discloses it."""

    name: str
    ask: str
    there: bool


def _kinds(figure: Figure) -> set[Kind]:
    return {Kind(one) for one in figure.kinds.split(";") if one}


def _of_kind(kinds: Iterable[Kind]) -> _Holds:
    wanted = set(kinds)
    return lambda figure: bool(_kinds(figure) & wanted)


def _came_of(results: Iterable[Result]) -> _Holds:
    wanted = set(results)
    return lambda figure: figure.outcome in wanted


def _is(measure: Measure) -> _Holds:
    return lambda figure: figure.measure is measure


ELEMENTS: Sequence[Element] = (
    Element(
        "How many requests came",
        "How many requests for your users’ data did you receive in the period?",
        _is(Measure.REQUESTS_RECEIVED),
    ),
    Element(
        "How many accounts they named",
        "How many accounts or users did these requests name?",
        lambda one: one.measure in (Measure.ACCOUNTS_SPECIFIED, Measure.ACCOUNTS_WITH_OUTCOME),
    ),
    Element(
        "From which countries",
        "From the authorities of which countries did they come, and how many from each?",
        lambda one: one.requester not in (EVERYWHERE, OUTSIDE_US),
    ),
    Element(
        "By which legal process",
        "How many were subpoenas, how many warrants, and how many other orders?",
        _of_kind(_PROCESS),
    ),
    Element(
        "How often data was disclosed",
        "In how many cases did you disclose data, in full and in part?",
        _came_of(_GIVEN),
    ),
    Element(
        "Whether it was content or not",
        "In how many cases did you disclose content, and in how many other data only?",
        lambda one: (
            one.outcome in (Result.CONTENT, Result.NONCONTENT_ONLY)
            or one.sought in (Sought.CONTENT, Sought.NONCONTENT)
        ),
    ),
    Element(
        "How often a request was refused",
        "How many requests did you reject, challenge or redirect to your customer?",
        _came_of(_REFUSED),
    ),
    Element(
        "Emergency requests",
        "How many requests came without legal process, as emergencies, and how many did you meet?",
        _of_kind([Kind.EMERGENCY]),
    ),
    Element(
        "National security requests",
        "How many national security requests did you receive, at least as the band that the law "
        "lets you state?",
        _of_kind(_SECURITY),
    ),
    Element(
        "Requests to remove content",
        "How many requests to remove content or to restrict accounts did you receive?",
        _of_kind(_REMOVAL),
    ),
)


def checklist(figures: Sequence[Figure]) -> tuple[Checked, ...]:
    """Each of the ten elements, and whether these figures of a report disclose it.

    What a report names and does not put a number on is not disclosed.
    """
    told = [
        one for one in figures
        if one.value_kind is not ValueKind.NOT_REPORTED and one.measure and not one.derived
    ]  # fmt: skip
    return tuple(Checked(one.name, one.ask, any(map(one.holds, told))) for one in ELEMENTS)
