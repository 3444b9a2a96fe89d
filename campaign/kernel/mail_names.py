"""How mail addresses beyond ASCII are read: two scripts can make names that look alike."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import idna

ANY_LOCAL = r"[^\s\x00-\x20\x7f-\x9f\"(),:;<>@\[\\\]]{1,64}"
"""Pattern of a local part of any letters (RFC 6532), for a server that offers SMTPUTF8."""

# Scripts that one word of Japanese or Korean may mix, as browsers let them.
_ONE_FAMILY = {"HIRAGANA", "KATAKANA", "CJK", "HANGUL", "BOPOMOFO"}


def display_pair(address: str) -> tuple[str, str]:
    """The address as stored (A-labels) and as people read it (Unicode)."""
    local, _, domain = address.rpartition("@")
    with suppress(idna.IDNAError):
        return address, f"{local}@{idna.decode(domain)}"
    return address, address


def mixes_scripts(address: str) -> bool:
    """Whether a part of the address between its dots mixes scripts, as in “cоmpany”.

    `address` is as people read it.
    """
    return any(len(_scripts(part)) > 1 for part in address.replace("@", ".").split("."))


def _scripts(part: str) -> set[str]:
    named = {unicodedata.name(letter, "?").split()[0] for letter in part if letter.isalpha()}
    return (named - _ONE_FAMILY) | ({"CJK"} if named & _ONE_FAMILY else set())


def read_as(address: str) -> str:
    """What a page adds to an address that reads otherwise than it is stored; empty for most.

    Args:
        address: of any channel; only mail addresses have a reading.
    """
    if "@" not in address or "\n" in address:
        return ""
    stored, readable = display_pair(address)
    mixed = mixes_scripts(readable)
    if readable == stored and not mixed:
        return ""
    words = f"reads as {readable}" if readable != stored else "reads as written"
    return f"{words}, in letters of more than one alphabet" if mixed else words
