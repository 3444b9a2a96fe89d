"""That every row of a list of bad inputs has its tests, and that they are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_TESTS = Path(__file__).parent


def have_tests(where: Mapping[str, Sequence[str]], letter: str, numbers: Iterable[int]) -> None:
    """Each row names tests (`file::name`, below this folder) that are found in their files.

    Raises:
        AssertionError: a row is missing, or names none, or one that is not there.
    """
    rows = [row for row in where if row.startswith(letter)]
    assert rows == [f"{letter}.{number}" for number in numbers]
    for row in rows:
        assert where[row], row
        for place in where[row]:
            path, _, name = place.partition("::")
            source = (_TESTS / path).read_text()
            assert re.search(rf"^ *def {name}\(", source, re.MULTILINE), f"{row}: {place}"
