"""The ground that every run stands on: the app and an empty database, made once a process."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import event

from campaign.accounts import operations as accounts
from campaign.accounts.rules import Role
from campaign.config import ROOT, Settings
from campaign.extensions import db
from campaign.factory import create_app
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.simulation.world import ADDRESS, USERS

_MEMORY = Path("/dev/shm")  # noqa: S108 — a folder of this process's own is made in it
_BEFORE = datetime(2026, 1, 5, 9, tzinfo=UTC)
PEOPLE = (
    ("drafter", Role.DRAFTER),
    ("approver", Role.APPROVER),
    ("second approver", Role.APPROVER),
    ("publisher", Role.PUBLISHER),
)


class Files:
    """A file store in memory; what was put there is there, whatever crashes."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, raw: bytes) -> str:
        """See `FileStore.put`."""
        import hashlib

        sha = hashlib.sha256(raw).hexdigest()
        self.kept[sha] = raw
        return sha

    def get(self, sha: str) -> bytes:
        """See `FileStore.get`."""
        if sha not in self.kept:
            raise Problem("file-missing", sha=sha)
        return self.kept[sha]


class Ground:
    """An app on a database in memory that can be made empty at once.

    Only here a commit does not wait for a disk: no run outlives its process.
    """

    def __init__(self) -> None:
        where = _MEMORY if _MEMORY.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="campaign-simulation-", dir=where))
        self.path = self.folder / "simulation.sqlite3"
        self.settings = Settings(
            secret_key="of the simulation alone",
            database_url=f"sqlite:///{self.path}",
            instance_dir=self.folder,
            mail_url="smtp://127.0.0.1:25",
            inbox_url="imap://answers:simulated@127.0.0.1:143/",
            reply_address=ADDRESS,
            mail_from=ADDRESS,
            testing=True,
        )
        self.app = create_app(self.settings)
        self.files = Files()
        self.app.extensions["files"] = self.files
        with self.app.app_context():
            event.listen(db.engine, "connect", _in_memory)
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            with clock.at(_BEFORE):
                for name, role in PEOPLE:
                    accounts.create_user(
                        f"{name.replace(' ', '.')}@brightwater.example",
                        name=name.title(),
                        role=role,
                        password="only ever simulated",
                    )
            db.session.remove()
            db.engine.dispose()
        self._empty = self.path.read_bytes()

    def fresh(self, boxes: int) -> None:
        """An empty database with its people; no file; so many mailboxes."""
        with self.app.app_context():
            db.engine.dispose()
        for path in self.folder.glob(f"{self.path.name}*"):
            path.unlink()
        self.path.write_bytes(self._empty)
        self.files.kept.clear()
        urls = (f"imap://{user}:simulated@127.0.0.1:143/" for user in USERS[:boxes])
        self.app.extensions["settings"] = replace(self.settings, inbox_url=" ".join(urls))

    def remove(self) -> None:
        """Leave nothing behind."""
        with self.app.app_context():
            db.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def ground() -> Iterator[Ground]:
    """A ground for as long as it is needed."""
    made = Ground()
    try:
        yield made
    finally:
        made.remove()


def _in_memory(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
