from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.kernel import days
from campaign.kernel.errors import Problem

D = date.fromisoformat


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "over_at"),
    [
        ("2026-12-06", "Europe/Berlin", "2026-12-06T23:00"),
        ("2026-06-06", "Europe/Berlin", "2026-06-06T22:00"),
        ("2026-03-29", "Europe/London", "2026-03-29T23:00"),  # 23 hours long
        ("2026-10-25", "Europe/London", "2026-10-26T00:00"),  # 25 hours long
        ("2028-02-29", "Europe/London", "2028-03-01T00:00"),
        ("2026-12-31", "Pacific/Kiritimati", "2026-12-31T10:00"),
        ("2026-12-31", "Pacific/Honolulu", "2027-01-01T10:00"),
        ("2026-12-31", days.LATEST_ZONE, "2027-01-01T12:00"),
        ("2011-12-29", "Pacific/Apia", "2011-12-30T10:00"),
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00"),  # left out
        ("2011-12-31", "Pacific/Apia", "2011-12-31T10:00"),
        ("2026-04-04", "Australia/Lord_Howe", "2026-04-04T13:00"),
        ("2026-04-05", "Australia/Lord_Howe", "2026-04-05T13:30"),  # half an hour longer
        ("2026-10-04", "Australia/Lord_Howe", "2026-10-04T13:00"),
        ("2018-11-03", "America/Sao_Paulo", "2018-11-04T03:00"),  # midnight left out
        ("2018-02-17", "America/Sao_Paulo", "2018-02-18T03:00"),  # 23:00 comes twice
        ("2026-10-31", "America/Havana", "2026-11-01T04:00"),  # midnight comes twice
        ("2010-11-06", "America/St_Johns", "2010-11-07T03:30"),  # 00:01 went back to 23:01
        ("1919-03-30", "America/Toronto", "1919-03-31T04:30"),  # 23:30 became 00:30
    ],
)
def test_a_day_is_over_when_the_next_begins_on_the_clocks_of_its_zone(
    day: str, zone: str, over_at: str
) -> None:
    assert days.end_of_day(D(day), ZoneInfo(zone)) == utc(over_at)


ODD_ZONES = [
    "Europe/London",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Toronto",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "Asia/Tehran",
    "Africa/Cairo",
    days.LATEST_ZONE,
]
some_moment = st.timedeltas(timedelta(0), timedelta(days=198 * 365)).map(
    lambda since: datetime(1901, 1, 1, tzinfo=UTC) + since
)


@settings(max_examples=300, deadline=None)
@given(moment=some_moment, zone=st.sampled_from(ODD_ZONES))
def test_the_end_of_a_day_is_after_every_moment_of_it(moment: datetime, zone: str) -> None:
    place = ZoneInfo(zone)
    day = days.local_date(moment, place)
    end = days.end_of_day(day, place)
    assert moment < end
    assert days.local_date(end - timedelta(microseconds=1), place) == day
    assert days.local_date(end, place) > day


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_around_every_clock_change_the_end_of_day_is_exact(zone: str) -> None:
    place = ZoneInfo(zone)
    for n in range(366 * 3):
        day = date(2009, 12, 1) + timedelta(days=n)
        end = days.end_of_day(day, place)
        assert end.astimezone(place).date() > day
        assert (end - timedelta(microseconds=1)).astimezone(place).date() <= day


def test_a_day_that_the_date_line_took_away_does_not_exist() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert [days.day_exists(date(2011, 12, n), apia) for n in (29, 30, 31)] == [True, False, True]


def test_a_company_without_zone_has_the_latest_zone_on_earth() -> None:
    assert days.zone_of(None).key == days.zone_of("").key == "Etc/GMT+12"
    latest = days.end_of_day(date(2026, 5, 1), days.zone_of(None))
    assert all(
        days.end_of_day(date(2026, 5, 1), ZoneInfo(name)) <= latest for name in days.zone_names()
    )


