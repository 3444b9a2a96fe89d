"""A mail's text as lines that know how deeply they are quoted. Pure; every step is linear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """What the structure of an HTML mail says of a line; plain text says nothing."""

    NONE = ""
    EARLIER = "earlier"  # an earlier mail begins with this line
    ATTRIBUTION = "attribution"  # "On … wrote:"
    SIGNATURE = "signature"


class Line(NamedTuple):
    """One line without its quotation marks.

    Attributes:
        depth: how many mails deep it is quoted; 0 is the sender's own.
    """

    text: str
    depth: int = 0
    mark: Mark = Mark.NONE

    @property
    def blank(self) -> bool:
        return not self.text.strip()


MAX_DEPTH = 20
_MARKS = re.compile(r"^[ \t]{0,3}((?:[>|＞][ \t]?){1,60})")
_INITIALS = re.compile(r"^[ \t]{0,2}[A-Z][A-Za-z]{0,3}((?:>[ \t]?){1,20})")
_COLON = re.compile(r"^[ \t]{0,2}:(?:[ \t]|$)")
_TABLE = re.compile(r"^[ \t]*\|.*\|[ \t]*\S{0,40}[ \t]*$|^[ \t]*\|[^|]*\S[ \t]\|[ \t]")
_ENDS = (".", "?", "!", ":", ";", "…", "。", "？", "！")
_WIDE, _SHORT = 50, 40


def read_lines(text: str) -> list[Line]:
    """The lines of a plain text, quotation marks taken off and counted."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    colons = any(_COLON.match(raw[i]) and _COLON.match(raw[i + 1]) for i in range(len(raw) - 1))
    return _mend_wrapped([_line(raw, i, colons) for i in range(len(raw))])


def _line(raw: list[str], i: int, colons: bool) -> Line:
    text = raw[i]
    match = _MARKS.match(text)
    if match and not _is_own(raw, i):
        marks = sum(c in ">|＞" for c in match.group(1))
        return Line(text[match.end() :], min(marks, MAX_DEPTH))
    initials = _INITIALS.match(text)
    if initials:
        return Line(text[initials.end() :], min(initials.group(1).count(">"), MAX_DEPTH))
    if colons and _COLON.match(text):
        return Line(_COLON.sub("", text), 1)
    return Line(text[1:] if text.startswith(">From ") else text)


def _is_own(raw: list[str], i: int) -> bool:
    """Whether the mark quotes nothing: a row of a table, or the escaped “From” of an mbox."""
    text = raw[i].lstrip()
    if text.startswith("|"):
        return bool(_TABLE.match(raw[i]))
    if not text.startswith(">From "):
        return False
    return not any(_MARKS.match(raw[j]) for j in (i - 1, i + 1) if 0 <= j < len(raw))


def _mend_wrapped(lines: list[Line]) -> list[Line]:
    """Give the end of a quoted line that a mail program broke off its mark again.

    Only a fragment that no answer looks like: after a long line without an end, in small
    letters, and with the quotation going on right below.
    """
    for i in range(1, len(lines) - 1):
        before, line, after = lines[i - 1], lines[i], lines[i + 1]
        if line.depth or line.blank or not before.depth or not after.depth:
            continue
        said, text = before.text.rstrip(), line.text.strip()
        if len(said) < _WIDE or len(text) > _SHORT or said.endswith(_ENDS):
            continue
        if text[:1].islower() and not text.endswith(_ENDS) and after.text[:1].islower():
            lines[i] = line._replace(depth=before.depth)
    return lines


def written(lines: Iterable[Line]) -> str:
    """The lines as one text, quotations marked by `>`."""
    return "\n".join(f"{'> ' * line.depth}{line.text}".rstrip() for line in lines)


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """A text of `format=flowed` with its soft line breaks undone (RFC 3676 section 4).

    Args:
        delete_space: the sender's `DelSp=yes`.
    """
    paragraphs: list[tuple[int, str]] = []
    open_depth = -1
    for raw in text.replace("\r\n", "\n").split("\n"):
        bare = raw.lstrip(">")
        depth = len(raw) - len(bare)
        bare = bare.removeprefix(" ")
        if depth == open_depth and bare.rstrip() != "--":
            paragraphs[-1] = (depth, paragraphs[-1][1] + bare)
        else:
            paragraphs.append((depth, bare))
        flows = bare.endswith(" ") and bare != "-- "
        open_depth = depth if flows else -1
        if flows and delete_space:
            paragraphs[-1] = (depth, paragraphs[-1][1][:-1])
    return "\n".join(f"{'>' * depth}{' ' if depth else ''}{text}" for depth, text in paragraphs)
