"""What changed between two versions of a text: lines, and the words inside them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

# A field is one piece: “((deadline))”.
_PIECE = re.compile(r"\(\([^()]*\)\)|\s+|\w+|[^\w\s]")
# Lines that share less than this are two lines, not one that changed.
_ALIKE = 0.5


class Part(NamedTuple):
    """A piece of a line; `changed` where the other version has other words there."""

    text: str
    changed: bool


class Line(NamedTuple):
    """A line that is gone (“-”) or new (“+”), in parts that make up the whole of it."""

    mark: str
    parts: tuple[Part, ...]


def changes(before: str, after: str) -> tuple[Line, ...]:
    """The lines that left a text and came into it, in order; empty where none did.

    A line that took another's place stands after it, and in both the words that differ are
    marked. Empty lines do not count.
    """
    old, new = _lines(before), _lines(after)
    found: list[Line] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            for gone, come in zip_longest(old[i:j], new[k:m]):
                found += _pair(gone, come)
    return tuple(found)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _pair(gone: str | None, come: str | None) -> list[Line]:
    old, new = _PIECE.findall(gone or ""), _PIECE.findall(come or "")
    matched = SequenceMatcher(None, old, new, autojunk=False)
    if matched.ratio() < _ALIKE:
        whole = (("-", gone), ("+", come))
        return [Line(mark, (Part(line, True),)) for mark, line in whole if line is not None]
    steps = matched.get_opcodes()
    left = [Part("".join(old[i:j]), tag != "equal") for tag, i, j, _, _ in steps if i < j]
    came = [Part("".join(new[k:m]), tag != "equal") for tag, _, _, k, m in steps if k < m]
    return [Line("-", tuple(left)), Line("+", tuple(came))]
