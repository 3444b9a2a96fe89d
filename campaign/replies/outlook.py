"""A mail that Outlook saved (.msg, MS-OXMSG) as an ordinary mail; pure, run within limits.

The same file always becomes the same mail, so that it is stored once. A signature of its sender
cannot be checked any more, because Outlook keeps no mail as it came; such fields are left out.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

import olefile

from campaign.replies.headers import one_line
from campaign.replies.mime import read_headers

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DEPTH, FILES, TEXT = 3, 100, 8 * 1024 * 1024
_OURS = re.compile(
    r"content-|mime-version$|dkim-signature$|arc-|authentication-results$|x-ms-exchange|return-path$"
)
_UNIX = datetime(1601, 1, 1, tzinfo=UTC)
_SUBJECT, _HEADERS, _ID = "0037", "007D", "1035"
_SENDER, _SENDER_SMTP, _SENDER_NAME = "0C1F", "5D01", "0C1A"
_REPLY_TO, _REFERENCES = "1042", "1039"
_TO, _CC, _TEXT, _HTML = "0E04", "0E03", "1000", "1013"
_FILE, _LONG_NAME, _NAME, _TYPE, _INNER = "3701", "3707", "3704", "370E", "3701000D"
_SENT = 0x00390040


class NotOutlook(Exception):
    """The file is no mail of Outlook's, or a broken one; the text is one plain sentence."""


class _Attached(NamedTuple):
    name: str
    content_type: str
    data: bytes


def as_mail(raw: bytes) -> bytes:
    """The mail, with CRLF.

    Raises:
        NotOutlook: it cannot be read.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as file:
            return _mail(_Folder(file, ()), hashlib.sha256(raw).hexdigest(), 1)
    except NotOutlook:
        raise
    except MemoryError:
        raise
    except Exception as trouble:
        raise NotOutlook(f"The Outlook file is broken ({type(trouble).__name__}).") from None


class _Folder:
    """One storage of the file, with its properties."""

    def __init__(self, file: olefile.OleFileIO, path: tuple[str, ...]) -> None:
        self._file, self._path = file, path

    def inner(self, name: str) -> _Folder:
        return _Folder(self._file, (*self._path, name))

    def folders(self, start: str) -> list[_Folder]:
        """The folders in this one that begin so, in order."""
        depth = len(self._path)
        found = {
            entry[depth]
            for entry in self._file.listdir(streams=True, storages=True)
            if tuple(entry[:depth]) == self._path and len(entry) > depth
        }
        return [self.inner(name) for name in sorted(found) if name.startswith(start)][:FILES]

    def has(self, name: str) -> bool:
        return bool(self._file.exists([*self._path, name]))

    def bytes(self, tag: str, kind: str = "0102") -> bytes:
        place = [*self._path, f"__substg1.0_{tag}{kind}"]
        if not self._file.exists(place):
            return b""
        data: bytes = self._file.openstream(place).read()
        return data

    def text(self, tag: str) -> str:
        """A text property, whichever way it is written."""
        wide = self.bytes(tag, "001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")[:TEXT]
        return self.bytes(tag, "001E").decode("cp1252", "replace").rstrip("\0")[:TEXT]

    def moment(self, tag: int) -> datetime | None:
        """A point in time among the fixed properties; the head before them differs in length."""
        place = [*self._path, "__properties_version1.0"]
        data = self._file.openstream(place).read() if self._file.exists(place) else b""
        for start in range(len(data) % 16, len(data) - 15, 16):
            if int.from_bytes(data[start : start + 4], "little") == tag:
                ticks = int.from_bytes(data[start + 8 : start + 16], "little")
                return _UNIX + timedelta(microseconds=min(ticks // 10, 2**58))
        return None


def _mail(folder: _Folder, seed: str, depth: int) -> bytes:
    text, html = folder.text(_TEXT), folder.bytes(_HTML) or folder.text(_HTML).encode()
    files = [_attached(one, seed, depth) for one in folder.folders("__attach_version1.0_")]
    if not (text or html or files or folder.text(_SUBJECT) or folder.text(_HEADERS)):
        raise NotOutlook("The Outlook file holds no mail.")
    parts = [_part("text/plain; charset=utf-8", text.encode("utf-8", "replace"))]
    if html and not text.strip():
        parts = [_part("text/html; charset=utf-8", _as_utf8(html))]
    for file in files:
        kind = file.content_type
        name = one_line(file.name, encoded=True).replace('"', "")
        parts.append(_part(kind, file.data, f'Content-Disposition: attachment; filename="{name}"'))
    boundary = f"=_{hashlib.sha256(f'{seed}{depth}'.encode()).hexdigest()[:24]}"
    head = [*_headers(folder), "MIME-Version: 1.0"]
    head.append(f'Content-Type: multipart/mixed; boundary="{boundary}"')
    mark = f"--{boundary}\r\n".encode()
    body = b"".join(mark + part for part in parts) + f"--{boundary}--\r\n".encode()
    return "\r\n".join(head).encode("ascii", "replace") + b"\r\n\r\n" + body


def _attached(folder: _Folder, seed: str, depth: int) -> _Attached:
    name = folder.text(_LONG_NAME) or folder.text(_NAME)
    inner = f"__substg1.0_{_INNER}"
    if folder.has(inner):
        if depth >= DEPTH:
            raise NotOutlook(f"The Outlook file is nested more than {DEPTH} levels deep.")
        data = _mail(folder.inner(inner), seed + name, depth + 1)
        return _Attached("", "message/rfc822", data)
    kind = folder.text(_TYPE).lower()
    fits = re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", kind)
    plain = fits and not kind.startswith(("multipart/", "message/"))
    return _Attached(name, kind if plain else "application/octet-stream", folder.bytes(_FILE))


def _headers(folder: _Folder) -> list[str]:
    kept = read_headers(folder.text(_HEADERS).replace("\r\n", "\n").encode("utf-8", "replace"))
    lines = [
        f"{name.title()}: {one_line(value, encoded=True)}"
        for name, value in kept.fields
        if not _OURS.match(name)
    ]
    if kept.has("from"):
        return lines
    sent = folder.moment(_SENT)
    address = folder.text(_SENDER_SMTP) or folder.text(_SENDER)
    name = folder.text(_SENDER_NAME).replace('"', "")
    made = {
        "From": f'"{name}" <{address}>' if "@" in address else "",
        "To": folder.text(_TO),
        "Cc": folder.text(_CC),
        "Subject": folder.text(_SUBJECT),
        "Date": format_datetime(sent) if sent else "",
        "Message-ID": folder.text(_ID),
        "In-Reply-To": folder.text(_REPLY_TO),
        "References": folder.text(_REFERENCES),
    }
    return [
        f"{key}: {one_line(value, encoded=True)}" for key, value in made.items() if value.strip()
    ]


def _as_utf8(html: bytes) -> bytes:
    try:
        return html.decode("utf-8").encode()
    except UnicodeDecodeError:
        return html.decode("cp1252", "replace").encode()


def _part(kind: str, data: bytes, more: str = "") -> bytes:
    lines = [f"Content-Type: {kind}", *([more] if more else [])]
    if kind == "message/rfc822":
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data + b"\r\n"
    lines.append("Content-Transfer-Encoding: base64")
    body = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return "\r\n".join(lines).encode("ascii", "replace") + b"\r\n\r\n" + body
