"""Saved mails and scans that people bring: read like all other mail."""

from __future__ import annotations

import io
import mailbox
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.drafting.models import Letter
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies import operations, queries, uploading
from campaign.replies.files import classify_paths, unpack
from campaign.replies.kinds import Kind
from campaign.replies.models import IncomingMessage
from campaign.replies.outlook import NotOutlook, as_mail
from campaign.replies.reading import read_bytes
from campaign.replies.rules import MatchReason, Triage
from campaign.sending.rules import EvidenceKind
from tests.builders import accounts, drafting, replies
from tests.pages import page
from tests.replies.outlook_file import compound_file, outlook_file, properties

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + bytes(range(256))


@pytest.fixture
def letter(ctx: None) -> Letter:
    found = replies.sent(drafting.staff())
    replies.take_in()
    return found


@pytest.fixture
def tia(ctx: None) -> User:
    return accounts.user("Tia Triage", Role.PUBLISHER)


def _bring(tia: User, *files: tuple[str, bytes], **more: object) -> list[IncomingMessage]:
    given: dict[str, object] = {"came_at": clock.now() - timedelta(days=2), **more}
    named = [operations.File(name, raw) for name, raw in files]
    brought = operations.upload(named, actor=tia, **given)  # type: ignore[arg-type]
    assert not brought.refused, brought.refused
    operations.read_stored()
    replies.stored()
    return list(brought.messages)


# Outlook's files


def test_a_mail_that_outlook_saved_is_read_like_any_other() -> None:
    raw = outlook_file(
        attached={"report.pdf": PDF * 40, "Übersicht.pdf": PDF},
        more={"1035": "<theirs@x.example>", "1042": "<ours@y.example>"},
    )
    reading = read_bytes(as_mail(raw))
    assert (reading.kind, reading.error) == (Kind.REPLY, None)
    assert (reading.from_name, reading.from_address) == ("Pip Larch", "pip@larkspur-mobile.example")
    assert (reading.subject, reading.text) == ("Your letter", "We keep it for three days.")
    assert (reading.message_id, reading.in_reply_to) == (
        "<theirs@x.example>",
        ("<ours@y.example>",),
    )
    assert [(a.name, a.size) for a in reading.attachments] == [
        ("report.pdf", len(PDF) * 40),
        ("Übersicht.pdf", len(PDF)),
    ]
    assert as_mail(raw) == as_mail(raw)


def test_the_header_that_came_by_the_internet_is_kept_and_what_cannot_hold_is_left_out() -> None:
    head = (
        "Received: from a by b; x\r\nDKIM-Signature: v=1; d=company.example;\r\n b=abc\r\n"
        "Authentication-Results: mx.us.example; dmarc=pass header.from=company.example\r\n"
        "From: =?utf-8?q?J=C3=BCrgen?= <j@company.example>\r\nSubject: Re: x\r\n"
        'Content-Type: multipart/alternative; boundary="z"\r\nMIME-Version: 1.0\r\n'
    )
    mail = as_mail(outlook_file(headers=head))
    reading = read_bytes(mail)
    assert (reading.from_name, reading.from_address) == ("Jürgen", "j@company.example")
    assert b"DKIM" not in mail
    assert b"dmarc=pass" not in mail
    assert b"Received: from a by b" in mail
    assert reading.text == "We keep it for three days."


def test_a_mail_within_an_outlook_mail_is_one_within_the_mail() -> None:
    inner = properties(**{"0037": "Inner", "1000": "Said inside.", "0C1F": "a@b.example"})
    mail = as_mail(outlook_file(text="See below.", inner=inner))
    assert b"message/rfc822" in mail
    assert read_bytes(mail).forwarded_senders == ("a@b.example",)


def test_html_stands_for_a_missing_text() -> None:
    reading = read_bytes(as_mail(outlook_file(text="", html=b"<p>We keep it <b>a day</b>.</p>")))
    assert reading.text.strip() == "We keep it a day."


def test_no_property_begins_a_header_of_its_own() -> None:
    mail = as_mail(outlook_file(subject="x\r\nBcc: evil@x.example", sender="a@b.example>\r\nX: y"))
    assert b"\r\nBcc:" not in mail
    assert b"\r\nX:" not in mail


def _nested(depth: int) -> bytes:
    held = properties(**{"1000": "deep"})
    for _ in range(depth):
        held = {**held, "__attach_version1.0_#0": {"__substg1.0_3701000D": held}}
    return compound_file(held)


