"""The fields of a delivery report (RFC 3464): one statement for each recipient.

Real reports break the rules in many ways: groups split by blank lines, fields in the text only,
no Action, other address types, addresses still in xtext, comments where codes should be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from campaign.replies.headers import addresses
from campaign.replies.kinds import Kind
from campaign.replies.mime import Headers, Part, read_headers
from campaign.replies.report_notices import begins_as_notice, notice_groups
from campaign.replies.report_words import own_words

REPORTS = ("message/delivery-status", "message/global-delivery-status")
_READ = 64 * 1024
_GROUPS = 60
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]|\w)")
_BEGINS = re.compile(
    r"^[ \t>]{0,4}(?:reporting-mta|final-recipient|action|original-recipient):", re.I | re.M
)
_NAMES = re.compile(r"^[ \t>]{0,4}(?:final|original)-recipient:", re.I | re.M)
_ACTIONS = {
    "fail": Kind.BOUNCE,
    "expir": Kind.BOUNCE,
    "bounce": Kind.BOUNCE,
    "undeliver": Kind.BOUNCE,
    "reject": Kind.BOUNCE,
    "delay": Kind.DELAY,
    "defer": Kind.DELAY,
    "deliver": Kind.DELIVERY_RECEIPT,
    "relay": Kind.DELIVERY_RECEIPT,
    "expand": Kind.DELIVERY_RECEIPT,
    "succe": Kind.DELIVERY_RECEIPT,
}
# RFC 3464 section 2.3.3: passed on to a server that reports no delivery, or to a list.
_NOT_YET_THERE = ("relay", "expand")
_BY_CLASS = {"5": Kind.BOUNCE, "4": Kind.DELAY, "2": Kind.DELIVERY_RECEIPT}
_RECIPIENT = ("final-recipient", "original-recipient", "x-actual-recipient", "x-failed-recipient")


class Statement(NamedTuple):
    """What a report's fields say of one recipient.

    `said`: the words of the server that refused (Diagnostic-Code), with comments of the status.
    """

    kind: Kind
    recipient: str | None
    status: str | None
    said: str
    relayed: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The report fields of a message: one group a recipient, after one of the message."""

    groups: tuple[Headers, ...]
    proper: bool  # in a part of their own, not only as lines of a text


def read_report(message: Part, text: str) -> Report:
    """The groups of the mail's own delivery-status part, or of the lines of its text."""
    groups: list[Headers] = []
    for part in message.walk():
        if part.content_type in REPORTS and not part.within:
            groups += _groups(part.payload(_READ))
    if groups:
        return Report(tuple(groups), True)
    if begins_as_notice(text):
        return Report(tuple(notice_groups(text)), True)
    own = own_words(text)
    if not _NAMES.search(own):
        return Report((), False)
    start = _BEGINS.search(own)
    lines = re.sub(r"^[ \t>]{1,4}(?=[A-Za-z-]{3,40}:)", "", own[start.start() if start else 0 :])
    return Report(tuple(_groups(lines.encode()[:_READ])), False)


def _groups(raw: bytes) -> list[Headers]:
    found = [read_headers(block) for block in re.split(rb"\n[ \t]*\n", raw)[:_GROUPS]]
    return _mended([h for h in found if h.fields])


def _mended(groups: list[Headers]) -> list[Headers]:
    """Put together what a blank line has torn: a recipient, and what became of it."""
    mended: list[Headers] = []
    for group in groups:
        last = mended[-1] if mended else Headers()
        torn = last.has("final-recipient") and not (last.has("action") or last.has("status"))
        if torn and not group.has("final-recipient"):
            mended[-1] = Headers(last.fields + group.fields)
        else:
            mended.append(group)
    return mended


def statements(report: Report) -> Iterator[Statement]:
    """What the fields say of each recipient, in their order."""
    for group in report.groups:
        kind = _kind(group)
        if kind is not None:
            action = group.get("action").lower()
            said = group.get("diagnostic-code").partition(";")
            comment = group.get("status").partition(" ")[2]
            yield Statement(
                kind,
                _recipient(group),
                _status(group),
                f"{said[2] or said[0]}\n{comment}".strip(),
                kind is Kind.DELIVERY_RECEIPT and action.startswith(_NOT_YET_THERE),
            )


def _kind(group: Headers) -> Kind | None:
    action = group.get("action").lower().strip(" ;.,\"'<")
    for word, kind in _ACTIONS.items():
        if action.startswith(word):
            return Kind.BOUNCE if action.startswith("deliveryfail") else kind
    if not (group.has("final-recipient") or group.has("original-recipient")):
        return None
    status = _STATUS.search(group.get("status") or group.get("diagnostic-code"))
    return _BY_CLASS[status.group(1)[0]] if status else None


def _status(group: Headers) -> str | None:
    """The status, or the remote server's own where it is only general or is contradicted."""
    stated = _STATUS.search(group.get("status"))
    status = stated.group(1) if stated else None
    codes = [m.group(1) for m in _STATUS.finditer(group.get("diagnostic-code")[:4000])]
    if codes and (status is None or status.endswith(".0.0") or codes[0][:3] == "5.2"):
        return codes[0]
    return status


def _recipient(group: Headers) -> str | None:
    named = [a for name in _RECIPIENT if (a := _address(group.get(name)))]
    mailboxes = [a for a in named if not _GATEWAYED.search(a)]
    return next(iter(mailboxes or named), None)


# An address in another network's form (X.400, Exchange's own), put into one of the Internet's.
_GATEWAYED = re.compile(r"^(?:imceaex|imcea\w*)-|/[a-z]{1,4}=", re.I)


def _address(value: str) -> str | None:
    kind, separator, rest = value.partition(";")
    address = rest if separator else kind
    if "@" not in address:  # xtext (RFC 3461 section 4) that nobody decoded
        address = re.sub(r"\+([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), address)
    quoted = re.search(r'"[^"\n]{1,64}"@[\w.-]{1,255}', address)
    if quoted:
        return quoted.group().lower()
    found = addresses(address)
    return found[0].strip("*") if found else None
