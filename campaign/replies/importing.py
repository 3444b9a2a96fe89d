"""Taking in mail from files: `.eml`, mbox, maildirs, and folders of them."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from campaign.database import transaction
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.files import FileStore
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


class _File(NamedTuple):
    path: str
    raw: bytes
    arrived_at: datetime


def import_files(paths: Iterable[str | Path]) -> list[Imported]:
    """Store messages from files as if they had arrived now, read them, and tell what they are.

    What lies in a maildir arrived when its file says. The same message twice is stored once.
    """
    stored: list[tuple[str, str]] = []
    refused: list[Imported] = []
    for path in map(Path, paths):
        try:
            for file in messages(path):
                stored.append((file.path, _store(file)))
        except OSError as error:
            why = f"It cannot be read: {error.strerror or error}."
            refused.append(Imported(str(path), None, None, why))
    read_stored()
    return [_told(where, sha) for where, sha in stored] + refused


def messages(path: Path) -> Iterator[_File]:
    """Every message below a path.

    Raises:
        OSError: a file cannot be read.
    """
    if not path.is_dir():
        yield from _of_file(path)
    elif (path / "cur").is_dir() and (path / "new").is_dir():
        for place in ("new", "cur"):
            for file in sorted(p for p in (path / place).iterdir() if p.is_file()):
                arrived = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                yield _File(str(file), file.read_bytes(), arrived)
    else:
        for below in sorted(p for p in path.iterdir() if not p.name.startswith(".")):
            yield from messages(below)


def _of_file(path: Path) -> Iterator[_File]:
    with path.open("rb") as file:
        many = file.read(5) == b"From " and path.suffix.lower() != ".eml"
    if not many:
        yield _File(str(path), path.read_bytes(), clock.now())
        return
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.keys(), start=1):
            yield _File(f"{path}#{number}", box.get_bytes(key), clock.now())
    finally:
        box.close()


def _store(file: _File) -> str:
    files: FileStore = current_app.extensions["files"]
    whole = len(file.raw) <= MAX_MESSAGE
    sha = files.put(file.raw if whole else file.raw[:HEAD])
    with transaction() as session:
        keep(session, sha, size=len(file.raw), whole=whole, arrived_at=file.arrived_at)
    return sha


def _told(path: str, sha: str) -> Imported:
    found = db.session.scalars(sa.select(IncomingMessage).where(IncomingMessage.sha256 == sha))
    message = found.one()
    kind = message.kind.value if message.kind else None
    letter = message.letter.ref if message.letter else None
    matched = message.matched_by.value if message.matched_by else "no match"
    return Imported(path, kind, letter, message.error or matched)
