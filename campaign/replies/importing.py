"""Taking in mail from files: `.eml`, mbox, maildirs, and folders of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from campaign.database import transaction
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.files import FileStore
from campaign.replies.files import Filed, messages_in
from campaign.replies.intake import keep
from campaign.replies.mailboxes import HEAD, MAX_MESSAGE
from campaign.replies.models import IncomingMessage
from campaign.replies.sorting import read_stored


class Imported(NamedTuple):
    """One message, or one file that could not be opened (`kind` is then None).

    Attributes:
        letter: opaque id of the letter that it belongs to, if that is known.
        why: how it was matched, or what stands in the way.
    """

    path: str
    kind: str | None
    letter: str | None
    why: str


def import_files(paths: Iterable[str | Path]) -> list[Imported]:
    """Store messages from files as if they had arrived now, read them, and tell what they are.

    What lies in a maildir arrived when its file says. The same message twice is stored once.
    """
    stored: list[tuple[str, str]] = []
    refused: list[Imported] = []
    for filed in messages_in(map(Path, paths)):
        if filed.error is not None:
            refused.append(Imported(filed.path, None, None, filed.error))
        else:
            stored.append((filed.path, _store(filed)))
    read_stored()
    return [_told(where, sha) for where, sha in stored] + refused


def _store(filed: Filed) -> str:
    files: FileStore = current_app.extensions["files"]
    whole = len(filed.raw) <= MAX_MESSAGE
    sha = files.put(filed.raw if whole else filed.raw[:HEAD])
    arrived_at = filed.arrived_at or clock.now()
    original = files.put(filed.original) if filed.original else None
    with transaction() as session:
        message, _ = keep(session, sha, size=len(filed.raw), whole=whole, arrived_at=arrived_at)
        message.original_sha256 = message.original_sha256 or original
    return sha


def _told(path: str, sha: str) -> Imported:
    found = db.session.scalars(sa.select(IncomingMessage).where(IncomingMessage.sha256 == sha))
    message = found.one()
    kind = message.kind.value if message.kind else None
    letter = message.letter.ref if message.letter else None
    matched = message.matched_by.value if message.matched_by else "no match"
    return Imported(path, kind, letter, message.error or matched)
