"""A PostgreSQL of our own: new, on a Unix socket only, gone after the run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.servers.programs import dies_with_us, needs, stop, wait_until

Popen = subprocess.Popen[bytes]
# Tests need no crash safety; with it, each commit would wait for the disk.
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "50",
    "shared_buffers": "32MB",
}


class PostgreSQL:
    """A running server; `url(name)` is what DATABASE_URL takes. It can be stopped and started."""

    def __init__(self, folder: Path, version: int, start: Callable[[], Popen]) -> None:
        self.folder = folder
        self._start, self._process = start, start()
        self._wait()
        self._numbers = count(1)
        # Copying the files takes a quarter of the time; older versions know no other way.
        self._strategy = " STRATEGY file_copy" if version >= 15 else ""

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={quote(str(self.folder))}"

    def start(self) -> None:
        """Run again, with what was there."""
        self._process = self._start()
        self._wait()

    def stop(self) -> None:
        """End at once; connections break off."""
        stop(self._process, signal.SIGINT)  # its "fast" end

    def _wait(self) -> None:
        log = self.folder / "log"
        wait_until(self.answers, "PostgreSQL", process=self._process, log=log)

    def create(self, template: str = "template0") -> str:
        """Make a database, a copy of `template`; its name."""
        name = f"test_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {}" + self._strategy, name, template)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def answers(self) -> bool:
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _as_somebody_else(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: hand the folder to another user and run as that one."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise AssertionError("no user to run PostgreSQL as: neither postgres nor nobody")


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Start a server in a new folder; stop it and remove the folder afterwards."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    initdb = needs("initdb", folders=homes)
    program = needs("postgres", folders=[initdb.resolve().parent])
    # Short, and outside pytest's own folders, which only their owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        owner = _as_somebody_else(folder)
        data, log = folder / "data", folder / "log"
        made = subprocess.run(
            [
                *(initdb, "--pgdata", data, "--username=postgres", "--auth=trust", "--no-sync"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            cwd=folder,
            **owner,
        )
        assert made.returncode == 0, made.stderr
        options = [part for name, value in _QUICK.items() for part in ("-c", f"{name}={value}")]

        def start() -> Popen:
            with log.open("ab") as output:
                return subprocess.Popen(
                    [program, "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
                    stdout=output,
                    stderr=output,
                    cwd=folder,
                    preexec_fn=dies_with_us,
                    **owner,
                )

        server = PostgreSQL(folder, int((data / "PG_VERSION").read_text()), start)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
