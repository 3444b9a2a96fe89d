from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from campaign.campaigns import rules
from campaign.kernel.days import Unit

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "grace", "reason", "fields"),
    [
        (14, 1, "", []),
        (7, 1, "", []),  # every 7 days hold 5 working days
        (6, 1, "", ["short_reason"]),
        (6, 1, "  ", ["short_reason"]),
        (6, 1, "The vote is on the 30th.", []),
        (1, 1, "The vote is tomorrow.", []),
        (0, 1, "", ["response_days"]),
        (-3, 1, "because", ["response_days"]),
        (366, 1, "", ["response_days"]),
        (365, 30, "", []),
        (14, 0, "", ["grace_working_days"]),
        (14, 31, "", ["grace_working_days"]),
        (3, 0, "", ["short_reason", "grace_working_days"]),
    ],
)
def test_a_policy_gives_time_and_grace_or_a_reason(
    days: int, grace: int, reason: str, fields: list[str]
) -> None:
    faults = rules.policy_faults(response_days=days, grace_working_days=grace, short_reason=reason)
    assert [fault.field for fault in faults] == fields
    assert all(fault.why and fault.fix.endswith(".") for fault in faults)


@pytest.mark.parametrize(
    ("days", "start", "country", "short"),
    [
        (7, date(2026, 11, 16), "GB", False),
        (6, date(2026, 11, 16), "GB", True),  # Tuesday to Friday, then a weekend
        (4, date(2026, 11, 16), "GB", True),
        (7, date(2026, 12, 23), "GB", True),  # Christmas Day and Boxing Day (observed)
        (7, date(2026, 12, 23), None, False),  # no calendar is known
        (14, date(2026, 12, 23), "GB", False),
    ],
)
def test_working_days_are_counted_on_the_company_s_own_calendar(
    days: int, start: date, country: str | None, short: bool
) -> None:
    assert rules.is_short(days, start, country) is short


@pytest.mark.parametrize(("number", "short"), [(4, True), (5, False), (10, False)])
def test_working_days_are_short_by_their_number_alone(number: int, short: bool) -> None:
    christmas = date(2026, 12, 23)
    assert rules.is_short(number, christmas, "GB", unit=Unit.WORKING) is short
    assert rules.may_be_short(number, Unit.WORKING) is short


@pytest.mark.parametrize(
    ("embargoed", "until", "holds"),
    [
        (False, None, False),
        (False, NOON + timedelta(days=1), False),
        (True, None, True),
        (True, NOON + timedelta(microseconds=1), True),
        (True, NOON, False),  # open from that very moment on
        (True, NOON - timedelta(days=1), False),
    ],
)
def test_an_embargo_holds_until_its_moment(
    embargoed: bool, until: datetime | None, holds: bool
) -> None:
    assert rules.embargo_holds(embargoed, until, NOON) is holds


@pytest.mark.parametrize(
    ("after", "same"),
    [
        (("How long?", "Who?"), True),
        (("How  long?\n", "Who?"), True),
        (("Who?", "How long?"), False),
        (("How long?",), False),
        (("How long?", "Who?", "Why?"), False),
        (("How long", "Who?"), False),
    ],
)
def test_companies_are_asked_the_same_or_not(after: tuple[str, ...], same: bool) -> None:
    assert rules.same_questions(("How long?", "Who?"), after) is same


def test_a_policy_is_told_in_words() -> None:
    told = rules.policy_in_words(
        response_days=14, grace_working_days=1, reminders=True, auto_publish=True
    )
    assert told[0].startswith("Each company has 14 days to answer, counted from proof")
    assert "wait 1 working day more" in told[2]
    assert "the program publishes" in told[3]
    told = rules.policy_in_words(
        response_days=1, grace_working_days=3, reminders=False, auto_publish=False
    )
    assert told[0].startswith("Each company has 1 day to")
    assert "3 working days" in told[2]
    assert told[3] == "Then nothing is published until a person says so."
