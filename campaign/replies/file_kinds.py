"""What a file of a company is, told by its content alone, and what it may tell besides. Pure."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from typing import NamedTuple

MEMBERS_MOST = 5_000
MEMBER_BYTES_MOST = 30 * 2**20
UNPACKED_MOST = 200 * 2**20
RATIO_MOST = 100
_SMALL = 8 * 2**20  # below this any ratio is harmless


class FileKind(NamedTuple):
    """A kind of file that may be published.

    Attributes:
        pages: it has pages of which pictures can be made, so that boxes can be drawn on them.
        office: it is an archive of an office program.
    """

    words: str
    media_type: str
    ending: str
    pages: bool = False
    office: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS: dict[str, FileKind] = {
    "pdf": FileKind("PDF", "application/pdf", "pdf", pages=True),
    "png": FileKind("picture (PNG)", "image/png", "png", pages=True),
    "jpeg": FileKind("picture (JPEG)", "image/jpeg", "jpg", pages=True),
    "docx": FileKind("Word document", f"{_OFFICE}wordprocessingml.document", "docx", office=True),
    "xlsx": FileKind("Excel workbook", f"{_OFFICE}spreadsheetml.sheet", "xlsx", office=True),
    "pptx": FileKind(
        "PowerPoint slides", f"{_OFFICE}presentationml.presentation", "pptx", office=True
    ),
    "odt": FileKind("OpenDocument text", f"{_OPEN}text", "odt", office=True),
    "ods": FileKind("OpenDocument table", f"{_OPEN}spreadsheet", "ods", office=True),
    "odp": FileKind("OpenDocument slides", f"{_OPEN}presentation", "odp", office=True),
    "text": FileKind("plain text", "text/plain; charset=utf-8", "txt"),
    "other": FileKind("file of an unknown kind", "application/octet-stream", "bin"),
}
"""The only types under which a file is ever served; `other` is what no browser opens."""

_BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_MEMBERS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<", re.DOTALL)


class Finding(StrEnum):
    """What a file may tell besides what it shows; in words in `FINDINGS`."""

    AUTHOR = "author"
    PLACE = "place"
    CAMERA = "camera"
    TRACKED = "tracked"
    COMMENTS = "comments"
    HIDDEN_TEXT = "hidden_text"
    HIDDEN_SHEETS = "hidden_sheets"
    HIDDEN_CELLS = "hidden_cells"
    HIDDEN_SLIDES = "hidden_slides"
    NOTES = "notes"
    LAYERS = "layers"
    REVISIONS = "revisions"
    EMBEDDED = "embedded"
    PROGRAMS = "programs"
    LINKED = "linked"
    UNKNOWN = "unknown"
    BOMB = "bomb"
    LOCKED = "locked"
    UNREADABLE = "unreadable"


FINDINGS: dict[str, str] = {
    Finding.AUTHOR: "It names who wrote or changed it",
    Finding.PLACE: "It tells the place where the picture was taken",
    Finding.CAMERA: "It tells which camera or program made it",
    Finding.TRACKED: "It holds tracked changes: what was deleted can be read",
    Finding.COMMENTS: "It holds comments",
    Finding.HIDDEN_TEXT: "It holds hidden text",
    Finding.HIDDEN_SHEETS: "It holds hidden sheets",
    Finding.HIDDEN_CELLS: "It holds hidden rows or columns",
    Finding.HIDDEN_SLIDES: "It holds hidden slides",
    Finding.NOTES: "It holds speaker notes",
    Finding.LAYERS: "It has layers, which may be hidden",
    Finding.REVISIONS: "It was changed after it was made: older states may be inside",
    Finding.EMBEDDED: "Other files are inside it",
    Finding.PROGRAMS: "It holds programs (macros or scripts)",
    Finding.LINKED: "It fetches something from elsewhere when it is opened",
    Finding.UNKNOWN: "We do not know what kind of file it is, so we could not look into it",
    Finding.BOMB: "It would unpack to far more than it seems, so it is not opened here",
    Finding.LOCKED: "It is locked with a password, so we could not look into it",
    Finding.UNREADABLE: "It could not be read",
}
STOPS = frozenset({Finding.BOMB, Finding.LOCKED, Finding.UNREADABLE, Finding.PROGRAMS})
"""With one of these it is never published as it came."""


class TooMuch(Exception):
    """An archive is beyond a limit; nothing of it was unpacked."""


def kind_of(raw: bytes) -> str:
    """The kind of a file, a key of `KINDS`; whatever its name or its sender say."""
    for start, kind in _BEGINNINGS.items():
        if raw.startswith(start):
            return kind
    if raw.startswith(b"PK\x03\x04"):
        return _of_archive(raw)
    return "text" if _is_text(raw) else "other"


def _is_text(raw: bytes) -> bool:
    if not raw or _MARKUP.match(raw[:200]):  # a page, a drawing: what a browser might run
        return False
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)


def _of_archive(raw: bytes) -> str:
    try:
        archive = opened(raw)
        names = set(archive.namelist())
    except (TooMuch, zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "other"
    for member, kind in _MEMBERS.items():
        if member in names and "[Content_Types].xml" in names:
            return kind
    if "mimetype" in names and "content.xml" in names:
        given = archive.read("mimetype")[:100].decode("ascii", "replace").strip()
        return next((k for k, one in KINDS.items() if one.media_type == given), "other")
    return "other"


def opened(raw: bytes) -> zipfile.ZipFile:
    """The archive, after its own list of contents was found harmless; nothing is unpacked.

    Raises:
        TooMuch: too many files, or far larger unpacked than packed.
        zipfile.BadZipFile: it is no archive.
    """
    archive = zipfile.ZipFile(io.BytesIO(raw))
    members = archive.infolist()
    total = sum(one.file_size for one in members)
    packed = max(1, sum(one.compress_size for one in members))
    if (
        len(members) > MEMBERS_MOST
        or total > UNPACKED_MOST
        or any(one.file_size > MEMBER_BYTES_MOST for one in members)
        or (total > _SMALL and total / packed > RATIO_MOST)
    ):
        raise TooMuch
    return archive


def public_name(wanted: str, kind: str) -> str:
    """A name with the ending of what the file is, whatever ending was wanted."""
    known = KINDS[kind]
    stem, dot, last = wanted.rpartition(".")
    if kind == "text" and dot and last.lower() == "csv":
        return wanted
    endings = {one.ending for one in KINDS.values()} | {"jpeg"}
    base = stem if dot and last.lower() in endings else wanted
    return f"{base or 'file'}.{known.ending}"
