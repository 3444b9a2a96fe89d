"""Two changes of one text brought together, paragraph by paragraph.

A paragraph that only one side changed is taken from that side; where both changed the same one
differently, a person has to choose. Unlike a merge of lines (diff3), neighbours are no conflict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# Paragraphs that share less than this are two paragraphs, not one that changed.
_ALIKE = 0.5
_BETWEEN = re.compile(r"\n(?:[ \t]*\n)+")
_Key = Callable[[str], str]


class Change(NamedTuple):
    """A paragraph as it was and as it is; empty where it was not there, or is gone."""

    before: str
    after: str


class Conflict(NamedTuple):
    """A place that both sides changed, in paragraphs: as it was, ours, and theirs."""

    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


class Merged(NamedTuple):
    """Two changes brought together: paragraphs, and the places where they contradict."""

    parts: tuple[str | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The places where a person has to choose, in order."""
        return tuple(part for part in self.parts if isinstance(part, Conflict))

    def paragraphs(self, settled: Sequence[Sequence[str]] | None = None) -> tuple[str, ...]:
        """All paragraphs.

        Args:
            settled: what stands at each conflict; without it our side's words do.
        """
        chosen = iter([one.ours for one in self.conflicts] if settled is None else settled)
        found: list[str] = []
        for part in self.parts:
            found += next(chosen) if isinstance(part, Conflict) else [part]
        return tuple(found)


def paragraphs(text: str) -> tuple[str, ...]:
    """A text as paragraphs: what stands between empty lines."""
    return tuple(part for part in _BETWEEN.split(text.strip("\n")) if part.strip())


def joined(parts: Sequence[str]) -> str:
    """Paragraphs as a text."""
    return "\n\n".join(parts)


def bare(text: str) -> str:
    """A text that differs from no other in white space alone."""
    return " ".join(text.split())


def merge(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], key: _Key = str
) -> Merged:
    """Bring together what two sides made of the same paragraphs.

    Args:
        key: paragraphs with the same key are the same; of two such, theirs is taken.
    """
    parts: list[str | Conflict] = []
    for was, our, their in zip(
        _slots(base), _script(base, ours, key), _script(base, theirs, key), strict=True
    ):
        if _same(our, their, key) or _same(our, was, key):
            parts += their
        elif _same(their, was, key):
            parts += our
        else:
            parts.append(Conflict(tuple(was), tuple(our), tuple(their)))
    return Merged(tuple(parts))


def differing(before: Sequence[str], after: Sequence[str], key: _Key = str) -> tuple[Change, ...]:
    """The paragraphs that changed, came or went, in order; empty where none did."""
    found = []
    for was, now in zip(_slots(before), _script(before, after, key), strict=True):
        if not _same(was, now, key):
            found += [Change(was[0], joined(now))] if was else [Change("", one) for one in now]
    return tuple(found)


def _slots(base: Sequence[str]) -> Iterator[list[str]]:
    """Every place of a text: before its first paragraph, that one, before the next, …"""
    for one in base:
        yield []
        yield [one]
    yield []


def _script(base: Sequence[str], other: Sequence[str], key: _Key) -> list[list[str]]:
    """What stands in each of the places of `_slots` in another version of the text."""
    slots: list[list[str]] = [[] for _ in range(2 * len(base) + 1)]
    for tag, i, j, k, m in _matcher(base, other, key).get_opcodes():
        if tag == "equal":
            for n in range(j - i):
                slots[2 * (i + n) + 1] = [other[k + n]]
        else:
            _put(slots, base, other, (i, j, k, m))
    return slots


def _put(
    slots: list[list[str]],
    base: Sequence[str],
    other: Sequence[str],
    block: tuple[int, int, int, int],
) -> None:
    """Put paragraphs that took the place of others where those that they are most like stood."""
    i, j, k, m = block
    pairs = [(_likeness(base[a], other[b]), -a, -b) for a in range(i, j) for b in range(k, m)]
    likeness, a, b = max(pairs, default=(0.0, 0, 0))
    if likeness >= _ALIKE:
        _put(slots, base, other, (i, -a, k, -b))
        slots[2 * -a + 1] = [other[-b]]
        _put(slots, base, other, (1 - a, j, 1 - b, m))
        return
    both = min(j - i, m - k)
    for n in range(both):
        slots[2 * (i + n) + 1] = [other[k + n]]
    slots[2 * (i + both)] += other[k + both : m]


def _likeness(one: str, other: str) -> float:
    words = re.compile(r"\w+|[^\w\s]")
    return SequenceMatcher(None, words.findall(one), words.findall(other)).quick_ratio()


def _matcher(one: Sequence[str], other: Sequence[str], key: _Key) -> SequenceMatcher[str]:
    return SequenceMatcher(None, list(map(key, one)), list(map(key, other)), autojunk=False)


def _same(one: Sequence[str], other: Sequence[str], key: _Key) -> bool:
    return list(map(key, one)) == list(map(key, other))
