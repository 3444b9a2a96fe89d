"""What is written into a text itself: files by uuencode and yEnc, and the armour of PGP."""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

_UU = re.compile(r"^begin(?:-base64)? [0-7]{3,4} ([^\n]{1,200})$")
_YENC = re.compile(r"^=ybegin [^\n]{0,200}?name=([^\n]{1,200})$")
_UU_LINE = re.compile(r"^[ -`]{1,90}$")
_ARMOUR = re.compile(r"^-----(BEGIN|END) PGP ([A-Z ,/0-9]{3,40})-----[ \t]*$")


class TextFile(NamedTuple):
    """A file within a text. `size` in octets, as far as its lines tell."""

    name: str
    size: int
    way: str  # "uuencode" or "yenc"


def without_files(text: str) -> tuple[str, list[TextFile]]:
    """The text with each written-in file replaced by a line that names it, and the files."""
    if "begin" not in text:
        return text, []
    lines = text.split("\n")
    kept: list[str] = []
    files: list[TextFile] = []
    at = 0
    while at < len(lines):
        found = _file_at(lines, at) if len(files) < 200 else None
        if found is None:
            kept.append(lines[at])
            at += 1
            continue
        file, at = found
        files.append(file)
        kept.append(f"[{file.name}]")
    return "\n".join(kept), files


def _file_at(lines: list[str], at: int) -> tuple[TextFile, int] | None:
    line = lines[at].rstrip("\r")
    uu = _UU.match(line)
    if uu:
        return _uuencoded(lines, at + 1, uu.group(1).strip())
    yenc = _YENC.match(line)
    return _yencoded(lines, at + 1, yenc.group(1).strip()) if yenc else None


def _uuencoded(lines: list[str], at: int, name: str) -> tuple[TextFile, int] | None:
    """At least one line must be of uuencode: people write “begin 644 …” too."""
    size = 0
    first = at
    while at < len(lines):
        line = lines[at].rstrip("\r")
        if line.strip() == "end":
            return (TextFile(name, size, "uuencode"), at + 1) if at > first else None
        if not _UU_LINE.match(line):
            break
        try:
            size += len(binascii.a2b_uu(line))
        except binascii.Error:
            break
        at += 1
    return (TextFile(name, size, "uuencode"), at) if at > first and size else None


def _yencoded(lines: list[str], at: int, name: str) -> tuple[TextFile, int] | None:
    size = 0
    for i in range(at, len(lines)):
        if lines[i].startswith("=yend"):
            return TextFile(name, size, "yenc"), i + 1
        if lines[i].startswith("=ybegin"):  # never ended, so none; or every one would be sought
            return None
        if not lines[i].startswith("=ypart"):
            size += len(lines[i].rstrip("\r"))
    return None


def armour(text: str) -> set[str]:
    """Kinds of PGP blocks that begin in the text, such as `MESSAGE` and `SIGNED MESSAGE`."""
    if "-----BEGIN PGP" not in text:
        return set()
    matches = (_ARMOUR.match(line) for line in text.split("\n"))
    return {m.group(2) for m in matches if m and m.group(1) == "BEGIN"}


def without_armour(text: str) -> str:
    """A clear-signed text without the lines that PGP added (RFC 9580 section 7)."""
    if "SIGNED MESSAGE" not in armour(text):
        return text
    kept: list[str] = []
    inside, heads, signature = False, False, False
    for line in text.split("\n"):
        match = _ARMOUR.match(line)
        if match:
            begins, kind = match.group(1) == "BEGIN", match.group(2)
            inside = heads = begins and kind == "SIGNED MESSAGE"
            signature = begins and kind == "SIGNATURE"
        elif heads and (line.strip() == "" or re.match(r"^[A-Za-z]{3,20}: ", line)):
            heads = line.strip() != ""
        elif not signature:
            heads = False
            kept.append(line[2:] if inside and line.startswith("- ") else line)
    return "\n".join(kept)