@pytest.mark.parametrize(
    "name",
    ["Etc/GMT+14", "../../etc/passwd", "Europe", "europe/london", "Mars/Olympus", "\0", "a" * 9000],
)
def test_an_unknown_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(Problem) as caught:
        days.zone_of(name)
    assert caught.value.code == "unknown-zone"


@pytest.mark.parametrize(
    ("day", "country", "region", "works"),
    [
        ("2026-12-25", "GB", None, False),
        ("2026-12-25", "DE", None, False),
        ("2026-12-26", "GB", None, False),  # a Saturday
        ("2026-12-28", "GB", None, False),  # substitute for Boxing Day
        ("2026-12-28", "DE", None, True),
        ("2026-01-06", "DE", None, True),
        ("2026-01-06", "DE", "BY", False),  # Epiphany
        ("2026-01-06", "DE", "Bayern", False),
        ("2026-01-06", "DE", "XX", True),  # unknown region: the country's own holidays
        ("2026-11-30", "GB", "SCT", False),  # Saint Andrew
        ("2026-11-30", "GB", "ENG", True),
        ("2021-11-26", "AE", None, False),  # Friday and Saturday, before 2022
        ("2021-11-28", "AE", None, True),
        ("2022-11-25", "AE", None, True),
        ("2022-11-27", "AE", None, False),
        ("2026-11-20", "EG", None, False),
        ("2026-11-22", "EG", None, True),
        ("2026-11-20", "IL", None, False),
        ("2026-11-22", "IL", None, True),
        ("2024-02-04", "CN", None, True),  # a Sunday that was worked
        ("2026-12-25", "DE", "XX", False),
        ("2026-12-25", "ZZ", None, True),  # unknown country: Monday to Friday
        ("2026-12-26", "ZZ", None, False),
        ("2026-12-25", None, None, True),
        ("2026-12-27", None, "BY", False),
        ("2026-12-25", "gb", None, False),
    ],
)
def test_a_working_day_is_one_of_the_companys_own_country(
    day: str, country: str | None, region: str | None, works: bool
) -> None:
    assert days.is_working_day(D(day), country, region) is works


def test_a_day_that_the_company_is_closed_is_not_a_working_day() -> None:
    assert not days.is_working_day(D("2026-11-18"), "GB", None, {D("2026-11-18")})
    assert days.add_working_days(D("2026-11-17"), 1, "GB", None, {D("2026-11-18")}) == D(
        "2026-11-19"
    )


@pytest.mark.parametrize(
    ("day", "n", "country", "region", "expected"),
    [
        ("2026-11-20", 1, "GB", None, "2026-11-23"),  # Friday to Monday
        ("2026-11-23", -1, "GB", None, "2026-11-20"),
        ("2026-11-22", -2, "GB", None, "2026-11-19"),
        ("2026-11-21", 0, "GB", None, "2026-11-21"),
        ("2026-12-24", 1, "GB", None, "2026-12-29"),
        ("2026-12-24", 1, "GB", "SCT", "2026-12-29"),
        ("2026-12-24", 1, "DE", None, "2026-12-28"),
        ("2026-12-31", 1, "GB", "SCT", "2027-01-05"),  # 2 January, and its substitute
        ("2026-11-19", 1, "EG", None, "2026-11-22"),
        ("2028-02-28", 1, "GB", None, "2028-02-29"),
    ],
)
def test_working_days_are_counted_past_weekends_and_holidays(
    day: str, n: int, country: str, region: str | None, expected: str
) -> None:
    assert days.add_working_days(D(day), n, country, region) == D(expected)


@settings(max_examples=100, deadline=None)
@given(
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    n=st.integers(-60, 60),
    country=st.sampled_from(["GB", "DE", "EG", "IL", "JP", "CN", "ZZ", None]),
)
def test_counting_working_days_undoes_adding_them(day: date, n: int, country: str | None) -> None:
    there = days.add_working_days(day, n, country)
    assert days.working_days_between(day, there, country) == n
    if days.is_working_day(day, country):
        assert days.add_working_days(there, -n, country) == day


