"""Rows 31 to 50 of the list of bad inputs: incoming mail whose structure is meant to harm.

Each row: its number, a mail, and what must become of it: the reason why it is `unreadable`,
or words that a person must see.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import NamedTuple

FROM = b"From: Ethics <ethics@company.example>\r\nTo: answers@letters.example\r\n"
BASE64 = b"Content-Transfer-Encoding: base64"
MIXED = FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


class Bad(NamedTuple):
    row: int
    name: str
    make: Callable[[], bytes]
    shown: str = "hello"
    unreadable: str = ""

    def __str__(self) -> str:
        return f"{self.row}: {self.name}"


def text(content_type: bytes, body: bytes, *more: bytes) -> bytes:
    head = FROM + b"Content-Type: " + content_type + b"\r\n"
    return head + b"".join(each + b"\r\n" for each in more) + b"\r\n" + body


def nested(levels: int) -> bytes:
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
        for i in range(levels)
    )
    return FROM + heads + b"\r\nhello\r\n"


def der(tag: int, *values: bytes) -> bytes:
    """One element of DER."""
    value = b"".join(values)
    if len(value) < 128:
        return bytes([tag, len(value)]) + value
    size = len(value).to_bytes(4, "big")
    return bytes([tag, 0x84]) + size + value


_PKCS7 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"


def signed(inner: bytes, *, pieces: bool = False) -> bytes:
    """The least of an S/MIME signature around a mail; nothing in it proves anything."""
    octets = der(4, inner)
    if pieces:
        half = len(inner) // 2
        octets = b"\x24\x80" + der(4, inner[:half]) + der(4, inner[half:]) + b"\0\0"
    content = der(0x30, der(6, _PKCS7 + b"\x01"), der(0xA0, octets))
    data = der(0x30, der(2, b"\x01"), der(0x31), content, der(0x31))
    return der(0x30, der(6, _PKCS7 + b"\x02"), der(0xA0, data))


def enveloped() -> bytes:
    return der(0x30, der(6, _PKCS7 + b"\x03"), der(0xA0, der(0x30, b"\0" * 40)))


def smime(raw: bytes) -> bytes:
    return text(
        b'application/pkcs7-mime; name="smime.p7m"',
        base64.encodebytes(raw),
        BASE64,
    )


def _record(level: int, attribute: int, value: bytes) -> bytes:
    head = bytes([level]) + attribute.to_bytes(2, "little") + b"\x06\x00"
    return head + len(value).to_bytes(4, "little") + value + b"\0\0"


def tnef(*files: tuple[str, bytes]) -> bytes:
    """A winmail.dat with these files."""
    records = b"".join(
        _record(2, 0x9002, b"\0" * 14)
        + _record(2, 0x8010, name.encode("cp1252") + b"\0")
        + _record(2, 0x800F, content)
        for name, content in files
    )
    return b"\x78\x9f\x3e\x22\x01\x00" + _record(1, 0x9006, b"\0\0\1\0") + records


def winmail(raw: bytes) -> bytes:
    part = b"Content-Type: application/ms-tnef; name=winmail.dat\r\n"
    coded = part + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(raw)
    return MIXED + b"--b\r\n\r\nhello\r\n--b\r\n" + coded + b"--b--\r\n"


def _pgp(kind: bytes) -> bytes:
    block = b"-----BEGIN PGP " + kind + b"-----\r\n\r\nabcd\r\n-----END PGP " + kind + b"-----\r\n"
    return text(b"text/plain", b"hello\r\n" + block)


ID = b'<x@y>"\r\nZ9 STORE 1:* +FLAGS (\\Deleted)\r\nZ10 EXPUNGE'

BAD = [
    Bad(31, "1,000 levels", lambda: nested(1_000), "", "nested"),
    Bad(32, "10,000 levels", lambda: nested(10_000), "", "nested"),
    Bad(33, "100,000 parts", lambda: MIXED + b"--b\r\n\r\nx\r\n" * 100_000, "", "parts"),
    Bad(34, "a To of 80 kB", lambda: b"To: " + b"a," * 40_000 + b"\r\n" + FROM + b"\r\nhello"),
    Bad(35, "parentheses", lambda: b"To: " + b"(" * 5_000 + b"\r\n" + FROM + b"\r\nhello"),
    Bad(
        36,
        "mail in mail",
        lambda: FROM + b"Content-Type: message/rfc822\r\n\r\n" * 2_000,
        "",
        "nested",
    ),
    Bad(37, "charset x-evil", lambda: text(b"text/plain; charset=x-evil", b"hello")),
    Bad(37, "charset rot13", lambda: text(b"text/plain; charset=rot13", b"hello")),
    Bad(37, "charset utf-7", lambda: text(b"text/plain; charset=utf-7", b"hello +ADw-")),
    Bad(37, "charset wrong", lambda: text(b"text/plain; charset=utf-8", b"hello caf\xe9"), "café"),
    Bad(38, "base64 with rubbish", lambda: text(b"text/plain", b"aGV!sbG\x008=?", BASE64)),
    Bad(38, "base64 cut off", lambda: text(b"text/plain", b"aGVsbG8gd", BASE64)),
    Bad(38, "declares 3 GB", lambda: text(b"text/plain", b"hello", b"Content-Length: 3221225472")),
    Bad(
        39,
        "a boundary begins another",
        lambda: MIXED + b"--b\r\n\r\nhello\r\n--bc\r\nmore\r\n--b--",
        "more",
    ),
    Bad(39, "no end boundary", lambda: MIXED + b"--b\r\n\r\nhello\r\n"),
    Bad(
        39,
        "two types",
        lambda: FROM + b"Content-Type: text/plain\r\nContent-Type: image/png\r\n\r\nhello",
    ),
    Bad(40, "no header", lambda: b"hello there, no more\r\n"),
    Bad(40, "only a header", lambda: FROM, ""),
    Bad(40, "empty", lambda: b"\r\n\r\n", "", "empty"),
    Bad(41, "NUL and 8-bit header", lambda: FROM + b"Subject: \0caf\xe9\r\n\r\nhello \0"),
    Bad(41, "bare CR", lambda: FROM.replace(b"\r\n", b"\r") + b"\rhello\r"),
    Bad(
        41,
        "an mbox line",
        lambda: b"From x@company.example Mon Mar  2 10:00:00 2026\n" + FROM + b"\r\nhello",
    ),
    Bad(
        42,
        "uuencode",
        lambda: text(b"text/plain", b"hello\r\nbegin 644 r.xls\r\n#86)C\r\n`\r\nend\r\n"),
    ),
    Bad(
        42,
        "yEnc",
        lambda: text(
            b"text/plain", b"hello\r\n=ybegin size=3 name=r.bin\r\nabc\r\n=yend size=3\r\n"
        ),
    ),
    Bad(42, "winmail.dat", lambda: winmail(tnef(("r\xe9port.pdf", b"%PDF-1")))),
    Bad(42, "winmail.dat cut off", lambda: winmail(tnef(("a.pdf", b"%PDF-1"))[:60])),
    Bad(42, "S/MIME signed", lambda: smime(signed(b"Content-Type: text/plain\r\n\r\nhello"))),
    Bad(42, "S/MIME encrypted", lambda: smime(enveloped()), ""),
    Bad(42, "S/MIME rubbish", lambda: smime(b"\x30\x80" * 5_000), ""),
    Bad(42, "PGP encrypted", lambda: _pgp(b"MESSAGE")),
    Bad(43, "two From", lambda: FROM + b"From: b@evil.example\r\n\r\nhello"),
    Bad(44, "two addresses", lambda: b"From: a@company.example, b@evil.example\r\n\r\nhello"),
    Bad(45, "another Sender", lambda: FROM + b"Sender: b@evil.example\r\n\r\nhello"),
    Bad(
        46,
        "an address as name",
        lambda: b'From: "ceo@company.example" <b@evil.example>\r\n\r\nhello',
    ),
    Bad(
        47,
        "an encoded word",
        lambda: b"From: =?utf-8?B?Y2VvQGNvbXBhbnkuZXhhbXBsZQ==?= <b@evil.example>\r\n\r\nhello",
    ),
    Bad(
        48, "a Date in 1970", lambda: FROM + b"Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\nhello 1"
    ),
    Bad(
        48, "a Date in 2099", lambda: FROM + b"Date: Thu, 1 Jan 2099 00:00:00 -1200\r\n\r\nhello 2"
    ),
    Bad(48, "no Date at all", lambda: FROM + b"Date: \xff yesterday +9999\r\n\r\nhello 3"),
    Bad(49, "no Message-ID", lambda: FROM + b"\r\nhello 4"),
    Bad(49, "a Message-ID twice", lambda: FROM + b"Message-ID: <1@c.example>\r\n\r\nhello 5"),
    Bad(49, "that Message-ID again", lambda: FROM + b"Message-ID: <1@c.example>\r\n\r\nhello 6"),
    Bad(
        49,
        "a Message-ID of 64 kB",
        lambda: FROM + b"Message-ID: <" + b"a" * 65_536 + b"@x>\r\n\r\nhello",
    ),
    Bad(50, "a Message-ID with a command", lambda: FROM + b"Message-ID: " + ID + b"\r\n\r\nhello"),
]
