"""The mailboxes that answers arrive in: what each folder holds that is not stored yet.

Reading is all or nothing: any error, odd answer or vanished message is `MailboxTrouble`, so
that a reading which missed something never counts as one that reached the end
(reliability.md, Receiving 2). Nothing is marked, moved or deleted on the other side.
"""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Callable, Container, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from campaign.kernel.errors import Problem
from campaign.kernel.oauth import Tokens

MAX_MESSAGE = 25 * 1024 * 1024
HEAD = 64 * 1024


class Found(NamedTuple):
    """A message, byte for byte; `arrived_at` is aware UTC, when the server got it."""

    folder: str
    uidvalidity: int
    uid: str
    raw: bytes
    arrived_at: datetime


class TooLarge(NamedTuple):
    """A message over 25 MiB: its first 64 kB. It is stored and blocks all the same."""

    folder: str
    uidvalidity: int
    uid: str
    size: int
    arrived_at: datetime
    head: bytes


class FolderEnd(NamedTuple):
    """The folder was read to its end."""

    folder: str
    uidvalidity: int


class MailboxTrouble(Exception):
    """A reading that did not reach the end. `why` is one line without secrets."""

    def __init__(self, why: str) -> None:
        self.why = " ".join(why.split())[:300]
        super().__init__(self.why)


Known = Callable[[str, int], Container[str] | int]


class Mailbox(Protocol):
    """One mailbox. `key` names it for good and holds no password."""

    key: str

    def read(self, known: Known) -> Iterator[Found | TooLarge | FolderEnd]:
        """What is not stored yet, folder by folder.

        Args:
            known: asked with folder and UIDVALIDITY what is stored: for IMAP the highest
                UID (0 when none), for a maildir a container of the stored names.

        Raises:
            MailboxTrouble: the reading did not reach the end; what came so far is good.
        """
        ...


class SeesMoves:
    """A mailbox whose reading finds what was moved between its folders meanwhile."""


def is_drafts(name: str) -> bool:
    """Whether a folder holds drafts, which nobody has sent."""
    last = name.replace("/", ".").rpartition(".")[2].lower()
    return last in {"drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze", "concepten"}


class Maildir:
    """A maildir with its `.Sub` folders; files are read and never moved."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = f"maildir:{path}"

    def read(self, known: Known) -> Iterator[Found | TooLarge | FolderEnd]:
        for name, folder in self._folders():
            stored = known(name, 1)
            if isinstance(stored, int):
                raise TypeError("a maildir is asked with the names that are stored")
            for uid, path in _listed(folder):
                if uid not in stored:
                    yield _from_file(name, uid, path)
            yield FolderEnd(name, 1)

    def _folders(self) -> list[tuple[str, Path]]:
        try:
            inside = sorted(p for p in self.path.iterdir() if p.name.startswith("."))
        except OSError as error:
            raise MailboxTrouble(f"The maildir cannot be read: {error.strerror}.") from error
        subs = [(p.name[1:], p) for p in inside if (p / "cur").is_dir() and not is_drafts(p.name)]
        return [("INBOX", self.path), *subs]


def _listed(folder: Path) -> list[tuple[str, Path]]:
    """Unique names and files, `new` before `cur`: a mail moved meanwhile is seen, not missed."""
    found: dict[str, Path] = {}
    try:
        for place in ("new", "cur"):
            for entry in sorted(os.scandir(folder / place), key=lambda e: e.name):
                if not entry.name.startswith(".") and not entry.is_dir():
                    unique = os.fsencode(entry.name.partition(":")[0])
                    found[unique.decode("utf-8", "backslashreplace")] = Path(entry.path)
    except OSError as error:
        raise MailboxTrouble(
            f"A folder of the maildir cannot be read: {error.strerror}."
        ) from error
    return list(found.items())


def _from_file(folder: str, uid: str, path: Path) -> Found | TooLarge:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise MailboxTrouble("The maildir holds something that is no file.")
        arrived = datetime.fromtimestamp(about.st_mtime, UTC)
        with path.open("rb") as file:
            raw = file.read(HEAD if about.st_size > MAX_MESSAGE else MAX_MESSAGE + 1)
    except OSError as error:
        raise MailboxTrouble(f"A message vanished while it was read: {error.strerror}.") from error
    if max(about.st_size, len(raw)) > MAX_MESSAGE:
        return TooLarge(folder, 1, uid, about.st_size, arrived, raw[:HEAD])
    return Found(folder, 1, uid, raw, arrived)


_FIX = "Use imaps://user:password@host/, imap:// on this machine only, or maildir:PATH."


def _bad(why: str) -> Problem:
    return Problem("bad-setting", name="INBOX_URL", why=why, fix=_FIX)


def open_mailbox(url: str, tokens: Tokens | None = None) -> Mailbox:
    """The mailbox that one address of `INBOX_URL` names. Opens no connection.

    Args:
        tokens: where `url` says `auth=xoauth2`.

    Raises:
        Problem: `bad-setting`; its text never holds the password.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "maildir":
        if not rest.strip() or "\0" in rest:
            raise _bad("maildir: needs a folder")
        return Maildir(Path(rest).expanduser().absolute())
    if scheme not in ("imap", "imaps"):
        raise _bad("it begins with none of imaps:, imap: and maildir:")
    return _imap(url, tokens, secure=scheme == "imaps")


def _imap(url: str, tokens: Tokens | None, *, secure: bool) -> Mailbox:
    from campaign.replies.imap import ImapMailbox

    try:
        parts = urlsplit(url)
        port = parts.port or (993 if secure else 143)
    except ValueError:
        raise _bad("host or port cannot be read; write special characters as %XX") from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    why = _why_not(parts, user, password, secure=secure)
    if why:
        raise _bad(why)
    by_token = tokens if parts.query else None
    return ImapMailbox(parts.hostname or "", port, user, password, secure=secure, tokens=by_token)


def _why_not(parts: SplitResult, user: str, password: str, *, secure: bool) -> str | None:
    by_token = parts.query == "auth=xoauth2"
    if not parts.hostname or not user or bool(password) is by_token:
        return "an IMAP address needs user, password and host; no password with auth=xoauth2"
    if any(ord(c) < 32 or ord(c) == 127 for c in user + password + parts.hostname):
        return "user and password cannot hold control characters"
    if parts.path not in ("", "/") or (parts.query and not by_token) or parts.fragment:
        return "it names a folder or options; all folders are read"
    if not secure and not _is_loopback(parts.hostname):
        return "imap:// would send the password in the clear"
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
