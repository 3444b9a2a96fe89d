"""The exact bytes of a mail: made once, kept, and handed over unchanged.

Written out by hand rather than by a general library, because every byte matters here: CRLF
only, lines of at most 76 characters, pure ASCII (no relay needs 8BITMIME), one Message-ID, and
the same bytes for the same mail on any day.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from campaign.kernel.errors import Problem
from campaign.kernel.mail_names import ANY_LOCAL
from campaign.kernel.text import one_line
from campaign.sending.addresses import new_token
from campaign.sending.mime import Part, attachment_part, container, picture_part, text_part

_LINE_AIM = 76
_LINE_MAX = 998  # without CRLF, RFC 5322 section 2.1.1
_WORD_BYTES = 39  # of UTF-8 in one encoded word, so that its line stays under 76 (RFC 2047)
_REFERENCES_MAX = 20

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_ADDRESS_BEYOND_ASCII = re.compile(rf"{ANY_LOCAL}@[A-Za-z0-9.-]{{1,253}}")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,400}@[!-;=?A-~]{1,400}>")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Mail:
    """Everything that decides the bytes of one mail; `date` is aware.

    Attributes:
        attachments: name, type and bytes of each file.
        pictures: Content-ID without brackets, type and bytes of each picture that `html` shows.
        beyond_ascii: `to_address` may hold any letters; the mail then needs SMTPUTF8.
    """

    from_name: str
    from_address: str
    to_name: str
    to_address: str
    reply_to: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    pictures: tuple[tuple[str, str, bytes], ...] = ()
    language: str = "en"
    beyond_ascii: bool = False


def build(mail: Mail) -> bytes:
    """The mail as it goes over the wire; the same `Mail` gives the same bytes.

    `In-Reply-To` and `References` may come from a stranger's mail: what is no plain message id
    is left out there, since it only serves threading.

    Raises:
        Problem: `control-character` in a header, `bad-message` for anything else that could not
            be written safely.
    """
    body = _body(mail)
    lines = [
        f"Date: {_date(mail.date)}",
        _mailbox("From", mail.from_name, mail.from_address),
        _mailbox("To", mail.to_name, mail.to_address, beyond_ascii=mail.beyond_ascii),
    ]
    if mail.reply_to:
        lines.append(_mailbox("Reply-To", "", mail.reply_to))
    lines.append(_unstructured("Subject", one_line(mail.subject, name="The subject")))
    lines.append(f"Message-ID: {_own_message_id(mail.message_id)}")
    lines.extend(_thread(mail))
    if not _LANGUAGE.fullmatch(mail.language):
        raise Problem("bad-message", why="its language is not a language tag like “en”")
    lines.append(f"Content-Language: {mail.language}")
    lines.append("MIME-Version: 1.0")
    head = "\r\n".join([*lines, ""]).encode("utf-8" if mail.beyond_ascii else "ascii")
    raw = head + body.as_bytes()
    assert_wire(raw, beyond_ascii=mail.beyond_ascii)
    return raw


def new_message_id(domain: str) -> str:
    """A Message-ID with 128 random bits, angle brackets included.

    Raises:
        Problem: `bad-message` where `domain` is not an ASCII domain.
    """
    if not _DOMAIN.fullmatch(domain):
        raise Problem("bad-message", why="the sender's domain is not a plain domain name")
    return f"<{new_token()}@{domain}>"


def assert_wire(raw: bytes, *, beyond_ascii: bool = False) -> None:
    """Hold `raw` to what every mail server takes: CRLF only, lines to 998, ASCII without NUL.

    Args:
        beyond_ascii: its header may hold UTF-8, for a server that offers SMTPUTF8.

    Raises:
        Problem: `bad-message`.
    """
    pairs = raw.count(b"\r\n")
    if raw.count(b"\n") != pairs or raw.count(b"\r") != pairs:
        raise Problem("bad-message", why="it has a line break that is not CRLF")
    plain = raw.partition(b"\r\n\r\n")[2] if beyond_ascii else raw
    if not plain.isascii() or b"\0" in raw:
        raise Problem("bad-message", why="it has bytes that not every mail server takes")
    if max(map(len, raw.split(b"\r\n"))) > _LINE_MAX:
        raise Problem("bad-message", why=f"it has a line over {_LINE_MAX} characters")


def _body(mail: Mail) -> Part:
    body = text_part("plain", mail.text)
    if mail.html:
        body = container("alternative", [body, _html(mail)], seed=mail.message_id)
    if mail.attachments:
        files = [attachment_part(*attachment) for attachment in mail.attachments]
        body = container("mixed", [body, *files], seed=mail.message_id)
    return body


def _html(mail: Mail) -> Part:
    """The HTML, together with the pictures in it (RFC 2387)."""
    html = text_part("html", mail.html)
    if not mail.pictures:
        return html
    parts = [html, *(picture_part(*picture) for picture in mail.pictures)]
    root = ('type="text/html"',)
    return container("related", parts, seed=mail.message_id, parameters=root)


def _date(date: datetime) -> str:
    if date.tzinfo is None:
        raise Problem("bad-message", why="its date has no time zone")
    return format_datetime(date)


def _own_message_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise Problem("bad-message", why="its Message-ID is not of the form <a@b>")
    return message_id


def _thread(mail: Mail) -> Iterator[str]:
    """`In-Reply-To` and `References`, one id a line (RFC 5322 section 3.6.4)."""
    parent = mail.in_reply_to
    if parent and _MESSAGE_ID.fullmatch(parent):
        yield f"In-Reply-To: {parent}"
    known = [ref for ref in dict.fromkeys(mail.references) if _MESSAGE_ID.fullmatch(ref)]
    if len(known) > _REFERENCES_MAX:
        # The first names the thread, the last ones its newest branch.
        known = [known[0], *known[1 - _REFERENCES_MAX :]]
    if known:
        yield "References: " + "\r\n ".join(known)


def _mailbox(header: str, name: str, address: str, *, beyond_ascii: bool = False) -> str:
    """`Header: Name <address>`; the name can never become an address."""
    if not (_ADDRESS_BEYOND_ASCII if beyond_ascii else _ADDRESS).fullmatch(address):
        raise Problem("bad-message", why=f"{header} has no plain mail address")
    name = one_line(name, name=f"The name in {header}")
    if not name:
        return f"{header}: {address}"
    phrase = _phrase(name)
    line = f"{header}: {phrase} <{address}>"
    if len(line.rpartition("\r\n")[2]) > _LINE_AIM:
        line = f"{header}: {phrase}\r\n <{address}>"
    return line


def _phrase(name: str) -> str:
    """A display name (RFC 5322 section 3.2.5): atoms, a quoted string or encoded words."""
    if not name.isascii() or "=?" in name or len(name) > _LINE_AIM - 20:
        return _encoded_words(name)
    if _ATOMS.fullmatch(name):
        return name
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _unstructured(header: str, value: str) -> str:
    """A header of free text, folded at single spaces or in encoded words."""
    words = value.split(" ")
    too_long = max(map(len, words)) > _LINE_AIM - len(header) - 2
    if not value.isascii() or "=?" in value or "" in words or too_long:
        return f"{header}: {_encoded_words(value)}" if value else f"{header}: "
    return f"{header}: " + _fold(words, len(header) + 2)


def _fold(words: Iterable[str], used: int) -> str:
    folded, column = "", used
    for word in words:
        if folded and column + 1 + len(word) > _LINE_AIM:
            folded, column = folded + "\r\n", 0
        if folded:
            word = " " + word
        folded, column = folded + word, column + len(word)
    return folded


def _encoded_words(value: str) -> str:
    """RFC 2047 encoded words, one a line, never cutting a character."""
    chunks, chunk = [], b""
    for character in value:
        encoded = character.encode("utf-8")
        if len(chunk) + len(encoded) > _WORD_BYTES:
            chunks.append(chunk)
            chunk = b""
        chunk += encoded
    chunks.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(c).decode('ascii')}?=" for c in chunks)
