"""The bytes that left: to be read again, and compared with what was signed."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import sqlalchemy as sa
from flask import current_app

from campaign.companies.rules import Channel
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import FrozenText, Letter, TextKind
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
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
    signed = frozen_texts.load(frozen).letter_mail()
    return all(
        _part(message, kind) == text.replace("\r\n", "\n").strip()
        for kind, text in (("plain", signed.text), ("html", signed.html))
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n").strip() if body else ""


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
