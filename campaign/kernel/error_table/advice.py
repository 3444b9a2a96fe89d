"""What a row of the table of errors holds."""

from __future__ import annotations

from typing import NamedTuple


class Advice(NamedTuple):
    """One row of the table; both texts may hold `{details}` by name."""

    title: str
    what_to_do: str
