"""Files of replies: public only where a person approved them, and never more of them than that."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.config import Settings
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import redacting, reply_files
from campaign.replies.file_boxes import ReasonedBox
from campaign.replies.file_models import How, ReplyFile
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.redaction_rules import Mark, Reason
from campaign.replies.rules import Triage
from campaign.replies.scanning import Scan
from campaign.sending import operations as sending
from tests.builders import publishing as build
from tests.builders import reply_files as files
from tests.builders.accounts import sign_in, user
from tests.pages import page
from tests.publishing.asking import LARKFIELD, asked
from tests.publishing.test_redacting import publisher

TEXT = "Petra Quill attaches our policy."
PDF = files.pdf("We keep it, says Petra Quill", "Second page", author=files.SECRET)
COVERED = ReasonedBox(1, 0, 0, 1000, 200, Reason.NAME)


@pytest.fixture(autouse=True)
def _later(later: object) -> None:
    """24 November 2026, when everything has arrived."""


def mail(*attached: tuple[str, bytes]) -> bytes:
    """A mail with files."""
    message = EmailMessage()
    message["From"] = "petra@larkfield.example"
    message.set_content(TEXT)
    for name, raw in attached:
        message.add_attachment(raw, "application", "x-whatever", filename=name)
    return message.as_bytes()


def arrived(app: Flask, letter_id: int, *attached: tuple[str, bytes]) -> Reply:
    """A published reply whose mail carries these files; within an app context."""
    raw = mail(*attached)
    reply = build.answered(db.session.get_one(Letter, letter_id), text=TEXT)
    sha256 = app.extensions["files"].put(raw)
    with transaction() as session:
        message = IncomingMessage(
            sha256=sha256, size=len(raw), arrived_at=clock.now(), triage=Triage.FILED
        )
        session.add(message)
        session.flush()
        session.get_one(Reply, reply.id).message_id = message.id
    return db.session.get_one(Reply, reply.id)


def taken(app: Flask, letter_id: int, raw: bytes = PDF, name: str = "policy.pdf") -> ReplyFile:
    """The one file of such a reply."""
    reply = arrived(app, letter_id, (name, raw))
    (file,) = reply_files.take_out(reply.id, actor=build.staff().drafter)
    db.session.refresh(file)
    db.session.expunge(file)
    return file


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Problem) as caught:
        act()
    assert caught.value.code == code
    db.session.rollback()


def approve(file: ReplyFile, number: int = 0, actor: User | None = None, name: str = "A") -> None:
    reply_files.approve(file.id, number, name, actor=actor or publisher())
    db.session.rollback()


def address(file: ReplyFile) -> str:
    return f"/files/{file.token}"


def test_the_files_of_a_mail_are_taken_out_once_and_none_is_public(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        hostile = "../../etc/pass\u202ewd\0.pdf" + "x" * 400
        reply = arrived(app, larkfield, (hostile, PDF), ("evil.html", b"<script>x</script>"))
        who = build.staff().drafter
        first = reply_files.take_out(reply.id, actor=who)
        again = reply_files.take_out(reply.id, actor=who)
        assert [one.id for one in first] == [one.id for one in again]
        assert [(one.kind, one.size, one.pages) for one in again] == [
            ("pdf", len(PDF), 2),
            ("other", 18, 0),
        ]
        assert app.extensions["files"].get(again[0].sha256) == PDF
        assert [one.kind for one in history.of(reply.ref)].count("reply.files_taken_out") == 1
        addresses = [address(one) for one in again]
    for one in addresses:
        assert client.get(one).status_code == 404
    shown = client.get(LARKFIELD).text
    assert "Sent with it" not in shown
    assert "policy.pdf" not in shown


def test_an_approved_file_is_a_download_that_no_browser_shows(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        file = taken(app, larkfield, name="invoice.pdf.exe")
        approve(file, name="Our policy.exe")
        url = address(file)
    answer = client.get(url)
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Our policy.exe.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == {
        "sandbox",
        "default-src 'none'",
    }
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert client.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    shown = page(client.get(LARKFIELD))
    assert shown.one(".files a").attrs["href"] == url
    assert "as it came" in shown.texts(".files li")[0]
    (told,) = asked(client, "/api/v1/records")["items"][0]["replies"][0]["files"]
    assert (told["name"], told["redacted"], told["size"]) == ("Our policy.exe.pdf", False, len(PDF))


SERVED = [
    (b"<html><script>alert(1)</script></html>", "application/octet-stream", "A.bin"),
    (b"<svg onload='x()'/>", "application/octet-stream", "A.bin"),
    (b"GIF89a/*\x00*/=1;alert(1)", "application/octet-stream", "A.bin"),
    (b"Only words.", "text/plain; charset=utf-8", "A.txt"),
]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("raw", "media_type", "name"), SERVED, ids=lambda x: repr(x)[:20])
def test_the_type_is_told_by_the_content_or_is_one_that_nothing_opens(
    app: Flask, client: FlaskClient, larkfield: int, raw: bytes, media_type: str, name: str
) -> None:
    with app.app_context():
        file = taken(app, larkfield, raw, "report.pdf")
        approve(file)
        url = address(file)
    answer = client.get(url)
    assert answer.headers["Content-Type"] == media_type
    assert name in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_is_public_only_as_long_as_its_reply_is(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        file = taken(app, larkfield)
        approve(file)
        url = address(file)
    nothing = client.get("/files/nothing")

    def hidden() -> bool:
        answer = client.get(url)
        return answer.status_code == 404 and answer.data == nothing.data

    with app.app_context(), transaction() as session:
        letter = session.get_one(Letter, larkfield)
        letter.campaign.embargoed = True
    assert hidden()
    with app.app_context(), transaction() as session:
        session.get_one(Letter, larkfield).campaign.embargoed = False
        session.query(Reply).one().withdrawn_at = clock.now()
    assert hidden()
    with app.app_context(), transaction() as session:
        session.query(Reply).one().withdrawn_at = None
    assert client.get(url).status_code == 200
    with app.app_context():
        reply_files.close(file.id, actor=build.staff().drafter)
    assert hidden()


def test_boxes_make_a_file_that_holds_nothing_below_them_and_takes_the_place_of_the_first(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        file = taken(app, larkfield)
        approve(file)
        url = address(file)
        before = client.get(url)
        reply_files.cover(file.id, [COVERED], seen=0, actor=build.staff().drafter)
    after = client.get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "".join(one.extract_text() for one in PdfReader(io.BytesIO(after.data)).pages) == ""
    assert b"Petra" not in after.data
    assert "Parts are blacked out" in page(client.get(LARKFIELD)).texts(".files li")[0]
    with app.app_context():
        refused(
            "redaction-changed",
            lambda: reply_files.cover(file.id, [COVERED], seen=0, actor=build.staff().drafter),
        )
        more = COVERED._replace(height=400)
        reply_files.cover(file.id, [more], seen=1, actor=build.staff().drafter)
        assert db.session.get_one(ReplyFile, file.id).published == 2
        db.session.rollback()
        reply_files.cover(
            file.id, [COVERED], seen=2, actor=build.staff().drafter
        )  # it shows more than before
        assert db.session.get_one(ReplyFile, file.id).published is None
    assert client.get(url).status_code == 404


def test_only_the_newest_version_is_approved_and_only_by_a_publisher(
    app: Flask, larkfield: int
) -> None:
    with app.app_context():
        file, who = taken(app, larkfield), build.staff().drafter
        for seen in (0, 1):
            reply_files.cover(file.id, [COVERED], seen=seen, actor=who)
        refused("redaction-publisher", lambda: approve(file, 2, actor=who))
        refused("redaction-changed", lambda: approve(file, 1))
        refused("file-name-missing", lambda: approve(file, 2, name=" ./ "))
        sending.halt(why="They rang.", actor=who)
        refused("publication-stopped", lambda: approve(file, 2))
        sending.release_halt(actor=publisher())
        approve(file, 2)
        assert db.session.get_one(ReplyFile, file.id).published == 2


def test_words_left_out_of_the_text_keep_a_file_closed_that_tells_them(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        file = taken(app, larkfield)
        name = Mark(0, len("Petra Quill"), Reason.NAME)
        approve(file)
        url = address(file)
        redacting.redact(file.reply_id, [name], seen=0, actor=build.staff().drafter)
    assert client.get(url).status_code == 404
    with app.app_context():
        refused("file-tells", lambda: approve(file))
        reply_files.cover(file.id, [COVERED], seen=0, actor=build.staff().drafter)
        refused("file-tells", lambda: approve(file, 1, name="Petra  quill"))
        approve(file, 1, name="Policy")
        assert client.get(url).status_code == 200


def test_words_left_out_of_one_reply_close_a_file_of_another(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        file = taken(app, larkfield)
        approve(file)
        other = build.answered(db.session.get_one(Letter, larkfield), text="Petra Quill adds.").id
        assert client.get(address(file)).status_code == 200
        mark = Mark(0, len("Petra Quill"), Reason.NAME)
        redacting.redact(other, [mark], seen=0, actor=build.staff().drafter)
    assert client.get(address(file)).status_code == 404
    with app.app_context():
        refused("file-tells", lambda: approve(file))


@pytest.mark.parametrize("raw", [files.docx(), b"MZ\x90\x00", files.pdf("Petra  Quill")])
@pytest.mark.database("sqlite")
def test_a_file_that_tells_or_cannot_be_read_stays_closed_where_words_are_left_out(
    app: Flask, larkfield: int, raw: bytes
) -> None:
    with app.app_context():
        file = taken(app, larkfield, raw)
        mark = Mark(0, len("Petra Quill"), Reason.NAME)
        redacting.redact(file.reply_id, [mark], seen=0, actor=build.staff().drafter)
        refused("file-tells", lambda: approve(file))


def test_an_uploaded_version_is_flattened_and_approved_by_somebody_else(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        file, who = taken(app, larkfield, files.docx(), "answer.docx"), publisher()
        refused("file-no-pages", lambda: reply_files.cover(file.id, [COVERED], seen=0, actor=who))
        for wrong in (b"", b"words", files.docx()):
            act = lambda raw=wrong: reply_files.replace(file.id, raw, seen=0, actor=who)  # noqa: E731
            refused("upload-no-pdf", act)
        reply_files.replace(file.id, PDF, seen=0, actor=who)
        version = db.session.get_one(ReplyFile, file.id).versions[0]
        assert (version.how, version.kind, version.pages) == (How.UPLOADED, "pdf", 2)
        made = app.extensions["files"].get(version.sha256)
        assert b"Petra" not in made
        refused("file-second-person", lambda: approve(file, 1))
        approve(file, 1, actor=user(name="Bo Publisher", role=Role.PUBLISHER))
        url = address(file)
    answer = client.get(url)
    assert answer.data == made
    assert "filename=A.pdf" in answer.headers["Content-Disposition"]


def test_what_holds_programs_or_cannot_be_looked_into_is_never_public_as_it_came(
    app: Flask, larkfield: int
) -> None:
    with app.app_context():
        file = taken(app, larkfield, files.xlsx(), "table.xlsx")
        refused("file-closed", lambda: approve(file))


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Settings with the scanner of the test, if it has one."""
    url = request.getfixturevalue("clamd") if "clamd" in request.fixturenames else ""
    return replace(settings, clamd_url=url)


