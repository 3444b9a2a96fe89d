"""Small text helpers that every stage uses."""

from __future__ import annotations

import base64
import re
import secrets
import unicodedata

from campaign.kernel.errors import Problem

# C0 and C1 controls, DEL, the two Unicode line breaks (mail libraries fold headers on them),
# and lone surrogates, which no encoding can carry.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_TAG = re.compile("[A-Za-z0-9][A-Za-z0-9._=-]*")
_LOCAL_MAX = 64  # octets, RFC 5321 section 4.5.3.1.1

# Letters that NFKD does not take apart.
_FOLD = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
)


def has_control(value: str) -> bool:
    """Whether `value` holds a control character, a line break of any kind or half a character."""
    return _CONTROL.search(value) is not None


def one_line(value: str, *, name: str) -> str:
    """`value` without the spaces around it, for a header, a name or a title.

    Args:
        name: what the person who reads the error calls this field.

    Raises:
        Problem: `control-character`, for every character that could end a line or hide
            (all C0 and C1 controls, NUL, U+2028, U+2029). Tabs count.
    """
    found = _CONTROL.search(value)
    if found:
        raise Problem("control-character", name=name, character=f"U+{ord(found.group()):04X}")
    return value.strip()


def slugify(text: str, max_len: int = 60) -> str:
    """A part of an address made of a-z, 0-9 and single hyphens; never empty ("item").

    Letters are folded to ASCII (NFKD and a short table); what has no ASCII form is left out.
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_FOLD))
    words = re.findall("[a-z0-9]+", "".join(c for c in folded if not unicodedata.combining(c)))
    slug = "-".join(words)
    if len(slug) > max_len:
        cut = slug[: max_len + 1].rpartition("-")[0]
        slug = cut or slug[:max_len]
    return slug or "item"


def shorten(text: str, n: int) -> str:
    """`text` in at most `n` characters, cut after a whole word where there is one, with "…"."""
    if len(text) <= n:
        return text
    if n < 1:
        return ""
    kept = text[: n - 1]
    word_end = kept.rfind(" ") if not text[n - 1].isspace() else len(kept)
    return (kept[:word_end] if word_end > n // 2 else kept).rstrip() + "…"


def new_token() -> str:
    """128 random bits as 26 lower-case base32 characters, for reply and bounce addresses."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def with_tag(address: str, tag: str) -> str:
    """`local+tag@domain` (RFC 5233 subaddress).

    Raises:
        Problem: `bad-address` where the tag has other characters than letters, digits and
            `._=-`, or the local part would exceed 64 octets.
    """
    local, at, domain = address.rpartition("@")
    tagged = f"{local}+{tag}@{domain}"
    if not (local and at and domain):
        raise _bad_address(address, "it has no @")
    if not _TAG.fullmatch(tag):
        raise _bad_address(tagged, "the tag has characters that do not belong there")
    if len(local) + 1 + len(tag) > _LOCAL_MAX:
        why = f"with its tag the part before the @ exceeds {_LOCAL_MAX} characters"
        raise _bad_address(address, why)
    return tagged


def _bad_address(address: str, why: str) -> Problem:
    return Problem("bad-address", address=_CONTROL.sub(" ", shorten(address, 100)), why=why)
