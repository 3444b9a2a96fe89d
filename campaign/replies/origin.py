"""Who wrote a message: a mail system, another program, or perhaps a person.

Nothing that a text says makes a report of it: somebody who forwards one, quotes one or writes
about one is a person. So evidence is gathered by where it stands: what the message is made of,
who it is from, how its own text begins, and only then its subject. One certain mark suffices;
of the likely ones it takes two, of which one must tell of the writer and not only of words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from campaign.replies import words_reports as words
from campaign.replies.headers import author
from campaign.replies.mime import Headers, Part, decode_words
from campaign.replies.report_fields import REPORTS
from campaign.replies.report_notices import begins_as_notice

REPLIED = re.compile(
    r"^\W{0,3}(?:re|aw|antw?|sv|vs|odp|rif|res|r|fwd?|wg|tr|rv|enc|doorst|vl|i|pd|fs|ynt|ilt|továbbítás"
    r"|回复|答复|转发|回覆|轉寄|返信|転送|отв|пересл)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.I,
)
_START = 700


class System(IntEnum):
    """How surely a mail system wrote it."""

    NO = 0
    HINTED = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked about a message, gathered once."""

    message: Part
    headers: Headers
    name: str
    local: str
    address: str
    subject: str
    replied: bool
    start: str
    types: frozenset[str]

    def is_report(self, kind: str) -> bool:
        """Whether its type is a report of this kind (RFC 6522), or of none that is named."""
        stated = self.message.parameter("report-type").lower()
        return self.message.content_type == "multipart/report" and stated in (kind, "")


def look(message: Part, text: str) -> Look:
    """Gather what is asked about a message; `text` is the whole of its readable text."""
    name, address = author(message.headers)
    local = address.partition("@")[0]
    if not address:
        bare = decode_words(message.headers.get("from")[:500]).strip(' <>"')
        local = bare.partition("@")[0].partition(" ")[0]
        name = name or bare
    subject = decode_words(message.headers.get("subject")[:2000])[:500]
    return Look(
        message,
        message.headers,
        name,
        local,
        address,
        subject,
        bool(REPLIED.match(subject)),
        text.lstrip()[:_START],
        frozenset(p.content_type for p in message.walk() if not p.within),
    )


def null_path(headers: Headers) -> bool:
    """Whether it came with the null return path, as reports must (RFC 5321 section 4.5.5)."""
    if not headers.has("return-path"):
        return False
    path = headers.get("return-path").strip().strip("<>").strip()
    return not path or bool(words.SYSTEM_LOCAL.match(path.partition("@")[0]))


def begins_as_report(start: str, within: int = 300) -> bool:
    """Whether the text itself begins as mail systems begin theirs, below no words of a person."""
    found = words.SIGNATURE.search(start)
    if not found or found.start() > within:
        return False
    before = start[: found.start()]
    return not re.search(
        r"^\s{0,3}[>|]|:\s*$|[?]|\b(?:forward|fwd|see below|FYI)", before, re.I | re.M
    )


def _is_reports(subject: str) -> bool:
    kinds = (words.BOUNCE_SUBJECT, words.DELAY, words.DELIVERED)
    return any(kind.search(subject) for kind in kinds)


def _holds_fields(seen: Look) -> bool:
    return seen.is_report("delivery-status") and bool(seen.types & set(REPORTS))


_CERTAIN: tuple[Callable[[Look], bool], ...] = (
    _holds_fields,
    lambda seen: begins_as_notice(seen.start),
    lambda seen: seen.headers.has("x-failed-recipients") and not seen.replied,
    lambda seen: bool(words.SYSTEM_LOCAL.match(seen.local)),
    lambda seen: not seen.address and bool(words.SYSTEM_NAME.search(seen.name)),
    lambda seen: (
        bool(re.match(r"(?i)\W*mail(?:er)?[ -](?:daemon|delivery)", seen.name))
        and begins_as_report(seen.start)
        and not seen.replied
    ),
    # Some put "Re:" before our subject, as a person would.
    lambda seen: (
        bool(words.INTRODUCTION.search(seen.start))
        and (bool(words.LIKELY_LOCAL.match(seen.local)) or null_path(seen.headers))
    ),
)
# Of the writer.
_LIKELY: tuple[Callable[[Look], bool], ...] = (
    lambda seen: null_path(seen.headers) and not seen.replied,
    lambda seen: bool(words.LIKELY_LOCAL.match(seen.local)),
    lambda seen: bool(words.SYSTEM_NAME.search(seen.name)),
    lambda seen: seen.is_report("delivery-status") and not seen.replied,
    lambda seen: bool(seen.types & set(REPORTS)) and not seen.replied and not seen.address,
    lambda seen: not seen.address and begins_as_report(seen.start, 40),
)
# Of the words: they count once there is a mark of the writer.
_WORDS: tuple[Callable[[Look], bool], ...] = (
    lambda seen: _is_reports(seen.subject) and not seen.replied,
    lambda seen: begins_as_report(seen.start) and not seen.replied,
)


def system(seen: Look) -> System:
    """How surely a mail system wrote the message."""
    if any(mark(seen) for mark in _CERTAIN):
        return System.CERTAIN
    if seen.headers.has("list-unsubscribe") or seen.headers.has("list-post"):
        return System.NO
    if _as_a_person(seen):
        return System.HINTED
    writer = sum(mark(seen) for mark in _LIKELY)
    said = sum(mark(seen) for mark in _WORDS)
    if writer:
        return System(min(2, writer + said))
    # No mark of the writer: a report sent under a person's or a nameless address, if both its
    # subject and its first words are a report's, it returns our mail and a program sent it.
    unmarked = said == len(_WORDS) and begins_as_report(seen.start, 40) and _returns(seen)
    return System.LIKELY if unmarked else System(min(1, said))


def _as_a_person(seen: Look) -> bool:
    """Whether it answers or greets as persons do, whatever its address is called.

    Companies answer from mail@ and administrator@ too. Few mail systems greet, and those that
    name the mail that they answer begin with what became of it.
    """
    if null_path(seen.headers) or seen.headers.has("auto-submitted"):
        return False
    greets = bool(words.GREETS.match(seen.start))
    if seen.replied or seen.headers.has("in-reply-to"):
        return greets or not begins_as_report(seen.start, 40)
    return greets and "message/rfc822" not in seen.types


def _returns(seen: Look) -> bool:
    """Whether it brings back a mail, or names servers' answers, as reports do."""
    if seen.headers.has("in-reply-to") and not seen.headers.has("auto-submitted"):
        return False
    return bool(
        "message/rfc822" in seen.types
        or "text/rfc822-headers" in seen.types
        or words.SMTP_SAID.search(seen.start)
        or words.RETURNS.search(seen.start)
    )
