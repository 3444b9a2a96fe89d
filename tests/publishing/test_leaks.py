"""What is left out stands in no output: every public address is asked, every byte unpacked.

The addresses come from the map of addresses itself, so that a page that is added later is looked
at too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.drafting.own import OwnWords
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import redacting, reply_files
from campaign.replies.file_boxes import ReasonedBox
from campaign.replies.file_models import ReplyFile
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.redaction_rules import Mark, Reason
from campaign.replies.rules import Triage
from tests.builders import publishing as build
from tests.builders import reply_files as files
from tests.builders.campaigns import QUESTIONS
from tests.publishing.conftest import NOW
from tests.publishing.saying import said
from tests.publishing.test_redacting import publisher
from tests.publishing.test_reply_files import mail
from tests.walking import address, names_company, public_rules

TEXT = (
    "Petra Quill answers: we keep it for three days. Our cost is 417 crowns a box.\n\n"
    "Write to petra.quill@larkfield.example or +44 20 7946 0018.\n\nKind regards,\nPetra Quill"
)
MARKED = {
    "Petra Quill": Reason.NAME,
    "417 crowns": Reason.CONFIDENTIAL,
    "petra.quill@larkfield.example": Reason.EMAIL,
    "+44 20 7946 0018": Reason.PHONE,
}
SECRETS = ("petraquill", "petra.quill", "417crowns", "79460018")
OWN = OwnWords(
    base_questions=QUESTIONS,
    questions=(QUESTIONS[0], "What did Petra Quill mean by “never”?"),
    why="Petra Quill was unclear last year.",
)
QUERIES = ("", "?page=1", "?q=Petra", "?campaign=who-can-read-what-your-speaker-hears")


def marks() -> list[Mark]:
    """Every place where one of the words stands."""
    return [
        Mark(found.start(), found.end(), reason)
        for words, reason in MARKED.items()
        for found in re.finditer(re.escape(words), TEXT)
    ]


@pytest.fixture
def told(app: Flask, later: object) -> int:
    """Id of a published reply; the words that are to go stand wherever they can stand."""
    with app.app_context():
        letter = build.sent(build.campaign(), own=OWN)
        build.extended(letter, asked_by="Petra Quill", why="Petra Quill asked by +44 20 7946 0018.")
        reply = build.answered(letter, text=TEXT, comment="Petra  Quill told us 417 crowns.").id
        raw = mail(
            ("Petra Quill.pdf", files.pdf("Petra Quill, 417 crowns", author="Petra Quill")),
            ("minutes.jpg", files.photograph(words="Petra Quill")),
            ("notes.txt", b"Petra Quill says so."),
            ("clean.txt", b"Nothing is told here."),
        )
        sha256 = app.extensions["files"].put(raw)
        with transaction() as session:
            message = IncomingMessage(
                sha256=sha256, size=len(raw), arrived_at=clock.now(), triage=Triage.FILED
            )
            session.add(message)
            session.flush()
            session.get_one(Reply, reply).message_id = message.id
        reply_files.take_out(reply, actor=build.staff().drafter)
        for number, file in enumerate(_files()):
            name = file.name if file.kind == "pdf" else f"File {number}"
            reply_files.approve(file.id, 0, name, actor=publisher())
        return reply


def _files() -> list[ReplyFile]:
    return db.session.query(ReplyFile).order_by(ReplyFile.position).all()


def hide(reply: int) -> None:
    """Leave the words out, in the text and in the files, as a person does."""
    who = publisher()
    redacting.redact(reply, marks(), seen=0, actor=who)
    box = ReasonedBox(1, 0, 0, 1000, 1000, Reason.NAME)
    for id_ in [file.id for file in _files() if file.kind in ("pdf", "jpeg")]:
        reply_files.cover(id_, [box], seen=0, actor=who)
        reply_files.approve(id_, 1, "Minutes", actor=who)


def addresses(app: Flask) -> Iterator[str]:
    """Every public address that there is for this letter, its company, its files."""
    with app.app_context():
        letter = db.session.query(Letter).one()
        slugs = {"slug": letter.campaign.slug, "company": letter.company.slug}
        tokens = [file.token for file in _files()]
    for rule in public_rules(app):
        given = {"slug": slugs["company"]} if names_company(rule) else slugs
        for token in tokens if "token" in rule.arguments else [""]:
            path = address(app, rule, given | {"token": token})
            yield from (path + query for query in QUERIES)


def found(app: Flask, client: FlaskClient) -> dict[str, list[str]]:
    """Which secrets stand at which address."""
    told: dict[str, list[str]] = {}
    for path in addresses(app):
        answer = client.get(path)
        words = said(answer)
        for secret in SECRETS:
            if secret in words:
                told.setdefault(path.partition("?")[0], []).append(secret)
    return told


def test_words_that_are_left_out_stand_in_no_output(
    app: Flask, client: FlaskClient, told: int
) -> None:
    with app.app_context():
        pdf, picture, text, _ = (f"/files/{file.token}" for file in _files())
    record = "/campaigns/who-can-read-what-your-speaker-hears/larkfield-home/"
    before = found(app, client)
    # The search can find: in pages, data, a PDF's text, a picture's metadata, a text, a name.
    assert {record, f"{record}letter.pdf", f"{record}history.json"} <= before.keys()
    assert {"/api/v1/records", "/api/v1/companies/larkfield-home"} <= before.keys()
    assert {pdf, picture, text} <= before.keys()
    with app.app_context(), clock.at(NOW + timedelta(minutes=1)):
        hide(told)
    assert found(app, client) == {}
    assert client.get(pdf).status_code == client.get(picture).status_code == 200
    assert client.get(text).status_code == 404  # it told them, and nobody covered it


def test_the_mail_and_its_files_are_kept_as_they_came(app: Flask, told: int) -> None:
    with app.app_context():
        kept = [(file.sha256, file.name, file.size) for file in _files()]
        message = db.session.query(IncomingMessage).one().sha256
        hide(told)
        db.session.expire_all()
        assert [(file.sha256, file.name, file.size) for file in _files()] == kept
        raw = app.extensions["files"].get(message)
        assert b"Petra Quill.pdf" in raw
        assert db.session.get_one(Reply, told).text == TEXT
