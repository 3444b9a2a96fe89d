"""The clock is killed while it publishes; another goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign import leases
from campaign.config import ROOT, Settings
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history.queries import of, verify
from campaign.publishing.models import Record, RecordEntry
from tests.builders.waiting import AFTER, ripe, run
from tests.publishing.crash_runner import PLACES
from tests.servers.live import environment


def _die_at(place: str, settings: Settings) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.publishing.crash_runner", place, AFTER.isoformat()],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr


def _count(table: type[Record] | type[RecordEntry]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.parametrize("place", PLACES)
def test_a_clock_killed_while_it_publishes_leaves_a_whole_record_or_none(
    app: Flask, settings: Settings, place: str
) -> None:
    with app.app_context():
        letters = ripe(2)
        refs = [letter.ref for letter in letters]
        db.session.remove()

        _die_at(place, settings)

        published = 1 if place == "after the commit" else 0
        assert (_count(Record), _count(RecordEntry)) == (published, published)
        assert verify()[1] is None
        with transaction() as session:  # the dead clock's lease: half a minute of real time
            session.execute(sa.delete(leases.Lease))

        tally = run(AFTER + timedelta(minutes=1))

        assert (tally.published, tally.errors, tally.blocked) == (2 - published, [], [])
        assert (_count(Record), _count(RecordEntry)) == (2, 2)
        events = [event.kind for ref in refs for event in of(ref)]
        assert events.count("record.published") == 2
        assert verify()[1] is None
        states = {letter.state.value for letter in db.session.scalars(sa.select(Letter))}
        assert states == {"concluded"}
        assert run(AFTER + timedelta(minutes=2)).published == 0
