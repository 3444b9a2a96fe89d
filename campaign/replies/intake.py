"""Taking mail in, raw bytes first and the watermark last (reliability.md, “Receiving” 1 and 2)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.config import Settings
from campaign.database import MAILBOX_LOCK, one_at_a_time, transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.replies.mailboxes import (
    FolderEnd,
    Found,
    Mailbox,
    MailboxTrouble,
    Maildir,
    SeesMoves,
    TooLarge,
    open_mailbox,
)
from campaign.replies.models import IncomingMessage, IncomingPosition, MailboxReading


def read_mailboxes() -> int:
    """Store what every mailbox of the settings holds and is not stored yet.

    A mailbox that cannot be read to its end keeps its error and its old watermark; the others
    are read all the same. Nothing is parsed here.

    Returns:
        How many messages are new.

    Raises:
        Problem: `bad-setting`, for an address that names no mailbox.
    """
    settings: Settings = current_app.extensions["settings"]
    boxes = {box.key: box for box in (_open(settings, url) for url in settings.inbox_urls)}
    ids = _note_active(list(boxes))
    return sum(_read(ids[key], box) for key, box in boxes.items())


def _open(settings: Settings, url: str) -> Mailbox:
    """The mailbox; the captured inbox is made on first use, so that it can be empty."""
    if url == f"maildir:{settings.captured_inbox}":
        for name in ("tmp", "new", "cur"):
            # What cannot be made is told when it cannot be read.
            with suppress(OSError):
                (settings.captured_inbox / name).mkdir(parents=True, exist_ok=True)
    return open_mailbox(url, current_app.extensions["oauth"])


def _note_active(keys: Sequence[str]) -> dict[str, int]:
    """One row a mailbox; those that the settings name no more are read no more."""
    rows = {box.key: box for box in db.session.scalars(sa.select(MailboxReading))}
    wanted = {key: rows[key].id for key in keys if key in rows and rows[key].active}
    if len(wanted) == len(keys) == sum(box.active for box in rows.values()):
        return wanted
    with transaction() as session:
        one_at_a_time(session, MAILBOX_LOCK)
        rows = {box.key: box for box in session.scalars(sa.select(MailboxReading))}
        for key, box in rows.items():
            if box.active != (key in keys):
                box.active = key in keys
                record("mailbox.used" if box.active else "mailbox.left", box, key=key)
        for key in keys:
            if key not in rows:
                rows[key] = MailboxReading(key=key)
                session.add(rows[key])
                session.flush()
                record("mailbox.used", rows[key], key=key)
        return {key: rows[key].id for key in keys}


def _read(mailbox_id: int, box: Mailbox) -> int:
    """One reading of a mailbox to its end.

    A message that was moved meanwhile, from a folder that was not read yet to one that was, is
    found all the same: by the mailbox itself, or by a second pass.
    """
    started = clock.now()
    with transaction() as session:
        session.get_one(MailboxReading, mailbox_id).started_at = started
    new = 0
    try:
        for _ in range(1 if isinstance(box, SeesMoves) else 2):
            for found in _pass(mailbox_id, box):
                new += found
    except (MailboxTrouble, Problem) as trouble:
        _note_error(mailbox_id, str(trouble))
        return new
    _note_end(mailbox_id, started)
    return new


def _pass(mailbox_id: int, box: Mailbox) -> Iterator[bool]:
    """Store what is not stored yet; for each message whether it is new.

    Raises:
        MailboxTrouble: a folder was not read to its end.
    """
    begun: set[tuple[str, int]] = set()
    ended: set[tuple[str, int]] = set()

    def known(folder: str, uidvalidity: int) -> Container[str] | int:
        begun.add((folder, uidvalidity))
        return _known(mailbox_id, folder, uidvalidity, numbered=not isinstance(box, Maildir))

    for item in box.read(known):
        if isinstance(item, FolderEnd):
            ended.add((item.folder, item.uidvalidity))
        else:
            yield _store(mailbox_id, item)
    if not begun or begun != ended:
        raise MailboxTrouble("The reading did not reach the end of every folder.")


def _known(
    mailbox_id: int, folder: str, uidvalidity: int, *, numbered: bool
) -> Container[str] | int:
    """What is stored of a folder: for IMAP the highest UID, for a maildir all names."""
    here = (
        IncomingPosition.mailbox_id == mailbox_id,
        IncomingPosition.folder == folder[:255],
        IncomingPosition.uidvalidity == uidvalidity,
    )
    if numbered:
        highest = sa.func.max(sa.cast(IncomingPosition.uid, sa.BigInteger))
        found: Container[str] | int = db.session.scalar(sa.select(highest).where(*here)) or 0
    else:
        found = set(db.session.scalars(sa.select(IncomingPosition.uid).where(*here)))
    db.session.rollback()  # no transaction stays open while the mail server is talked to
    return found


def _store(mailbox_id: int, item: Found | TooLarge) -> bool:
    """Keep one message: the file first, then its row and its position in one commit."""
    try:
        return _store_once(mailbox_id, item)
    except IntegrityError:  # another worker stored the same message at the same moment
        return _store_once(mailbox_id, item)


def _store_once(mailbox_id: int, item: Found | TooLarge) -> bool:
    whole = isinstance(item, Found)
    raw = item.raw if isinstance(item, Found) else item.head
    size = len(raw) if isinstance(item, Found) else item.size
    sha, raw = _kept(raw, size)
    with transaction() as session:
        message, new = keep(session, sha, size=size, whole=whole, arrived_at=item.arrived_at)
        _note_position(session, mailbox_id, item, message)
    return new


def _note_position(
    session: Session, mailbox_id: int, item: Found | TooLarge, message: IncomingMessage
) -> None:
    place = {
        "mailbox_id": mailbox_id,
        "folder": item.folder[:255],
        "uidvalidity": item.uidvalidity,
        "uid": item.uid[:255],
    }
    if session.scalar(sa.select(IncomingPosition).filter_by(**place)) is None:
        session.add(IncomingPosition(**place, message_id=message.id))
        session.flush()


def _kept(raw: bytes, size: int) -> tuple[str, bytes]:
    """The file of a message; of two too large ones that begin alike, each its own beginning."""
    files: FileStore = current_app.extensions["files"]
    sha = files.put(raw)
    other = IncomingMessage.sha256 == sha, IncomingMessage.size != size
    while raw and db.session.scalar(sa.select(IncomingMessage.id).where(*other)) is not None:
        raw = raw[:-1]
        sha = files.put(raw)
        other = IncomingMessage.sha256 == sha, IncomingMessage.size != size
    return sha, raw


def keep(
    session: Session, sha: str, *, size: int, whole: bool, arrived_at: datetime
) -> tuple[IncomingMessage, bool]:
    """Within an act: the row of a message that is in the file store, and whether it is new."""
    message = session.scalar(sa.select(IncomingMessage).where(IncomingMessage.sha256 == sha))
    if message is not None:
        return message, False
    message = IncomingMessage(sha256=sha, size=size, whole=whole, arrived_at=arrived_at)
    session.add(message)
    session.flush()
    record("message.stored", message, sha256=sha, size=size, arrived_at=arrived_at.isoformat())
    return message, True


def _note_error(mailbox_id: int, why: str) -> None:
    with transaction() as session:
        box = session.get_one(MailboxReading, mailbox_id, with_for_update=True)
        if not box.error:
            box.error_since = clock.now()
            record("mailbox.failed", box, key=box.key, why=why)
        box.error = why


def _note_end(mailbox_id: int, started: datetime) -> None:
    """The reading reached the end: everything that lay there when it began is stored."""
    with transaction() as session:
        box = session.get_one(MailboxReading, mailbox_id, with_for_update=True)
        if box.error:
            record("mailbox.recovered", box, key=box.key)
        box.error, box.error_since = "", None
        if box.watermark is None or box.watermark < started:
            box.watermark = started
