from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign.config import ROOT
from campaign.extensions import db
from tests.servers.databases import NewDatabase
from tests.servers.postgresql import PostgreSQL
from tests.servers.programs import needs, wait_until

_HOLDS_A_SERVER = """
from tests.servers.postgresql import running
with running() as server:
    pid = (server.folder / "data/postmaster.pid").read_text().split()[0]
    print(pid, server.folder, flush=True)
    input()
"""


def test_app_runs_on_the_database_that_its_name_says(app: Flask, database_kind: str) -> None:
    with app.app_context():
        assert db.engine.dialect.name == database_kind
        tables = sa.inspect(db.engine).get_table_names()
    assert {"alembic_version", "history_event"} <= set(tables)


def test_no_test_sees_what_another_has_written(
    new_database: Callable[[str], NewDatabase], database_kind: str
) -> None:
    copy = new_database(database_kind)
    for _ in range(2):
        with copy() as url:
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                connection.execute(sa.text("CREATE TABLE mine (n integer)"))
            if database_kind == "sqlite":
                engine.dispose()  # PostgreSQL's copy goes away under an open connection


@pytest.mark.database("sqlite")
def test_a_mark_leaves_one_kind_of_database(database_kind: str) -> None:
    assert database_kind == "sqlite"


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is missing"):
        needs("no-such-program")
    monkeypatch.setenv("REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is missing"):
        needs("no-such-program")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_postgresql_ends_with_a_test_run_that_is_killed(postgresql: PostgreSQL) -> None:
    assert postgresql.answers()  # or the test is skipped, where there is none
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS_A_SERVER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        pid, folder = run.stdout.readline().split()
        run.kill()
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), "the end of PostgreSQL")
    shutil.rmtree(folder)
