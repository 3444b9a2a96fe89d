"""Bytes on disk: a store by content hash, and letters put into a maildir.

Everything is written in full, flushed to the disk and only then made visible by one rename,
so that a crash leaves either the whole file or nothing.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from campaign.kernel.errors import Problem

_SHA256 = re.compile("[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FileStore(Protocol):
    """Where raw bytes are kept, by the SHA-256 of their content."""

    def put(self, raw: bytes) -> str:
        """Keep `raw` for good and return its SHA-256 (64 hexadecimal digits).

        The bytes are on the disk when this returns. The same bytes twice are one file.

        Raises:
            Problem: `files-full` or `files-unwritable`; nothing was kept.
        """
        ...

    def get(self, sha: str) -> bytes:
        """The bytes with this SHA-256, checked against it.

        Raises:
            Problem: `file-missing` or `file-damaged`.
        """
        ...

    def delete(self, sha: str) -> None:
        """Let the bytes with this SHA-256 go for good; nothing where there are none.

        Raises:
            Problem: `files-unwritable`.
        """
        ...


class LocalFiles:
    """A `FileStore` in a local folder: `root/ab/cd/abcd…`."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root)

    def put(self, raw: bytes) -> str:
        sha = hashlib.sha256(raw).hexdigest()
        path = self._path(sha)
        if not self._holds(path, raw):
            _publish(raw, self.root / "tmp" / secrets.token_hex(16), path)
        else:
            # Another process may have renamed it a moment ago and not flushed the folder yet.
            _flush_folder(path.parent, of=path)
        return sha

    def get(self, sha: str) -> bytes:
        # Only 64 hexadecimal digits ever become a path.
        if not _SHA256.fullmatch(sha):
            raise Problem("file-missing", sha=ascii(sha[:80]))
        try:
            raw = self._path(sha).read_bytes()
        except OSError as error:
            raise Problem("file-missing", sha=sha) from error
        if hashlib.sha256(raw).hexdigest() != sha:
            raise Problem("file-damaged", sha=sha)
        return raw

    def delete(self, sha: str) -> None:
        if not _SHA256.fullmatch(sha):
            return
        try:
            self._path(sha).unlink(missing_ok=True)
        except OSError as error:
            raise _write_problem(error, self.root) from error

    def _path(self, sha: str) -> Path:
        return self.root / sha[:2] / sha[2:4] / sha

    @staticmethod
    def _holds(path: Path, raw: bytes) -> bool:
        """Whether the whole content is there; a damaged file is written anew."""
        try:
            return path.stat().st_size == len(raw) and path.read_bytes() == raw
        except OSError:
            return False


def open_store(url: str, instance_dir: str | os.PathLike[str]) -> FileStore:
    """The store that `FILES_URL` names: `file:` (folder `files` in the instance) or `file:PATH`.

    A relative path starts at the instance folder.

    Raises:
        Problem: `bad-setting` for every other URL.
    """
    kind, colon, path = url.partition(":")
    if kind != "file" or not colon or (path.startswith("//") and not path.startswith("///")):
        raise Problem(
            "bad-setting",
            name="FILES_URL",
            why="it does not start with file:",
            fix="Set FILES_URL=file: or FILES_URL=file:/a/folder.",
        )
    if path.startswith("///"):
        path = path[2:]
    return LocalFiles(Path(instance_dir) / (path or "files"))


def write_maildir(root: str | os.PathLike[str], raw: bytes, when: datetime) -> Path:
    """Put one message into the maildir `root`, making the folders where they are missing.

    Args:
        when: aware; becomes the file's modification time, which maildir readers take for the
            time of arrival.

    Returns:
        The new file in `new/`.

    Raises:
        Problem: `files-full` or `files-unwritable` (nothing is visible), or `file-unsure` (the
            message is visible, but the disk did not confirm it).
    """
    if when.tzinfo is None:
        raise ValueError("a message arrives at an aware time")
    box = Path(root)
    name = f"{int(when.timestamp())}.{secrets.token_hex(12)}.{_host_name()}"
    try:
        (box / "cur").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _write_problem(error, box) from error
    _publish(raw, box / "tmp" / name, box / "new" / name, when)
    return box / "new" / name


def _host_name() -> str:
    """The machine's name in a form that a maildir file name may hold."""
    return socket.gethostname().replace("/", r"\057").replace(":", r"\072") or "localhost"


def _publish(raw: bytes, staged: Path, target: Path, when: datetime | None = None) -> None:
    """Write `staged`, flush it, rename it to `target`, flush the folder."""
    try:
        _make_folder(staged.parent)
        _make_folder(target.parent)
        with staged.open("xb") as file:
            file.write(raw)
            file.flush()
            if when is not None:
                os.utime(file.fileno(), (when.timestamp(), when.timestamp()))
            os.fsync(file.fileno())
        staged.replace(target)
    except OSError as error:
        with suppress(OSError):
            staged.unlink(missing_ok=True)
        raise _write_problem(error, target.parent) from error
    _flush_folder(target.parent, of=target)


def _make_folder(folder: Path) -> None:
    """Make `folder` and flush every parent that got a new entry."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _fsync_folder(folder.parent)


def _flush_folder(folder: Path, *, of: Path) -> None:
    try:
        _fsync_folder(folder)
    except OSError as error:
        raise Problem("file-unsure", path=of, why=error.strerror or error) from error


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_problem(error: OSError, folder: Path) -> Problem:
    if error.errno in _FULL:
        return Problem("files-full", path=folder)
    return Problem("files-unwritable", path=folder, why=error.strerror or error)
