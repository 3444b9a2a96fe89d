"""The evidence of one letter as a ZIP that anybody can check without this program."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from campaign.desk import evidence
from campaign.drafting.models import Letter
from campaign.kernel import clock
from campaign.kernel.files import LocalFiles
from campaign.replies import notes
from campaign.replies.notes import Said, Upload
from campaign.replies.rules import ItemKind
from campaign.sending import queries as sending
from tests.builders import accounts, mailbox_files, waiting
from tests.builders import campaigns as campaign_builder
from tests.builders import drafting as drafts
from tests.builders import replies as incoming
from tests.builders.attachments import PDF, attached
from tests.builders.waiting import AFTER, run
from tests.pages import page


def _bundle(letter: Letter) -> zipfile.ZipFile:
    out = io.BytesIO()
    evidence.write(letter, out)
    return zipfile.ZipFile(out)


def _named(bundle: zipfile.ZipFile, *parts: str) -> list[str]:
    return [name for name in bundle.namelist() if all(part in name for part in parts)]


def _told(bundle: zipfile.ZipFile, *parts: str) -> dict[str, object]:
    (name,) = _named(bundle, *parts)
    told: dict[str, object] = json.loads(bundle.read(name))
    return told


@pytest.mark.database("sqlite")
def test_what_left_is_in_it_byte_for_byte_and_the_usual_tool_checks_it(
    app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        (letter,) = waiting.ripe()
        run(AFTER)  # its silence is published
        bundle, files = _bundle(letter), current_app.extensions["files"]
        mails = sending.dispatches_of(letter.id)
        assert len(mails) == 3
        for number, mail in enumerate(mails, 1):
            raw = bundle.read(f"dispatch-{number:02}-{mail.kind}-email/mail.eml")
            assert raw == files.get(mail.file_sha256)
            assert str(mail.message_id).encode() in raw
    bundle.extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    listed = {one["path"] for one in json.loads(bundle.read("manifest.json"))["files"]}
    assert listed | {"SHA256SUMS", "manifest.json"} == set(bundle.namelist())
    record = json.loads(bundle.read("record.json"))
    assert [entry["response"] for entry in record["entries"]] == ["no_response"]
    assert bundle.read("text-1/letter.pdf").startswith(b"%PDF-")


@pytest.mark.database("sqlite")
def test_the_approved_text_has_the_hash_that_was_signed_and_every_event_is_whole(
    app: Flask,
) -> None:
    with app.app_context():
        (letter,) = waiting.sent()
        bundle = _bundle(letter)
    (signed,) = json.loads(bundle.read("text-1/approvals.json"))
    assert hashlib.sha256(bundle.read("text-1/approved.json")).hexdigest() == signed["sha256"]
    assert signed["user"]
    events = [json.loads(line) for line in bundle.read("history.jsonl").splitlines()]
    kinds = [json.loads(event["payload"])["kind"] for event in events]
    assert {"letter.approved", "dispatch.accepted"} <= set(kinds)
    for event in events:
        assert hashlib.sha256(event["payload"].encode()).hexdigest() == event["hash"]
        if event["body"]:
            told = hashlib.sha256(f"{event['salt']}:{event['body']}".encode()).hexdigest()
            assert told == json.loads(event["payload"])["detail"]


@pytest.mark.database("sqlite")
def test_a_bounce_is_in_it_as_it_arrived_and_the_evidence_names_it(app: Flask) -> None:
    with app.app_context(), clock.at(waiting.READ):
        (letter,) = waiting.sent()
        (mail,) = sending.dispatches_of(letter.id)
        mailbox_files.bounces(mail)
        run(waiting.STEPS[1])
        bundle = _bundle(letter)
    reports = [bundle.read(name) for name in _named(bundle, "messages/", ".eml")]
    (report,) = [raw for raw in reports if b"MAILER-DAEMON" in raw]
    told = _told(bundle, "dispatch-01", "dispatch.json")
    assert told["state"] == "bounced"
    named = [one["message_sha256"] for one in told["evidence"]]  # type: ignore[attr-defined]
    assert hashlib.sha256(report).hexdigest() in named
    assert told["attempts"][0]["reply"]  # type: ignore[index]
    assert "lease_holder" not in told


@pytest.mark.database("sqlite")
def test_nothing_of_another_letter_is_in_it(app: Flask) -> None:
    with app.app_context():
        mine, other = waiting.sent(2)
        incoming.answered(other, "Only for the other letter.")
        incoming.answered(mine, "We keep it for three days.")
        bundle, others = _bundle(mine), other.ref.encode()
    everything = b"".join(bundle.read(name) for name in bundle.namelist())
    assert b"We keep it for three days." in everything
    assert b"Only for the other letter." not in everything
    assert others not in everything


@pytest.mark.database("sqlite")
def test_a_lost_file_is_named_and_keeps_nothing_back(app: Flask) -> None:
    with app.app_context():
        (letter,) = waiting.sent()
        (mail,) = sending.dispatches_of(letter.id)
        files = current_app.extensions["files"]
        assert isinstance(files, LocalFiles)
        files._path(str(mail.file_sha256)).unlink()
        bundle = _bundle(letter)
    lost = [one for one in json.loads(bundle.read("manifest.json"))["files"] if "missing" in one]
    assert [one["path"] for one in lost] == ["dispatch-01-letter-email/mail.eml"]
    assert lost[0]["missing"]
    assert bundle.read("text-1/letter.pdf")


@pytest.mark.database("sqlite")
def test_staff_load_it_from_the_page_of_the_letter(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        (letter,) = waiting.sent()
        ref = letter.ref
        accounts.sign_in(client, accounts.admin())
    link = page(client.get(f"/staff/letters/{ref}/")).one("a[download][href$='evidence.zip']")
    response = client.get(str(link.attrs["href"]))
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=evidence-")
    assert zipfile.ZipFile(io.BytesIO(response.data)).testzip() is None
    assert client.get("/staff/letters/none/evidence.zip").status_code == 404


@pytest.mark.parametrize("room", [10, 0], ids=["carried", "linked"])
def test_the_files_that_a_letter_names_are_in_it_whether_its_mail_carried_them_or_not(
    app: Flask, room: int
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], attachments_mb=room)
    with app.app_context(), clock.at(waiting.SENT):
        people = drafts.staff()
        campaign = campaign_builder.campaign(people.drafter)
        attached(campaign, people, "../Research „note“.pdf")
        (letter,) = waiting.sent(people=people, campaign=campaign)
        bundle = _bundle(letter)
        (path,) = _named(bundle, "attachment-01-")
        assert path == "text-1/attachment-01-Research „note“.pdf"
        assert bundle.read(path) == PDF


@pytest.mark.database("sqlite")
def test_calls_are_in_it_in_every_version_with_their_files(app: Flask) -> None:
    with app.app_context():
        (letter,) = waiting.sent()
        who = waiting.publisher()
        said = Said(waiting.SENT, "Pia", "nobody answered", "It rang and rang.", False)
        with clock.at(AFTER):
            note = notes.add_note(
                letter.id, ItemKind.PHONE_NOTE, said, files=[Upload("list.pdf", PDF)], actor=who
            )
            changed = said._replace(text="It rang.")
            notes.change_note(note.id, changed, based_on=1, actor=who)
            notes.withdraw_note(note.id, why="Another company.", actor=who)
        bundle = _bundle(letter)
        told = json.loads(bundle.read("note-01-phone_note/note.json"))
        assert [one["text"] for one in told["versions"]] == ["It rang and rang.", "It rang."]
        assert told["withdrawn_why"] == "Another company."
        assert bundle.read("note-01-phone_note/file-01-list.pdf") == PDF
        assert b"note.changed" in bundle.read("history.jsonl")