BROKEN = [
    outlook_file()[:700],
    outlook_file()[:512],
    outlook_file()[:8],
    outlook_file()[:600] + b"\xff" * 5000,
    compound_file({}),
    compound_file({"WordDocument": b"x" * 5000}),
    _nested(6),
]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_outlook_file_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(NotOutlook, match=r"^The Outlook file .*\.$"):
        as_mail(raw)
    (filed,) = unpack("x.msg", raw)
    assert filed.error
    assert "Outlook" in filed.error


# What people bring


def test_what_is_brought_is_kept_and_read_and_waits(letter: Letter, tia: User) -> None:
    raw = outlook_file(more={"1042": replies.mail_of(letter).message_id or ""})
    came = clock.now() - timedelta(days=3)
    (message,) = _bring(tia, ("Re: your letter.msg", raw), came_at=came)
    assert (message.triage, message.letter_id) == (Triage.WAITING, letter.id)
    assert (message.arrived_at, message.brought_by_id) == (came, tia.id)
    assert queries.brought_by(message) == tia
    assert message.brought_as == "Re: your letter.msg"
    assert message.original_sha256 is not None
    store = current_app.extensions["files"]
    assert store.get(message.original_sha256) == raw
    assert queries.blocking(letter) == [message]
    assert history.verify()[1] is None


def test_a_scan_goes_to_the_letter_that_was_named(letter: Letter, tia: User) -> None:
    text = "Sehr geehrte Damen,\nwir löschen nach drei Tagen."
    (message,) = _bring(
        tia, ("scan.pdf", PDF), sender="Jürgen Larch", text=text, letter_id=letter.id
    )
    assert (message.letter_id, message.matched_by) == (letter.id, MatchReason.PERSON)
    assert (message.kind, message.text) == (Kind.REPLY, text)
    assert message.subject == "Letter on paper from Jürgen Larch"
    reading = queries.reading_of(message)
    assert reading is not None
    assert [(a.content_type, a.size) for a in reading.attachments] == [
        ("application/pdf", len(PDF))
    ]


def test_a_scan_of_nobody_known_waits_and_blocks_every_letter(letter: Letter, tia: User) -> None:
    (message,) = _bring(tia, ("fax.png", b"\x89PNG\r\n\x1a\n" + PDF))
    assert (message.triage, message.letter_id) == (Triage.WAITING, None)
    assert queries.blocking(letter) == [message]


def test_a_mailbox_in_one_file_is_all_its_messages(
    letter: Letter, tia: User, tmp_path: Path
) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for text in ("one", "two"):
        box.add(replies.mail(text=text))
    box.close()
    found = _bring(tia, ("box", (tmp_path / "box").read_bytes()))
    assert [m.text for m in found] == ["one", "two"]
    assert [m.brought_as for m in found] == ["box #1", "box #2"]


def test_what_came_in_before_is_not_stored_again(letter: Letter, tia: User) -> None:
    raw = replies.in_thread(letter)
    arrived = replies.taken_in(raw)
    brought = operations.upload(
        [operations.File("copy.eml", raw)], came_at=clock.now() - timedelta(days=9), actor=tia
    )
    assert (brought.messages, brought.known) == ((arrived,), 1)
    assert arrived.brought_by_id is None
    assert arrived.arrived_at > clock.now() - timedelta(days=1)


def test_our_own_mail_brought_as_a_file_shows_nothing_of_the_relay(tia: User) -> None:
    letter = replies.sent(drafting.staff())
    dispatch = replies.mail_of(letter)
    ours = current_app.extensions["files"].get(dispatch.file_sha256)
    (message,) = _bring(tia, ("sent.eml", ours))
    assert message.kind is Kind.OWN_COPY
    replies.stored()
    assert EvidenceKind.OWN_COPY not in {e.kind for e in replies.mail_of(letter).evidence}
    assert not queries.own_copy_since(letter)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.zip", b"PK\x03\x04" + b"\0" * 100), ("a.exe", b"MZ\x90\0"), ("empty.eml", b""),
        ("a.eml", b"\0\0\0"), ("a.msg", outlook_file()[:600]), ("a.html", b"<html>"),
        ("big.pdf", PDF + b"x" * uploading.SCAN_MOST),
    ],
)  # fmt: skip
def test_what_is_no_mail_and_no_scan_is_refused_by_name(tia: User, name: str, raw: bytes) -> None:
    found = operations.upload([operations.File(name, raw)], came_at=clock.now(), actor=tia)
    assert found.messages == ()
    assert len(found.refused) == 1
    assert found.refused[0].startswith(f"{name}: ")


