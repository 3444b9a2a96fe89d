"""Many texts read as one: what they have in common, once, and every place where they differ.

Nothing is left out: the common words with one text's own words in the places are that text, to
the last character.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

_PIECE = re.compile(r"\n|[^\S\n]+|\S+")


class Edit(NamedTuple):
    """Pieces `start` to `end` of the common text that read otherwise in one text."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Common:
    """Texts as common words with places between them.

    Attributes:
        words: what all say; one more than there are places.
        places: for each place, what each text says there.
    """

    words: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]

    def whole(self, number: int) -> str:
        """One of the texts, put together again."""
        told = [self.words[0]]
        for words, place in zip(self.words[1:], self.places, strict=True):
            told += [place[number], words]
        return "".join(told)


def common(texts: Sequence[str]) -> Common:
    """What these texts, at least one, have in common, and where they differ."""
    base = _PIECE.findall(_most_common(texts))
    known: dict[str, list[Edit]] = {}
    for text in texts:
        if text not in known:
            known[text] = _edits(base, _PIECE.findall(text))
    places = _places(base, {(one.start, one.end) for edits in known.values() for one in edits})
    words, at = [], 0
    for start, end in places:
        words.append("".join(base[at:start]))
        at = end
    words.append("".join(base[at:]))
    told = {text: [_told(base, place, edits) for place in places] for text, edits in known.items()}
    return Common(
        tuple(words),
        tuple(tuple(told[text][n] for text in texts) for n in range(len(places))),
    )


def _most_common(texts: Sequence[str]) -> str:
    """The text with the most lines that others have too, and the fewest of its own."""
    counts = Counter(line for text in texts for line in set(text.split("\n")))
    half = len(texts) / 2
    return max(texts, key=lambda text: sum(counts[line] - half for line in text.split("\n")))


def _edits(base: list[str], other: list[str]) -> list[Edit]:
    """Line by line first, then word by word within the lines that differ."""
    old, new = _lines(base), _lines(other)
    matcher = SequenceMatcher(
        None,
        ["".join(base[a:b]) for a, b in old],
        ["".join(other[a:b]) for a, b in new],
        autojunk=False,
    )
    found: list[Edit] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        if j - i == m - k:  # as many lines as before: each took the place of one
            for (start, end), (first, last) in zip(old[i:j], new[k:m], strict=True):
                found += _in_lines(base, start, end, other[first:last])
            continue
        start = old[i][0] if i < len(old) else len(base)
        end = old[j - 1][1] if j > i else start
        come = other[new[k][0] : new[m - 1][1]] if m > k else []
        found += _in_lines(base, start, end, come)
    return found


def _lines(pieces: list[str]) -> list[tuple[int, int]]:
    """Where each line begins and ends, its break included."""
    ends = [n for n, piece in enumerate(pieces, 1) if piece == "\n"]
    if not ends or ends[-1] != len(pieces):
        ends.append(len(pieces))
    return list(zip([0, *ends], ends, strict=False))


def _in_lines(base: list[str], start: int, end: int, come: list[str]) -> list[Edit]:
    # What both begin and end with is most of a line, and quicker to find than to match.
    while start < end and come and base[start] == come[0]:
        start, come = start + 1, come[1:]
    while start < end and come and base[end - 1] == come[-1]:
        end, come = end - 1, come[:-1]
    gone = base[start:end]
    matcher = SequenceMatcher(None, gone, come, autojunk=False)
    return [
        Edit(start + i, start + j, "".join(come[k:m]))
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
    ]


def _places(base: list[str], spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in which any text differs; those with only a space between them are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and _together(base, found[-1][1], start):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _together(base: list[str], end: int, start: int) -> bool:
    between = base[end:start]
    return start <= end or (len(between) == 1 and between[0] != "\n" and between[0].isspace())


def _told(base: list[str], place: tuple[int, int], edits: Sequence[Edit]) -> str:
    """What one text says in a place."""
    at, told = place[0], []
    for one in edits:
        if place[0] <= one.start and one.end <= place[1]:
            told += [*base[at : one.start], one.words]
            at = one.end
    return "".join([*told, *base[at : place[1]]])