@pytest.mark.parametrize(
    "act",
    [
        lambda: days.end_of_day(date.max, ZoneInfo("Europe/London")),
        lambda: days.end_of_day(date.min, ZoneInfo("Europe/London")),
        lambda: days.local_date(datetime.max.replace(tzinfo=UTC), ZoneInfo("Asia/Tokyo")),
        lambda: days.local_date(datetime.min.replace(tzinfo=UTC), days.zone_of(None)),
        lambda: days.in_words(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo"),
        lambda: days.plus_days(date(9999, 12, 31), 1),
        lambda: days.plus_days(date(2026, 1, 1), 10**12),
        lambda: days.add_working_days(date(9999, 12, 31), 1, "GB"),
        lambda: days.add_working_days(date(2099, 12, 1), 300, None),
        lambda: days.is_working_day(date(2100, 1, 1), "GB"),
        lambda: days.working_days_between(date(2099, 12, 1), date(9999, 1, 1), "GB"),
    ],
)
def test_a_year_that_no_calendar_knows_is_a_problem_and_not_a_crash(
    act: Callable[[], object],
) -> None:
    with pytest.raises(Problem) as caught:
        act()
    assert caught.value.code == "date-out-of-range"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        days.local_date(datetime(2026, 1, 1), ZoneInfo("Europe/London"))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        ("2026-11-19T00:05", "Europe/London", "19 November 2026, 00:05 GMT"),
        ("2026-07-01T12:00", "Europe/London", "1 July 2026, 13:00 BST"),
        ("2026-11-19T00:05", "Asia/Shanghai", "19 November 2026, 08:05 UTC+8"),
        ("2026-11-19T00:05", "Asia/Kathmandu", "19 November 2026, 05:50 UTC+5:45"),
        ("2026-11-19T00:05", "America/St_Johns", "18 November 2026, 20:35 UTC−3:30"),
        ("2026-11-19T00:05", None, "18 November 2026, 12:05 UTC−12"),
    ],
)
def test_a_moment_is_told_with_a_zone_that_means_one_thing(
    moment: str, zone: str | None, words: str
) -> None:
    assert days.in_words(utc(moment), zone) == words


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("Europe/London", "en", "London (GMT)"),
        ("Europe/Vienna", "de", "Wien (CET)"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires (UTC−3)"),
        ("Etc/GMT-3", "en", "UTC+3"),
        ("UTC", "en", "UTC"),
        (None, "en", "anywhere on Earth (UTC−12)"),
    ],
)
def test_a_zone_is_told_by_its_city(zone: str | None, language: str, words: str) -> None:
    assert days.zone_in_words(zone, utc("2026-11-19T00:05"), language) == words


def test_a_date_is_told_in_the_language_of_the_letter() -> None:
    assert days.date_in_words(D("2026-12-06")) == "6 December 2026"
    assert days.date_in_words(D("2026-12-06"), "de") == "6. Dezember 2026"


@pytest.mark.parametrize(
    ("day", "zone", "words"),
    [
        ("2026-12-06", "Europe/Berlin", "Sunday 6 December 2026, end of the day in Berlin (CET)"),
        # The day on which the clocks change ends in the other time.
        ("2026-03-29", "Europe/Berlin", "Sunday 29 March 2026, end of the day in Berlin (CEST)"),
        (
            "2026-12-06",
            None,
            "Sunday 6 December 2026, end of the day anywhere on Earth (UTC−12)",
        ),
        # Summer time begins at midnight, when the day is over.
        ("2026-04-23", "Africa/Cairo", "Thursday 23 April 2026, end of the day in Cairo (EET)"),
        ("2026-12-06", "UTC", "Sunday 6 December 2026, end of the day in UTC"),
    ],
)
def test_a_deadline_names_day_end_and_zone(day: str, zone: str | None, words: str) -> None:
    assert days.long_deadline(D(day), zone) == words
