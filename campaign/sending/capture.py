"""Mail that never leaves the machine: kept in an outbox folder, its archive copy in our inbox.

It behaves like a server as far as the rest of the program can see: trace headers on top of
untouched bytes, refusals when the disk is full, and bounces for addresses made to bounce.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import write_maildir
from campaign.sending.addresses import domain_of
from campaign.sending.mime import Part, container, text_part
from campaign.sending.transport import Handover, Outcome, Parcel, printable, why_unfit

_SERVER = "capture"
_UNKNOWN_USER = "550 5.1.1 <{}>: Recipient address rejected: User unknown"


class CaptureTransport:
    """A `Transport` that keeps every mail in two maildirs."""

    captured = True

    def __init__(self, outbox: Path, inbox: Path) -> None:
        self._outbox = outbox
        self._inbox = inbox

    def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
        """See `Transport.send`.

        Addresses in a domain that starts with `bounce.`, or with the local part
        `unknown-user`, are accepted and then bounce into the inbox.
        """
        unfit = why_unfit(parcel)
        if unfit:
            return Outcome(Handover.FAILED, reply=unfit, server=_SERVER)
        if not before_dot():
            return Outcome(Handover.STOPPED, reply="our own last check stopped it", server=_SERVER)
        try:
            kept = write_maildir(self._outbox, _traced(parcel, parcel.recipient), clock.now())
        except Problem as problem:
            # A message that may be visible is not written again by itself.
            unsure = problem.code == "file-unsure"
            handover = Handover.LOST_AFTER_DOT if unsure else Handover.DEFERRED
            return Outcome(handover, reply=printable(str(problem)), server=_SERVER)
        reply = f"250 2.0.0 kept in the outbox folder as {kept.name}" + self._deliver_home(parcel)
        return Outcome(Handover.ACCEPTED, 250, printable(reply), kept.name, _SERVER)

    def close(self) -> None:
        """Nothing is open."""

    def _deliver_home(self, parcel: Parcel) -> str:
        """What our own mailbox gets; words about what it could not take.

        The mail itself is taken by now, as with a server whose archive mailbox is full.
        """
        trouble = []
        for what, raw in (("archive copy", _archive_copy(parcel)), ("bounce", _bounce(parcel))):
            if raw is None:
                continue
            try:
                write_maildir(self._inbox, raw, clock.now())
            except Problem as problem:
                trouble.append(f"; the {what} was not kept: {problem}")
        return "".join(trouble)


def _traced(parcel: Parcel, delivered_to: str) -> bytes:
    """The untouched bytes below the headers that a delivering server adds."""
    trace = (
        f"Return-Path: <{parcel.envelope_sender}>\r\n"
        f"Delivered-To: {delivered_to}\r\n"
        f"X-Captured-For: {parcel.recipient}\r\n"
    )
    return trace.encode() + parcel.data


def _archive_copy(parcel: Parcel) -> bytes | None:
    return _traced(parcel, parcel.archive) if parcel.archive else None


def _bounce(parcel: Parcel) -> bytes | None:
    """The report of an address made to bounce (RFC 3464), to the envelope sender."""
    local = parcel.recipient.rpartition("@")[0].lower()
    if local != "unknown-user" and not domain_of(parcel.recipient).startswith("bounce."):
        return None
    return delivery_failure(parcel, clock.now())


def delivery_failure(parcel: Parcel, when: datetime) -> bytes:
    """A delivery status notification as a server sends it: `failed`, 5.1.1, headers included.

    Args:
        when: aware time of the report and of the mail's arrival at the server.
    """
    our_domain = domain_of(parcel.envelope_sender)
    seed = hashlib.sha256(f"{parcel.message_id} {parcel.recipient}".encode()).hexdigest()[:32]
    said = _UNKNOWN_USER.format(_in_ascii(parcel.recipient))
    report = container(
        "report",
        [
            text_part(
                "plain",
                f"This is the mail system at host mail.{our_domain}.\n\n"
                "Your message could not be delivered to the recipient below.\n"
                f"It will not be tried again.\n\n<{parcel.recipient}>:\n    {said}\n",
            ),
            _status_part(parcel, our_domain, said, format_datetime(when)),
            Part(
                ("Content-Type: text/rfc822-headers", "Content-Transfer-Encoding: 7bit"),
                parcel.data.partition(b"\r\n\r\n")[0] + b"\r\n",
            ),
        ],
        seed=seed,
        parameters=("report-type=delivery-status",),
    )
    headers = (
        "Return-Path: <>",
        f"Delivered-To: {parcel.envelope_sender}",
        f"Date: {format_datetime(when)}",
        f"From: Mail Delivery System <MAILER-DAEMON@{our_domain}>",
        f"To: {parcel.envelope_sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: <{seed}@mail.{our_domain}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
    )
    return "\r\n".join([*headers, ""]).encode("ascii") + report.as_bytes()


def _in_ascii(address: str) -> str:
    """Any address in a field of a report (RFC 6533 section 3, utf-8-addr-xtext)."""
    return "".join(c if c.isascii() else f"\\x{{{ord(c):X}}}" for c in address)


def _status_part(parcel: Parcel, our_domain: str, said: str, when: str) -> Part:
    """The machine-readable part: fields for the mail, then for the recipient."""
    kind = "rfc822" if parcel.recipient.isascii() else "utf-8"
    lines = (
        f"Reporting-MTA: dns; mail.{our_domain}",
        f"Arrival-Date: {when}",
        "",
        f"Final-Recipient: {kind}; {_in_ascii(parcel.recipient)}",
        f"Original-Recipient: {kind};{_in_ascii(parcel.recipient)}",
        "Action: failed",
        "Status: 5.1.1",
        f"Remote-MTA: dns; mx.{domain_of(parcel.recipient)}",
        f"Diagnostic-Code: smtp; {said}",
        "",
    )
    return Part(
        ("Content-Type: message/delivery-status", "Content-Transfer-Encoding: 7bit"),
        "\r\n".join(lines).encode("ascii"),
    )
