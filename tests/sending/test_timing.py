"""When a letter may leave, by the days printed in it (fairness.md rule 2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from campaign.drafting.rules import Calendar
from campaign.sending.timing import Printed, shorter

MONDAY = date(2026, 11, 23)


def printed(days: int, country: str | None = "GB", zone: str = "Europe/London") -> Printed:
    calendar = Calendar(country, None, zone)
    return Printed(MONDAY, MONDAY + timedelta(days=days), zone, calendar)


@pytest.mark.parametrize(
    ("days", "country", "last"),
    [
        (14, "GB", date(2026, 11, 30)),  # 1, 2, 3, 4 and 7 December are left
        (7, "GB", date(2026, 11, 23)),
        (3, "GB", date(2026, 11, 23)),  # approved although it is short: not shorter still
        (30, "GB", date(2026, 12, 16)),
        (35, "GB", date(2026, 12, 17)),  # to 28 December, a holiday there as the 25th is
        (14, None, date(2026, 11, 30)),
    ],
)
def test_a_letter_leaves_while_five_working_days_are_left(
    days: int, country: str | None, last: date
) -> None:
    assert printed(days, country).last_day == last


def test_the_day_ends_in_the_zone_that_the_text_names() -> None:
    tokyo = printed(14, "JP", "Asia/Tokyo")
    assert tokyo.over_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


def test_what_was_ordered_in_time_has_one_more_working_day() -> None:
    friday = Printed(date(2026, 11, 20), date(2026, 11, 27), "UTC", Calendar("GB", None, "UTC"))
    assert friday.over_at == datetime(2026, 11, 23, tzinfo=UTC), "the week-end costs no working day"
    assert friday.not_after == datetime(2026, 11, 24, tzinfo=UTC)
    short = printed(1, zone="UTC")
    assert short.not_after == datetime(2026, 11, 25, tzinfo=UTC), "its deadline ends it"


def test_fewer_days_than_are_printed_are_told() -> None:
    letter = printed(14, zone="UTC")
    on = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert letter.days_given(on) == 14
    assert shorter([(letter, on)]) == -1
    assert shorter([(letter, on), (letter, on + timedelta(days=3))]) == 11
    assert shorter([(letter, on - timedelta(days=2))]) == -1
