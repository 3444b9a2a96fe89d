"""Delivery reports: what the mail system says happened, to which address, and whether it is bad.

Three voices, heard in this order: the report's fields (RFC 3464), its own words, and the header
fields of the mail that it returns. Each fills only what the one before left open.
"""

from __future__ import annotations

from typing import NamedTuple

from campaign.replies import words_reports as words
from campaign.replies.failed_address import failed_address
from campaign.replies.kinds import Kind
from campaign.replies.mime import Headers, Part, decode_words
from campaign.replies.reasons import is_bad_address
from campaign.replies.report_fields import Report, Statement, read_report, statements
from campaign.replies.report_words import (
    kind_in,
    own_words,
    returned_headers,
    sayings,
    stage_in,
    status_in,
    what_was_said,
)

__all__ = ["Verdict", "from_fields", "from_words", "not_delivered", "read_report"]

# A failure of one recipient weighs more than the success of another.
_ORDER = (Kind.BOUNCE, Kind.DELAY, Kind.DELIVERY_RECEIPT)


class Verdict(NamedTuple):
    """What a report says; `hard` is None for all but a bounce.

    `relayed`: it only says that the mail went on to where nobody reports a delivery.
    `said`: the words of the server that speaks of the address, where the report gives them.
    """

    kind: Kind
    hard: bool | None = None
    recipient: str | None = None
    status: str | None = None
    relayed: bool = False
    said: str = ""


def from_fields(report: Report, message: Part, text: str, raw: bytes) -> Verdict | None:
    """The verdict of the report's fields; None where they say of nobody what happened."""
    told = list(statements(report))
    first = next((s for kind in _ORDER for s in told if s.kind is kind), None)
    if first is None:
        return None
    own = own_words(text)
    recipient = first.recipient or _recipient(own, message, text, raw)
    if first.kind is Kind.DELAY and _has_given_up(own):
        first = first._replace(kind=Kind.BOUNCE)
    said = first.said.partition("\n")[0] or _said(own)
    if first.kind is not Kind.BOUNCE:
        return Verdict(first.kind, None, recipient, first.status, first.relayed, said)
    status = first.status or status_in(own)
    hard = _is_hard(status, first, own)
    return Verdict(Kind.BOUNCE, hard, recipient, status, said=said)


def _said(own: str) -> str:
    return next(iter(sayings(own)), "")


def _has_given_up(own: str) -> bool:
    """Whether a report of a delay says that nothing more will be tried."""
    trying = words.DELAY.search(own) or words.STILL_TRYING.search(own)
    return bool(words.GIVEN_UP.search(own)) and not trying


def _is_hard(status: str | None, statement: Statement | None, own: str) -> bool:
    diagnostic, _newline, comment = statement.said.partition("\n") if statement else ("", "", "")
    said = what_was_said(diagnostic, comment, own)
    return is_bad_address(status, said, stage_in(own, diagnostic))


def from_words(message: Part, text: str, raw: bytes) -> Verdict | None:
    """The verdict of a report without usable fields; None where the text is no report."""
    own = own_words(text)
    subject = decode_words(message.headers.get("subject")[:2000])[:500]
    kind = kind_in(subject, own)
    if kind is None:
        return None
    recipient = _recipient(own, message, text, raw)
    if kind is not Kind.BOUNCE:
        status = status_in(own) if kind is Kind.DELAY else None
        return Verdict(kind, None, recipient, status, said=_said(own))
    status = status_in(own)
    hard = _is_hard(status, None, own) or (
        _is_hard(status, None, f"{own}\n{subject}") and bool(words.BOUNCE_SUBJECT.search(subject))
    )
    return Verdict(Kind.BOUNCE, hard, recipient, status, said=_said(own))


def not_delivered(message: Part, text: str, raw: bytes) -> Verdict:
    """What is taken for certain of a mail system that says nothing known: it did not arrive."""
    return Verdict(Kind.BOUNCE, False, _recipient(own_words(text), message, text, raw), None)


def _recipient(own: str, message: Part, text: str, raw: bytes) -> str | None:
    headers: Headers = message.headers
    return failed_address(own, headers, returned_headers(message, text), raw)
