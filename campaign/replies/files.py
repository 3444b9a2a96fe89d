"""Mail in files: single messages, mbox files, maildirs, folders of them. No database."""

from __future__ import annotations

import mailbox
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from campaign.replies.mime import MAX_MESSAGE
from campaign.replies.outlook import MAGIC as OUTLOOK
from campaign.replies.reading import Kind, ReadingProcess

_MAIL = frozenset({".eml", ".msg", ".msg822", ".mbox", ".mbx"})
_FIELD = re.compile(rb"From |[!-9;-~]{1,100}[ \t]*:")
_MAILDIR = ("cur", "new")


class Filed(NamedTuple):
    """One message of a file.

    Attributes:
        path: the file; for one of several in an mbox, with `#` and its number.
        arrived_at: when it arrived, aware UTC, where a maildir tells; None elsewhere.
        error: why it could not be had at all; `raw` is empty then.
        original: the file itself, where it is none of the forms that mail travels in.
    """

    path: str
    raw: bytes
    arrived_at: datetime | None = None
    error: str | None = None
    original: bytes | None = None


class OutlookProcess(ReadingProcess):
    """The worker process in which Outlook's files are read."""

    module = "campaign.replies.outlook_worker"

    def as_mail(self, path: str, raw: bytes) -> Filed:
        """The mail that Outlook saved; never raises."""
        if len(raw) > MAX_MESSAGE:
            return Filed(path, b"", error="The file is larger than 25 MiB.")
        try:
            said = self._ask(raw)
        except (OSError, EOFError, ValueError):  # a time-out is an OSError too
            self.close()
            return Filed(path, b"", error="Reading the Outlook file took too much time or memory.")
        if said[:1] != b"+":
            return Filed(path, b"", error=said[1:].decode("utf-8", "replace"))
        return Filed(path, said[1:], original=raw)


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


def _from_outlook(path: str, raw: bytes) -> Filed:
    reader = OutlookProcess()
    try:
        return reader.as_mail(path, raw)
    finally:
        reader.close()


def _in_file(path: Path, *, in_maildir: bool = False) -> Iterator[Filed]:
    try:
        if in_maildir:
            arrived = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            yield Filed(str(path), path.read_bytes(), arrived)
        elif path.suffix.lower() != ".eml" and _begins_as_mbox(path):
            yield from _in_mbox(path)
        else:
            raw = path.read_bytes()
            outlook = raw.startswith(OUTLOOK)
            yield _from_outlook(str(path), raw) if outlook else Filed(str(path), raw)
    except OSError as error:
        yield Filed(str(path), b"", error=f"It cannot be read: {error.strerror}.")


def unpack(name: str, raw: bytes) -> list[Filed]:
    """The messages in a file that somebody brings; one with an error where it is no mail.

    Args:
        name: what the one who brings it calls it, for showing only.
    """
    if raw.startswith(OUTLOOK):
        return [_from_outlook(name, raw)]
    if raw.startswith(b"From ") and not name.lower().endswith(".eml"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mbox"
            path.write_bytes(raw)
            found = list(_in_mbox(path))
        return [Filed(f"{name} #{n}", one.raw) for n, one in enumerate(found, start=1)]
    if _FIELD.match(raw.lstrip()[:1000]) is None:
        return [Filed(name, b"", error="It is no mail that can be read here.")]
    return [Filed(name, raw)]


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
