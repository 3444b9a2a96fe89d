"""An approved text in the length that a company's web form takes: whole, or in numbered parts."""

from __future__ import annotations

from typing import NamedTuple

import regex

from campaign.companies.web_forms import FormCount, count, weight

PARTS_MOST = 20
"""More parts than this nobody fills in, and nobody reads."""

_CLUSTER = regex.compile(r"\X")
# Where a part may end, the best first: between paragraphs, lines, words; else between letters.
_BREAKS = (r"\n\n+", r"\n", r"[^\S\n]+")
_ENOUGH = 0.5  # of what a part takes: a break before that would make too many parts


class Part(NamedTuple):
    """One text to paste and its length as the form counts."""

    text: str
    length: int


def parts(text: str, limit: int | None, how: FormCount, reference: str) -> tuple[Part, ...]:
    """The text as one part where it fits, else in numbered ones that each fit.

    Each of several begins with a line such as “[2/3] BW-1234” and holds the approved words in
    their order; only the spaces and empty lines between two parts are left out.

    Args:
        limit: what the form takes, counted as `how` says; None where nobody knows.

    Returns:
        Nothing where it would be more than `PARTS_MOST`.
    """
    text = text.strip("\n")
    if limit is None or count(text, how) <= limit:
        return (Part(text, count(text, how)),)
    for digits in (1, 2):
        longest = _head(10**digits - 1, 10**digits - 1, reference)
        pieces = _pieces(text, limit - count(longest, how), how, PARTS_MOST)
        if pieces and len(str(len(pieces))) <= digits:
            whole = (
                _head(number, len(pieces), reference) + piece
                for number, piece in enumerate(pieces, 1)
            )
            return tuple(Part(one, count(one, how)) for one in whole)
    return ()


def _head(number: int, of: int, reference: str) -> str:
    return f"[{number}/{of}] {reference}\n\n"


def _pieces(text: str, room: int, how: FormCount, most: int) -> list[str]:
    """The text cut into pieces of at most `room`; nothing where they are more than `most`."""
    pieces: list[str] = []
    while text:
        if len(pieces) == most or room < 1:
            return []
        end = _fitting(text, room, how)
        if end < len(text):
            end = _best_break(text, end)
        if end == 0:
            return []
        pieces.append(text[:end].rstrip())
        text = text[end:].strip("\n").lstrip(" ")
    return pieces


def _fitting(text: str, room: int, how: FormCount) -> int:
    """How many code points of the text fit, no sign torn apart."""
    used = end = 0
    for cluster in _CLUSTER.finditer(text):
        used += sum(weight(sign, how) for sign in cluster.group())
        if used > room:
            break
        end = cluster.end()
    return end


def _best_break(text: str, end: int) -> int:
    for pattern in _BREAKS:
        ends = [
            found.start()
            for found in regex.finditer(pattern, text[: end + 1])
            if end * _ENOUGH <= found.start() <= end
        ]
        if ends:
            return ends[-1]
    return end
