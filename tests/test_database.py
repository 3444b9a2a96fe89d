"""The ground of the database: aware times, acts that are whole, safe SQLite."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign import leases
from campaign.companies.models import Company
from campaign.database import transaction
from campaign.extensions import db
from campaign.history.models import HistoryEvent
from campaign.history.operations import record
from campaign.history.queries import verify
from campaign.kernel import clock


def test_a_time_comes_back_aware_and_in_utc(ctx: Flask) -> None:
    moment = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with transaction() as session:
        session.add(Company(slug="a", name="A", created_at=moment))
    stored = db.session.scalars(sa.select(Company.created_at)).one()
    assert stored == moment
    assert stored.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(ctx: Flask) -> None:
    with pytest.raises(sa.exc.StatementError, match="without a zone"), transaction() as session:
        session.add(Company(slug="a", name="A", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_an_act_that_fails_writes_neither_rows_nor_events(ctx: Flask) -> None:
    def fail() -> None:
        with transaction() as session:
            company = Company(slug="a", name="A")
            session.add(company)
            session.flush()
            record("company.added", company)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Company)) == 0
    with transaction() as session:
        session.add(Company(slug="b", name="B"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HistoryEvent)) == 0


def test_an_act_cannot_begin_inside_another(ctx: Flask) -> None:
    with pytest.raises(RuntimeError), transaction(), transaction():
        pass
    with transaction():
        pass  # the failed one left nothing behind


def test_an_event_outside_an_act_is_refused(ctx: Flask) -> None:
    with pytest.raises(RuntimeError):
        record("company.added", "0" * 32)


def test_many_writers_at_once_lose_nothing_and_make_one_chain(app: Flask) -> None:
    def write(number: int) -> None:
        with app.app_context():
            for turn in range(10):
                with transaction() as session:
                    company = Company(slug=f"c-{number}-{turn}", name="C")
                    session.add(company)
                    session.flush()
                    record("company.added", company, number=number)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Company)) == 40
        assert verify() == (40, None)


def test_a_publication_waits_for_the_acts_under_way(app: Flask) -> None:
    """What another act stores while it waits is seen by its gate."""
    inside, seen = threading.Event(), []

    def act() -> None:
        with app.app_context(), transaction() as session:
            session.add(Company(slug="reply", name="Reply"))
            session.flush()
            inside.set()
            release.wait(5)

    def publish() -> None:
        inside.wait(5)
        with app.app_context(), transaction(publishes=True) as session:
            seen.append(session.scalar(sa.select(sa.func.count()).select_from(Company)))

    release = threading.Event()
    threads = [threading.Thread(target=act), threading.Thread(target=publish)]
    for thread in threads:
        thread.start()
    inside.wait(5)
    threads[1].join(0.3)
    assert seen == []
    release.set()
    for thread in threads:
        thread.join()
    assert seen == [1]


@pytest.mark.database("sqlite")
def test_sqlite_has_the_settings_that_reliability_asks_for(ctx: Flask) -> None:
    def pragma(name: str) -> object:
        return db.session.scalar(sa.text(f"PRAGMA {name}"))

    version = tuple(
        int(n) for n in str(db.session.scalar(sa.text("SELECT sqlite_version()"))).split(".")
    )
    assert pragma("journal_mode") == ("wal" if version >= (3, 51, 3) else "delete")
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 5000


def test_a_lease_lets_one_work_and_is_taken_over_after_its_time(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leases.take("clock", 30, "one")
    assert not leases.take("clock", 30, "two")
    assert leases.take("clock", 30, "one"), "its holder renews it"
    later = clock.real_now() + timedelta(seconds=31)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert leases.take("clock", 30, "two")
    assert not leases.take("clock", 30, "one")
    leases.give_back("clock", "one")
    assert not leases.take("clock", 30, "one"), "only its holder gives it back"


def test_a_lease_is_in_real_time_whatever_the_clock_is_set_to(ctx: Flask) -> None:
    assert leases.take("clock", 30, "one")
    with clock.at(clock.real_now() + timedelta(days=30)):
        assert not leases.take("clock", 30, "two")
