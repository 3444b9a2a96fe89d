"""Looking into office files, within limits; runs in the worker process only."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from defusedxml.ElementTree import iterparse

from campaign.replies.file_kinds import Finding, opened

_TEXT_MOST = 2_000_000
_XML_MOST = 60 * 2**20
_BLOCKS = {"p", "row", "si", "c", "h", "table-row", "comment", "text"}
# Local name of an element, an attribute with one of these values if need be, what it tells.
_TELLS: tuple[tuple[str, str, tuple[str, ...], Finding], ...] = (
    ("ins", "", (), Finding.TRACKED),
    ("del", "", (), Finding.TRACKED),
    ("moveFrom", "", (), Finding.TRACKED),
    ("changed-region", "", (), Finding.TRACKED),
    ("comment", "", (), Finding.COMMENTS),
    ("cm", "", (), Finding.COMMENTS),
    ("threadedComment", "", (), Finding.COMMENTS),
    ("annotation", "", (), Finding.COMMENTS),
    ("vanish", "", (), Finding.HIDDEN_TEXT),
    ("hidden-text", "", (), Finding.HIDDEN_TEXT),
    ("sheet", "state", ("hidden", "veryHidden"), Finding.HIDDEN_SHEETS),
    ("col", "hidden", ("1", "true"), Finding.HIDDEN_CELLS),
    ("row", "hidden", ("1", "true"), Finding.HIDDEN_CELLS),
    ("table-column", "visibility", ("collapse", "filter"), Finding.HIDDEN_CELLS),
    ("table-row", "visibility", ("collapse", "filter"), Finding.HIDDEN_CELLS),
    ("table-properties", "display", ("false",), Finding.HIDDEN_SHEETS),
    ("drawing-page-properties", "visibility", ("hidden",), Finding.HIDDEN_SLIDES),
    ("sld", "show", ("0", "false"), Finding.HIDDEN_SLIDES),
    ("Relationship", "TargetMode", ("External",), Finding.LINKED),
)
_PEOPLE = {
    *("creator", "lastModifiedBy", "initial-creator", "Manager", "author", "printed-by"),
}
_NAMES: tuple[tuple[re.Pattern[str], Finding], ...] = (
    (re.compile(r"vbaProject|/macrosheets/|^Basic/|^Scripts/"), Finding.PROGRAMS),
    (re.compile(r"/embeddings/|^Object "), Finding.EMBEDDED),
    (re.compile(r"/notesSlides/"), Finding.NOTES),
    (re.compile(r"/externalLinks/"), Finding.LINKED),
)


class Looked:
    """What was found: by kind, with words such as names of people; and the text."""

    def __init__(self) -> None:
        self.found: dict[Finding, list[str]] = {}
        self.text: list[str] = []

    def tell(self, finding: Finding, words: str = "") -> None:
        known = self.found.setdefault(finding, [])
        if words and words not in known and len(known) < 8:
            known.append(words[:120])


def look(raw: bytes) -> Looked:
    """What an office file tells besides what it shows, and all its text.

    Raises:
        TooMuch, zipfile.BadZipFile, defusedxml's errors: it cannot be looked into.
    """
    looked, archive, left = Looked(), opened(raw), _XML_MOST
    for member in archive.infolist():
        for pattern, finding in _NAMES:
            if pattern.search(member.filename):
                looked.tell(finding)
        if member.filename.endswith((".xml", ".rels")):
            left -= member.file_size
            if left < 0:
                raise zipfile.BadZipFile("more text than can be looked through")
            _member(archive, member, looked)
    return looked


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, looked: Looked) -> None:
    size = sum(map(len, looked.text))
    with archive.open(member) as file:
        for _, element in iterparse(file, events=("end",), forbid_dtd=True):
            name = _local(element.tag)
            _tells(name, element, looked)
            for words in _words(name, element):
                size += len(words)
                if size < _TEXT_MOST:
                    looked.text.append(words)
            if name != "r":  # what runs of a paragraph hold is read with the run
                element.clear()


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _tells(name: str, element: Any, looked: Looked) -> None:
    for local, attribute, values, finding in _TELLS:
        if local != name:
            continue
        given = {_local(key): value for key, value in element.attrib.items()}
        if not attribute or given.get(attribute) in values:
            if finding is Finding.LINKED and "hyperlink" in given.get("Type", ""):
                continue
            looked.tell(finding, given.get("name", "") if attribute == "state" else "")
    if name in _PEOPLE and (element.text or "").strip():
        looked.tell(Finding.AUTHOR, element.text.strip())
    for key, value in element.attrib.items():
        if _local(key) == "author" and value.strip():
            looked.tell(Finding.AUTHOR, value.strip())


def _words(name: str, element: Any) -> Iterator[str]:
    if element.text:
        yield element.text
    if name in _BLOCKS:
        yield " \n"
    if element.tail:
        yield element.tail
