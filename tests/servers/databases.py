"""A migrated database for every test, by copying one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import flask_migrate

from campaign.config import ROOT, Settings
from campaign.extensions import db
from campaign.factory import create_app
from tests.servers.postgresql import PostgreSQL

# Called for each test; gives the DATABASE_URL of an empty, migrated database.
NewDatabase = Callable[[], AbstractContextManager[str]]


def migrate(database_url: str, folder: Path) -> None:
    """Bring the database to the newest schema, as `flask db upgrade` does."""
    settings = Settings(
        secret_key="only migrates a test database",
        database_url=database_url,
        instance_dir=folder,
        testing=True,
    )
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()


def sqlite_copies(folder: Path) -> NewDatabase:
    """Copies of one SQLite file; made, and left to pytest to remove, in `folder`."""
    template = folder / "template.sqlite3"
    migrate(f"sqlite:///{template}", folder)
    assert not Path(f"{template}-wal").exists(), "a connection to the template is still open"
    made = 0

    @contextmanager
    def new() -> Iterator[str]:
        nonlocal made
        made += 1
        copy = folder / f"{made}.sqlite3"
        shutil.copyfile(template, copy)
        yield f"sqlite:///{copy}"
        for path in folder.glob(f"{copy.name}*"):
            path.unlink()

    return new


def postgresql_copies(server: PostgreSQL, folder: Path) -> NewDatabase:
    """Copies of one database on `server`, dropped after each test."""
    template = server.create()
    migrate(server.url(template), folder)

    @contextmanager
    def new() -> Iterator[str]:
        name = server.create(template)
        try:
            yield server.url(name)
        finally:
            server.drop(name)

    return new
