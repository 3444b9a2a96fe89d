"""Delivery reports: what the mail system says happened, and whether the address is bad.

Fields of RFC 3464 come first, then the shapes of text that servers have used for decades.
"""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from typing import NamedTuple

from flufl.bounce import all_failures

from campaign.replies import words
from campaign.replies.headers import addresses, author
from campaign.replies.kinds import Kind
from campaign.replies.mime import Headers, Part, read_headers

_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_READ = 64 * 1024
_ORIGINAL = re.compile(
    r"^[ \t]*(?:-{2,60}.{0,60}(?:original message|copy of the message|returned message"
    r"|unsent message|message (?:header|text|body|follows)|header of the original"
    r"|undelivered message|original (?:mail|header)|(?:below|enclosed)).{0,80}"
    r"|(?:the )?(?:original|returned|unsent) message (?:headers? )?follows.{0,40}"
    r"|message headers? follow.{0,20}|original message headers:.{0,20}"
    r"|.{0,40}(?:below|enclosed) is a copy of the.{0,40}|received: (?:from|by) .{0,300})$",
    re.I | re.M,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]|\w)")
_AT_RCPT = re.compile(
    r"rcpt (?:to|command)|does not like recipient|\[rcpt_to\]|did not like our rcpt"
    r"|reply to rcpt|recipient address rejected",
    re.I,
)
_AT_OTHER = re.compile(
    r">>> (?:data|mail from)|in reply to (?:end of data|data|mail from)"
    r"|after (?:end of data|mail from)"
    r"|our final data|end of data|failed after i sent the message",
    re.I,
)
_CERTAIN = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4", "5.7.27", "5.1.0"}
_ACTIONS = {
    "failed": Kind.BOUNCE,
    "failure": Kind.BOUNCE,
    "delayed": Kind.DELAY,
    "delivered": Kind.DELIVERY_RECEIPT,
    "relayed": Kind.DELIVERY_RECEIPT,
    "expanded": Kind.DELIVERY_RECEIPT,
    "deliverable": Kind.DELIVERY_RECEIPT,
}


# RFC 3464 section 2.3.3: passed on to a server that reports no delivery, or to a list.
_NOT_YET_THERE = ("relayed", "expanded")


class Verdict(NamedTuple):
    """What a report says; `hard` is None for all but a bounce.

    `relayed`: it only says that the mail went on to where nobody reports a delivery.
    """

    kind: Kind
    hard: bool | None
    recipient: str | None
    status: str | None
    relayed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The report fields of a message (RFC 3464): one group a recipient."""

    groups: tuple[Headers, ...]
    proper: bool  # in a part of their own, not only as lines of a text


def read_report(message: Part, text: str) -> Report:
    """The recipient groups of the mail's own delivery-status part, or of its text."""
    groups: list[Headers] = []
    for part in message.walk():
        if part.content_type in _REPORTS and not part.within:
            groups += _groups(part.payload(_READ))
    if groups:
        return Report(tuple(groups), True)
    own = before_original(text)
    if re.search(r"^(?:final|original)-recipient:", own, re.I | re.M):
        start = re.search(
            r"^(?:reporting-mta|final-recipient|action|original-recipient):", own, re.I | re.M
        )
        return Report(tuple(_groups(own[start.start() if start else 0 :].encode()[:_READ])), False)
    return Report((), False)


def _groups(raw: bytes) -> list[Headers]:
    found = [read_headers(block) for block in re.split(rb"\n[ \t]*\n", raw)[:60]]
    return [h for h in found if h.fields]


def before_original(text: str) -> str:
    """The report's own words, without the mail that it returns."""
    cut = _ORIGINAL.search(text)
    return text[: cut.start()] if cut and text[: cut.start()].strip() else text


def _address(value: str) -> str | None:
    found = addresses(value.partition(";")[2] or value)
    return found[0] if found else None


def _action(group: Headers) -> Kind | None:
    action = group.get("action").lower().split(" ")[0].strip(";.,")
    if action in _ACTIONS:
        return _ACTIONS[action]
    first = group.get("status")[:1]
    by_class = {"5": Kind.BOUNCE, "4": Kind.DELAY, "2": Kind.DELIVERY_RECEIPT}
    return by_class.get(first) if group.has("final-recipient") else None


def from_fields(report: Report, text: str) -> Verdict | None:
    """The verdict of the report's fields: a failure before a delay before a success."""
    told = [(kind, g) for g in report.groups if (kind := _action(g))]
    for wanted in (Kind.BOUNCE, Kind.DELAY, Kind.DELIVERY_RECEIPT):
        for kind, group in told:
            if kind == wanted:
                return _verdict(kind, group, text)
    return None


