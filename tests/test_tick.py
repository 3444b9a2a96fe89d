"""`flask tick`: what it prints, and how it says what went wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from campaign import leases, schedule
from campaign.config import Settings
from campaign.factory import create_app
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from tests.builders import waiting
from tests.servers.programs import free_port

KEYS = {"received", "reminded", "sent", "published", "blocked"}


def test_a_tick_of_an_empty_instance_prints_one_object(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == {
        **dict.fromkeys(KEYS - {"blocked"}, 0),
        "blocked": [],
    }


def test_a_time_without_a_zone_is_utc_and_what_is_no_time_is_wrong_use(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["tick", "--at", "2036-12-01T09:00"]).exit_code == 0
    done = runner.invoke(args=["tick", "--at", "next week"])
    assert done.exit_code == 2
    assert "2026-12-01T09:00:00Z" in done.stderr


def test_what_blocks_is_told_by_letter_and_gate(app: Flask) -> None:
    with app.app_context():
        letter = waiting.sent()[0]
        ref, moment = letter.ref, waiting.AFTER
    done = app.test_cli_runner().invoke(args=["tick", "--at", moment.isoformat()])
    blocked = json.loads(done.stdout)["blocked"]
    assert {"letter": ref, "gate": "reminded"}.items() <= blocked[0].items()
    assert all(row["detail"] and row["opens"] for row in blocked)


@pytest.fixture
def real(settings: Settings) -> Flask:
    """An instance that sends for real, with servers that are not there."""
    port = free_port()
    return create_app(
        replace(
            settings,
            mail_url=f"smtp://127.0.0.1:{port}",
            inbox_url=f"imap://answers:hunter2@127.0.0.1:{port}/",
        )
    )


def test_a_mailbox_that_does_not_answer_is_one_clear_line_without_its_password(
    real: Flask,
) -> None:
    done = real.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["received"] == 0
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("answers@127.0.0.1:")
    assert "hunter2" not in done.stderr


def test_a_later_time_is_refused_while_mail_is_real(real: Flask) -> None:
    later = (clock.real_now() + timedelta(days=1)).isoformat()
    done = real.test_cli_runner().invoke(args=["tick", "--at", later])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "captured" in done.stderr


def test_a_job_that_fails_stops_no_other_and_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_tally: schedule.Tally) -> str:
        raise RuntimeError("no good")

    def problem(_tally: schedule.Tally) -> str:
        raise Problem("clock-busy")

    def works(_tally: schedule.Tally) -> str:
        ran.append("three")
        return "done"

    ran: list[str] = []
    jobs = (
        schedule.Job("one", fails),
        schedule.Job("two", problem),
        schedule.Job("three", works),
    )
    monkeypatch.setattr(schedule, "JOBS", jobs)
    done = app.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 1
    assert ran == ["three"]
    assert "one: RuntimeError: no good" in done.stderr
    assert "two: Another process" in done.stderr


def test_a_pass_waits_for_another_process_and_then_gives_up(app: Flask) -> None:
    with app.app_context():
        assert leases.take(schedule.LEASE, 60, "another")
        assert schedule.run_pass(wait=0.3) is None
        leases.give_back(schedule.LEASE, "another")
        assert schedule.run_pass() is not None


@pytest.mark.database("sqlite")
def test_a_database_without_tables_is_one_clear_line(tmp_path: Path) -> None:
    app = create_app(
        Settings(
            secret_key="a secret for tests alone",
            database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}",
            instance_dir=tmp_path,
            testing=True,
        )
    )
    done = app.test_cli_runner().invoke(args=["tick"])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "flask db upgrade" in done.stderr
