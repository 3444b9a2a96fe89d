"""The period that a publisher's words speak of: “January – June 2019”, “2019 H1”, “2019-06-30”."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
)
_YEAR = r"(20\d\d)"
_TO = r"\s*(?:[-–—/_]|to|through|until)\s*"
_DAY = r"(?:\s*\d{1,2}(?:st|nd|rd|th)?,?)?"
_ISO = r"(20\d\d)[-./_](\d\d)[-./_](\d\d)"
_WHOLE = rf"(?<!\d){_YEAR}(?!\d)"


class Period(NamedTuple):
    """First and last day, both included, and the words that a page prints."""

    start: date
    end: date
    label: str


def months(year: int, first: int, last: int, to_year: int | None = None) -> Period:
    """The period from one month to another, both included."""
    until = to_year or year
    end = date(until, last, monthrange(until, last)[1])
    start = date(year, first, 1)
    names = f"{start:%B}"
    if (year, first) != (until, last):
        names = f"{start:%B}–{end:%B}" if year == until else f"{start:%B %Y}–{end:%B}"
    whole = year == until and (first, last) == (1, 12)
    return Period(start, end, str(year) if whole else f"{names} {until}")


def ending(day: date) -> Period:
    """The half-year that ends on a day, as publishers of half-yearly figures write it."""
    return months(day.year, 1 if day.month <= 6 else 7, day.month)


def found(words: str) -> Period | None:
    """The period that words name; None where they name none, or only a year among other words."""
    text = " ".join(words.lower().split())
    return _days(text) or _named(text) or _half(text) or _numbered(text) or _year(text)


def _days(text: str) -> Period | None:
    """`2019-01-01 to 2019-06-30`."""
    two = re.search(_ISO + _TO + _ISO, text)
    if not two:
        return None
    try:
        start, end = date(*map(int, two.groups()[:3])), date(*map(int, two.groups()[3:]))
    except ValueError:
        return None
    return Period(start, end, _label(start, end)) if start <= end else None


def _label(start: date, end: date) -> str:
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if whole_months:
        return months(start.year, start.month, end.month, end.year).label
    return f"{start.day} {start:%B %Y}–{end.day} {end:%B %Y}"


def _named(text: str) -> Period | None:
    """`January 1 - June 30, 2019`, `Jul–Dec 2014`, `July 2018 to June 2019`."""
    two = re.search(rf"{_MONTH}{_DAY},?\s*(?:{_YEAR})?{_TO}{_MONTH}{_DAY},?\s*{_YEAR}", text)
    if not two:
        before = re.search(rf"{_YEAR}\s*[:,_-]?\s*{_MONTH}{_TO}{_MONTH}", text)
        if not before:
            return None
        return _of(int(before[1]), before[2], before[3], int(before[1]))
    until = int(two[4])
    return _of(int(two[2] or until), two[1], two[3], until)


def _of(year: int, first: str, last: str, until: int) -> Period | None:
    begins, ends = _MONTHS.index(first) + 1, _MONTHS.index(last) + 1
    if (year, begins) > (until, ends):
        return None
    return months(year, begins, ends, until)


def _half(text: str) -> Period | None:
    """`2019 H1`, `H2 2014`, `2019h1`, `first half of 2019`."""
    one = re.search(rf"{_YEAR}[\s_-]*h([12])(?!\d)|(?<![a-z])h([12])[\s_-]*{_YEAR}", text)
    if one:
        year, half = int(one[1] or one[4]), int(one[2] or one[3])
        return months(year, 6 * half - 5, 6 * half)
    said = re.search(rf"(first|second) half (?:of )?{_YEAR}", text)
    if said:
        half = 1 if said[1] == "first" else 2
        return months(int(said[2]), 6 * half - 5, 6 * half)
    return None


def _numbered(text: str) -> Period | None:
    """`2019-06-30` is the half-year that ends then; `2019-01-06` in no text is taken for one."""
    one = re.search(_ISO, text)
    if not one:
        return None
    try:
        day = date(*map(int, one.groups()))
    except ValueError:
        return None
    last = monthrange(day.year, day.month)[1]
    return ending(day) if day.day == last and day.month in (6, 12) else None


def _year(text: str) -> Period | None:
    if re.search(r"(?<![a-z])(?:" + "|".join(_MONTHS) + ")", text):
        return None  # months that nobody could place are no whole year
    years = set(re.findall(_WHOLE, text))
    return months(int(years.pop()), 1, 12) if len(years) == 1 else None
