"""Single cells of publishers' files: numbers, shares, ranges and places. Blank is not zero."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from campaign.companies.places import country_code
from campaign.evidence.figure_rules import Amount, Unit, ValueKind
from campaign.evidence.figure_terms import EVERYWHERE

_NOTHING = frozenset(
    {"", "-", "–", "—", "n/a", "na", "not reported", "not applicable", "null", "none", "*"}
)
_EVERYBODY = frozenset(
    {"all", "total", "totals", "grand total", "worldwide", "global", "all countries", "sum"}
)
# Footnote marks behind a name or a number; a letter or digit only in brackets or raised.
_MARKS = re.compile(
    r"(?:\s*(?:[*†‡§¶#¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[[\w*]{1,3}\]|\((?:\d{1,2}|[ivx]{1,4}|\*+)\)))+$"
)
_LOOSE_DIGITS = re.compile(r"(?<=[^\W\d])\s*\d{1,2}$")
_BAND = re.compile(r"([\d,. ]+?)\s*(?:-|–|—|to)\s*([\d,. ]+)")
_LEAST = re.compile(r"(?:at least|>=|≥)\s*|(?=[\d,]+\s*\+$)")
_FEWER = re.compile(r"(?:fewer than|less than|<)\s*")
_NUMBER = re.compile(r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+|\d+")
# What publishers write and no list of names has. “Congo” alone could be either of two: refused.
_PLACES: dict[str, str | None] = {
    "bosnia": "BA",
    "bosnia and herzegovina": "BA",
    "brasil": "BR",
    "brunei darussalam": "BN",
    "burma": "MM",
    "cabo verde": "CV",
    "congo": None,
    "congo (brazzaville)": "CG",
    "congo (drc)": "CD",
    "congo (kinshasa)": "CD",
    "cote d'ivoire": "CI",
    "democratic republic of the congo": "CD",
    "drc": "CD",
    "hong kong sar": "HK",
    "islamic republic of iran": "IR",
    "ivory coast": "CI",
    "kosovo": "XK",
    "lao people's democratic republic": "LA",
    "macau": "MO",
    "macau sar": "MO",
    "macao": "MO",
    "macedonia": "MK",
    "moldova": "MD",
    "palestine": "PS",
    "palestinian territories": "PS",
    "republic of moldova": "MD",
    "republic of the congo": "CG",
    "saint kitts and nevis": "KN",
    "saint lucia": "LC",
    "slovak republic": "SK",
    "south korea": "KR",
    "swaziland": "SZ",
    "syrian arab republic": "SY",
    "taiwan": "TW",
    "province of china taiwan": "TW",
    "trinidad and tobago": "TT",
    "turkey": "TR",
    "türkiye": "TR",
    "vatican city": "VA",
    "united republic of tanzania": "TZ",
    "viet nam": "VN",
}
_SHARE_DECIMALS = 2  # of a share that a sheet computes and does not print


class NoFigure(ValueError):
    """A cell that is no figure; the text says what it holds."""


def clean(name: str) -> str:
    """A name without the footnote marks behind it."""
    return _MARKS.sub("", " ".join(name.split())).strip()


def place(name: str) -> str | None:
    """The country of a row's name, `all` for a total; None for what is neither."""
    plain = clean(name).rstrip(":")
    if plain.casefold() in _EVERYBODY:
        return EVERYWHERE
    for words in (plain, _LOOSE_DIGITS.sub("", plain), _turned(plain)):
        known = words.strip().replace("’", "'").replace("&", "and").casefold()
        found = _PLACES[known] if known in _PLACES else country_code(words)
        if found or known in _PLACES:
            return found
    return None


def _turned(name: str) -> str:
    """`Korea, Republic of` as people say it."""
    first, comma, rest = name.partition(",")
    return f"{rest.strip()} {first}" if comma else name


def count(cell: str) -> Amount:
    """How many.

    Raises:
        NoFigure: it is neither a number, a range nor empty.
    """
    text = _MARKS.sub("", cell.strip()).strip().lower()
    if text in _NOTHING:
        return Amount(ValueKind.NOT_REPORTED)
    kind, text = _kind(text)
    band = _BAND.fullmatch(text)
    if band and kind is ValueKind.EXACT:
        return ranged(_whole(band[1]), _whole(band[2]))
    number = _whole(text.rstrip("+ "))
    low = None if kind is ValueKind.LESS_THAN else number
    high = None if kind is ValueKind.AT_LEAST else number
    return Amount(kind, Unit.COUNT, low, high)


def _kind(text: str) -> tuple[ValueKind, str]:
    for pattern, kind in ((_LEAST, ValueKind.AT_LEAST), (_FEWER, ValueKind.LESS_THAN)):
        found = pattern.match(text)
        if found:
            return kind, text[found.end() :]
    return ValueKind.EXACT, text


def ranged(low: Decimal, high: Decimal) -> Amount:
    """A range with both its ends.

    Raises:
        NoFigure: its end is not above its start.
    """
    if low == high:
        return Amount(ValueKind.EXACT, Unit.COUNT, low, high)
    if low > high:
        raise NoFigure(f"the range {low}–{high} ends before it begins")
    return Amount(ValueKind.BAND, Unit.COUNT, low, high)


def _whole(text: str) -> Decimal:
    words = text.strip()
    if re.fullmatch(r"\d+\.0+", words):
        words = words.split(".")[0]
    if not _NUMBER.fullmatch(words):
        raise NoFigure(f"“{text.strip()[:40]}” is no number")
    return Decimal(re.sub(r"\D", "", words))


def share(cell: str, *, fraction: bool = False) -> Amount:
    """A percent.

    Args:
        fraction: a number without a sign is a part of one, as workbooks keep it: 0.42 is 42%.

    Raises:
        NoFigure: it is no share, or over 100%.
    """
    text = _MARKS.sub("", cell.strip()).strip().lower()
    if text in _NOTHING:
        return Amount(ValueKind.NOT_REPORTED, Unit.PERCENT)
    bare = text.rstrip("%").strip()
    signed = text.endswith("%")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise NoFigure(f"“{cell.strip()[:40]}” is no percent") from None
    if fraction and not signed:
        value *= 100
    if not 0 <= value <= 100:
        raise NoFigure(f"“{cell.strip()[:40]}” is no share of a whole")
    return _printed(value)


def _printed(value: Decimal) -> Amount:
    """A share with the decimals that it has; one that a formula made is told as about that."""
    short = round(value, _SHARE_DECIMALS)
    kind = ValueKind.EXACT if short == value else ValueKind.APPROX
    plain = short.normalize()
    decimals = max(0, -int(plain.as_tuple().exponent))
    return Amount(kind, Unit.PERCENT, short, short, decimals)
