"""What is unusual about a mail, so that a person is told and does not have to guess. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign.replies import embedded, smime
from campaign.replies.charsets import Trouble
from campaign.replies.kinds import TEXT_LIMIT, Oddity
from campaign.replies.mime import Part
from campaign.replies.readable import Body

_TEXTS = ("text/plain", "text/html")
_CHARSETS = {
    Trouble.UNKNOWN: Oddity.CHARSET_UNKNOWN,
    Trouble.WRONG: Oddity.CHARSET_WRONG,
    Trouble.MISSING: Oddity.CHARSET_MISSING,
}
_WRAPPED = {
    smime.Wrapping.SIGNED: Oddity.SMIME_SIGNED,
    smime.Wrapping.ENCRYPTED: Oddity.SMIME_ENCRYPTED,
    smime.Wrapping.OTHER: Oddity.SMIME_OTHER,
}
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_LOOKED_AT = 256 * 1024


def oddities_of(message: Part, body: Body) -> tuple[Oddity, ...]:
    """Each oddity of the mail itself once, in the order of `Oddity`."""
    own = [part for part in message.walk() if not part.within]
    found = {odd for part in own for odd in _of_part(part)} | set(_of_body(message, body))
    if not message.headers.fields:
        found.add(Oddity.NO_HEADER)
    kinds = {part.content_type for part in own if not part.is_attachment}
    if "text/html" in kinds and "text/plain" not in kinds:
        found.add(Oddity.PAGE_ONLY)
    return tuple(odd for odd in Oddity if odd in found)


def _of_body(message: Part, body: Body) -> Iterator[Oddity]:
    if len(body.text) >= TEXT_LIMIT:
        yield Oddity.CUT
    ways = {file.way for file in body.files}
    yield from (odd for odd in (Oddity.UUENCODE, Oddity.YENC) if odd.value in ways)
    blocks = embedded.armour(body.text)
    if "SIGNED MESSAGE" in blocks:
        yield Oddity.PGP_SIGNED
    if any(block.startswith("MESSAGE") for block in blocks):
        yield Oddity.PGP_ENCRYPTED
    if any("KEY" in block for block in blocks):
        yield Oddity.PGP_KEY
    if any(part.within for part in message.walk()):
        yield Oddity.MAIL_ATTACHED


def _of_part(part: Part) -> Iterator[Oddity]:
    if part.content_type in _TEXTS and not part.is_attachment and not part.parts:
        trouble = part.read_text(_LOOKED_AT)[1]
        if trouble:
            yield _CHARSETS[trouble]
    if part.is_tnef:
        yield Oddity.TNEF
    if part.content_type in smime.TYPES:
        yield _WRAPPED[smime.wrapping(part.payload())]
    if part.content_type == "application/pgp-keys":
        yield Oddity.PGP_KEY
    if part.content_type.startswith("multipart/"):
        yield from _of_multipart(part)
    elif _coding_broken(part):
        yield Oddity.CODING_BROKEN


def _of_multipart(part: Part) -> Iterator[Oddity]:
    protocol = part.parameter("protocol").lower()
    pgp = "pgp" in protocol
    if part.content_type == "multipart/encrypted":
        yield Oddity.PGP_ENCRYPTED if pgp or not protocol else Oddity.SMIME_ENCRYPTED
    elif part.content_type == "multipart/signed":
        yield Oddity.PGP_SIGNED if pgp else Oddity.SMIME_SIGNED
    boundary = part.parameter("boundary").rstrip().encode("utf-8", "replace")
    if not part.parts or b"--" + boundary + b"--" not in part.body:
        yield Oddity.STRUCTURE_BROKEN


def _coding_broken(part: Part) -> bool:
    coding = part.headers.get("content-transfer-encoding").lower().strip(" ;\"'")
    if coding == "base64":
        raw = part.body[:_LOOKED_AT]
        letters = sum(len(piece) for piece in raw.rstrip(b"=\n \t").split())
        return bool(_NO_BASE64.search(raw)) or (len(raw) < _LOOKED_AT and letters % 4 == 1)
    return coding not in ("", "7bit", "8bit", "binary", "quoted-printable")
