"""What a company's web form takes, and how it counts."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

LIMIT_LEAST, LIMIT_MOST = 100, 1_000_000
NOTES_MOST = 2_000


class FormCount(StrEnum):
    """How a form counts the length of a text.

    Sources: HTML Living Standard, “maxlength” (UTF-16 code units, a line break is one); the
    same standard, “Constructing the entry list”: what is sent has CR LF for a line break, and
    many servers count that, or its bytes in UTF-8.
    """

    BROWSER = "browser"
    SERVER = "server"
    BYTES = "bytes"


IN_WORDS = {
    FormCount.BROWSER: "Characters, a line break is one (as browsers count)",
    FormCount.SERVER: "Characters, a line break is two (as many servers count)",
    FormCount.BYTES: "Bytes: letters with accents are two or more",
}
UNITS = {FormCount.BROWSER: "characters", FormCount.SERVER: "characters", FormCount.BYTES: "bytes"}


def count(text: Iterable[str], how: FormCount) -> int:
    """The length of a text, whose lines end in a line feed, as the form counts."""
    return sum(weight(sign, how) for sign in text)


def weight(sign: str, how: FormCount) -> int:
    """What one code point counts."""
    if sign == "\n":
        return 1 if how is FormCount.BROWSER else 2
    if how is FormCount.BYTES:
        return len(sign.encode())
    return 2 if ord(sign) > 0xFFFF else 1
