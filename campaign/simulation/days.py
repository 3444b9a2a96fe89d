"""When a company's time is over, told apart from the program: no line of it is used here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

_LATEST = "Etc/GMT+12"


def _zone(name: str | None) -> ZoneInfo:
    return ZoneInfo(name or _LATEST)


def date_in(moment: datetime, zone: str | None) -> date:
    """The date on a wall calendar there."""
    return moment.astimezone(_zone(zone)).date()


@cache
def end_of(day: date, zone: str | None) -> datetime:
    """The first moment at which no clock there shows that day any more, to the minute."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=8)
    while date_in(moment, zone) <= day:
        moment += timedelta(hours=1)
    while date_in(moment - timedelta(minutes=1), zone) > day:
        moment -= timedelta(minutes=1)
    return moment


@cache
def _calendar(country: str | None, year: int) -> Any:
    return holidays.country_holidays(country, years=year) if country else None


def works(day: date, country: str | None) -> bool:
    """Whether offices there work on that day."""
    calendar = _calendar(country, day.year)
    if calendar is None:
        return day.weekday() < 5
    return bool(calendar.is_working_day(day))


def over(deadline: date, grace: int, country: str | None, zone: str | None) -> datetime:
    """The end of the last working day of grace after a deadline."""
    day = deadline
    while grace:
        day += timedelta(days=1)
        grace -= works(day, country)
    return end_of(day, zone)