def _verdict(kind: Kind, group: Headers, text: str) -> Verdict:
    said = group.get("diagnostic-code")
    stated = _STATUS.search(group.get("status"))
    status = _better(stated.group(1) if stated else None, said)
    recipient = next(
        (
            a
            for name in ("final-recipient", "original-recipient", "x-actual-recipient")
            if (a := _address(group.get(name)))
        ),
        None,
    )
    if kind is not Kind.BOUNCE:
        relayed = group.get("action").lower().startswith(_NOT_YET_THERE)
        return Verdict(kind, None, recipient, status, relayed)
    own = before_original(text)
    if not words.BAD_ADDRESS.search(said) and not words.NOT_THE_ADDRESS.search(said):
        said = f"{said}\n{group.get('status').partition(' ')[2]}\n{own}"
    return Verdict(kind, is_hard(status, said, own), recipient, status)


def _better(status: str | None, said: str) -> str | None:
    """The remote server's own code where the report has only a general one, or contradicts."""
    codes = [m.group(1) for m in _STATUS.finditer(said[:4000])]
    if codes and (status is None or status.endswith(".0.0") or codes[0][:3] == "5.2"):
        return codes[0]
    return status


def is_hard(status: str | None, said: str, own: str) -> bool:
    """Whether the address itself is bad: unknown user or host, or moved for good.

    A server that takes the address at RCPT and says "user unknown" only after the message
    has judged the message, so that is not counted; nor is a word that its own status code
    contradicts.
    """
    reasons = words.NOT_THE_ADDRESS.search(said)
    if status in _CERTAIN:
        return not (reasons and not words.BAD_ADDRESS.search(said))
    if status and status.startswith("4."):
        return False
    if not words.BAD_ADDRESS.search(said):
        return False
    if _AT_OTHER.search(own) and not re.search(r"rcpt", own, re.I):
        return False
    if _AT_RCPT.search(own):
        return not reasons
    return not reasons and (status is None or status.endswith(".0.0"))


def from_text(message: Part, text: str, headers: Headers, raw: bytes) -> Verdict | None:
    """The verdict of a report without usable fields; None where the text is no report."""
    own = before_original(text)
    subject_and_own = f"{headers.get('subject')}\n{own}"
    failed = bool(words.FAILURE.search(own) or words.SMTP_SAID.search(own))
    late = words.DELAY.search(subject_and_own) and not words.GIVEN_UP.search(own)
    if late or words.STILL_TRYING.search(own):
        return Verdict(Kind.DELAY, None, recipient_in(own, headers, raw), _status_in(own))
    if failed:
        status = _status_in(own)
        hard = is_hard(status, _reason(own), own)
        return Verdict(Kind.BOUNCE, hard, recipient_in(own, headers, raw), status)
    if words.DELIVERED.search(subject_and_own):
        return Verdict(Kind.DELIVERY_RECEIPT, None, recipient_in(own, headers, raw), None)
    return None


def _reason(own: str) -> str:
    """The lines that speak of the address; the whole where none does."""
    about = [x for x in own[:20_000].split("\n") if words.BAD_ADDRESS.search(x[:1000])]
    return "\n".join(about) or own


def _status_in(own: str) -> str | None:
    found = _STATUS.search(own)
    return found.group(1) if found and found.group(1)[0] != "2" else None


def recipient_in(own: str, headers: Headers, raw: bytes) -> str | None:
    """The failed address: from a header field, the shapes that flufl.bounce knows, the text."""
    ours = set(addresses(headers.get("to")[:2000])) | {author(headers)[1]}
    named = [
        a
        for line in own[:20_000].split("\n")
        for a in addresses(line[:2000])
        if not re.search(r"\bmail from|envelope", line[:200], re.I)
    ]
    others = [a.strip("*.:") for a in named if a not in ours]
    for name in ("x-failed-recipients", "x-bounced-address"):
        stated = addresses(headers.get(name))
        if stated:
            return next((a for a in others if a in stated), stated[0])
    if others:
        return others[0]
    return _flufl(raw) or (named[0] if named else None)


def _flufl(raw: bytes) -> str | None:
    try:
        message = email.message_from_bytes(raw[: 256 * 1024], policy=email.policy.compat32)
        temporary, permanent = all_failures(message)
    except Exception:
        return None
    found = sorted(a.decode("latin-1").lower() for a in (permanent or temporary) if a)
    return found[0] if found else None
