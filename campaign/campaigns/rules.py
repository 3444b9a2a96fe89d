"""What a campaign's policy must hold, and when nothing of it may be seen."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from campaign.kernel.days import (
    Unit,
    period_end,
    period_in_words,
    plus_days,
    working_days_between,
)

RESPONSE_DAYS = range(1, 366)
GRACE_DAYS = range(1, 31)
SHORT_PERIOD = 5
"""Working days; a shorter period needs a reason and a second approver (fairness.md rule 2)."""

_LONG_ENOUGH = {Unit.CALENDAR: 7, Unit.WORKING: SHORT_PERIOD}
_A_MONDAY = date(2026, 11, 16)


class Fault(NamedTuple):
    """What does not hold: the field, why, and what to do."""

    field: str
    why: str
    fix: str


def is_short(
    response_days: int,
    start: date,
    country: str | None,
    region: str | None = None,
    unit: Unit = Unit.CALENDAR,
) -> bool:
    """Whether a period from `start` has under 5 working days where the company is (rule 2).

    Args:
        response_days: days after `start`, in `unit`.
        country, region: ISO 3166; None means Monday to Friday without holidays.
    """
    end = period_end(start, response_days, unit, country, region)
    return working_days_between(start, end, country, region) < SHORT_PERIOD


def may_be_short(response_days: int, unit: Unit = Unit.CALENDAR) -> bool:
    """Whether the period can have under 5 working days even where there are no holidays."""
    starts = (plus_days(_A_MONDAY, n) for n in range(7))
    return any(is_short(response_days, start, None, unit=unit) for start in starts)


def policy_faults(
    *,
    response_days: int,
    grace_working_days: int,
    short_reason: str,
    response_unit: Unit = Unit.CALENDAR,
) -> tuple[Fault, ...]:
    """What is wrong with a policy (fairness.md rules 2 and "period" of the gate).

    Args:
        response_days: days to answer, in `response_unit`.
        grace_working_days: working days after the deadline.
        short_reason: why the period is short, where it is.
    """
    faults = []
    if response_days not in RESPONSE_DAYS:
        faults.append(
            Fault(
                "response_days",
                f"a response period of {response_days} days is not possible",
                "Give between 1 and 365 days; 14 are usual.",
            )
        )
    elif may_be_short(response_days, response_unit) and not short_reason.strip():
        faults.append(
            Fault(
                "short_reason",
                f"{period_in_words(response_days, response_unit)} can be under"
                f" {SHORT_PERIOD} working days",
                "Write down why it is so short, or give at least"
                f" {period_in_words(_LONG_ENOUGH[response_unit], response_unit)}.",
            )
        )
    if grace_working_days not in GRACE_DAYS:
        faults.append(
            Fault(
                "grace_working_days",
                f"a grace of {grace_working_days} working days is not possible",
                "Give between 1 and 30 working days.",
            )
        )
    return tuple(faults)


def same_questions(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether companies are asked the same, white space aside (fairness.md rule 3)."""
    return [" ".join(q.split()) for q in before] == [" ".join(q.split()) for q in after]


def embargo_holds(embargoed: bool, until: datetime | None, now: datetime) -> bool:
    """Whether nothing of the campaign may be seen at `now` (fairness.md rule 24).

    Args:
        until: aware; from that very moment on the campaign is open; None means until a person
            lifts the embargo.
    """
    return embargoed and (until is None or now < until)


def policy_in_words(
    *,
    response_days: int,
    grace_working_days: int,
    reminders: bool,
    auto_publish: bool,
    response_unit: Unit = Unit.CALENDAR,
) -> tuple[str, ...]:
    """What follows from a policy, one sentence each, in the order in which it happens."""
    days = period_in_words(response_days, response_unit)
    grace = period_in_words(grace_working_days, Unit.WORKING)
    return (
        f"Each company has {days} to answer, counted from proof of delivery, to the end of the "
        "last day where it is.",
        "A reminder goes at half of that time, and a final notice 2 working days before the end."
        if reminders
        else "No reminder and no final notice is sent.",
        f"After the deadline we wait {grace} more.",
        "Then the program publishes that we had not received a response, while every gate is open."
        if auto_publish
        else "Then nothing is published until a person says so.",
    )