def test_a_name_of_a_file_is_one_line(tia: User) -> None:
    (message,) = _bring(tia, ("a\r\nBcc: x@y.example\0" + "b" * 5000 + ".eml", replies.mail()))
    assert "\n" not in message.brought_as
    assert len(message.brought_as) <= 300


def test_nothing_comes_in_that_has_not_come_yet_or_is_too_much(letter: Letter, tia: User) -> None:
    mail = operations.File("a.eml", replies.mail())
    for files, came_at, code in (
        ([mail], clock.now() + timedelta(hours=1), "received-later"),
        ([mail] * 21, clock.now(), "too-much-brought"),
    ):
        with pytest.raises(Problem) as refused:
            operations.upload(files, came_at=came_at, actor=tia)
        assert refused.value.code == code
    with pytest.raises(Problem, match="There is no such letter"):
        operations.upload([mail], came_at=clock.now(), letter_id=999_999, actor=tia)
    assert replies.stored()[-1].brought_by_id is None


# The commands


@pytest.mark.usefixtures("ctx")
def test_folders_are_imported_with_outlook_files_in_them(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.msg").write_bytes(outlook_file())
    (tmp_path / "deep" / "broken.msg").write_bytes(outlook_file()[:600])
    (tmp_path / "b.eml").write_bytes(replies.mail())
    found = operations.import_files([tmp_path])
    assert [(Path(f.path).name, f.kind) for f in found] == [
        ("b.eml", "reply"),
        ("a.msg", "reply"),
        ("broken.msg", None),
    ]
    assert "Outlook" in found[-1].why
    assert replies.stored()[-1].original_sha256


def test_an_outlook_file_is_classified_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "a.msg").write_bytes(outlook_file())
    (row,) = classify_paths([tmp_path])
    assert (row["kind"], row["text"]) == ("reply", "We keep it for three days.")


# On the page


def test_files_are_brought_on_the_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        letter_ref = replies.sent(drafting.staff()).ref
        replies.take_in()
        email = accounts.user("Tia Triage", Role.PUBLISHER).email
    accounts.sign_in(client, email)
    url = f"/staff/inbox/bring?letter={letter_ref}"
    assert "Bring in a reply of Larkspur Mobile" in page(client.get(url)).text
    refused = accounts.post(client, url, {"came": "2026-01-05T10:00"}, page=url)
    assert "Choose at least one file." in page(refused).text
    given = {"came": "2026-01-05T10:00", "sender": "Pip", "text": "A day.", "files": []}
    odd = {**given, "files": (io.BytesIO(b"MZ"), "a.exe")}
    assert (
        "a.exe: It is no mail that can be read here."
        in page(accounts.post(client, url, odd, page=url, content_type="multipart/form-data")).text
    )
    two = {**given, "files": [(io.BytesIO(PDF), "scan.pdf"), (io.BytesIO(replies.mail()), "a.eml")]}
    answer = accounts.post(client, url, two, page=url, content_type="multipart/form-data")
    assert answer.status_code == 302
    assert "2 new messages brought in." in page(client.get(answer.location)).text
    with app.app_context():
        operations.read_stored()
        message = replies.stored()[-2]
        ref, original = message.ref, message.original_sha256
        assert message.letter is not None
        assert message.letter.ref == letter_ref
    shown = page(client.get(f"/staff/inbox/{ref}/"))
    assert "Tia Triage brought it in as a file, “scan.pdf”" in shown.text
    whole = client.get(f"/staff/inbox/{ref}/original")
    assert (whole.data, original is not None) == (PDF, True)
    assert whole.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in whole.headers["Content-Security-Policy"]


def test_who_may_only_look_brings_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        email = accounts.user("Vic Viewer", Role.VIEWER).email
        ref = replies.taken_in(replies.mail()).ref
    accounts.sign_in(client, email)
    assert client.get("/staff/inbox/bring").status_code == 403
    assert "Bring in a file" not in page(client.get("/staff/inbox/")).text
    assert client.get(f"/staff/inbox/{ref}/original").status_code == 404
    assert client.get("/staff/inbox/nobody/original").status_code == 404
