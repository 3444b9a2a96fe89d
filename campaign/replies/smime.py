"""What an S/MIME part holds, and the mail in one that is only signed (RFC 8551, RFC 5652).

A signature is not checked here and proves nothing; the wrapping is only taken off, so that
the answer can be read. What is encrypted stays so: its key is not ours.
"""

from __future__ import annotations

from enum import StrEnum

TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pkcs7"})
_PKCS = b"\x2a\x86\x48\x86\xf7\x0d\x01"
_DATA, _SIGNED = _PKCS + b"\x07\x01", _PKCS + b"\x07\x02"
_ENCRYPTED = {_PKCS + b"\x07\x03", _PKCS + b"\x07\x06", _PKCS + b"\x09\x10\x01\x17"}
_OCTETS, _OID, _CONSTRUCTED, _SEQUENCE, _EXPLICIT = 0x04, 0x06, 0x20, 0x30, 0xA0
_DEEPEST, _MOST = 12, 100_000


class Wrapping(StrEnum):
    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    OTHER = "other"


class _Broken(Exception):
    pass


class _Reader:
    """BER, definite lengths and indefinite ones; bounded in depth and number of elements."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.left = _MOST

    def element(self, at: int, end: int, depth: int = 0) -> tuple[int, int, int, int]:
        """Tag, beginning and end of the value, and where the next element begins."""
        self.left -= 1
        if self.left < 0 or depth > _DEEPEST or at + 2 > end:
            raise _Broken
        tag, size = self.raw[at], self.raw[at + 1]
        start = at + 2
        if tag & 0x1F == 0x1F:
            raise _Broken  # long tags do not occur here
        if size == 0x80:
            return self._indefinite(tag, start, end, depth)
        if size > 0x80:
            count = size & 0x7F
            size = int.from_bytes(self.raw[start : start + count], "big")
            start += count
        if size > end - start:
            raise _Broken
        return tag, start, start + size, start + size

    def _indefinite(self, tag: int, start: int, end: int, depth: int) -> tuple[int, int, int, int]:
        at = start
        while self.raw[at : at + 2] != b"\0\0":
            at = self.element(at, end, depth + 1)[3]
        return tag, start, at, at + 2

    def children(self, start: int, end: int) -> list[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = []
        while start < end and len(found) < _MOST:
            tag, begin, stop, start = self.element(start, end)
            found.append((tag, begin, stop))
        return found

    def octets(self, tag: int, start: int, stop: int, depth: int = 0) -> bytes:
        """An octet string, put together where it comes in pieces."""
        if not tag & _CONSTRUCTED:
            return self.raw[start:stop]
        if depth > _DEEPEST:
            raise _Broken
        return b"".join(self.octets(*child, depth + 1) for child in self.children(start, stop))

    def content(self) -> tuple[bytes, tuple[int, int]]:
        """The type of the whole and where its value is."""
        tag, start, stop, _ = self.element(0, len(self.raw))
        return self.typed(tag, start, stop)

    def typed(self, tag: int, start: int, stop: int) -> tuple[bytes, tuple[int, int]]:
        inner = self.children(start, stop)
        if tag != _SEQUENCE or not inner or inner[0][0] != _OID:
            raise _Broken
        value = (
            (inner[1][1], inner[1][2]) if len(inner) > 1 and inner[1][0] == _EXPLICIT else (0, 0)
        )
        return self.raw[inner[0][1] : inner[0][2]], value


def wrapping(raw: bytes) -> Wrapping:
    """What kind of S/MIME it is. Never raises."""
    try:
        kind = _Reader(raw).content()[0]
    except (_Broken, IndexError):
        return Wrapping.OTHER
    if kind in _ENCRYPTED:
        return Wrapping.ENCRYPTED
    return Wrapping.SIGNED if kind == _SIGNED else Wrapping.OTHER


def signed_content(raw: bytes) -> bytes | None:
    """The mail within a signature; None where it is none, or holds none. Never raises."""
    reader = _Reader(raw)
    try:
        kind, (start, stop) = reader.content()
        if kind != _SIGNED:
            return None
        fields = reader.children(*reader.children(start, stop)[0][1:])
        inner = next(field for field in fields if field[0] == _SEQUENCE)
        kind, (start, stop) = reader.typed(*inner)
        if kind != _DATA or start == stop:
            return None
        return reader.octets(*reader.children(start, stop)[0])
    except (_Broken, IndexError, StopIteration):
        return None
