"""Who wrote, to whom, in answer to what: from header fields, without trusting any of them.

The standard address parser is quadratic on long headers, recursive on parentheses and takes
`alice@example.org)bob@evil.example` for Alice, so addresses are picked out here: every
string that looks like one counts as claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.header import Header

from campaign.replies.mime import Headers, clean, decode_words

MAX_ADDRESS_HEADER = 16 * 1024
MAX_ID = 998
_CUT = re.compile(r"[\s<>,;:\"()\[\]'\\]+")
_ANGLE = re.compile(r"<([^<>]{1,320})>[^<>]{0,200}$")
_ID = re.compile(r"<[^<>\s]{1,996}>")
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{1,320})>?", re.I)
_RECIPIENT_FIELDS = (
    "to",
    "cc",
    "bcc",
    "resent-to",
    "resent-cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
    "x-forwarded-to",
    "x-apparently-to",
    "apparently-to",
)
SENDER_FIELDS = ("from", "sender", "reply-to")


def addresses(value: str) -> list[str]:
    """Every string in a header value that looks like an address, lower-cased, in order.

    A value over 16 kB is not parsed: it yields none.
    """
    if len(value) > MAX_ADDRESS_HEADER:
        return []
    found = []
    for word in _CUT.split(value):
        local, at, domain = word.rpartition("@")
        if at and local and domain and len(word) <= 320:
            found.append(word.strip(".").lower())
    return found


def author(headers: Headers) -> tuple[str, str]:
    """Display name and address of the first From header; either may be empty."""
    value = decode_words(headers.get("from")[: MAX_ADDRESS_HEADER + 1])
    if len(value) > MAX_ADDRESS_HEADER:
        return "", ""
    angle = _ANGLE.search(value)
    inside = addresses(angle.group(1)) if angle else []
    name = value[: angle.start()].strip() if angle else ""
    if inside:
        return _name(name), inside[-1]
    comment = re.search(r"\(([^()]{1,200})\)", value)
    found = addresses(value)
    return _name(name or (comment.group(1) if comment else "")), found[0] if found else ""


def _name(text: str) -> str:
    return clean(text.strip().strip('"').replace('\\"', '"').strip())[:300]


def others(value: str, sender: str) -> list[str]:
    """Names, addresses and `@domains` in a recipient header that are not of the sender's domain.

    For comparison only: a name with a comma in it comes in pieces.
    """
    if len(value) > MAX_ADDRESS_HEADER:
        return []
    own = sender.rpartition("@")[2]
    found = []
    for each in value.split(",")[:20]:
        for address in addresses(each)[-1:]:
            domain = address.rpartition("@")[2]
            if domain != own:
                found += [_name(each.partition("<")[0]), address, f"@{domain}"]
    return [name for name in found if len(name) > 3]


def _unique(items: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(x for x in items if x))[:most])


def claimed_senders(headers: Headers) -> tuple[str, ...]:
    """Every address in every From, Sender and Reply-To header, names and comments included."""
    found = []
    for name in SENDER_FIELDS:
        for value in headers.all(name):
            cut = value[: MAX_ADDRESS_HEADER + 1]
            found += addresses(cut) + addresses(decode_words(cut))
    return _unique(found, 100)


def recipients(headers: Headers) -> tuple[str, ...]:
    """Every string in which our token may stand; at most 16 kB of each."""
    found = []
    for name in _RECIPIENT_FIELDS:
        found += [decode_words(v[:MAX_ADDRESS_HEADER]) for v in headers.all(name)[:50]]
    for value in headers.all("received")[:100]:
        found += _FOR.findall(value[:MAX_ADDRESS_HEADER])[:3]
    return _unique(found, 300)


def message_ids(values: Iterable[str], most: int = 200) -> tuple[str, ...]:
    """The `<…>` identifiers in header values, each at most 998 characters."""
    return _unique((i for v in values for i in _ID.findall(v)), most)


def message_id(headers: Headers) -> str:
    """The Message-ID with its brackets, or an empty string."""
    value = headers.get("message-id").strip()
    found = _ID.search(value)
    if found:
        return found.group()[:MAX_ID]
    bare = value.strip("<>").split(" ")[0]
    return f"<{bare}>" if bare and len(bare) <= MAX_ID - 2 else ""


def return_path(headers: Headers) -> str:
    return headers.get("return-path")[:MAX_ID]


def one_line(text: str, *, encoded: bool = False) -> str:
    """A text as one line of a header that we write; nothing in it begins another.

    Args:
        encoded: in ASCII, as encoded words where it needs them (RFC 2047).
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:20_000]
    if line.isascii() or not encoded:
        return line
    return Header(line, "utf-8", maxlinelen=900).encode(linesep="\r\n")
