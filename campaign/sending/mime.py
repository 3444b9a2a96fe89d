"""The parts of a mail: text, pictures of it, and files (RFC 2045, 2046, 2231)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from campaign.kernel.errors import Problem

_LINE_AIM = 76
# Text that may go as it is. "From " would be changed by mailbox files; a boundary begins with
# "=_"; spaces at the end of a line get lost; long lines are folded by quoted-printable.
_NOT_PLAIN = re.compile(r"[^\n -~]|=_|^From | $|^[^\n]{77}", re.MULTILINE)

# What we attach under its own type; anything else is just bytes to the reader's program.
_TYPES = frozenset(
    {
        "application/pdf",
        "application/json",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/calendar",
        "text/csv",
        "text/plain",
    }
)
_PICTURES = frozenset({"image/jpeg", "image/png"})
_CONTENT_ID = re.compile(r"[a-z0-9]{1,64}@[a-z0-9]{1,64}")
_ANY_BYTES = "application/octet-stream"
_NAME_MAX = 80
_SUFFIX_MAX = 12
_SECTION = 50  # characters of one RFC 2231 continuation
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Names that Windows takes for devices, with any extension.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A MIME entity; header lines without their CRLF, the body already encoded."""

    headers: tuple[str, ...]
    body: bytes

    def as_bytes(self) -> bytes:
        """Headers, empty line, body."""
        return "\r\n".join([*self.headers, "", ""]).encode("ascii") + self.body


def text_part(subtype: str, text: str) -> Part:
    """Text in the first of 7bit, quoted-printable and base64 that carries it well.

    Raises:
        Problem: `bad-message` where the text holds half a character (a lone surrogate).
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines.endswith("\n"):
        lines += "\n"
    try:
        raw = lines.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Problem("bad-message", why="its text holds a broken character") from error
    encoding, body = _encode_text(lines, raw)
    return Part(
        (
            f"Content-Type: text/{subtype}; charset=utf-8",
            f"Content-Transfer-Encoding: {encoding}",
        ),
        body,
    )


def _encode_text(lines: str, raw: bytes) -> tuple[str, bytes]:
    if not _NOT_PLAIN.search(lines):
        return "7bit", raw.replace(b"\n", b"\r\n")
    quoted = _quoted_printable(raw)
    if len(quoted) * 3 <= len(raw) * 5:
        return "quoted-printable", quoted
    # Mostly beyond ASCII: base64 is shorter.
    return "base64", _base64(raw.replace(b"\n", b"\r\n"))


def _quoted_printable(raw: bytes) -> bytes:
    lines = binascii.b2a_qp(raw, quotetabs=False, istext=True).split(b"\n")
    return b"\r\n".join(_without_from(line) for line in lines)


def _without_from(line: bytes) -> bytes:
    """`line` with a "From " at its start written so that mailbox files leave it alone."""
    if not line.startswith(b"From "):
        return line
    if len(line) + 2 <= _LINE_AIM:
        return b"=46" + line[1:]
    return b"=46rom =\r\n" + _without_from(line[5:])


def _base64(raw: bytes) -> bytes:
    return base64.encodebytes(raw).replace(b"\n", b"\r\n")


def container(
    subtype: str, parts: list[Part], *, seed: str, parameters: tuple[str, ...] = ()
) -> Part:
    """A multipart of `parts`; the boundary follows from `seed`, and no part can contain it.

    Quoted-printable has no "=_", base64 no "_", and plain text with "=_" is never sent plain.
    """
    digest = hashlib.sha256(f"{subtype} {seed}".encode()).hexdigest()[:32]
    boundary = f"=_{digest}"
    opening = f"--{boundary}\r\n".encode("ascii")
    closing = f"--{boundary}--\r\n".encode("ascii")
    body = b"".join(opening + part.as_bytes() + b"\r\n" for part in parts) + closing
    kind = ";\r\n ".join([f"multipart/{subtype}", *parameters, f'boundary="{boundary}"'])
    return Part((f"Content-Type: {kind}",), body)


def attachment_part(filename: str, content_type: str, raw: bytes) -> Part:
    """A file; its name made harmless, its type from a list or else `application/octet-stream`."""
    name = safe_filename(filename)
    kind = content_type.strip().lower()
    kind = kind if kind in _TYPES else _ANY_BYTES
    return Part(
        (
            f'Content-Type: {kind};\r\n name="{_ascii_name(name)}"',
            "Content-Disposition: attachment;" + _name_parameter(name),
            "Content-Transfer-Encoding: base64",
        ),
        _base64(raw),
    )


def picture_part(cid: str, content_type: str, raw: bytes) -> Part:
    """A picture that the HTML beside it shows by its Content-ID (RFC 2392).

    Raises:
        Problem: `bad-message` for another kind of picture, or an id that is none.
    """
    if content_type not in _PICTURES or not _CONTENT_ID.fullmatch(cid):
        raise Problem("bad-message", why="a picture in it has no plain type and id")
    return Part(
        (
            f"Content-Type: {content_type}",
            f"Content-ID: <{cid}>",
            "Content-Disposition: inline",
            "Content-Transfer-Encoding: base64",
        ),
        _base64(raw),
    )


def safe_filename(filename: str) -> str:
    """A file name without folders, controls, direction marks or device names, at most 80 long."""
    text = unicodedata.normalize("NFC", filename)
    text = re.split(r"[/\\]", text)[-1]
    text = "".join(c for c in text if unicodedata.category(c) not in _HIDDEN)
    text = re.sub(r'[<>:"|?*]', "_", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > _SUFFIX_MAX:
        stem, dot, suffix = text, "", ""
    stem = stem[: _NAME_MAX - len(suffix) - 2].rstrip(" .")
    text = stem + dot + suffix
    return f"_{text}" if _DEVICE.match(text) else text or "attachment"


def _ascii_name(name: str) -> str:
    """The fallback for programs that know no RFC 2231."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    folded = re.sub(r"[^A-Za-z0-9 ._()+,=@-]", "_", folded).strip()
    if not folded.strip(" ._"):
        folded = "attachment"
    return f"attachment{folded}" if folded.startswith(".") else folded


def _name_parameter(name: str) -> str:
    if name == _ascii_name(name) and "=" not in name:
        return f'\r\n filename="{name}"'
    encoded = quote(name, safe="")
    if len(encoded) <= _SECTION:
        return f"\r\n filename*=utf-8''{encoded}"
    # Continuations (RFC 2231 section 4.1); a percent triplet stays in one piece.
    pieces = re.findall(rf"(?:%..|[^%]){{1,{_SECTION // 3}}}", encoded)
    charset = "utf-8''"
    return ";".join(
        f"\r\n filename*{number}*={'' if number else charset}{piece}"
        for number, piece in enumerate(pieces)
    )
