"""Mail in files: single messages, mbox files, maildirs, folders of them. No database."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from campaign.replies.reading import Kind, ReadingProcess

_MAIL = frozenset({".eml", ".msg822", ".mbox", ".mbx"})
_MAILDIR = ("cur", "new")


class Filed(NamedTuple):
    """One message of a file.

    Attributes:
        path: the file; for one of several in an mbox, with `#` and its number.
        arrived_at: when it arrived, aware UTC, where a maildir tells; None elsewhere.
        error: why it could not be had at all; `raw` is empty then.
    """

    path: str
    raw: bytes
    arrived_at: datetime | None = None
    error: str | None = None


def messages_in(paths: Iterable[Path]) -> Iterator[Filed]:
    """Every message, in the order of names. A file that is named is read whatever its ending is."""
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield from _in_file(path)


def _in_folder(folder: Path) -> Iterator[Filed]:
    if all((folder / name).is_dir() for name in _MAILDIR):
        for name in _MAILDIR:
            for path in sorted(file for file in (folder / name).iterdir() if file.is_file()):
                yield from _in_file(path, in_maildir=True)
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _in_folder(path)
        elif path.suffix.lower() in _MAIL or _begins_as_mbox(path):
            yield from _in_file(path)


def _begins_as_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError:
        return False


def _in_file(path: Path, *, in_maildir: bool = False) -> Iterator[Filed]:
    try:
        if in_maildir:
            arrived = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield Filed(str(path), path.read_bytes(), arrived)
        elif path.suffix.lower() != ".eml" and _begins_as_mbox(path):
            yield from _in_mbox(path)
        else:
            yield Filed(str(path), path.read_bytes())
    except OSError as error:
        yield Filed(str(path), b"", error=f"It cannot be read: {error.strerror}.")


def _in_mbox(path: Path) -> Iterator[Filed]:
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.keys(), start=1):
            yield Filed(f"{path}#{number}", box.get_bytes(key))
    finally:
        box.close()


def classify_paths(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """What each message is, as `flask inbox classify` prints it (contract.md)."""
    with ReadingProcess() as reader:
        for filed in messages_in(paths):
            if filed.error is not None:
                yield _row(filed.path, Kind.UNREADABLE, error=filed.error)
                continue
            reading = reader.read(filed.raw)
            yield _row(
                filed.path,
                reading.kind,
                hard=reading.hard,
                recipient=reading.recipient,
                status=reading.status,
                text=reading.text,
                error=reading.error,
            )


def _row(path: str, kind: Kind, **said: object) -> dict[str, Any]:
    empty = {"hard": None, "recipient": None, "status": None, "text": "", "error": None}
    return {"path": path, "kind": kind.value, **empty, **said}
