"""Where a quoted passage stands in a text that has been edited since it was quoted.

After the W3C's TextQuoteSelector: the words themselves, and some of the text on both sides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import NamedTuple

AROUND = 60
"""Characters that are noted on each side of a passage."""

# Where a passage was edited, what stands on both sides still shows its place: so much of them
# has to be there, and not more than so many times the old words between.
_ENOUGH, _GROWN, _SLACK = 12, 3, 200


class Anchor(NamedTuple):
    """What is noted of a passage when it is quoted."""

    quote: str
    before: str = ""
    after: str = ""


class Spot(NamedTuple):
    """Where a passage stands now; `changed` where its words are not those quoted any more."""

    start: int
    end: int
    changed: bool


class Piece(NamedTuple):
    """A stretch of text with the numbers of the passages over it, and of those that end with it."""

    text: str
    over: tuple[int, ...]
    ends: tuple[int, ...]


def anchor(text: str, quote: str, before: str = "") -> Anchor | None:
    """Note a passage of `text`; None where it does not stand there.

    Args:
        before: what stands before it, to tell it from the same words elsewhere.
    """
    spot = _exact(text, Anchor(quote, before))
    if spot is None:
        return None
    start, end, _ = spot
    return Anchor(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])


def locate(text: str, noted: Anchor) -> Spot | None:
    """Where a noted passage stands in `text`; None where it is gone."""
    return _exact(text, noted) or _between(text, noted)


def _pattern(words: str) -> re.Pattern[str] | None:
    """Words as they may be broken into lines otherwise."""
    split = words.split()
    return re.compile(r"\s+".join(map(re.escape, split))) if split else None


def _exact(text: str, noted: Anchor) -> Spot | None:
    pattern = _pattern(noted.quote)
    if pattern is None:
        return None
    found = [Spot(*match.span(), changed=False) for match in pattern.finditer(text)]
    return max(found, key=lambda spot: _alike(text, spot, noted), default=None)


def _alike(text: str, spot: Spot, noted: Anchor) -> int:
    """How many characters around a place are those noted."""
    left = _same(text[: spot.start][::-1], noted.before[::-1])
    return left + _same(text[spot.end :], noted.after)


def _same(one: str, other: str) -> int:
    """How many characters two texts have in common from the start, whatever breaks their lines."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b and not (a.isspace() and b.isspace()):
            break
        length += 1
    return length


def _between(text: str, noted: Anchor) -> Spot | None:
    before, after = _pattern(noted.before), _pattern(noted.after)
    if before is None or after is None:
        return None
    if min(len(noted.before.strip()), len(noted.after.strip())) < _ENOUGH:
        return None
    left = before.search(text)
    right = after.search(text, left.end()) if left else None
    if left is None or right is None:
        return None
    inner = text[left.end() : right.start()]
    if not inner.strip() or len(inner) > _GROWN * len(noted.quote) + _SLACK:
        return None
    start = left.end() + len(inner) - len(inner.lstrip())
    return Spot(start, start + len(inner.strip()), changed=True)


def pieces(text: str, spots: Mapping[int, Spot]) -> list[Piece]:
    """The whole of `text`, cut where a passage begins or ends.

    Args:
        spots: passages by their numbers.
    """
    cuts = sorted({0, len(text), *(at for spot in spots.values() for at in spot[:2])})
    found = []
    for start, end in itertools.pairwise(cuts):
        over = tuple(n for n, spot in spots.items() if spot.start <= start and end <= spot.end)
        ends = tuple(n for n in over if spots[n].end == end)
        found.append(Piece(text[start:end], over, ends))
    return found