@pytest.fixture
def clamd() -> object:
    """A scanner that finds something in what holds EICAR."""
    with files.scanner() as url:
        yield url


def test_what_the_scanner_does_not_let_through_is_never_public(
    clamd: str, app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        reply = arrived(app, larkfield, ("a.txt", b"an EICAR test"), ("b.txt", b"words"))
        bad, good = reply_files.take_out(reply.id, actor=build.staff().drafter)
        assert (bad.scan, bad.scan_detail, good.scan) == (
            Scan.INFECTED,
            "Test.Signature",
            Scan.CLEAN,
        )
        refused("file-not-clean", lambda: approve(bad))
        refused(
            "upload-infected",
            lambda: reply_files.replace(
                bad.id, files.pdf("an EICAR test"), seen=0, actor=publisher()
            ),
        )
        approve(good)
        sign_in(client, publisher())
        shown = page(client.get(f"/staff/replies/files/{bad.ref}/"))
        assert "The virus scanner found Test.Signature: it can never be public" in shown.text


def test_a_scanner_that_does_not_answer_keeps_files_closed(app: Flask, larkfield: int) -> None:
    with app.app_context():
        file = taken(app, larkfield)
        approve(file)
        app.extensions["settings"] = replace(
            app.extensions["settings"], clamd_url="unix:/nowhere/clamd.sock"
        )
        assert reply_files.scan_again(file.id, actor=publisher()) is Scan.UNSCANNABLE
        assert db.session.get_one(ReplyFile, file.id).published is None
        refused("file-not-clean", lambda: approve(file))
