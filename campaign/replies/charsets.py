"""Bytes as text, whatever a mail says of their charset: wrong, unknown or nothing at all."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum

from charset_normalizer import from_bytes

_SURROGATE = re.compile("[\ud800-\udfff\x00]")
# Codecs that are no charset, or cost more than linear time, or (UTF-7) hide characters
# from whoever looks at the raw bytes.
_NO_CHARSETS = {"utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
# What programs call a charset, and the larger one that they mean by it.
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874",
}  # fmt: skip
_ALIASES = {
    "ks_c_5601-1987": "cp949", "x-sjis": "cp932", "x-euc-jp": "euc_jp", "iso-8859-8-i": "iso8859-8",
    "x-gbk": "gb18030", "x-user-defined": "cp1252", "x-mac-roman": "mac_roman", "cp-850": "cp850",
    "utf8mb4": "utf-8", "unicode": "utf-16", "x-unknown": "", "unknown-8bit": "", "8bit": "",
    "_iso-2022-jp$esc": "iso2022_jp", "default_charset": "", "none": "",
}  # fmt: skip
_ONE_BYTE = {"cp1252", "iso8859-15", "cp1250", "mac-roman"}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_GUESSED = ["cp1251", "koi8_r", "shift_jis", "euc_jp", "gb18030", "big5"]
_CYRILLIC = ("cp1251", "koi8_r")
_FOREIGN = 0.25  # share of octets above 127 from which a text is in no Latin script
_SAMPLE = 8192


class Trouble(StrEnum):
    """What was wrong with a charset."""

    UNKNOWN = "unknown"
    WRONG = "wrong"
    MISSING = "missing"


def clean(text: str) -> str:
    """Without what a database or JSON cannot hold: NUL and lone surrogates."""
    return _SURROGATE.sub("\ufffd", text)


def _codec(name: str) -> str:
    """The codec that a name means; "" for none that may be used."""
    name = name.strip().strip("'\"").casefold()
    name = _ALIASES.get(name, name)
    try:
        codec = codecs.lookup(name) if name else None
    except (LookupError, ValueError, TypeError, UnicodeError):
        return ""
    if codec is None or codec.name in _NO_CHARSETS or not codec._is_text_encoding:
        return ""
    return _MEANT.get(codec.name, codec.name)


def read(raw: bytes, charset: str, *, page: bool = False) -> tuple[str, Trouble | None]:
    """The text, and what was wrong with its charset. Never raises.

    Args:
        charset: as the mail declares it, "" for nothing.
        page: it is HTML, which may tell its charset itself.
    """
    codec = _codec(charset)
    trouble = Trouble.UNKNOWN if charset and not codec else None
    if not codec and page:
        meta = _META.search(raw[:4096])
        codec = _codec(meta.group(1).decode("ascii")) if meta else ""
    if not codec and b"\x1b$" in raw:
        codec = "iso2022_jp"
    if codec and not _is_otherwise(raw, codec):
        text = _strictly(raw, codec)
        if text is not None:
            return clean(text), trouble
    return _undeclared(raw, codec, trouble)


def _undeclared(raw: bytes, codec: str, trouble: Trouble | None) -> tuple[str, Trouble | None]:
    text = _strictly(raw, "utf-8")
    if text is not None:
        wrong = codec and not raw.isascii()
        return clean(text), Trouble.WRONG if wrong else trouble
    found = trouble or (Trouble.WRONG if codec else Trouble.MISSING)
    if codec and codec not in _ONE_BYTE:
        text = raw.decode(codec, "replace")
        if codec != "utf-8" or _mostly_right(text):
            return clean(text), found
    return clean(raw.decode(_guess(raw), "replace")), found


def _is_otherwise(raw: bytes, codec: str) -> bool:
    """Whether the bytes are surely in another charset than they say."""
    if codec.startswith(("utf-16", "utf-32")):
        return b"\0" not in raw[:_SAMPLE] and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return codec in _ONE_BYTE and not raw.isascii() and _strictly(raw, "utf-8") is not None


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec, "strict")
    except (ValueError, LookupError):
        return None


def _mostly_right(text: str) -> bool:
    """Whether of what is no ASCII more was understood than not."""
    bad = text.count("\ufffd")
    return sum(c > "\x7f" for c in text) >= 3 * bad


def _guess(raw: bytes) -> str:
    sample = raw[:_SAMPLE]
    if sum(byte > 127 for byte in sample) < _FOREIGN * len(sample):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_GUESSED, threshold=0.4).best()
    if best is None:
        return "cp1252"
    if best.encoding in _CYRILLIC:  # read as the other one, small letters become capitals
        return max(_CYRILLIC, key=lambda codec: _small(sample.decode(codec, "replace")))
    return best.encoding


def _small(text: str) -> int:
    return sum(c.islower() for c in text)


def decode(raw: bytes, charset: str | None) -> str:
    """Bytes as text, whatever the charset says: a wrong or unknown one never raises."""
    return read(raw, charset or "")[0]
