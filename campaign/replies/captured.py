"""Answering as a company while mail is captured: a real mail in the inbox that the clock reads."""

from __future__ import annotations

import email
import email.policy
import secrets
from datetime import datetime
from enum import StrEnum

from flask import current_app

from campaign.config import Settings
from campaign.extensions import db
from campaign.kernel import clock, days, fields
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore, write_maildir
from campaign.sending.addresses import check_address, domain_of, with_tag
from campaign.sending.capture import delivery_failure
from campaign.sending.message import Mail, build, new_message_id
from campaign.sending.models import Dispatch
from campaign.sending.transport import Parcel


class ReplyAs(StrEnum):
    """What kind of mail the company sends."""

    REPLY = "reply"
    OUT_OF_OFFICE = "out_of_office"
    TICKET = "ticket"
    BOUNCE = "bounce"


_AUTOMATIC = (ReplyAs.OUT_OF_OFFICE, ReplyAs.TICKET)


def reply_as_company(
    dispatch_id: int,
    *,
    from_address: str,
    text: str,
    kind: str = "reply",
    subject: str | None = None,
) -> None:
    """Write a mail as the company's program would, into the captured inbox.

    Args:
        from_address: one address; the company's contact or any other.
        text: what they write; a bounce has words of its own.
        kind: a value of `ReplyAs`.
        subject: by default what a mail program makes of ours.

    Raises:
        Problem: `not-captured`, `not-there`, `bad-address`, `field-empty`, or that the inbox
            has no room.
    """
    settings: Settings = current_app.extensions["settings"]
    if not (settings.captured and settings.inbox_captured):
        raise Problem("not-captured")
    dispatch = db.session.get(Dispatch, dispatch_id)
    if dispatch is None or dispatch.message_id is None or dispatch.file_sha256 is None:
        raise Problem("not-there", what="mail")
    files: FileStore = current_app.extensions["files"]
    original, now, how = files.get(dispatch.file_sha256), clock.now(), ReplyAs(kind)
    if how is ReplyAs.BOUNCE:
        raw = delivery_failure(_parcel(dispatch, original), now)
    else:
        words = fields.text(text, name="What they write", limit=200_000, required=True)
        raw = _answer(dispatch, original, check_address(from_address), words, how, subject, now)
    write_maildir(settings.captured_inbox, raw, now)


def _parcel(dispatch: Dispatch, original: bytes) -> Parcel:
    return Parcel(
        message_id=dispatch.message_id or "",
        envelope_sender=dispatch.envelope_sender,
        recipient=dispatch.recipient,
        archive=None,
        data=original,
    )


def _answer(
    dispatch: Dispatch,
    original: bytes,
    from_address: str,
    text: str,
    how: ReplyAs,
    subject: str | None,
    now: datetime,
) -> bytes:
    settings: Settings = current_app.extensions["settings"]
    letter = dispatch.letter
    to = with_tag(settings.reply_address, letter.reply_token)
    if how is ReplyAs.OUT_OF_OFFICE:
        to = dispatch.envelope_sender  # RFC 3834 section 4: automatic mail goes to the return path
    ours = email.message_from_bytes(original, policy=email.policy.default)
    body = text if how in _AUTOMATIC else f"{text}\n\n{_quotation(ours, dispatch, settings)}"
    parent = dispatch.message_id or ""
    mail = build(
        Mail(
            from_name=letter.company.name,
            from_address=from_address,
            to_name="",
            to_address=to,
            reply_to="",
            subject=subject or _subject(str(ours["Subject"] or ""), how),
            text=body,
            html="",
            message_id=new_message_id(domain_of(from_address)),
            date=now,
            in_reply_to=parent,
            references=(parent,),
            language=letter.company.language or letter.campaign.language,
        )
    )
    return _trace(from_address, to, how) + mail


def _trace(from_address: str, to: str, how: ReplyAs) -> bytes:
    """The lines that the servers on the way put on top."""
    path = "" if how in _AUTOMATIC else from_address
    lines = [f"Return-Path: <{path}>", f"Delivered-To: {to}"]
    if how in _AUTOMATIC:
        lines.append("Auto-Submitted: auto-replied")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _subject(ours: str, how: ReplyAs) -> str:
    if how is ReplyAs.OUT_OF_OFFICE:
        return f"Automatic reply: {ours}"
    if how is ReplyAs.TICKET:
        return f"[Ticket {100_000 + secrets.randbelow(900_000)}] We have received your message"
    return ours if ours.lower().startswith("re:") else f"Re: {ours}"


def _quotation(ours: email.message.EmailMessage, dispatch: Dispatch, settings: Settings) -> str:
    """Our mail below the answer, as mail programs quote it."""
    part = ours.get_body(preferencelist=("plain",))
    text = str(part.get_content()) if part is not None else ""
    sent = dispatch.accepted_at or dispatch.created_at
    when = days.in_words(sent, settings.timezone)
    quoted = "\n".join(f"> {line}".rstrip() for line in text.rstrip().splitlines())
    return f"On {when}, {settings.org_name} wrote:\n{quoted}\n"
