"""Mail taken in: raw first, once, all of it."""

from __future__ import annotations

import hashlib
import os
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app

from campaign.config import Settings
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies import intake, operations, queries
from campaign.replies.kinds import Kind
from campaign.replies.mailboxes import FolderEnd, Found, Known, MailboxTrouble, TooLarge
from campaign.replies.models import IncomingMessage, IncomingPosition, MailboxReading
from campaign.replies.rules import Triage
from tests.builders import drafting, replies
from tests.builders.drafting import Staff
from tests.replies.dovecot import dovecot

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def people() -> Staff:
    return drafting.staff()


@pytest.fixture
def letter(people: Staff) -> Letter:
    """A letter that has left, its own copy read."""
    sent = replies.sent(people)
    replies.take_in()
    return sent


def _box() -> MailboxReading:
    db.session.rollback()
    return db.session.scalars(sa.select(MailboxReading)).one()


class Box:
    """A mailbox that yields as told."""

    key = "imap:us@peer:143/"

    def __init__(self, *items: Found | TooLarge | FolderEnd | Exception) -> None:
        self.items = items

    def read(self, known: Known) -> Iterator[Found | TooLarge | FolderEnd]:
        asked: dict[tuple[str, int], int] = {}
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            place = (item.folder, item.uidvalidity)
            if place not in asked:
                highest = known(*place)
                assert isinstance(highest, int)
                asked[place] = highest
            if isinstance(item, FolderEnd) or int(item.uid) > asked[place]:
                yield item


def _reads(monkeypatch: pytest.MonkeyPatch, box: Box) -> int:
    monkeypatch.setattr(intake, "open_mailbox", lambda url, tokens: box)
    return operations.read_mailboxes()


def _found(raw: bytes, uid: int, folder: str = "INBOX", validity: int = 7) -> Found:
    return Found(folder, validity, str(uid), raw, clock.now())


END = FolderEnd("INBOX", 7)


# Storing


def test_a_message_is_kept_byte_for_byte_with_its_position_and_its_time_of_arrival() -> None:
    raw = b"From: a\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\nNUL \0 bare \r and 8 bit \xff\n"
    when = clock.now().replace(microsecond=0) - timedelta(days=3)
    replies.arrives(raw, when)
    assert operations.read_mailboxes() == 1
    (message,) = replies.stored()
    assert replies.raw_of(message) == raw
    assert message.sha256 == hashlib.sha256(raw).hexdigest()
    assert message.arrived_at == when
    assert [p.folder for p in message.positions] == ["INBOX"]
    assert message.triage is Triage.UNREAD


def test_what_was_read_already_is_not_stored_again() -> None:
    replies.arrives(replies.mail())
    assert [operations.read_mailboxes(), operations.read_mailboxes()] == [1, 0]
    assert len(replies.stored()) == 1


def test_the_same_message_in_two_folders_is_one_message_with_two_positions() -> None:
    replies.arrives(replies.mail())
    replies.arrives(replies.mail(), folder="Junk")
    assert operations.read_mailboxes() == 1
    (message,) = replies.stored()
    assert {p.folder for p in message.positions} == {"INBOX", "Junk"}


def test_two_messages_with_one_message_id_are_both_kept() -> None:
    for text in ("one", "two"):
        replies.arrives(replies.mail(text=text, more="Message-ID: <same@x.example>\n"))
    found = replies.take_in()
    assert [m.message_id for m in found] == ["<same@x.example>"] * 2


