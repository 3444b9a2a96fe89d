"""The statements that reach the database, to hold that a page asks as often for many as for few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from campaign.extensions import db


@contextmanager
def counted(engine: sa.Engine | None = None) -> Iterator[list[str]]:
    """The statements that are sent to the database within the block.

    Args:
        engine: where the block runs outside the app's context, as requests of a client do.
    """
    engine = engine or db.engine
    told: list[str] = []

    def heard(*call: object) -> None:
        told.append(str(call[2]))

    sa.event.listen(engine, "before_cursor_execute", heard)
    try:
        yield told
    finally:
        sa.event.remove(engine, "before_cursor_execute", heard)


def reads(told: list[str]) -> int:
    """How many of the statements read."""
    return sum(one.lstrip().upper().startswith("SELECT") for one in told)
