"""Many rows like one that the product made, so that a benchmark has a full database at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from campaign.database import new_ref
from campaign.extensions import Model, db


def copies(one: Model, many: int, **own: Sequence[object]) -> None:
    """As many rows like that one; `own` are the columns in which each differs."""
    table: Any = type(one).__table__
    same = {column.name: getattr(one, column.name) for column in table.columns}
    same.pop("id", None)
    if "ref" in same:
        own["ref"] = [new_ref() for _ in range(many)]
    rows = [{**same, **{name: values[n] for name, values in own.items()}} for n in range(many)]
    db.session.execute(sa.insert(table), rows)


def _ids(model: type[Model], after: int) -> Sequence[int]:
    key = model.__table__.c.id
    return db.session.scalars(sa.select(key).where(key > after).order_by(key)).all()


def like(one: Model, many: int, **own: Sequence[object]) -> Sequence[int]:
    """As `copies` makes them, and their ids in the order of what they differ in."""
    model = type(one)
    newest = db.session.scalar(sa.select(sa.func.max(model.__table__.c.id))) or 0
    copies(one, many, **own)
    return _ids(model, newest)
