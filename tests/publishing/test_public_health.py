"""`/healthz` and `/readyz`, for machines that watch the program (contract.md, “Addresses”)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from campaign import leases
from campaign.database import transaction
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing.health import CLOCK_WITHIN, MAILBOXES_WITHIN
from campaign.replies.models import MailboxReading


def run(ago: timedelta = timedelta(), ok: bool = True) -> None:
    leases.note_run("tick", clock.real_now() - ago, ok=ok, result="")
    with transaction() as session:
        session.get_one(leases.JobRun, "tick").ended_at = clock.real_now() - ago


def mailbox(ago: timedelta | None = timedelta(), **changes: Any) -> None:
    read = None if ago is None else clock.real_now() - ago
    with transaction() as session:
        key = f"imaps://someone:secret@mail.example/{changes}"
        session.add(MailboxReading(key=key, watermark=read, **changes))


def test_alive_is_alive_even_without_a_database(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "execute", None)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"ok": True})
    assert answer.headers["Cache-Control"] == "no-store"


READY: list[tuple[str, list[Callable[[], None]], bool, str]] = [
    ("fresh", [], False, "scheduler"),
    ("all well", [run, mailbox], True, ""),
    ("clock stopped", [lambda: run(CLOCK_WITHIN * 1.1), mailbox], False, "scheduler"),
    ("clock fails", [lambda: run(ok=False), mailbox], False, "scheduler"),
    ("never read", [run, lambda: mailbox(None)], False, "mailboxes"),
    ("read long ago", [run, lambda: mailbox(MAILBOXES_WITHIN * 1.1)], False, "mailboxes"),
    ("last reading failed", [run, lambda: mailbox(error="x")], False, "mailboxes"),
    ("one of two", [run, mailbox, lambda: mailbox(None, own_copy_at=None)], False, "mailboxes"),
    ("left", [run, mailbox, lambda: mailbox(None, active=False)], True, ""),
]


@pytest.mark.parametrize(("acts", "ready", "at_fault"), [row[1:] for row in READY])
def test_ready_means_database_clock_and_mailboxes(
    app: Flask,
    client: FlaskClient,
    acts: list[Callable[[], None]],
    ready: bool,
    at_fault: str,
) -> None:
    with app.app_context():
        for act in acts:
            act()
    answer = client.get("/readyz")
    assert answer.status_code == (200 if ready else 503)
    told = answer.json or {}
    assert told["ok"] is ready
    assert not at_fault or told[at_fault]["ok"] is False
    assert answer.headers["Cache-Control"] == "no-store"
    assert "secret" not in answer.text


def test_every_job_is_told_with_its_last_and_next_run_but_not_with_its_words(
    app: Flask, client: FlaskClient
) -> None:
    began = clock.real_now() - timedelta(seconds=2)
    with app.app_context():
        leases.note_run("send", began, ok=True, result="3 sent", again=timedelta(seconds=15))
        leases.note_run("receive", began, ok=False, result="no room on the secret disk")
        mailbox()
    answer = client.get("/readyz")
    told = (answer.json or {})["scheduler"]
    assert (told["ok"], told["failed"]) == (True, ["receive"])
    receive, send = told["jobs"]
    assert (send["name"], send["ok"], receive["ok"]) == ("send", True, False)
    assert send["next_run"] == (began + timedelta(seconds=15)).isoformat(timespec="seconds")
    assert 2 <= send["seconds"] < 60
    assert receive["next_run"] is None
    assert "secret" not in answer.text
    assert "3 sent" not in answer.text


def test_a_database_that_does_not_answer_is_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "scalar", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ok": False, "database": {"ok": False}}
