"""A tick with nothing to do reads through indexes only, however many letters are stored.

What grows with the years is read by an index on what is open or due, or by keys; tables that stay
small (mailboxes, batches that nobody has read the report of, co-signers) may be read whole.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.ctx import AppContext

from campaign import schedule
from campaign.extensions import db
from campaign.kernel import clock
from tests.builders import drafting as drafts
from tests.builders import waiting
from tests.builders.waiting import AFTER

GROW = frozenset(
    "letter dispatch dispatch_attempt delivery_evidence frozen_text approval waiting record"
    " record_entry reply incoming_message incoming_position match_suggestion history_event"
    " history_body company contact extension sweep reminder_sent".split()
)
_SEQUENTIAL = re.compile(r"Seq Scan on (\w+)")
_SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
READS = ("SELECT", "UPDATE", "DELETE", "WITH")


def _told_by_a_tick() -> list[tuple[str, Any]]:
    """Statements of one pass with their parameters."""
    told: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        told.append((statement, given))

    sa.event.listen(db.engine, "before_cursor_execute", heard)
    try:
        assert schedule.run_pass() is not None
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", heard)
    return [one for one in told if one[0].lstrip().upper().startswith(READS)]


def _partial_indexes() -> set[str]:
    inspector = sa.inspect(db.engine)
    return {
        str(index["name"])
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
        if index.get("dialect_options", {}).get(f"{db.engine.name}_where") is not None
    }


def _whole_tables(statement: str, given: Any, partial: set[str]) -> set[str]:
    """The tables of which this statement reads every row."""
    with db.engine.connect() as connection:
        if db.engine.name == "postgresql":  # with few rows it would read tables whole by choice
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            lines = connection.exec_driver_sql(f"EXPLAIN {statement}", given).scalars()
            return {found[1] for line in lines if (found := _SEQUENTIAL.search(line))}
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        scans = [_SCAN.match(row[3]) for row in plan]
        return {found[1] for found in scans if found and found[2] not in partial}


@pytest.fixture
def quiet(ctx: AppContext) -> None:
    """Letters with an outcome, one that is blocked, one that waits; all that is due is done."""
    people = drafts.staff()
    waiting.ripe(2, people=people)
    waiting.run(AFTER)
    with clock.at(AFTER):
        waiting.sent(people=people, company={"name": "Later"}, title="Two")
        waiting.sent(people=people, company={"name": "Weak"}, title="Three", verified=False)
        waiting.run(AFTER)
        waiting.run(AFTER)


@pytest.mark.usefixtures("quiet")
def test_a_tick_with_nothing_to_do_reads_no_table_whole_that_grows() -> None:
    partial = _partial_indexes()
    with clock.at(AFTER):
        told = _told_by_a_tick()
    db.session.remove()
    assert len(told) > 30, "the pass did nothing"
    whole = {
        (table, statement)
        for statement, given in told
        for table in _whole_tables(statement, given, partial) & GROW
    }
    assert not whole, "\n".join(f"{table}: {statement[:300]}" for table, statement in whole)
