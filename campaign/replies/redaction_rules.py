"""What is left out of a reply in public, and what stands in its place (fairness.md rule 20). Pure.

The reply itself is never changed: marks say which of its characters are not shown, and why. What
stands in their place is the same for a name and for a page, so that it does not tell how much
was there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

BLOCK = "█████"
MARKS_MOST = 500


class Reason(StrEnum):
    """Why a passage is not shown; readers are told in the words of `REASONS`."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    SIGNATURE = "signature"
    PERSONAL = "personal"
    CONFIDENTIAL = "confidential"
    OTHERS = "others"
    SECURITY = "security"
    LEGAL = "legal"


REASONS: dict[str, str] = {
    Reason.NAME: "name of a person",
    Reason.EMAIL: "e-mail address of a person",
    Reason.PHONE: "telephone number",
    Reason.ADDRESS: "postal address of a person",
    Reason.SIGNATURE: "signature of a person",
    Reason.PERSONAL: "other personal data",
    Reason.CONFIDENTIAL: "the company asked us to leave it out",
    Reason.OTHERS: "concerns somebody else",
    Reason.SECURITY: "could endanger somebody",
    Reason.LEGAL: "for legal reasons",
}
PERSONAL = frozenset({Reason.NAME, Reason.EMAIL, Reason.PHONE, Reason.ADDRESS, Reason.SIGNATURE})


class Mark(NamedTuple):
    """Characters of the text from `start` up to `end`, which is not among them."""

    start: int
    end: int
    reason: Reason


class Piece(NamedTuple):
    """Part of what the public sees: words, or none and the reason why."""

    text: str
    reason: Reason | None = None

    @property
    def why(self) -> str:
        """The reason in words; empty for what is shown."""
        return REASONS[self.reason] if self.reason else ""

    @property
    def plain(self) -> str:
        """The same as plain text."""
        return f"[{BLOCK} {self.why}]" if self.reason else self.text


def base(text: str) -> str:
    """The text in which marks count: every line ends alike, as in a browser."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest(text: str) -> str:
    """What ties marks to the text that they were made for."""
    return hashlib.sha256(base(text).encode()).hexdigest()


def tidy(marks: Iterable[Mark], text: str) -> tuple[Mark, ...]:
    """The marks in order, without overlaps, empty ones, and white space at their ends.

    Marks with nothing but white space between them are one: a signature of three lines is not
    told from one of two. Of different reasons the first counts.
    """
    text = base(text)
    found: list[Mark] = []
    for mark in sorted(_trimmed(one, text) for one in marks):
        if mark.start >= mark.end:
            continue
        before = found[-1] if found else None
        same = before is not None and before.reason is mark.reason
        if before and (mark.start < before.end or (same and _nothing(text, before, mark))):
            found[-1] = Mark(before.start, max(before.end, mark.end), before.reason)
        else:
            found.append(mark)
    return tuple(found)


def _trimmed(mark: Mark, text: str) -> Mark:
    start, end = max(0, mark.start), min(len(text), mark.end)
    inside = text[start:end]
    left = len(inside) - len(inside.lstrip())
    return Mark(start + left, start + len(inside.rstrip()), mark.reason)


def _nothing(text: str, before: Mark, after: Mark) -> bool:
    return not text[before.end : after.start].strip()


def pieces(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """What the public sees of the text: the one way to it, for pages, data and previews."""
    text, end = base(text), 0
    found: list[Piece] = []
    for mark in tidy(marks, text):
        found.append(Piece(text[end : mark.start]))
        found.append(Piece("", mark.reason))
        end = mark.end
    found.append(Piece(text[end:]))
    return [piece for piece in found if piece.text or piece.reason]


def nothing_shown() -> list[Piece]:
    """What stands where marks do not fit their text any more: nothing of it."""
    return [Piece("", Reason.LEGAL)]


def plain(shown: Iterable[Piece]) -> str:
    """The pieces as plain text."""
    return "".join(piece.plain for piece in shown)


def hidden_in(text: str, marks: Iterable[Mark]) -> list[tuple[str, Reason]]:
    """The passages that the marks hide."""
    text = base(text)
    return [(text[mark.start : mark.end], mark.reason) for mark in tidy(marks, text)]


def reveals(text: str, before: Iterable[Mark], after: Iterable[Mark]) -> bool:
    """Whether anything that was hidden would be seen."""
    covered = {n for mark in tidy(after, text) for n in range(mark.start, mark.end)}
    words = base(text)
    return any(
        n not in covered and not words[n].isspace()
        for mark in tidy(before, text)
        for n in range(mark.start, mark.end)
    )


def counted(marks: Collection[Mark]) -> str:
    """How much is left out and why, in one line: “2 passages: name of a person, for legal…”."""
    if not marks:
        return "nothing is left out"
    reasons = dict.fromkeys(REASONS[mark.reason] for mark in marks)
    return f"{len(marks)} {'passage' if len(marks) == 1 else 'passages'}: {', '.join(reasons)}"


def found_in(text: str, words: str) -> list[tuple[int, int]]:
    """Everywhere that these words stand as whole words, whatever white space and case."""
    parts = words.split()
    if not parts:
        return []
    pattern = r"\s+".join(re.escape(part) for part in parts)
    whole = rf"(?<!\w){pattern}" if parts[0][0].isalnum() else pattern
    whole = rf"{whole}(?!\w)" if parts[-1][-1].isalnum() else whole
    return [match.span() for match in re.finditer(whole, base(text), re.IGNORECASE)]


def everywhere(text: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks, and the same words wherever else they stand."""
    marks = tidy(marks, text)
    again = (
        Mark(start, end, mark.reason)
        for mark, (words, _) in zip(marks, hidden_in(text, marks), strict=True)
        for start, end in found_in(text, words)
    )
    return tidy((*marks, *again), text)


