"""Going through many, a page at a time, so that none stands for ever behind others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Key = TypeVar("Key")


def in_turn(page: Callable[[Key | None], Sequence[Key]]) -> Iterator[Key]:
    """Every key, one page after another; the next page is asked for when the last is used up.

    A page begins after a key, not after a number of rows: what was looked at and stays due (a
    letter that is held) is passed by, and never hides the one behind it.

    Args:
        page: the next keys in rising order after the one given; the first ones for None. An
            empty page is the end.
    """
    for keys in pages(page):
        yield from keys


def pages(page: Callable[[Key | None], Sequence[Key]]) -> Iterator[Sequence[Key]]:
    """The same, a page at a time, for work that reads for many at once."""
    after: Key | None = None
    while keys := page(after):
        yield keys
        after = keys[-1]
