"""The database goes away and comes back: the clock and the site go on without a restart."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from campaign.config import Settings
from campaign.extensions import db
from campaign.factory import create_app
from campaign.history import queries as history
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from tests import clock_runner
from tests.builders import sending as build
from tests.sending.smtp_server import Peer
from tests.servers import live, postgresql
from tests.servers.databases import migrate
from tests.servers.postgresql import PostgreSQL

AWAY = 3  # seconds, in which the clock runs some passes in vain
MOST = 60


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    """A server of this test's own, since it is stopped."""
    with postgresql.running() as found:
        yield found


@pytest.fixture
def settings(server: PostgreSQL, tmp_path: Path) -> Settings:
    url = server.url(server.create())
    instance = tmp_path / "instance"
    instance.mkdir()
    migrate(url, instance)
    return Settings(
        secret_key="a secret for tests alone",
        database_url=url,
        instance_dir=instance,
        testing=True,
    )


def _states(app: Flask) -> set[S]:
    with app.app_context():
        found = set(db.session.scalars(sa.select(Dispatch.state)))
        db.session.remove()
    return found


def _wait_for(app: Flask, wanted: set[S]) -> None:
    until = time.monotonic() + MOST
    while _states(app) != wanted:
        assert time.monotonic() < until, _states(app)
        time.sleep(0.3)


def _got(site: live.LiveServer, path: str) -> requests.Response:
    return requests.get(f"{site.url}{path}", timeout=20)


def test_clock_and_site_go_on_when_the_database_has_been_away(
    server: PostgreSQL, settings: Settings
) -> None:
    app = create_app(settings)
    with app.app_context():
        build.ordered(2)
        db.session.remove()
    with Peer() as peer, live.serving(settings) as site:
        inbox = f"maildir:{settings.captured_inbox}"
        sending = replace(settings, mail_url=peer.url, inbox_url=inbox)
        context = multiprocessing.get_context("forkserver")
        clock = context.Process(target=clock_runner.clock, args=[live.environment(sending)])
        clock.start()
        try:
            _wait_for(app, {S.ACCEPTED})
            server.stop()
            time.sleep(AWAY)
            assert clock.is_alive()
            assert _got(site, "/healthz").status_code == 200
            assert _got(site, "/readyz").status_code == 503
            shown = _got(site, "/")
            assert shown.status_code == 500
            assert "Something went wrong on our side" in shown.text
            server.start()
            with app.app_context():
                build.ordered(2)
                db.session.remove()
            _wait_for(app, {S.ACCEPTED})
            assert _got(site, "/").status_code == 200
            assert clock.is_alive()
        finally:
            clock.kill()
            clock.join()
        assert len(peer.mails) == 4
    with app.app_context():
        assert history.verify()[1] is None
        db.session.remove()
        db.engine.dispose()
