"""Days, working days and time zones; a date is a date on one company's own calendar.

Moments are aware UTC times. Source of the rules: fairness.md rule 2. Years outside
1900-2099 are refused, because public holidays are not known there.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays
from babel.dates import format_date, get_timezone_location

from campaign.kernel.errors import Problem

LATEST_ZONE = "Etc/GMT+12"
"""The zone in which a day ends last; used for a company whose zone is unknown."""

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2099, 12, 31)

# Abbreviations that mean one thing everywhere. CST, IST and others mean several.
_CLEAR_ABBREVIATIONS = frozenset(
    "UTC GMT BST WET WEST CET CEST EET EEST EST EDT MDT PDT AEST AEDT ACST ACDT AWST"
    " NZST NZDT JST KST HKT SAST".split()
)
_SATURDAY = 5


def checked(day: date) -> date:
    """The day itself.

    Raises:
        Problem: `date-out-of-range`, for a year before 1900 or after 2099.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Problem("date-out-of-range", date=day.isoformat())
    return day


def plus_days(day: date, n: int) -> date:
    """The calendar day `n` days later (earlier when negative).

    Raises:
        Problem: `date-out-of-range`.
    """
    try:
        return checked(day + timedelta(days=n))
    except OverflowError:
        raise Problem("date-out-of-range", date=f"{day.isoformat()} {n:+d} days") from None


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Names of all time zones that a company can have."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def zone_of(name: str | None) -> ZoneInfo:
    """The zone of that name; the latest zone on Earth when there is none (rule 2).

    Raises:
        Problem: `unknown-zone`.
    """
    if not name:
        return ZoneInfo(LATEST_ZONE)
    if name not in zone_names():
        raise Problem("unknown-zone", name=name)
    return ZoneInfo(name)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The date that a calendar in `zone` shows at `moment`.

    Raises:
        ValueError: `moment` has no time zone.
        Problem: `date-out-of-range`.
    """
    return checked(_local(moment, zone).date())


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    # The check comes first: the very last and first moments overflow in another zone.
    checked(moment.date())
    return moment.astimezone(zone)


def at_time(day: date, clock_time: time, zone: ZoneInfo) -> datetime:
    """The UTC moment at which a clock in `zone` shows that time on that day."""
    return datetime.combine(checked(day), clock_time, tzinfo=zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The UTC moment at which `day` is over in `zone`: no moment from here on is in it.

    Right also where midnight does not exist or comes twice, and for days that a zone left
    out (30 December 2011 in Pacific/Apia ends when the 29th does).

    Raises:
        Problem: `date-out-of-range`.
    """
    midnight = datetime.combine(checked(day) + timedelta(days=1), time(), tzinfo=zone)
    first = midnight.astimezone(UTC)
    second = midnight.replace(fold=1).astimezone(UTC)
    if second < first:
        return _first_moment_after(day, zone, second, first)
    instant_before = (second - timedelta(microseconds=1)).astimezone(zone)
    return second if instant_before.date() <= day else first


def _first_moment_after(day: date, zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    # Midnight lies in a gap, which may start before it (23:30 became 00:30 in Toronto, 1919).
    low -= timedelta(seconds=1)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).date() > day:
            high = middle
        else:
            low = middle
    return high


def day_exists(day: date, zone: ZoneInfo) -> bool:
    """Whether `zone` had that day; crossing the date line leaves one out."""
    return end_of_day(day, zone) > end_of_day(plus_days(day, -1), zone)


@lru_cache(maxsize=2000)
def _working_days(country: str, region: str | None, year: int) -> frozenset[date] | None:
    # A whole year at once and immutable: the library fills its calendars while it is asked,
    # and a second thread could see a year half filled, without its holidays.
    try:
        calendar = holidays.country_holidays(country, subdiv=region, years=year)
    except NotImplementedError:
        return _working_days(country, None, year) if region else None
    first = date(year, 1, 1)
    year_days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return frozenset(day for day in year_days if calendar.is_working_day(day))


