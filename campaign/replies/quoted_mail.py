"""What a bounce tells about the mail that it returns: its Message-ID and envelope sender.

Only with these does a bounce count for a letter (reliability.md, Receiving 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaign.replies.headers import MAX_ADDRESS_HEADER, MAX_ID, author, message_ids
from campaign.replies.mime import Headers, Part, read_headers

_ID_LINE = re.compile(r"^[ \t>]*(?:original-)?message-id:[ \t]*\n?[ \t]*(\S{1,998})", re.I | re.M)
_SENDER_LINE = re.compile(
    r"^[ \t>]*(?:return-path|x-[a-z-]{0,40}|(?:x-)?envelope-from|original-envelope-id|reply-to"
    r"|errors-to|sender|from|to):[ \t]*(\S[^\n]{0,500})",
    re.I | re.M,
)
_ENVELOPE = re.compile(r"envelope[- ](?:from|sender)[:= ]{0,3}<?([^\s<>();]{1,320})", re.I)
_HEADERS_ONLY = {
    "text/rfc822-headers",
    "message/global-headers",
    "message/disposition-notification",
    "message/global-disposition-notification",
}
_FIELDS = ("return-path", "envelope-from", "original-envelope-id", "reply-to", "errors-to")
_MORE = ("sender", "from", "to", "received")


def _returned_headers(message: Part) -> list[Headers]:
    found = []
    for part in message.walk():
        if part.content_type in _HEADERS_ONLY:
            found.append(read_headers(part.payload(256 * 1024).lstrip(b"\n")))
        elif part.within == 1 and part.headers.has("message-id"):
            found.append(part.headers)
        elif part.within == 1 and part.headers.has("return-path"):
            found.append(part.headers)
    return found[:20]


def _unique(items: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(x[:MAX_ID] for x in items if x))[:most])


def _bracketed(word: str) -> str:
    ids = message_ids([word])
    return ids[0] if ids else f"<{word.strip('<>')}>"[:MAX_ID]


def reported_ids(message: Part, text: str, fields: Iterable[Headers]) -> tuple[str, ...]:
    """Message-IDs of the quoted mail, from its headers, the report's fields and plain text."""
    found: list[str] = []
    for headers in _returned_headers(message):
        found += [_bracketed(v) for v in headers.all("message-id") if v]
    for group in [*fields, *_returned_headers(message)]:
        found += [_bracketed(v) for v in group.all("original-message-id") if v]
    found += [_bracketed(m.group(1)) for m in _ID_LINE.finditer(text)]
    return _unique(found, 50)


def reported_strings(message: Part, text: str, fields: Iterable[Headers]) -> tuple[str, ...]:
    """Strings of the quoted mail in which our envelope sender or token may stand."""
    found: list[str] = []
    for group in [*fields, *_returned_headers(message)]:
        for name, value in group.fields:
            if name in _FIELDS or name in _MORE or name.startswith("x-"):
                found.append(value[:MAX_ADDRESS_HEADER])
    found += [m.group(1) for m in _SENDER_LINE.finditer(text)]
    found += _ENVELOPE.findall(text)
    return _unique(found, 200)


def _passed_on(message: Part) -> list[Headers]:
    return [part.headers for part in message.walk() if part.within and part.headers.has("from")][
        :20
    ]


def forwarded_ids(message: Part) -> tuple[str, ...]:
    """Message-IDs that an attached mail answers: somebody passes an answer on."""
    values = [
        value
        for headers in _passed_on(message)
        for value in (*headers.all("in-reply-to"), *headers.all("references"))
    ]
    return message_ids(values, 50)


def forwarded_senders(message: Part) -> tuple[str, ...]:
    """Addresses that attached mails name as their authors."""
    return _unique((author(headers)[1] for headers in _passed_on(message)), 20)
