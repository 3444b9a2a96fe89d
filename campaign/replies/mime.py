"""Bounded MIME: header fields and parts of a message, in time linear in its size.

The standard parser is not bounded: 55 kB of nested parts exhaust its recursion, 100,000
parts take seconds, an 80 kB address header takes nine. So the structure is taken apart
here, and only small, cut pieces are given to the standard library.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import cached_property

from campaign.replies import charsets, smime, tnef
from campaign.replies.charsets import clean, decode

MAX_MESSAGE = 25 * 1024 * 1024
MAX_DEPTH = 20
MAX_PARTS = 200
MAX_HEADER_BLOCK = 1024 * 1024
MAX_FIELDS = 2000
MAX_VALUE = 64 * 1024
MAX_PARAMETERS = 4096

_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:", re.ASCII)


class TooMuch(Exception):
    """The message is beyond a limit; the text is one plain sentence."""


def decode_words(value: str) -> str:
    """A header value with its encoded words (RFC 2047) decoded; broken ones stay as they are."""
    if "=?" not in value:
        return clean(value)
    try:
        pieces = decode_header(value)
    except Exception:
        return clean(value)
    return "".join(
        clean(raw) if isinstance(raw, str) else decode(raw, charset or "latin-1")
        for raw, charset in pieces
    )


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in their order; names lower-cased, values unfolded and cut at 64 kB."""

    fields: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def get(self, name: str) -> str:
        """The first value, or an empty string."""
        return next((value for key, value in self.fields if key == name), "")

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)


def _raw_text(raw: bytes) -> str:
    try:
        return clean(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return clean(raw.decode("latin-1"))


def read_headers(block: bytes) -> Headers:
    """The fields of a header block; lines that are no fields are passed over."""
    found: list[tuple[str, list[bytes]]] = []
    for line in block[:MAX_HEADER_BLOCK].split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line)
            continue
        match = _FIELD.match(line)
        if match and len(found) < MAX_FIELDS:
            name = match.group(1).decode("ascii").lower()
            found.append((name, [line[match.end() :]]))
    return Headers(
        tuple(
            (name, " ".join(_raw_text(b"\n".join(lines)[:MAX_VALUE]).split()))
            for name, lines in found
        )
    )


def split_message(raw: bytes) -> tuple[Headers, bytes]:
    """Header fields and body; line ends must be LF. The body may be empty."""
    if raw.startswith(b"From "):  # the separator line of an mbox
        raw = raw.partition(b"\n")[2]
    if raw.startswith(b"\n"):
        return Headers(), raw[1:]
    end = raw.find(b"\n\n", 0, MAX_HEADER_BLOCK)
    if end < 0 and len(raw) > MAX_HEADER_BLOCK:
        raise TooMuch("The header of the message is larger than 1 MiB.")
    block, body = (raw, b"") if end < 0 else (raw[:end], raw[end + 2 :])
    headers = read_headers(block)
    if not headers.fields:
        return headers, raw
    return headers, body


