"""What the approver reads of the days to come is what the clock then does."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from campaign.awaiting import rules
from campaign.drafting.rules import Calendar, Promise, automation
from campaign.kernel import days

PROMISE = Promise(reminders=True, auto_publish=True, grace_working_days=1, notice_given=True)
PLACES = (("GB", None, "Europe/London"), ("DE", "BY", "Europe/Berlin"), (None, None, None))


@pytest.mark.parametrize("response_days", [10, 14, 21, 30])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_days_put_before_the_approver_are_those_of_the_clock(
    place: tuple[str | None, str | None, str | None], response_days: int
) -> None:
    there = rules.Place(*place)
    for n in range(0, 366, 3):
        dated_on = date(2026, 11, 1) + timedelta(days=n)
        deadline = dated_on + timedelta(days=response_days)
        told = automation(dated_on, deadline, Calendar(*place), PROMISE, "them", True)
        arrived = there.opening(dated_on)
        grace = rules.silence_at(deadline, rules.Policy(), there) - timedelta(hours=1)
        moments: tuple[datetime, ...] = (
            rules.reminder_at(arrived, deadline, there),
            rules.final_notice_at(deadline, there),
            grace,
        )
        if told[0].startswith("In this short period"):  # it names no days of reminders
            told, moments = told[1:], moments[2:]
        for sentence, moment in zip(told, moments, strict=False):
            words = days.date_in_words(there.date_at(moment))
            assert words in sentence, (dated_on, deadline)
