"""Figures of transparency reports: as people type them, and in words. Not reported is not zero.

A band includes both its ends and is never replaced by its middle (evidence.md, “Rules”).
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from campaign.kernel.errors import Problem

NOT_REPORTED = "not reported"
OWN = "company"
"""Stands in a text for the newest report of the company that the letter goes to."""

SLUG_LIMIT = 40
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,4}))?\s*(%|percent|per cent)?"
_LARGEST = Decimal(10**13)


class ValueKind(StrEnum):
    """How exactly a source states a figure."""

    EXACT = "exact"
    BAND = "band"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    APPROX = "approx"
    NOT_REPORTED = "not_reported"


class Unit(StrEnum):
    """What a figure counts in."""

    COUNT = "count"
    PERCENT = "percent"


class Denominator(StrEnum):
    """What a percent is a share of."""

    REQUESTS_RECEIVED = "requests_received"
    REQUESTS_WITH_DISCLOSURE = "requests_with_disclosure"
    ACCOUNTS_SPECIFIED = "accounts_specified"
    OTHER = "other"


class SourceKind(StrEnum):
    """Who says it: the company in its report or blog, the press, or an organisation."""

    PRIMARY = "primary"
    COMPANY_BLOG = "company_blog"
    PRESS = "press"
    NGO_DATASET = "ngo_dataset"


OTHERS = frozenset({SourceKind.PRESS, SourceKind.NGO_DATASET})
"""Sources that are not the company itself: what they say is “reported by” them."""


class Amount(NamedTuple):
    """A figure exactly as its source states it.

    Attributes:
        low: the least that it can be; None where the source states none.
        high: the most that it can be, both ends of a band included; of “fewer than” the number
            that it does not reach.
        decimals: how many the source prints, so that 46.0 stays 46.0.
    """

    kind: ValueKind
    unit: Unit = Unit.COUNT
    low: Decimal | None = None
    high: Decimal | None = None
    decimals: int = 0


# What is typed before a number, and what it means.
_PREFIXES = (
    (re.compile(r"(?:at least|>=|≥)\s*"), ValueKind.AT_LEAST),
    (re.compile(r"(?:fewer than|less than|under|<)\s*"), ValueKind.LESS_THAN),
    (re.compile(r"(?:about|around|approximately|roughly|~|≈)\s*"), ValueKind.APPROX),
)
_BAND = re.compile(rf"{_NUMBER}\s*(?:-|–|to)\s*{_NUMBER}", re.ASCII)
_ONE = re.compile(_NUMBER, re.ASCII)


def short_name(typed: str) -> str:
    """The short name of a figure, checked.

    Raises:
        Problem: `figure-short-name`.
    """
    name = typed.strip()
    if not _SLUG.fullmatch(name) or len(name) > SLUG_LIMIT:
        raise Problem("figure-short-name", name=name[:60])
    return name


def read(typed: str, *, signed: bool = False) -> Amount:
    """A figure as typed: `1,618`, `42%`, `0-249`, `at least 10`, `about 33%`, `not reported`.

    Args:
        signed: it is a change, written `+23%` or `about -33%`: it may fall, and pass 100%.

    Raises:
        Problem: `figure-value`.
    """
    words = " ".join(typed.lower().split())
    if words == NOT_REPORTED:
        return Amount(ValueKind.NOT_REPORTED)
    amount = _change(words) if signed else _band(words) or _one(words)
    if amount is None or not (signed or _holds(amount)):
        raise Problem("figure-value", value=typed.strip()[:60])
    return amount


def _band(words: str) -> Amount | None:
    found = _BAND.fullmatch(words)
    if not found:
        return None
    low, high = _number(found[1], found[2]), _number(found[4], found[5])
    decimals = max(len(found[2] or ""), len(found[5] or ""))
    return Amount(ValueKind.BAND, _unit(found[6] or found[3]), low, high, decimals)


def _one(words: str) -> Amount | None:
    kind = ValueKind.EXACT
    for prefix, meant in _PREFIXES:
        if found := prefix.match(words):
            kind, words = meant, words[found.end() :]
            break
    number = _ONE.fullmatch(words)
    if not number:
        return None
    value = _number(number[1], number[2])
    low = None if kind is ValueKind.LESS_THAN else value
    high = None if kind is ValueKind.AT_LEAST else value
    return Amount(kind, _unit(number[3]), low, high, len(number[2] or ""))


def _change(words: str) -> Amount | None:
    sign = re.search(r"[-−+]", words)
    amount = _one(words[: sign.start()] + words[sign.end() :] if sign else words)
    if amount is None or amount.low is None or amount.high is None:
        return None  # “at least” says nothing of a fall
    if sign is None or sign[0] == "+":
        return amount
    return amount._replace(low=-amount.low, high=-amount.high)


def _number(whole: str, part: str | None) -> Decimal:
    return Decimal(whole.replace(",", "") + (f".{part}" if part else ""))


def _unit(sign: str | None) -> Unit:
    return Unit.PERCENT if sign else Unit.COUNT


def _holds(amount: Amount) -> bool:
    """Whether it can be: no part of a request is counted, no share is more than the whole."""
    top = max(value for value in (amount.low, amount.high) if value is not None)
    if amount.unit is Unit.COUNT and amount.decimals:
        return False
    if top > (100 if amount.unit is Unit.PERCENT else _LARGEST):
        return False
    if amount.kind is ValueKind.BAND:
        assert amount.low is not None
        assert amount.high is not None
        return amount.low < amount.high
    return amount.kind is not ValueKind.LESS_THAN or top > 0


# What is printed around the numbers, in English and elsewhere.
_FORMS: dict[ValueKind, tuple[str, str]] = {
    ValueKind.EXACT: ("{low}", "{low}"),
    ValueKind.BAND: ("{low}–{high}", "{low}–{high}"),
    ValueKind.AT_LEAST: ("at least {low}", "≥ {low}"),
    ValueKind.LESS_THAN: ("{fewer} than {high}", "< {high}"),
    ValueKind.APPROX: ("about {low}", "≈ {low}"),
    ValueKind.NOT_REPORTED: ("", ""),
}


def words(amount: Amount, language: str = "en", *, signed: bool = False) -> str:
    """A figure as a text prints it; empty where it is not reported.

    Numbers are written as the language writes them. What stands before them is words in English
    and a sign that everybody reads elsewhere.

    Args:
        signed: it is a change and stands alone: a rise has its plus.
    """
    locale = _locale(language)
    english, other = _FORMS[amount.kind]
    sign = _sign(amount, locale)
    one_sign = "" if amount.kind is ValueKind.BAND else sign  # a band has it at its end only
    return (english if locale.language == "en" else other).format(
        low=("+" if signed and (amount.low or 0) > 0 else "")
        + _printed(amount.low, amount, locale)
        + one_sign,
        high=_printed(amount.high, amount, locale) + sign,
        fewer="fewer" if amount.unit is Unit.COUNT else "less",
    )


def typed(amount: Amount, *, signed: bool = False) -> str:
    """A figure as `read` reads it."""
    return words(amount, signed=signed) or NOT_REPORTED


def _sign(amount: Amount, locale: Locale) -> str:
    if amount.unit is Unit.COUNT:
        return ""
    return "%" if locale.language == "en" else "\u00a0%"


def _printed(value: Decimal | None, amount: Amount, locale: Locale) -> str:
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "0" * amount.decimals if amount.decimals else "")
    return format_decimal(value, pattern, locale=locale)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
