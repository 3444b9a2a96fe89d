"""The folders of an account on an IMAP server: which there are, and how far each has come."""

from __future__ import annotations

import base64
import imaplib
import re
from typing import NamedTuple

from campaign.replies.mailboxes import MailboxTrouble, is_drafts

_LISTED = re.compile(rb'^\(([^)]*)\) (?:"(?:\\.|[^"\\])*"|NIL) (.*)$', re.S)


def checked(answer: tuple[str, list[object]], what: str) -> list[object]:
    if answer[0] != "OK":
        raise MailboxTrouble(f"The mail server refused {what}.")
    return answer[1]


def folders(client: imaplib.IMAP4) -> list[tuple[str, str]]:
    """Quoted and readable names of all folders that hold mail."""
    found = []
    for line in checked(client.list('""', '"*"'), "to list its folders"):  # type: ignore[arg-type]
        if line in (None, b""):
            continue
        head, literal = line if isinstance(line, tuple) else (line, None)
        match = _LISTED.match(head) if isinstance(head, bytes) else None
        if match is None:
            raise MailboxTrouble("The mail server's list of folders cannot be understood.")
        flags = match.group(1).lower().split()
        raw = literal if literal is not None else _unquoted(match.group(2))
        name = _readable(raw)
        drafts = rb"\drafts" in flags or is_drafts(name)
        if rb"\noselect" in flags or rb"\nonexistent" in flags or drafts:
            continue
        found.append((_quoted(raw), name))
    if not found:
        raise MailboxTrouble("The mail server lists no folder at all.")
    return found


def _unquoted(name: bytes) -> bytes:
    name = name.strip()
    if name.startswith(b'"') and name.endswith(b'"') and len(name) > 1:
        return re.sub(rb"\\(.)", rb"\1", name[1:-1])
    return name


def _quoted(name: bytes) -> str:
    text = name.decode("ascii")  # RFC 3501: modified UTF-7; anything else is trouble
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise MailboxTrouble("The mail server lists a folder with control characters.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _readable(name: bytes) -> str:
    """A folder name from modified UTF-7 (RFC 3501 section 5.1.3)."""

    def plain(match: re.Match[str]) -> str:
        coded = match.group(1).replace(",", "/")
        if not coded:
            return "&"
        padded = coded + "=" * (-len(coded) % 4)
        return base64.b64decode(padded).decode("utf-16-be", "replace")

    return re.sub(r"&([A-Za-z0-9+,]*)-", plain, name.decode("ascii"))


class Standing(NamedTuple):
    """How far a folder has come.

    Attributes:
        uidnext: above every UID that it has ever given out; None where the server does not say.
            It grows with every message that is added, also with one that is gone again since
            (RFC 3501 section 2.3.1.1).
    """

    validity: int
    uidnext: int | None


def examine(client: imaplib.IMAP4, quoted: str) -> tuple[Standing, int]:
    """Open a folder for reading only; how far it has come, and how many messages it holds."""
    answer = checked(client.select(quoted, readonly=True), "to open a folder")  # type: ignore[arg-type]
    exists = int(answer[0])  # type: ignore[call-overload]
    validity, uidnext = (client.response(name)[1] for name in ("UIDVALIDITY", "UIDNEXT"))
    if not validity or validity[0] is None:
        raise MailboxTrouble("The mail server gives a folder no UIDVALIDITY.")
    following = int(uidnext[0]) if uidnext and uidnext[0] is not None else None
    return Standing(int(validity[0]), following), exists


def standing(client: imaplib.IMAP4, quoted: str) -> Standing | None:
    """How far a folder has come, without opening it; None where the server does not say."""
    said = checked(client.status(quoted, "(UIDVALIDITY UIDNEXT)"), "to tell how a folder stands")
    last = said[-1] if said else None
    if not isinstance(last, bytes):
        return None
    told = dict(re.findall(rb"\b(UIDVALIDITY|UIDNEXT) (\d{1,20})\b", last.rpartition(b"(")[2]))
    if set(told) != {b"UIDVALIDITY", b"UIDNEXT"}:
        return None
    return Standing(int(told[b"UIDVALIDITY"]), int(told[b"UIDNEXT"]))
