"""Fixtures for all tests.

A test that asks for `app` (or `settings`, `database_url`) runs twice: on SQLite and on
PostgreSQL. `pytest --database sqlite` runs one kind; so does the mark `database("sqlite")`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import network

if TYPE_CHECKING:
    from flask import Flask
    from flask.ctx import AppContext
    from flask.testing import FlaskClient, FlaskCliRunner
    from playwright.sync_api import Browser, Page

    from campaign.config import Settings
    from tests.servers.databases import NewDatabase
    from tests.servers.live import LiveServer
    from tests.servers.postgresql import PostgreSQL

# Fixtures import late what they drive: a test of a pure rule starts without Flask or a browser.

network.install()

# Each act of the program waits until the disk holds it. A memory disk holds it at once: what a
# test writes is gone after it anyway, and no test cuts the power.
if os.access("/dev/shm", os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")

KINDS = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, help="run on this kind of database only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on every kind that the mark and the command line leave."""
    if "database_kind" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("database")
    kinds = mark.args if mark else KINDS
    chosen = metafunc.config.getoption("database")
    metafunc.parametrize("database_kind", [kind for kind in kinds if chosen in (None, kind)])


@pytest.fixture(autouse=True)
def stays_on_this_machine() -> Iterator[list[str]]:
    """Fail a test that tried to reach another machine, even where the code survived it.

    A test that means to try empties the list that this gives.
    """
    network.refusals.clear()
    yield network.refusals
    assert not network.refusals, f"tried to reach other machines: {network.refusals}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of this test process's own, on a Unix socket."""
    from tests.servers.postgresql import running

    with running() as server:
        yield server


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], NewDatabase]:
    """For a kind of database, what makes a migrated one; the first migration happens on demand."""
    from tests.servers.databases import postgresql_copies, sqlite_copies

    ready: dict[str, NewDatabase] = {}

    def of_kind(kind: str) -> NewDatabase:
        if kind not in ready:
            folder = tmp_path_factory.mktemp(f"databases-{kind}")
            if kind == "sqlite":
                ready[kind] = sqlite_copies(folder)
            else:
                ready[kind] = postgresql_copies(request.getfixturevalue("postgresql"), folder)
        return ready[kind]

    return of_kind


@pytest.fixture
def database_url(database_kind: str, new_database: Callable[[str], NewDatabase]) -> Iterator[str]:
    """DATABASE_URL of a database that is migrated, empty and this test's alone."""
    with new_database(database_kind)() as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings with an instance folder of the test's own; mail is captured."""
    from campaign.config import Settings

    instance = tmp_path / "instance"
    instance.mkdir()
    return Settings(
        secret_key="a secret for tests alone",
        database_url=database_url,
        instance_dir=instance,
        testing=True,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The program on `settings`; a module that wants others overrides that fixture."""
    from campaign.extensions import db
    from tests import cheap

    made = cheap.application(settings)
    yield made
    with made.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def ctx(app: Flask) -> Iterator[AppContext]:
    """An application context for the whole test.

    Requests of `client` would share it, and with it the database session: a test that uses
    `client` opens short contexts of its own instead.
    """
    with app.app_context() as context:
        yield context


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor with cookies of its own; check what it gets with `tests.pages.page`."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs `flask` commands in this process."""
    return app.test_cli_runner()


@pytest.fixture
def live_server(settings: Settings) -> Iterator[LiveServer]:
    """The site served by gunicorn, with `flask(…)` to run commands beside it."""
    from tests.servers.live import serving

    with serving(settings) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    from tests.servers.chromium import running

    with running() as chromium:
        yield chromium


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A new browser tab; console errors and requests to other hosts fail the test."""
    from tests.servers.chromium import new_tab

    with new_tab(browser) as page:
        yield page
