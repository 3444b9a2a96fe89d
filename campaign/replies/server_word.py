"""What our own mail server says of a message: the Authentication-Results field (RFC 8601).

Anybody can write such a field. Only the top-most one is read, and only where the one who runs
the program has named the server (`AUTHSERV_ID`), which has to take away those that come in
under its name (RFC 8601 section 5).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from campaign.replies.mime import Headers

_RESULT = re.compile(r"([a-z0-9-]{1,40})(?:/\d{1,3})?=([a-z]{1,20})(?=\s|$)")
_PROPERTY = re.compile(r"([a-z]{1,20}\.[a-z0-9-]{1,40})=\"?([^\s\";]{1,320})")
_MOST = 16_384


class Word(NamedTuple):
    """Domains in small letters for which the server says that a check passed.

    Attributes:
        signed: by DKIM (`header.d`).
        sent: by SPF, the domain of the envelope sender; empty for none.
        aligned: by DMARC, the domain of From; empty for none.
        refused: DMARC failed.
    """

    signed: tuple[str, ...] = ()
    sent: str = ""
    aligned: str = ""
    refused: bool = False


def server_word(headers: Headers, server: str) -> Word | None:
    """The word of the server that was named; None where it says nothing that can be believed."""
    values = headers.all("authentication-results")
    if not values or not server:
        return None
    first, *results = _without_comments(values[0][:_MOST].lower()).split(";")
    if (first.split() or [""])[0] != server.lower():
        return None
    signed: list[str] = []
    word = Word()
    for part in results:
        found = _RESULT.match(part.strip())
        if found is None:
            continue
        method, passed = found.group(1), found.group(2) == "pass"
        told = dict(_PROPERTY.findall(part))
        if method == "dkim" and passed:
            signed.append(told.get("header.d") or _domain(told.get("header.i", "")))
        elif method == "spf" and passed:
            word = word._replace(sent=_domain(told.get("smtp.mailfrom", "")))
        elif method == "dmarc":
            from_ = _domain(told.get("header.from", "")) if passed else ""
            word = word._replace(aligned=from_, refused=found.group(2) == "fail")
    return word._replace(signed=tuple(filter(None, signed)))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("<>").rstrip(".")


def _without_comments(value: str) -> str:
    """Without what stands in parentheses; an open one ends what can be believed.

    What stands in quotation marks is one word, whatever it holds.
    """
    kept, depth, quoted = [], 0, False
    for at, letter in enumerate(value):
        if letter == '"' and not depth and value[at - 1 : at] != "\\":
            quoted = not quoted
        if letter == "(" and not quoted:
            depth += 1
        if not depth:
            kept.append("_" if quoted and letter in "; =" else letter)
        if letter == ")" and depth and not quoted:
            depth -= 1
    return "".join(kept)
