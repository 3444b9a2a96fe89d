"""What lists of things to do are made of."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from campaign.extensions import db

SHOWN = 5
Rows = sa.Select[*tuple[Any, ...]]


class Item(NamedTuple):
    """One thing to do: what, why, and the button that leads there."""

    title: str
    detail: str
    button: str
    endpoint: str
    values: dict[str, Any]


class Kind(NamedTuple):
    """Things of one kind: the first few, how many in all, and where all are."""

    items: list[Item]
    total: int
    more: str = ""
    endpoint: str = ""
    values: dict[str, Any] = {}

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return self.total - len(self.items)


def first(query: Rows) -> tuple[list[Any], int]:
    """The first rows of a query, and how many it has in all; in one query."""
    counted = query.add_columns(sa.func.count().over().label("in_all")).limit(SHOWN)
    rows = list(db.session.execute(counted))
    return rows, rows[0].in_all if rows else 0