def is_working_day(
    day: date,
    country: str | None,
    region: str | None = None,
    extra_closed: Container[date] = (),
) -> bool:
    """Whether offices work on that day: neither weekend nor public holiday (rule 2).

    Args:
        country: ISO 3166 alpha-2; unknown or None means Monday to Friday, no holidays.
        region: ISO 3166-2 part or name; an unknown one means the country's own holidays.
        extra_closed: further days on which the company does not work.

    Raises:
        Problem: `date-out-of-range`.
    """
    checked(day)
    if day in extra_closed:
        return False
    known = _working_days(country.upper(), region or None, day.year) if country else None
    return day.weekday() < _SATURDAY if known is None else day in known


def add_working_days(
    day: date,
    n: int,
    country: str | None,
    region: str | None = None,
    extra_closed: Container[date] = (),
) -> date:
    """The n-th working day after `day` (before it when negative); `day` itself for 0.

    Raises:
        Problem: `date-out-of-range`.
    """
    step = 1 if n > 0 else -1
    left = abs(n)
    while left:
        day = plus_days(day, step)
        left -= is_working_day(day, country, region, extra_closed)
    return day


class Unit(StrEnum):
    """What a period is counted in: days of the calendar, or those on which an office works."""

    CALENDAR = "calendar"
    WORKING = "working"


def period_end(
    day: date,
    n: int,
    unit: Unit,
    country: str | None,
    region: str | None = None,
    extra_closed: Container[date] = (),
) -> date:
    """The last day of a period of `n` days that begins after `day`.

    Args:
        country, region, extra_closed: of the calendar on which working days are counted.

    Raises:
        Problem: `date-out-of-range`.
    """
    if unit is Unit.CALENDAR:
        return plus_days(day, n)
    return add_working_days(day, n, country, region, extra_closed)


def period_in_words(n: int, unit: Unit) -> str:
    """Such as “14 days” or “1 working day”."""
    words = "working day" if unit is Unit.WORKING else "day"
    return f"{n} {words}" if n == 1 else f"{n} {words}s"


def working_days_between(
    start: date,
    end: date,
    country: str | None,
    region: str | None = None,
    extra_closed: Container[date] = (),
) -> int:
    """How many working days follow `start` up to and including `end`.

    Negative when `end` is earlier, so that
    `working_days_between(d, add_working_days(d, n)) == n` for every n.

    Raises:
        Problem: `date-out-of-range`.
    """
    step = 1 if end > start else -1
    total, day = 0, start
    while day != end:
        day = plus_days(day, step)
        total += step * is_working_day(day, country, region, extra_closed)
    return total


def in_words(moment: datetime, zone_name: str | None, language: str = "en") -> str:
    """A moment for people, such as "19 November 2026, 00:05 GMT"."""
    local = _local(moment, zone_of(zone_name))
    return f"{date_in_words(local.date(), language)}, {local:%H:%M} {_short_zone(local)}"


def date_in_words(day: date, language: str = "en") -> str:
    """A date for people, such as "6 December 2026"."""
    # "en" alone would put the month first, as in the United States.
    return format_date(day, "long", locale="en_GB" if language == "en" else language)


def zone_in_words(zone_name: str | None, moment: datetime, language: str = "en") -> str:
    """A zone as it is at that moment, such as "London (GMT)"."""
    zone = zone_of(zone_name)
    short = _short_zone(_local(moment, zone))
    if zone.key == LATEST_ZONE:
        return f"anywhere on Earth ({short})"
    # A name without a city ("Etc/GMT-3", "UTC") says nothing more than its offset.
    if "/" not in zone.key or zone.key.startswith("Etc/"):
        return short
    city = get_timezone_location(zone.key, locale=language, return_city=True)
    return f"{city.rpartition('/')[2]} ({short})"


def long_deadline(day: date, zone_name: str | None) -> str:
    """A deadline that cannot be misread.

    "Sunday 6 December 2026, end of the day in Berlin (CET)".
    """
    last_moment = end_of_day(day, zone_of(zone_name)) - timedelta(seconds=1)
    where = zone_in_words(zone_name, last_moment)
    joint = "" if where.startswith("anywhere") else "in "
    weekday = format_date(day, "EEEE", locale="en")
    return f"{weekday} {date_in_words(day)}, end of the day {joint}{where}"


def _short_zone(local: datetime) -> str:
    name = local.tzname() or ""
    if name in _CLEAR_ABBREVIATIONS:
        return name
    minutes = int((local.utcoffset() or timedelta()) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
