"""Countries by name, and the one time zone of a country that has one."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import holidays
from babel import Locale

# English first: where two languages give one name to two countries, English is right.
_LANGUAGES = """en de fr es it nl pt pl sv da nb fi is cs sk hu ro bg hr sl el et lv lt ga mt
""".split()
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
_OTHER_NAMES = {
    "czech republic": "CZ",
    "el": "GR",
    "england": "GB",
    "great britain": "GB",
    "hong kong": "HK",
    "republic of ireland": "IE",
    "republic of korea": "KR",
    "republic of singapore": "SG",
    "russian federation": "RU",
    "the netherlands": "NL",
    "uk": "GB",
    "united states of america": "US",
    "usa": "US",
}


def country_code(text: str) -> str | None:
    """The ISO 3166 alpha-2 code for a code or a country's name; None when it is unknown.

    Names are known in English and the languages of Europe.
    """
    wanted = _folded(text)
    return _country_names().get(wanted) if wanted else None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.replace(".", "").replace("-", " ").split())


@cache
def _country_names() -> dict[str, str]:
    names = dict(_OTHER_NAMES)
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if re.fullmatch("[A-Z]{2}", code) and code not in _NOT_COUNTRIES:
                names.setdefault(_folded(code), code)
                names.setdefault(_folded(name), code)
    return names


def region_code(country: str | None, text: str) -> str | None:
    """The short code of a part of a country ("Bayern", "DE-BY" and "by" give "BY").

    None when it is neither a code nor a known name; a code that no calendar knows stays.
    """
    value = text.strip()
    if country and value.upper().startswith(f"{country}-"):
        value = value[len(country) + 1 :]
    for name, code in _regions(country or "").items():
        if value.casefold() in (name.casefold(), code.casefold()):
            return code
    return value.upper() if re.fullmatch("[A-Za-z0-9]{1,3}", value) else None


@cache
def _regions(country: str) -> dict[str, str]:
    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    codes = {code: code for code in calendar.subdivisions}
    return codes | dict(getattr(calendar, "subdivisions_aliases", {}))


@cache
def only_zone(country: str) -> str | None:
    """The zone of a country whose clocks all show the same; None for all others.

    Büsingen has a zone of its own in the tables, but Berlin's time: Germany counts as one.
    """
    zones = _zones_by_country().get(country, ())
    clocks = {_offsets(zone) for zone in zones}
    return zones[0] if len(clocks) == 1 else None


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    """Zones in the order of the table, which puts a country's most populous first."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found


def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    # Every fifth day of the years ahead shows each rule for summer time that is in force.
    start, clock = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    return tuple(
        (start + timedelta(days=n)).astimezone(clock).utcoffset() for n in range(0, 3 * 365, 5)
    )