_STORED = re.compile(r"(\d{1,7})-(\d{1,7})-([a-z]{1,20})")


def written(marks: Iterable[Mark]) -> str:
    """Marks as a form carries them."""
    return " ".join(f"{mark.start}-{mark.end}-{mark.reason.value}" for mark in marks)


def read(given: str, text: str) -> tuple[Mark, ...]:
    """Marks as a form brought them back; what is no mark within the text is left out."""
    found = []
    for one in given.split()[:MARKS_MOST]:
        match = _STORED.fullmatch(one)
        if match and match.group(3) in REASONS:
            found.append(Mark(int(match.group(1)), int(match.group(2)), Reason(match.group(3))))
    return tidy(found, text)


def to_json(marks: Iterable[Mark]) -> str:
    """Marks as the database holds them: numbers and reasons, no words."""
    return json.dumps([[mark.start, mark.end, mark.reason.value] for mark in marks])


def from_json(stored: str) -> tuple[Mark, ...]:
    """Marks from the database."""
    return tuple(Mark(start, end, Reason(reason)) for start, end, reason in json.loads(stored))


_LINES_TOO = frozenset({Reason.SIGNATURE, Reason.ADDRESS})
_LEAST = 4


def masks(passages: Iterable[tuple[str, Reason]], kept: Collection[str] = ()) -> list[str]:
    """Words that nothing else about the letter may tell either, longest first.

    Args:
        kept: words that stay in public whatever a mark covers, such as the company's name.
    """
    stays = {" ".join(one.split()).casefold() for one in kept}
    found = (part for words, reason in passages for part in _parts(words, reason))
    told = {" ".join(part.split()) for part in found}
    told = {one for one in told if len(one) >= _LEAST and one.casefold() not in stays}
    return sorted(told, key=lambda one: (-len(one), one))


def _parts(words: str, reason: Reason) -> list[str]:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    if reason not in _LINES_TOO or len(lines) < 2:
        return [words]
    telling = (line for line in lines if "@" in line or sum(c.isdigit() for c in line) > 5)
    return [words, lines[0], *telling]


def masked(text: str, told: Iterable[str]) -> str:
    """A text of ours without those words."""
    for words in told:
        for start, end in reversed(found_in(text, words)):
            text = base(text)[:start] + BLOCK + base(text)[end:]
    return text


def tells(text: str, told: Iterable[str]) -> bool:
    """Whether any of those words stands in a text."""
    return any(found_in(text, words) for words in told)
