"""Two texts beside each other, for people who wrote both at once."""

from __future__ import annotations

import difflib
from itertools import zip_longest


def side_by_side(left: str, right: str) -> tuple[tuple[bool, str, str], ...]:
    """Two texts line by line: whether a row is the same in both, and the line of each."""
    a, b = left.splitlines(), right.splitlines()
    rows: list[tuple[bool, str, str]] = []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        pairs = zip_longest(a[a_from:a_to], b[b_from:b_to], fillvalue="")
        rows += [(tag == "equal", one, other) for one, other in pairs]
    return tuple(rows)
