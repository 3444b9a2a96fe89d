"""Bringing in what reached us outside our mailboxes: saved mails, and scans of letters.

What is brought goes the way of everything else: stored byte for byte, read, and put before a
person. The time at which it came is the word of the one who brings it, and stands in the history.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from flask import current_app
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.replies.files import Filed, unpack
from campaign.replies.headers import one_line
from campaign.replies.intake import keep
from campaign.replies.mailboxes import HEAD, MAX_MESSAGE
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import MatchReason, Triage
from campaign.sending import queries as sending
from campaign.sending.proof_files import ending

FILES_MOST, MESSAGES_MOST, OCTETS_MOST = 20, 500, 40 * 2**20
SCAN_MOST = 15 * 2**20
_KINDS = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}


class File(NamedTuple):
    """A file as somebody brings it; `name` is for showing only."""

    name: str
    raw: bytes


@dataclass(frozen=True)
class Brought:
    """What became of the files.

    Attributes:
        messages: every message in them, new or here before, each once.
        known: how many were here before.
        refused: what could not be used, in sentences.
    """

    messages: tuple[IncomingMessage, ...]
    known: int
    refused: tuple[str, ...]


def upload(
    files: Sequence[File],
    *,
    came_at: datetime,
    sender: str = "",
    text: str = "",
    letter_id: int | None = None,
    actor: User,
) -> Brought:
    """Store what a person brings; the clock's next round reads it.

    Args:
        came_at: when it reached us, aware.
        sender: who a scanned letter is from.
        text: what a scanned letter says, typed off.
        letter_id: the letter that it answers, if the person knows; it waits there.

    Raises:
        Problem: `received-later`, `too-much-brought`, `letter-not-out`, `not-there`.
    """
    if came_at > clock.now():
        raise Problem("received-later")
    if len(files) > FILES_MOST or sum(len(file.raw) for file in files) > OCTETS_MOST:
        raise Problem("too-much-brought", files=FILES_MOST, megabytes=OCTETS_MOST // 2**20)
    found = [one for file in files for one in _messages(file, sender, text, came_at)]
    refused = [f"{one.path}: {one.error}" for one in found if one.error]
    good = [one for one in found if not one.error]
    if len(good) > MESSAGES_MOST:
        raise Problem("too-many-brought", most=MESSAGES_MOST)
    kept = [_keep(one, came_at, letter_id, actor) for one in good]
    messages = {message.id: message for message, _ in kept}
    known = sum(not new for _, new in kept)
    return Brought(tuple(messages.values()), known, tuple(refused))


def _messages(file: File, sender: str, text: str, came_at: datetime) -> list[Filed]:
    kind = ending(file.raw)
    if not kind:
        return unpack(file.name, file.raw)
    if len(file.raw) > SCAN_MOST:
        return [Filed(file.name, b"", error=f"It is larger than {SCAN_MOST // 2**20} MB.")]
    return [Filed(file.name, _scan(file, kind, sender, text, came_at), original=file.raw)]


def _scan(file: File, kind: str, sender: str, text: str, came_at: datetime) -> bytes:
    """A scanned letter as a mail that holds it; the same letter always becomes the same one."""
    mark = hashlib.sha256(file.raw).hexdigest()[:24]
    who = one_line(sender) or "an unknown sender"
    lines = [
        f"From: {one_line(sender, encoded=True)}",
        f"Subject: {one_line(f'Letter on paper from {who}', encoded=True)}",
        f"Date: {format_datetime(came_at.astimezone(UTC))}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="=_{mark}"',
        "",
        f"--=_{mark}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        _base64(text.encode("utf-8", "replace")),
        f"--=_{mark}",
        f"Content-Type: {_KINDS[kind]}",
        f'Content-Disposition: attachment; filename="letter.{kind}"',
        "Content-Transfer-Encoding: base64",
        "",
        _base64(file.raw),
        f"--=_{mark}--",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def _base64(data: bytes) -> str:
    return base64.encodebytes(data).decode("ascii").replace("\n", "\r\n").rstrip()


def _keep(
    filed: Filed, came_at: datetime, letter_id: int | None, actor: User
) -> tuple[IncomingMessage, bool]:
    store: FileStore = current_app.extensions["files"]
    whole = len(filed.raw) <= MAX_MESSAGE
    sha = store.put(filed.raw if whole else filed.raw[:HEAD])
    original = store.put(filed.original) if filed.original else None
    with transaction() as session:
        letter = _letter(session, letter_id) if letter_id is not None else None
        message, new = keep(session, sha, size=len(filed.raw), whole=whole, arrived_at=came_at)
        if new:
            message.brought_by_id, message.brought_as = actor.id, one_line(filed.path)[:300]
            message.original_sha256 = original
        if letter is not None and message.triage is Triage.UNREAD:
            message.letter_id, message.matched_by = letter.id, MatchReason.PERSON
        if new:
            record(
                "message.brought",
                message,
                actor=actor,
                file=message.brought_as,
                original=original,
                came_at=came_at.isoformat(),
                letter=letter.ref if letter else None,
            )
    return message, new


def _letter(session: Session, letter_id: int) -> Letter:
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise Problem("not-there", what="letter")
    if not sending.dispatches_of(letter.id):
        raise Problem("letter-not-out", company=letter.company.name)
    return letter