def test_a_message_moved_behind_the_reading_is_found_before_the_watermark_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It lay in Archive while the inbox was read, and was moved there before Archive was."""

    class Moving(Box):
        def read(self, known: Known) -> Iterator[Found | TooLarge | FolderEnd]:
            yield from super().read(known)
            self.items = (_found(replies.mail(), 1), END, FolderEnd("Archive", 7))

    assert _reads(monkeypatch, Moving(END, FolderEnd("Archive", 7))) == 1
    assert len(replies.stored()) == 1
    assert _box().watermark is not None


def test_a_change_of_uidvalidity_reads_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = replies.mail(text="first"), replies.mail(text="second")
    assert _reads(monkeypatch, Box(_found(first, 9), END)) == 1
    again = [_found(first, 1, validity=8), _found(second, 2, validity=8)]
    assert _reads(monkeypatch, Box(*again, FolderEnd("INBOX", 8))) == 1
    assert len(replies.stored()) == 2


def test_only_uids_above_the_highest_stored_one_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for uid in (9, 10):
        _reads(monkeypatch, Box(_found(replies.mail(text=f"text {uid}"), uid), END))
    assert len(replies.stored()) == 2
    assert _reads(monkeypatch, Box(_found(replies.mail(text="lower"), 9), END)) == 0


# The watermark


def test_the_watermark_is_the_start_of_a_reading_that_reached_the_end() -> None:
    before = clock.now()
    replies.arrives(replies.mail())
    operations.read_mailboxes()
    mark = _box().watermark
    assert mark is not None
    assert before <= mark
    (message,) = replies.stored()
    assert mark <= message.stored_at


def test_a_reading_that_stops_keeps_what_it_got_and_the_old_watermark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _reads(monkeypatch, Box(END))
    mark = _box().watermark
    trouble = MailboxTrouble("The server hung up.")
    assert _reads(monkeypatch, Box(_found(replies.mail(), 1), trouble)) == 1
    box = _box()
    assert (box.watermark, box.error) == (mark, "The server hung up.")
    since = box.error_since
    _reads(monkeypatch, Box(trouble))
    assert _box().error_since == since
    _reads(monkeypatch, Box(END))
    box = _box()
    assert (box.error, box.error_since) == ("", None)
    assert box.watermark is not None
    assert mark is not None
    assert box.watermark > mark


@pytest.mark.parametrize(
    "items",
    [
        [],
        [_found(b"From: a\n\nb\n", 1)],
        [END, _found(b"From: a\n\nb\n", 1, folder="Junk")],
    ],
    ids=["nothing", "no end", "one folder without end"],
)
def test_a_reading_without_the_end_of_every_folder_moves_no_watermark(
    monkeypatch: pytest.MonkeyPatch, items: list[Found | FolderEnd]
) -> None:
    _reads(monkeypatch, Box(*items))
    assert _box().watermark is None
    assert _box().error


def test_a_full_disk_stops_the_reading_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(raw: bytes) -> str:
        raise Problem("files-full", path="/files")

    replies.arrives(replies.mail())
    with monkeypatch.context() as patched:
        patched.setattr(current_app.extensions["files"], "put", full)
        assert operations.read_mailboxes() == 0
    assert _box().watermark is None
    assert "no room left" in _box().error
    assert operations.read_mailboxes() == 1
    assert _box().error == ""


def test_a_mailbox_that_settings_name_no_more_is_read_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operations.read_mailboxes()
    _reads(monkeypatch, Box(MailboxTrouble("down")))
    assert [box.key for box in queries.active_mailboxes()] == [Box.key]
    assert queries.mailbox_watermark() is None
    monkeypatch.undo()
    operations.read_mailboxes()
    assert [box.key.partition(":")[0] for box in queries.active_mailboxes()] == ["maildir"]
    assert queries.mailbox_watermark() is not None
    assert len(queries.mailboxes()) == 2


def test_the_oldest_watermark_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replies.settings()
    two = f"maildir:{settings.captured_inbox} maildir:{settings.instance_dir / 'second'}"
    wanted = replace(settings, inbox_url=two)
    monkeypatch.setitem(current_app.extensions, "settings", wanted)
    operations.read_mailboxes()
    assert queries.mailbox_watermark() is None  # the second folder is not there
    for name in ("tmp", "new", "cur"):
        (settings.instance_dir / "second" / name).mkdir(parents=True)
    operations.read_mailboxes()
    marks = [box.watermark for box in queries.active_mailboxes() if box.watermark]
    assert queries.mailbox_watermark() == min(marks)


# Messages over the limit


def _large(head: bytes, size: int, uid: int) -> TooLarge:
    return TooLarge("INBOX", 7, str(uid), size, clock.now(), head)


def test_a_message_over_the_limit_is_kept_by_its_beginning_and_waits(
    monkeypatch: pytest.MonkeyPatch, people: Staff, letter: Letter
) -> None:
    other = replies.sent(people, "Teasel Telecom", letter.campaign)
    head = replies.mail(to=replies.reply_address(letter)) + b"x" * 60_000
    _reads(monkeypatch, Box(_large(head, 30_000_000, 1), END))
    operations.read_stored()
    message = replies.stored()[-1]
    assert (message.whole, message.size, replies.raw_of(message)) == (False, 30_000_000, head)
    assert (message.kind, message.triage) == (Kind.UNREADABLE, Triage.WAITING)
    assert message.letter_id == letter.id
    assert message in queries.blocking(letter)
    assert message in queries.blocking(other)  # nobody has seen what it says


def test_two_messages_over_the_limit_that_begin_alike_are_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head = b"From: a\n\n" + b"x" * 60_000
    larges = [_large(head, 30_000_000 + n, n) for n in (1, 2, 3)]
    assert _reads(monkeypatch, Box(*larges, END)) == 3
    assert _reads(monkeypatch, Box(*(x._replace(folder="Junk") for x in larges), END,
                                   FolderEnd("Junk", 7))) == 0  # fmt: skip
    assert len(replies.stored()) == 3
    assert all(head.startswith(replies.raw_of(m)) for m in replies.stored())


# From files


def test_files_are_imported_as_if_they_had_arrived(letter: Letter, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "a.eml").write_bytes(replies.in_thread(letter))
    box = b"From x\n" + replies.mail(text="one") + b"\nFrom x\n" + replies.mail(text="two")
    (folder / "archive").write_bytes(box)
    found = operations.import_files([folder, folder / "absent.eml"])
    assert [(Path(f.path).name, f.kind) for f in found] == [
        ("a.eml", "reply"),
        ("archive#1", "reply"),
        ("archive#2", "reply"),
        ("absent.eml", None),
    ]
    assert (found[0].letter, found[0].why) == (letter.ref, "thread")
    assert "cannot be read" in found[-1].why
    assert len(operations.import_files([folder])) == 3
    assert len(replies.stored()) == 4


# The whole way, with a real server


def test_a_reply_comes_in_from_a_real_imap_server(
    people: Staff, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dovecot(tmp_path) as server:
        wanted = replace(settings, inbox_url=server.url)
        monkeypatch.setitem(current_app.extensions, "settings", wanted)
        letter = replies.sent(people)
        dispatch = replies.mail_of(letter)
        ours = current_app.extensions["files"].get(dispatch.file_sha256)
        answer = replies.in_thread(letter)
        with smtplib.LMTP("127.0.0.1", server.lmtp_port, local_hostname="localhost") as lmtp:
            for raw in (ours, answer):
                lmtp.sendmail("a@larkspur-mobile.example", [server.user], raw)
        assert operations.read_mailboxes() == 2
        assert operations.read_mailboxes() == 0
        operations.read_stored()
    copy, reply = replies.stored()
    assert copy.kind is Kind.OWN_COPY
    assert (reply.kind, reply.letter_id) == (Kind.REPLY, letter.id)
    # LMTP ends a mail with a line end of its own.
    assert replies.raw_of(reply).rstrip().endswith(answer.rstrip().replace(b"\n", b"\r\n"))
    assert queries.own_copy_since(letter)
    assert queries.mailbox_watermark() is not None
    operations.read_mailboxes()  # the server is gone
    (box,) = queries.active_mailboxes()
    assert box.error
    assert server.password not in box.error


def test_positions_are_written_with_the_message() -> None:
    replies.arrives(replies.mail())
    operations.read_mailboxes()
    orphans = (
        sa.select(sa.func.count())
        .select_from(IncomingMessage)
        .where(~IncomingMessage.positions.any())
    )
    assert db.session.scalar(orphans) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IncomingPosition)) == 1
    assert os.listdir(replies.settings().captured_inbox / "new")
