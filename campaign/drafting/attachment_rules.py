"""Which files may go with a letter, and under which name."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from campaign.kernel.errors import Problem

BYTES_MOST = 25 * 2**20
FILES_MOST = 10
NAME_MOST = 80


class Kind(NamedTuple):
    """A kind of file: its type, and whether bytes are of it."""

    media_type: str
    fits: Callable[[bytes], bool]


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda raw: raw.startswith(starts)


def _is_text(raw: bytes) -> bool:
    try:
        return "\0" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _holds(member: str) -> Callable[[bytes], bool]:
    """Whether an office file is there and holds no programs."""

    def fits(raw: bytes) -> bool:
        try:
            names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
        except (zipfile.BadZipFile, ValueError, OSError):
            return False
        return member in names and not any(re.search(r"vba|Basic/", name) for name in names)

    return fits


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": Kind("image/jpeg", _begins(b"\xff\xd8\xff")),
    "txt": Kind("text/plain", _is_text),
    "csv": Kind("text/csv", _is_text),
    "docx": Kind(f"{_OFFICE}wordprocessingml.document", _holds("word/document.xml")),
    "xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", _holds("xl/workbook.xml")),
    "odt": Kind(f"{_OPEN}text", _holds("content.xml")),
    "ods": Kind(f"{_OPEN}spreadsheet", _holds("content.xml")),
}
"""By the ending of the name. Pages and programs are not among them: mail servers refuse them."""


def media_type(name: str, raw: bytes) -> str:
    """The type of a file that may go with a letter.

    Raises:
        Problem: `attachment-empty`, `attachment-large`, `attachment-type`.
    """
    if not raw:
        raise Problem("attachment-empty", name=name)
    if len(raw) > BYTES_MOST:
        raise Problem("attachment-large", name=name, limit=BYTES_MOST // 2**20)
    kind = KINDS.get(ending(name))
    if kind is None or not kind.fits(raw):
        raise Problem("attachment-type", name=name)
    return kind.media_type


def ending(name: str) -> str:
    """What stands behind the last dot of a name, in small letters; empty without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """A file name as letters print it and mails carry it: one harmless line.

    Folders, hidden and direction characters are left out; signs that some machine cannot have
    in a name become “_”. It is cut to 80 characters, its ending kept.
    """
    text = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    text = "".join(c for c in text if unicodedata.category(c)[0] not in "CZ" or c == " ")
    text = " ".join(re.sub(r'[<>:"|?*]', "_", text).split()).strip(" .")
    stem, dot, last = text.rpartition(".")
    if not dot:
        return text[:NAME_MOST]
    return stem[: NAME_MOST - len(last) - 1].rstrip(" .") + dot + last