@dataclass
class Part:
    """One part of a message, its payload still encoded.

    `within` is how many attached messages (message/rfc822) it lies in; 0 for the mail's own.
    """

    headers: Headers
    body: bytes
    within: int
    parts: list[Part] = field(default_factory=list)

    @cached_property
    def _mime(self) -> Message:
        mime = Message()
        for name in ("content-type", "content-disposition"):
            value = self.headers.get(name)
            if value:
                mime[name] = re.sub(r"[\r\n]+", " ", value)[:MAX_PARAMETERS]
        return mime

    @cached_property
    def content_type(self) -> str:
        try:
            return clean(self._mime.get_content_type())[:200]
        except Exception:
            return "text/plain"

    def parameter(self, name: str, header: str = "content-type") -> str:
        try:
            value = self._mime.get_param(name, "", header=header)
            return clean(str(collapse_rfc2231_value(value)))
        except Exception:
            return ""

    @cached_property
    def file_name(self) -> str:
        """What the sender calls the file, for showing only; never a path to write to."""
        name = self.parameter("filename", "content-disposition") or self.parameter("name")
        return decode_words(name)[:500]

    @cached_property
    def is_attachment(self) -> bool:
        disposition = self.headers.get("content-disposition").lower()
        if disposition.startswith("attachment"):
            return True
        # Some programs give their own text a name too; that alone hides no answer.
        return bool(self.file_name) and not self.content_type.startswith("text/")

    @property
    def is_tnef(self) -> bool:
        """Whether it is Outlook's winmail.dat, under its type or only its name."""
        named = self.content_type in ("application/ms-tnef", "application/vnd.ms-tnef")
        return named or self.file_name.lower() == "winmail.dat"

    def payload(self, limit: int | None = None) -> bytes:
        """The decoded content, or of its first `limit` encoded octets."""
        raw = self.body if limit is None else self.body[:limit]
        encoding = self.headers.get("content-transfer-encoding").lower().strip(" ;\"'")
        if encoding == "base64":
            return _base64(raw)
        if encoding == "quoted-printable":
            return quopri.decodestring(raw)
        return raw

    def text(self, limit: int) -> str:
        return self.read_text(limit)[0]

    def read_text(self, limit: int) -> tuple[str, charsets.Trouble | None]:
        """The text, and what is wrong with its charset."""
        page = self.content_type == "text/html"
        return charsets.read(self.payload(limit), self.parameter("charset"), page=page)

    def walk(self) -> Iterator[Part]:
        yield self
        for part in self.parts:
            yield from part.walk()


def _base64(raw: bytes) -> bytes:
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    raw = raw[: len(raw) - 1] if len(raw) % 4 == 1 else raw
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return b""


_FILE = Headers(
    (("content-type", "application/octet-stream"), ("content-disposition", "attachment"))
)


def _lf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class _Taker:
    def __init__(self) -> None:
        self.count = 0

    def take(self, raw: bytes, depth: int, within: int) -> Part:
        self.count += 1
        if self.count > MAX_PARTS:
            raise TooMuch(f"The message has more than {MAX_PARTS} parts.")
        if depth > MAX_DEPTH:
            raise TooMuch(f"The message is nested more than {MAX_DEPTH} levels deep.")
        headers, body = split_message(raw)
        part = Part(headers, body, within)
        if part.content_type.startswith("multipart/"):
            part.parts = [self.take(p, depth + 1, within) for p in self._split(part)]
        elif part.content_type in ("message/rfc822", "message/global"):
            part.parts = [self.take(part.payload().lstrip(b"\n"), depth + 1, within + 1)]
        elif part.content_type in smime.TYPES:
            inner = smime.signed_content(part.payload())
            part.parts = [self.take(_lf(inner), depth + 1, within)] if inner else []
        elif part.is_tnef:
            part.parts = self._tnef(part)
        return part

    def _tnef(self, part: Part) -> list[Part]:
        """The files within a winmail.dat, as if the mail had carried each by itself."""
        found = []
        for file in tnef.files(part.payload()):
            inside = Part(_FILE, file.content, part.within)
            inside.file_name = file.name[:500]
            found.append(inside)
        self.count += len(found)
        return found

    def _split(self, part: Part) -> list[bytes]:
        boundary = part.parameter("boundary").rstrip()
        if not boundary:
            return []
        line = re.compile(
            rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*$", re.M
        )
        pieces: list[bytes] = []
        start = -1
        for match in line.finditer(part.body):
            if start >= 0:
                pieces.append(part.body[start : max(start, match.start() - 1)])
            if len(pieces) + self.count > MAX_PARTS:
                raise TooMuch(f"The message has more than {MAX_PARTS} parts.")
            start = match.end() + 1
            if match.group(1):
                return pieces
        if 0 <= start < len(part.body):
            pieces.append(part.body[start:])
        return pieces


def take_apart(raw: bytes) -> Part:
    """The whole message as a tree of parts.

    Raises:
        TooMuch: beyond 25 MiB, 20 levels, 200 parts or 1 MiB of header.
    """
    if len(raw) > MAX_MESSAGE:
        raise TooMuch("The message is larger than 25 MiB.")
    return _Taker().take(_lf(raw), 1, 0)
