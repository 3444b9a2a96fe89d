"""What companies, their machines and strangers write: real mails, byte for byte."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from campaign.simulation.mailbox import What

_AUTOMATIC = {
    "confirms": "Thank you. We have received your message. This is an automatic reply.",
    "away": "I am out of the office until further notice. This is an automatic reply.",
    "unread": "This mailbox is not monitored. Please do not reply to this message.",
    "ticket": "We have received your request and opened a ticket for it. This message was"
    " created automatically.",
}


@dataclass(frozen=True)
class Ours:
    """What a company sees of a mail of ours."""

    message_id: str
    subject: str
    reply_to: str
    envelope_sender: str
    head: str

    @classmethod
    def read(cls, raw: bytes, envelope_sender: str) -> Ours:
        """Take a mail apart as any mail program does."""
        found = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
        return cls(
            str(found["Message-ID"]).strip(),
            str(found["Subject"]),
            str(found["Reply-To"] or found["From"]),
            envelope_sender,
            raw.partition(b"\r\n\r\n")[0].decode("ascii") + "\r\n",
        )


@dataclass(frozen=True)
class Writer:
    """Who writes: name, address, and a word that marks this one mail."""

    name: str
    address: str
    marker: str

    def _mail(self, to: str, subject: str, text: str, at: datetime, **fields: str) -> bytes:
        made = EmailMessage(policy=email.policy.SMTP)
        made["Return-Path"] = fields.pop("path", f"<{self.address}>")
        made["Delivered-To"] = to
        for name, value in fields.items():
            made[name.replace("_", "-")] = value
        made["From"] = f"{self.name} <{self.address}>"
        made["To"] = to
        made["Subject"] = subject
        made["Date"] = format_datetime(at - timedelta(seconds=30))
        if "Message-ID" not in made:
            made["Message-ID"] = f"<{self.marker}@{self.address.rpartition('@')[2]}>"
        made.set_content(f"{text}\n\n{self.marker}\n")
        return made.as_bytes()

    def answer(self, ours: Ours, what: What, at: datetime, message_id: str = "") -> bytes:
        """A person answers our mail, in its thread."""
        fields = {"In_Reply_To": ours.message_id, "References": ours.message_id}
        if message_id:
            fields["Message_ID"] = message_id
        return self._mail(ours.reply_to, f"Re: {ours.subject}", _WORDS[what], at, **fields)

    def apart(self, to: str, what: What, at: datetime) -> bytes:
        """A person answers in a mail of its own, which says only who writes."""
        text = f"{_WORDS[what]}\n\n{self.name}"
        return self._mail(to, f"Your letter to {self.name}", text, at)

    def automatic(self, ours: Ours, kind: str, at: datetime) -> bytes:
        """A program answers."""
        subject = "Automatic reply: " + ours.subject
        if kind == "ticket":
            subject = "[Ticket 84712] We have received your message"
        return self._mail(
            ours.envelope_sender, subject, _AUTOMATIC[kind], at, path="<>",
            In_Reply_To=ours.message_id, References=ours.message_id,
            Auto_Submitted="auto-replied",
        )  # fmt: skip

    def stranger(self, to: str, subject: str, text: str, at: datetime) -> bytes:
        """Somebody writes who is none of the companies."""
        return self._mail(to, subject, text, at)


_WORDS = {
    What.REPLY: "Dear Sir or Madam,\n\n1. We keep this data for 30 days.\n2. Nobody else reads it.",
    What.ACKNOWLEDGEMENT: "Dear Sir or Madam,\n\nthank you for your letter. A colleague of mine"
    " looks at it and will write to you.",
    What.ASKS_FOR_TIME: "Dear Sir or Madam,\n\nwe need more time for this. May we answer a week"
    " later?",
    What.FAKE: "Dear Sir or Madam,\n\n1. We keep everything for ever.\n2. We sell it to anyone.",
}


def report(ours: Ours, recipient: str, at: datetime, what: What, marker: str) -> bytes:
    """What a mail server says of a mail of ours (RFC 3464)."""
    action, status, words = {
        What.BOUNCE: ("failed", "5.1.1", "The address is unknown; it will not be tried again."),
        What.DELAY: ("delayed", "4.4.1", "It could not be delivered yet and is tried further."),
        What.RECEIPT: ("delivered", "2.0.0", "It was delivered."),
    }[what]
    lines = [
        "Return-Path: <>",
        f"Delivered-To: {ours.envelope_sender}",
        f"Date: {format_datetime(at)}",
        "From: Mail Delivery System <MAILER-DAEMON@relay.example>",
        f"To: {ours.envelope_sender}",
        f"Subject: {'Undelivered Mail Returned to Sender' if action == 'failed' else action}",
        f"Message-ID: <{marker}@relay.example>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{marker}"',
        "",
        f"--{marker}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"This is the mail system. {words}",
        "",
        f"<{recipient}>: {status}",
        "",
        f"--{marker}",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; relay.example",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        "",
        f"--{marker}",
        "Content-Type: text/rfc822-headers",
        "",
        ours.head,
        f"--{marker}--",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def own_copy(raw: bytes, envelope_sender: str, archive: str) -> bytes:
    """Our mail as it comes to our own archive address: a server's lines on top."""
    top = f"Return-Path: <{envelope_sender}>\r\nDelivered-To: {archive}\r\n"
    return top.encode("ascii") + raw
