"""Commands that operators and outside checks call (contract.md, “Commands”)."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from campaign.extensions import db
from tests.builders import waiting
from tests.servers.live import flask as in_a_process

BOUNCE = b"""\
From: MAILER-DAEMON@mx.larkspur.example
To: us@letters.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

The user does not exist.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.larkspur.example

Final-Recipient: rfc822; nobody@larkspur.example
Action: failed
Status: 5.1.1
--b--
"""
REPLY = b"From: a@larkspur.example\nSubject: Hello\n\nWe keep it for 3 days.\n\n> asked\n"


@pytest.fixture
def ref(app: Flask) -> str:
    """Id of a letter that was sent to Larkspur Mobile."""
    with app.app_context():
        found = waiting.sent()[0].ref
        db.session.remove()
    return str(found)


@pytest.mark.parametrize("form", ["text", "html", "eml", "pdf"])
def test_a_letter_is_written_in_every_form(app: Flask, ref: str, tmp_path: Path, form: str) -> None:
    out = tmp_path / "letter"
    arguments = ["letters", "render", ref, "--as", form, "--output", str(out)]
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.stderr
    raw = out.read_bytes()
    if form == "pdf":
        raw = "".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages).encode()
    assert b"Larkspur Mobile" in raw


def test_a_letter_that_is_not_there_is_one_clear_line(app: Flask, tmp_path: Path) -> None:
    arguments = ["letters", "render", "0" * 32, "--as", "text", "--output", str(tmp_path / "x")]
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_mail_is_classified_without_a_database(settings: object, tmp_path: Path) -> None:
    from campaign.config import Settings

    assert isinstance(settings, Settings)
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "bounce.eml").write_bytes(BOUNCE)
    (folder / "box.mbox").write_bytes(b"From x\n" + REPLY + b"\nFrom x\n" + BOUNCE)
    (folder / "empty.eml").write_bytes(b"")
    (folder / "notes.json").write_text("{}")
    lines = in_a_process(settings, "inbox", "classify", str(folder), status=1).splitlines()
    rows = {Path(row["path"]).name: row for row in map(json.loads, lines)}
    assert {name: row["kind"] for name, row in rows.items()} == {
        "bounce.eml": "bounce",
        "box.mbox#1": "reply",
        "box.mbox#2": "bounce",
        "empty.eml": "unreadable",
    }
    bounce = rows["bounce.eml"]
    assert (bounce["hard"], bounce["recipient"], bounce["status"]) == (
        True,
        "nobody@larkspur.example",
        "5.1.1",
    )
    assert (rows["box.mbox#1"]["hard"], rows["box.mbox#1"]["text"]) == (
        None,
        "We keep it for 3 days.",
    )
    assert rows["empty.eml"]["error"]
    assert set(bounce) == {"path", "kind", "hard", "recipient", "status", "text", "error"}


def test_mail_is_imported_and_matched(app: Flask, ref: str, tmp_path: Path) -> None:
    mail = tmp_path / "reply.eml"
    mail.write_bytes(REPLY)
    done = app.test_cli_runner().invoke(args=["inbox", "import", str(mail)])
    assert done.exit_code == 0, done.stderr
    row = json.loads(done.stdout)
    assert set(row) == {"path", "kind", "letter", "why"}
    assert (row["path"], row["kind"], row["letter"]) == (str(mail), "reply", None)


def test_companies_are_imported_with_what_was_refused_last(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "companies.csv"
    table.write_text("name,email\nAlder,a@alder.example\nBirch,no address\n")
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["companies", "import", str(table), "--dry-run"])
    done = runner.invoke(args=["companies", "import", str(table)])
    again = runner.invoke(args=["companies", "import", str(table)])
    for result, created, unchanged in ((dry, 1, 0), (done, 1, 0), (again, 0, 1)):
        assert result.exit_code == 1
        told = json.loads(result.stdout.splitlines()[-1])
        assert (told["created"], told["updated"], told["unchanged"]) == (created, 0, unchanged)
        assert [refused["where"] for refused in told["refused"]] == ["line 3"]
        assert "line 3" in result.stderr


def test_a_person_is_added_with_a_password_shown_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["users", "create", "jo@letters.example", "--role", "approver"])
    assert done.exit_code == 0, done.stderr
    assert len(done.stdout.strip()) >= 20
    twice = runner.invoke(args=["users", "create", "JO@letters.example", "--role", "viewer"])
    assert twice.exit_code == 1
    assert twice.stdout == ""


def test_the_chain_is_verified_and_tampering_is_named(app: Flask, ref: str) -> None:
    import sqlalchemy as sa

    runner = app.test_cli_runner()
    assert runner.invoke(args=["history", "verify"]).stdout.startswith("ok ")
    with app.app_context():
        db.session.execute(
            sa.text(
                "UPDATE history_event SET payload = replace(payload, 'kind', 'kinD') WHERE seq = 3"
            )
        )
        db.session.commit()
        db.session.remove()
    done = runner.invoke(args=["history", "verify"])
    assert done.exit_code == 1
    assert done.stdout.startswith("event 3:")
