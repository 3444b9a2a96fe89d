"""One tick of the clock: with nothing due, and with letters due, however many are stored.

The idle rows are the database's time alone, at few and at many stored letters: it has to stay.
The due row publishes silence of letters whose time is over; its limit writes the very same rows
in one transaction of raw SQL into a copy of the database. `--full` stores 1,000,000 letters and
has 10,000 due; it takes a quarter of an hour.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import pysqlite3
import sqlalchemy as sa
from flask import Flask

from bench import _measure
from bench._measure import Pair
from bench._rows import copies, like
from bench.export import app_in
from campaign import schedule
from campaign.awaiting.models import Waiting
from campaign.database import new_ref
from campaign.drafting.models import FrozenText
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing.models import Record, RecordEntry
from campaign.sending.addresses import new_token
from campaign.sending.models import DeliveryEvidence, Dispatch
from tests.builders import publishing as builders
from tests.builders import waiting
from tests.builders.waiting import AFTER
from tests.servers.databases import sqlite_copies

FULL = "--full" in sys.argv
FEW, MANY = 1_000, 1_000_000 if FULL else 20_000
DUE = 10_000 if FULL else 200
ROUNDS = 5
_AT_ONCE = 20_000


def _names(many: int) -> list[str]:
    stamp = new_ref()[:10]
    return [f"firm-{stamp}-{n:06}" for n in range(many)]


def _dispatches(one: Dispatch, letters: Any, texts: Any, contacts: Any) -> None:
    """The same dispatch of other letters, with what speaks for its delivery."""
    names = _names(len(letters))
    made = like(
        one,
        len(letters),
        letter_id=letters,
        frozen_text_id=texts,
        contact_id=contacts,
        token=[new_token() for _ in names],
        message_id=[f"<{name}@brightwater.example>" for name in names],
    )
    for shown in db.session.query(DeliveryEvidence).filter_by(dispatch_id=one.id):
        copies(shown, len(letters), dispatch_id=made)


def store(many: int) -> None:
    """So many letters more that have their outcome; their texts are made short."""
    stamp = new_ref()[:8]
    letter = builders.sent(
        builders.campaign(title=f"Stored {stamp}"), builders.company(stamp), reminded=False
    )
    record = builders.silence(letter)
    (text,) = db.session.query(FrozenText).filter_by(letter_id=letter.id)
    (dispatch,) = db.session.query(Dispatch).filter_by(letter_id=letter.id)
    (entry,) = db.session.query(RecordEntry).filter_by(record_id=record.id)
    left = many
    while left > 0:
        now = min(left, _AT_ONCE)
        names = _names(now)
        companies = like(letter.company, now, name=names, slug=names)
        letters = like(letter, now, company_id=companies, reply_token=[new_token() for _ in names])
        texts = like(text, now, letter_id=letters, bundle=["{}"] * now)
        _dispatches(dispatch, letters, texts, [dispatch.contact_id] * now)
        records = like(db.session.get_one(Record, record.id), now, letter_id=letters)
        copies(entry, now, record_id=records)
        db.session.commit()
        left -= now


def ripen(many: int) -> None:
    """So many letters more of which silence may be published at `AFTER`."""
    stamp = new_ref()[:8]
    (letter,) = waiting.ripe(people=builders.staff(), title=f"Due {stamp}", company={"name": stamp})
    (text,) = db.session.query(FrozenText).filter_by(letter_id=letter.id)
    contact = db.session.query(Dispatch).filter_by(letter_id=letter.id).first().contact  # type: ignore[union-attr]
    names = _names(many - 1)
    companies = like(letter.company, len(names), name=names, slug=names)
    contacts = like(contact, len(names), company_id=companies)
    tokens = [new_token() for _ in names]
    letters = like(letter, len(names), company_id=companies, reply_token=tokens)
    texts = like(text, len(names), letter_id=letters)
    for approval in text.approvals:
        copies(approval, len(names), frozen_text_id=texts)
    for one in db.session.query(Dispatch).filter_by(letter_id=letter.id).all():
        _dispatches(one, letters, texts, contacts)
    copies(db.session.get_one(Waiting, letter.id), len(names), letter_id=letters)
    db.session.commit()


def tick() -> Any:
    """One pass at `AFTER`, when all that is ripe is due."""
    with clock.at(AFTER):
        told = schedule.run_pass(wait=5)
    db.session.remove()
    return told


class Asked:
    """How long the database worked, in seconds, and what it was asked."""

    def __init__(self) -> None:
        self.seconds, self.statements, self._began = 0.0, 0, 0.0

    def __enter__(self) -> Asked:
        sa.event.listen(db.engine, "before_cursor_execute", self._before)
        sa.event.listen(db.engine, "after_cursor_execute", self._after)
        return self

    def __exit__(self, *_: object) -> None:
        sa.event.remove(db.engine, "before_cursor_execute", self._before)
        sa.event.remove(db.engine, "after_cursor_execute", self._after)

    def _before(self, *_: object) -> None:
        self._began = time.perf_counter()

    def _after(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._began
        self.statements += 1


def idle(stored: int) -> None:
    """The row of a tick with nothing to do."""
    tick()
    told = []
    for _ in range(ROUNDS):
        with Asked() as asked:
            tick()
        told.append(asked)
    ms = sorted(one.seconds * 1000 for one in told)
    print(
        f"{stored:>9,} letters stored, idle tick: database {median(ms):.1f} ms"
        f" ({ms[0]:.1f}-{ms[-1]:.1f}) in {told[0].statements} statements"
    )


def _tables(path: Path) -> dict[str, int]:
    """The highest row number of every table."""
    with pysqlite3.connect(path) as base:
        names = [
            row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: base.execute(f'SELECT coalesce(max(rowid), 0) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in names
            if name not in ("lease", "job_run", "alembic_version")
        }


def _by_raw_sql(after: Path, before: Path, highest: dict[str, int]) -> float:
    """The rows that a tick wrote, written again into a copy of what was there before it."""
    rows = {}
    with pysqlite3.connect(after) as base:
        for name, last in highest.items():
            found = base.execute(f'SELECT * FROM "{name}" WHERE rowid > ?', [last]).fetchall()  # noqa: S608
            if found:
                rows[name] = found
        done = base.execute("SELECT letter_id FROM record").fetchall()
    with pysqlite3.connect(before, isolation_level=None) as base:
        base.execute("PRAGMA synchronous=FULL")
        began = time.perf_counter()
        base.execute("BEGIN IMMEDIATE")
        base.execute("SELECT letter_id FROM waiting WHERE silence_at <= ?", [str(AFTER)]).fetchall()
        for name, found in rows.items():
            holes = ",".join("?" * len(found[0]))
            base.executemany(f'INSERT OR REPLACE INTO "{name}" VALUES ({holes})', found)  # noqa: S608
        base.executemany("UPDATE letter SET state = 'concluded' WHERE id = ?", done)
        base.execute("COMMIT")
        return time.perf_counter() - began


def due(app: Flask, folder: Path, path: Path, many: int) -> None:
    """The row of a tick that publishes, beside raw SQL that writes the same rows."""
    with app.app_context():
        ripen(many)
        db.session.remove()
        db.engine.dispose()
    copy = folder / "before.sqlite3"
    with pysqlite3.connect(path) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(path, copy)
    highest = _tables(copy)
    with app.app_context():
        before = _measure.peak_memory()
        began = time.perf_counter()
        told = tick()
        took = time.perf_counter() - began
        print(f"{'':>9} memory added by that tick: {_measure.peak_memory() - before:.1f} MiB")
        assert told.published == many, told.blocked[:1]
        db.engine.dispose()
    raw = _by_raw_sql(path, copy, highest)
    copy.unlink()
    stored = highest["letter"]
    _measure.times(f"{many:,} due of {stored:,}, published", Pair((took,), (raw,)), many, "<= 4")
    print(f"{'':>9} {took / many * 1000:.1f} ms a due letter")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        new = sqlite_copies(folder)
        _measure.title("The clock")
        with new() as url:
            app, path = app_in(folder, url), Path(url.removeprefix("sqlite:///"))
            stored = 0
            for wanted in (FEW, MANY):
                with app.app_context():
                    store(wanted - stored)
                    stored = wanted
                    db.session.remove()
                    idle(stored)
                due(app, folder, path, DUE)


if __name__ == "__main__":
    main()
