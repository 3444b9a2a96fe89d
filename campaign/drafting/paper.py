"""Which paper a letter is set on."""

from __future__ import annotations

A4 = "a4"
US_LETTER = "us-letter"

_US_LETTER_COUNTRIES = frozenset(
    {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
)


def of_country(country: str | None) -> str:
    """The paper that is usual where the company is, by typst's name; A4 where that is unknown.

    Source: Unicode CLDR, supplemental data, `measurementData/paperSize`.

    Args:
        country: an ISO 3166 code of two letters.
    """
    return US_LETTER if (country or "").upper() in _US_LETTER_COUNTRIES else A4
