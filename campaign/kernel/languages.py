"""Languages by their tags (BCP 47): cleaned, named, and what stands in for one that is lacking."""

from __future__ import annotations

import re
from collections.abc import Collection

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from campaign.kernel.errors import Problem

ENGLISH = "en"


def clean(tag: str) -> str:
    """A tag as we store it, `pt-BR` of “PT_br”.

    Raises:
        Problem: `unknown-language`.
    """
    given = tag.strip()
    # An @ would begin a modifier of POSIX, which no tag has.
    if not re.fullmatch("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", given) or len(given) > 10:
        raise Problem("unknown-language", language=given[:40])
    try:
        return str(Locale.parse(given.replace("-", "_"))).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        raise Problem("unknown-language", language=given) from None


def base(tag: str) -> str:
    """The language itself, without script and country: `pt` of `pt-BR`."""
    return tag.replace("_", "-").partition("-")[0].lower()


def name(tag: str) -> str:
    """A language in English words: “Portuguese (Brazil)”; the tag where it has none."""
    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def fallbacks(wanted: str, main: str) -> tuple[str, ...]:
    """Which languages to look for, best first: the very tag, each shorter one, then the main one.

    Source: RFC 4647, section 3.4, “Lookup”.
    """
    parts = wanted.split("-") if wanted else []
    shorter = ("-".join(parts[:n]) for n in range(len(parts), 0, -1))
    return tuple(dict.fromkeys((*shorter, main)))


def served(wanted: str, main: str, have: Collection[str]) -> str | None:
    """The language that stands in for the wanted one among those there are; None where none does.

    Args:
        wanted: a tag; empty where nobody knows.
    """
    return next((tag for tag in fallbacks(wanted, main) if tag in have), None)


def of_country(code: str | None) -> tuple[str, ...]:
    """The official languages of a country, to suggest: nobody knows a company's by its country.

    Source: Unicode CLDR, supplemental data, `territoryInfo`.
    """
    return tuple(get_official_languages(code, de_facto=True)) if code else ()
