"""The bytes that left: to be read again, and compared with what was signed."""

from __future__ import annotations

import email
import email.policy
import hashlib
from email.message import EmailMessage, Message
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from campaign.companies.rules import Channel
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import FrozenText, Letter, TextKind
from campaign.drafting.pictures import Inline
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.sending.mime import safe_filename
from campaign.sending.models import Dispatch


def carries(dispatch: Dispatch, frozen: FrozenText) -> bool:
    """Whether a dispatch of the letter carries exactly this frozen text.

    An e-mail's kept bytes are read again and compared; bytes that are missing or damaged
    carry nothing. What a person posts or submits is the frozen text's own print.
    """
    if dispatch.frozen_text_id != frozen.id:
        return False
    if dispatch.channel is not Channel.EMAIL:
        return True
    files: FileStore = current_app.extensions["files"]
    try:
        raw = files.get(dispatch.file_sha256 or "")
    except Problem:
        return False
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    text = frozen_texts.load(frozen)
    signed = text.letter_mail()
    if any(
        _part(message, kind) != words.replace("\r\n", "\n").strip()
        for kind, words in (("plain", signed.text), ("html", signed.html))
    ):
        return False
    files_of_it = [(one.name, hashlib.sha256(one.raw).hexdigest()) for one in files_in(message)]
    if files_of_it != [(safe_filename(one.name), one.sha256) for one in text.mail_files]:
        return False
    try:
        return _pictures(message) == set(text.carried_pictures(TextKind.LETTER))
    except Problem:  # a picture of the signed text is lost: nothing to compare with
        return False


class File(NamedTuple):
    """A file that a mail of ours carries."""

    name: str
    media_type: str
    raw: bytes


def files_in(message: EmailMessage) -> list[File]:
    """The files that a mail of ours carries, in their order."""
    return [
        File(part.get_filename() or "", part.get_content_type(), _bytes(part))
        for part in message.iter_attachments()
    ]


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n").strip() if body else ""


def _pictures(message: EmailMessage) -> set[Inline]:
    """The pictures that the HTML of a mail shows, read from the mail itself."""
    return {
        Inline(part["Content-ID"].strip().strip("<>"), part.get_content_type(), _bytes(part))
        for part in message.walk()
        if part["Content-ID"]
    }


def _bytes(part: Message) -> bytes:
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def pictures_of(message: EmailMessage) -> tuple[Inline, ...]:
    """The pictures that a mail of ours carries for its HTML."""
    return tuple(sorted(_pictures(message)))


def kept_mail(letter: Letter) -> bytes:
    """The exact bytes of the letter's newest mail.

    Raises:
        Problem: there is no mail of it yet, or the file is missing or damaged.
    """
    newest = db.session.scalar(
        sa.select(Dispatch)
        .where(
            Dispatch.letter_id == letter.id,
            Dispatch.kind == TextKind.LETTER,
            Dispatch.channel == Channel.EMAIL,
        )
        .order_by(Dispatch.id.desc())
        .limit(1)
    )
    if newest is None or newest.file_sha256 is None:
        raise Problem("no-mail-yet", company=letter.company.name)
    files: FileStore = current_app.extensions["files"]
    return files.get(newest.file_sha256)
