"""Checks of single values in an import file; each error says what to write instead."""

from __future__ import annotations

import re
from datetime import date

from campaign.companies.places import country_code
from campaign.kernel import days
from campaign.kernel.errors import Problem
from campaign.kernel.text import has_control

NAME_LENGTH = 200
OFFICE_LENGTH = 120
SOURCE_LENGTH = 300
VALUE_LENGTH = 1000

# Characters that make a name look like another one on the screen.
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_FORMULA_STARTS = ("=", "+", "-", "@")


class BadCell(Exception):
    """A value that cannot be used; its text tells why and what to write."""


def one_line(what: str, text: str, limit: int) -> str:
    """The text without the spaces around it.

    Raises:
        BadCell: a control character, a line break, a direction mark, or too long.
    """
    value = text.strip(" \u00a0")
    if has_control(value) or _DIRECTION_MARKS.search(value):
        raise BadCell(f"the {what} holds a line break or an invisible character; retype it")
    if len(value) > limit:
        raise BadCell(f"the {what} is longer than {limit} characters")
    return value


def name(what: str, text: str, limit: int = OFFICE_LENGTH) -> str:
    """A name of a company, an office or a person.

    Raises:
        BadCell: also for what a spreadsheet would run as a formula.
    """
    value = one_line(what, text, limit)
    if value.startswith(_FORMULA_STARTS):
        raise BadCell(
            f"the {what} looks like a formula: it begins with “{value[0]}”; begin with a letter"
        )
    return value


def postal_address(text: str) -> str:
    """An address in lines, without empty ones.

    Raises:
        BadCell: as for a name, line by line.
    """
    lines = [one_line("address", line, 200) for line in re.split(r"\r\n|\r|\n", text)]
    value = "\n".join(line for line in lines if line)
    if value.startswith(_FORMULA_STARTS):
        raise BadCell(f"the address looks like a formula: it begins with “{value[0]}”")
    if len(value) > VALUE_LENGTH:
        raise BadCell(f"the address is longer than {VALUE_LENGTH} characters")
    return value


def country(text: str) -> str | None:
    """The country's two letters; None for an empty cell.

    Raises:
        BadCell: the country is unknown.
    """
    if not text.strip():
        return None
    code = country_code(text)
    if code is None:
        raise BadCell(f"“{text[:60]}” is not a country; write two letters such as GB, or its name")
    return code


def zone(text: str) -> str | None:
    """The name of a time zone; None for an empty cell.

    Raises:
        BadCell: the zone is unknown.
    """
    try:
        return days.zone_of(text.strip()).key if text.strip() else None
    except Problem as problem:
        raise BadCell(f"“{text[:60]}” is not a time zone; {problem.what_to_do}") from None


def language(text: str) -> str | None:
    """A language code such as "de" or "pt-BR"; None for an empty cell.

    Raises:
        BadCell: it is not a code.
    """
    value = text.strip().replace("_", "-")
    if not value:
        return None
    if not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z]{2}|-[A-Za-z]{4})?", value):
        raise BadCell(f"“{text[:60]}” is not a language; write its code, such as en or de")
    first, dash, rest = value.partition("-")
    return first.lower() + dash + (rest.upper() if len(rest) == 2 else rest.title())


def day(what: str, text: str) -> date | None:
    """A date written 2026-12-06; None for an empty cell.

    Raises:
        BadCell: written otherwise. 06/12/2026 is June to some and December to others.
    """
    value = text.strip()
    if not value:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        hint = " is ambiguous" if re.search(r"\d[/.\-]\d", value) else ""
        raise BadCell(f"the {what} “{value[:30]}”{hint}; write year-month-day, such as 2026-12-06")
    try:
        return days.checked(date.fromisoformat(value))
    except (ValueError, Problem):
        raise BadCell(f"the {what} {value} is not a day of the calendar") from None
