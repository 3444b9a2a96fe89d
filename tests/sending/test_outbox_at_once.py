"""Two workers and two clicks at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign.extensions import db
from campaign.history import queries as history
from campaign.sending import operations, queries
from campaign.sending.models import Dispatch, DispatchAttempt
from campaign.sending.rules import DispatchState as S
from tests.builders import sending as build
from tests.builders.sending import Way

pytestmark = pytest.mark.usefixtures("ctx")


def _at_once(app: Flask, work: Callable[[], object], number: int = 2) -> list[BaseException]:
    """Run `work` in so many threads that start together, each in a context of its own."""
    barrier = threading.Barrier(number)
    errors: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                barrier.wait(10)
                work()
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def test_two_workers_at_once_hand_each_mail_over_once(app: Flask) -> None:
    rows = build.ordered(50)
    wanted = sorted(str(row.message_id) for row in rows)
    db.session.rollback()
    ways: list[Way] = []

    def work() -> None:
        way = Way(after_dot=lambda _parcel: time.sleep(0.01))
        ways.append(way)
        operations.send_due(transport=way, batch=3)

    assert _at_once(app, work) == []
    taken = [parcel.message_id for way in ways for parcel in way.taken]
    assert sorted(taken) == wanted
    assert all(way.taken for way in ways), "only one of them worked"
    db.session.rollback()
    states = set(db.session.scalars(sa.select(Dispatch.state)))
    assert states == {S.ACCEPTED}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DispatchAttempt)) == 50
    assert history.verify()[1] is None


def test_two_clicks_at_once_order_a_letter_once(app: Flask) -> None:
    letter = build.approved_letter()
    letter_id = letter.id
    db.session.rollback()
    assert _at_once(app, lambda: operations.send([letter_id], actor=None)) == []
    db.session.rollback()
    assert len(queries.dispatches_of(letter_id)) == 1
    assert [e.kind for e in history.newest()].count("letter.sent_off") == 1
