"""Mail taken in: raw first, once, all of it; then what each message is and does."""

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
from campaign.drafting import operations as drafting_operations
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies import intake, operations, queries, sorting
from campaign.replies.kinds import Kind, unreadable
from campaign.replies.mailboxes import FolderEnd, Found, Known, MailboxTrouble, TooLarge
from campaign.replies.models import IncomingMessage, IncomingPosition, MailboxReading
from campaign.replies.rules import MatchReason, Triage
from campaign.sending import queries as outbox
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState, EvidenceKind
from tests.builders import accounts, companies, drafting, replies
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


def _raw(message: IncomingMessage) -> bytes:
    found: bytes = current_app.extensions["files"].get(message.sha256)
    return found


def _evidence(dispatch: Dispatch) -> set[EvidenceKind]:
    db.session.expire_all()
    return {item.kind for item in dispatch.evidence}


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
    monkeypatch.setattr(intake, "open_mailbox", lambda url: box)
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
    assert _raw(message) == raw
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
    assert (message.whole, message.size, _raw(message)) == (False, 30_000_000, head)
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
    assert all(head.startswith(_raw(m)) for m in replies.stored())


# Our own copies


def test_our_archive_copy_is_settled_and_shows_that_the_mailbox_works(letter: Letter) -> None:
    (copy,) = replies.stored()
    assert (copy.kind, copy.triage) == (Kind.OWN_COPY, Triage.SETTLED)
    assert copy.letter_id == letter.id
    assert EvidenceKind.OWN_COPY in _evidence(replies.mail_of(letter))
    assert _box().own_copy_at == copy.arrived_at
    assert queries.own_copy_since(letter)
    assert queries.blocking(letter) == []


def test_an_own_copy_settles_a_mail_of_which_nobody_knew(people: Staff) -> None:
    letter = replies.sent(people)
    dispatch = replies.mail_of(letter)
    dispatch.state, dispatch.accepted_at = DispatchState.UNKNOWN, None
    db.session.commit()
    replies.take_in()
    assert replies.mail_of(letter).state is DispatchState.ACCEPTED


def test_a_copy_with_other_words_is_no_own_copy(letter: Letter) -> None:
    ours = current_app.extensions["files"].get(replies.mail_of(letter).file_sha256)
    assert ours.count(b"Larkspur") > 1
    message = replies.taken_in(ours.replace(b"Larkspur", b"We object"))
    assert message.kind is Kind.REPLY
    assert (message.triage, message.letter_id) == (Triage.WAITING, letter.id)


def test_an_own_copy_from_before_the_letter_shows_nothing(people: Staff, letter: Letter) -> None:
    second = replies.sent(people, "Teasel Telecom", letter.campaign)
    inbox = replies.settings().captured_inbox / "new"
    copies = sorted(inbox.iterdir(), key=lambda path: path.stat().st_mtime)
    copies[-1].unlink()
    db.session.execute(
        sa.update(IncomingMessage).values(arrived_at=clock.now() - timedelta(hours=1))
    )
    db.session.commit()
    operations.read_mailboxes()
    assert not queries.own_copy_since(second)
    assert queries.own_copy_since(letter)  # its own copy, whatever the server's clock says


def test_an_own_copy_in_a_mailbox_that_is_read_no_more_shows_nothing(letter: Letter) -> None:
    _box().active = False
    db.session.commit()
    assert not queries.own_copy_since(letter)


# Reports and automatic replies


def test_a_bounce_with_our_token_counts_and_marks_the_contact(letter: Letter) -> None:
    dispatch = replies.mail_of(letter)
    operations.reply_as_company(
        dispatch.id, from_address=dispatch.recipient, text="", kind="bounce"
    )
    bounce = replies.take_in()[-1]
    assert (bounce.kind, bounce.triage) == (Kind.BOUNCE, Triage.SETTLED)
    dispatch = replies.mail_of(letter)
    assert dispatch.state is DispatchState.BOUNCED
    assert dispatch.contact.bad_since is not None
    assert queries.blocking(letter) == []


BOUNCE = (
    "Return-Path: <>\n"
    "From: MAILER-DAEMON@larkspur-mobile.example\n"
    "To: answers@brightwater.example\n"
    "Subject: Undelivered Mail Returned to Sender\n"
    "Auto-Submitted: auto-replied\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n"
    "--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.larkspur-mobile.example\n\n"
    "Final-Recipient: rfc822; privacy@larkspur-mobile.example\n"
    "Action: failed\nStatus: 5.1.1\n\n--b--\n"
)


def test_a_bounce_without_our_token_is_not_a_bounce_of_ours(letter: Letter) -> None:
    message = replies.taken_in(BOUNCE.encode())
    assert (message.kind, message.triage) == (Kind.BOUNCE, Triage.WAITING)
    dispatch = replies.mail_of(letter)
    assert dispatch.state is DispatchState.ACCEPTED
    assert dispatch.contact.bad_since is None
    assert EvidenceKind.BOUNCE not in _evidence(dispatch)


def test_a_token_in_a_forged_sender_matches_nothing(letter: Letter) -> None:
    token = replies.mail_of(letter).token
    forged = BOUNCE.replace(
        "From: MAILER-DAEMON@", f"From: answers+b-{token}@brightwater.example, MAILER-DAEMON@"
    )
    replies.taken_in(forged.encode())
    assert replies.mail_of(letter).state is DispatchState.ACCEPTED
    raw = replies.mail(sender=f"answers+{letter.reply_token}@brightwater.example")
    message = replies.taken_in(raw)
    assert message.letter_id is None


def test_a_bounce_that_may_be_of_either_of_two_mails_waits_for_a_person(people: Staff) -> None:
    company = drafting.reachable()
    draft = drafting.draft(people, company)
    second = companies.contact(company, "press@larkspur-mobile.example")
    both = sorted({second.id, *(contact.id for contact in company.contacts)})
    drafting_operations.choose_contacts(draft.id, both, actor=people.drafter)
    letter = replies.send(people, draft)
    assert len(outbox.dispatches_of(letter.id)) == 2
    replies.take_in()
    nameless = BOUNCE.replace("privacy@larkspur-mobile.example", "list@elsewhere.example")
    told = nameless.replace("answers@brightwater.example", replies.reply_address(letter))
    message = replies.taken_in(told.encode())
    assert (message.kind, message.triage) == (Kind.BOUNCE, Triage.WAITING)
    assert message.letter_id == letter.id
    assert {d.state for d in outbox.dispatches_of(letter.id)} == {DispatchState.ACCEPTED}
    named = BOUNCE.replace("answers@brightwater.example", replies.reply_address(letter))
    assert replies.taken_in(named.encode()).triage is Triage.SETTLED
    states = {d.recipient: d.state for d in outbox.dispatches_of(letter.id)}
    assert states == {
        "privacy@larkspur-mobile.example": DispatchState.BOUNCED,
        "press@larkspur-mobile.example": DispatchState.ACCEPTED,
    }


def test_a_confirmation_of_receipt_is_evidence_and_no_reply(letter: Letter) -> None:
    dispatch = replies.mail_of(letter)
    operations.reply_as_company(
        dispatch.id,
        from_address=dispatch.recipient,
        text="Thank you. We have received your message; your ticket number is 4711.",
        kind="ticket",
    )
    message = replies.take_in()[-1]
    assert (message.kind, message.triage) == (Kind.AUTO_REPLY, Triage.SETTLED)
    assert EvidenceKind.AUTO_CONFIRMS_RECEIPT in _evidence(replies.mail_of(letter))
    assert queries.blocking(letter) == []


def test_an_answer_with_the_headers_of_a_ticket_system_waits_for_a_person(letter: Letter) -> None:
    raw = replies.mail(
        to=replies.reply_address(letter),
        text="We keep location data for three days, and nobody outside can read it.",
        more="Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
    )
    message = replies.taken_in(raw)
    assert (message.kind, message.triage) == (Kind.AUTO_REPLY, Triage.WAITING)
    assert message in queries.blocking(letter)


def test_an_automatic_reply_to_nothing_of_ours_waits(letter: Letter) -> None:
    raw = replies.mail(text="I am away.", more="Auto-Submitted: auto-replied\n")
    message = replies.taken_in(raw)
    assert (message.kind, message.triage) == (Kind.AUTO_REPLY, Triage.WAITING)
    assert message in queries.blocking(letter)


# Whose a reply is


def _thread(letter: Letter) -> bytes:
    sent = replies.mail_of(letter).message_id
    return replies.mail(more=f"In-Reply-To: {sent}\nReferences: {sent}\n")


def test_a_reply_in_the_thread_is_matched_and_waits(letter: Letter) -> None:
    message = replies.taken_in(_thread(letter))
    assert (message.kind, message.triage) == (Kind.REPLY, Triage.WAITING)
    assert (message.letter_id, message.matched_by) == (letter.id, MatchReason.THREAD)
    assert queries.blocking(letter) == [message]
    assert queries.possibly_theirs(letter)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("to", MatchReason.TOKEN_ADDRESS),
        ("delivered", MatchReason.TOKEN_ADDRESS),
        ("received", MatchReason.TOKEN_ADDRESS),
        ("text", MatchReason.TOKEN_TEXT),
        ("alone", MatchReason.TOKEN_TEXT),
        ("reference", MatchReason.REFERENCE),
    ],
)
def test_a_reply_outside_the_thread_is_matched_by_token_or_reference(
    letter: Letter, where: str, reason: MatchReason
) -> None:
    address = replies.reply_address(letter)
    raws = {
        "to": replies.mail(to=address),
        "delivered": replies.mail(more=f"Delivered-To: {address}\n"),
        "received": replies.mail(more=f"Received: from a by b for <{address}>; x\n"),
        "text": replies.mail(text=f"You asked us to write to {address}."),
        "alone": replies.mail(text=f"Your code {letter.reply_token}."),
        "reference": replies.mail(text=f"Your reference: L-{letter.ref[:10].upper()}"),
    }
    message = replies.taken_in(raws[where])
    assert (message.letter_id, message.matched_by) == (letter.id, reason)


def test_a_sender_only_suggests_and_a_stranger_blocks_every_letter(
    people: Staff, letter: Letter
) -> None:
    other = replies.sent(people, "Teasel Telecom", letter.campaign)
    replies.take_in()
    known = replies.taken_in(replies.mail(sender="ceo@larkspur-mobile.example"))
    assert known.letter_id is None
    assert [s.letter_id for s in known.suggestions] == [letter.id]
    assert queries.blocking(letter) == [known]
    assert queries.concerns(known, letter)
    assert queries.blocking(other) == []
    stranger = replies.taken_in(replies.mail())
    assert queries.blocking(letter) == [known, stranger]
    assert queries.blocking(other) == [stranger]
    assert not queries.concerns(stranger, other)


def test_a_reply_to_two_companies_blocks_both_and_is_matched_to_none(
    people: Staff, letter: Letter
) -> None:
    other = replies.sent(people, "Teasel Telecom", letter.campaign)
    replies.take_in()
    both = f"{replies.reply_address(letter)}, {replies.reply_address(other)}"
    message = replies.taken_in(replies.mail(to=both))
    assert message.letter_id is None
    assert {s.letter_id for s in message.suggestions} == {letter.id, other.id}
    assert queries.blocking(letter) == queries.blocking(other) == [message]


def test_another_company_in_the_thread_is_suggested_too(people: Staff, letter: Letter) -> None:
    other = replies.sent(people, "Teasel Telecom", letter.campaign)
    replies.take_in()
    sent = replies.mail_of(letter).message_id
    raw = replies.mail(sender="ceo@teasel-telecom.example", more=f"In-Reply-To: {sent}\n")
    message = replies.taken_in(raw)
    assert message.letter_id == letter.id
    assert [s.letter_id for s in message.suggestions] == [other.id]
    assert queries.blocking(other) == [message]


def test_a_reply_in_the_spam_folder_is_a_reply(letter: Letter) -> None:
    message = replies.taken_in(_thread(letter), folder="Junk")
    assert message.letter_id == letter.id


def test_a_late_reply_finds_its_concluded_letter(letter: Letter) -> None:
    letter.state = LetterState.CONCLUDED
    db.session.commit()
    published = clock.now()
    assert queries.possible_after(letter, published) == []
    message = replies.taken_in(replies.mail(sender="ceo@larkspur-mobile.example"))
    assert queries.possible_after(letter, published) == [message]


def test_what_cannot_be_read_waits_and_blocks_every_letter(letter: Letter) -> None:
    raw = b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 300
    message = replies.taken_in(raw)
    assert (message.kind, message.triage) == (Kind.UNREADABLE, Triage.WAITING)
    assert message.error
    assert queries.blocking(letter) == [message]


def test_what_is_not_read_yet_blocks_every_letter(letter: Letter) -> None:
    replies.arrives(replies.mail())
    operations.read_mailboxes()
    assert len(queries.blocking(letter)) == 1
    assert not queries.possibly_theirs(letter)


def test_a_file_that_is_gone_blocks_and_stops_nothing(letter: Letter) -> None:
    replies.arrives(replies.mail())
    operations.read_mailboxes()
    lost = replies.stored()[-1]
    store = Path(current_app.extensions["files"].root)
    (store / lost.sha256[:2] / lost.sha256[2:4] / lost.sha256).unlink()
    replies.arrives(_thread(letter))
    found = replies.take_in()
    assert (found[-2].kind, found[-1].kind) == (Kind.UNREADABLE, Kind.REPLY)
    assert "not in the file store" in found[-2].error


def test_whatever_fails_leaves_the_message_to_a_person(
    monkeypatch: pytest.MonkeyPatch, letter: Letter
) -> None:
    def broken(message: object, reading: object) -> bool:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(sorting, "_wait", broken)
        replies.arrives(_thread(letter))
        operations.read_mailboxes()
        with pytest.raises(RuntimeError):  # even the second try fails: it stays unread
            operations.read_stored()
        assert replies.stored()[-1].triage is Triage.UNREAD
        patched.setattr(sorting, "_wait", lambda message, reading: None)
        patched.setattr(sorting, "_settle_report", _fails_once())
        operations.read_stored()
    message = replies.stored()[-1]
    assert (message.kind, message.triage) == (Kind.UNREADABLE, Triage.WAITING)
    assert message in queries.blocking(letter)


def _fails_once() -> object:
    calls: list[int] = []

    def fails(message: object, reading: object) -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("a fault of ours")
        return False

    return fails


def test_a_message_is_read_once(letter: Letter) -> None:
    replies.arrives(_thread(letter))
    operations.read_mailboxes()
    assert [operations.read_stored(), operations.read_stored()] == [1, 0]


def test_what_another_worker_has_read_meanwhile_is_left_as_it_is(letter: Letter) -> None:
    message = replies.taken_in(_thread(letter))
    operations.dismiss(message.id, why="a newsletter", actor=accounts.user("Tia Triage"))
    assert not sorting._sort(message.id, unreadable("a slower worker"), b"")
    db.session.refresh(message)
    assert (message.kind, message.triage) == (Kind.REPLY, Triage.DISMISSED)


def test_a_message_id_with_line_breaks_is_a_message_like_any_other(letter: Letter) -> None:
    evil = '<x@y>"\r\nZ9 STORE 1:* +FLAGS (\\Deleted)\r\nZ10 EXPUNGE'
    raw = f"Message-ID: {evil}\r\n".encode() + replies.mail(to=replies.reply_address(letter))
    message = replies.taken_in(raw)
    assert _raw(message) == raw
    assert message.triage is Triage.WAITING
    assert "\n" not in message.message_id


def test_a_possible_reply_withdraws_the_reminder_that_waits(letter: Letter) -> None:
    reminder = _queued_reminder(letter)
    replies.taken_in(replies.mail(sender="ceo@larkspur-mobile.example"))
    assert outbox.find(reminder).state is DispatchState.WITHDRAWN  # type: ignore[union-attr]


def test_a_strangers_bounce_withdraws_no_reminder(letter: Letter) -> None:
    reminder = _queued_reminder(letter)
    replies.taken_in(BOUNCE.encode())
    assert outbox.find(reminder).state is DispatchState.QUEUED  # type: ignore[union-attr]


def _queued_reminder(letter: Letter) -> str:
    from campaign.database import transaction
    from campaign.sending.effects import queue_reminder

    with transaction() as session:
        found = session.get_one(Letter, letter.id)
        deadline = clock.now().date() + timedelta(days=10)
        (dispatch,) = queue_reminder(found, TextKind.REMINDER, deadline=deadline, late=False)
        return dispatch.ref


# From files


def test_files_are_imported_as_if_they_had_arrived(letter: Letter, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "a.eml").write_bytes(_thread(letter))
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
        answer = _thread(letter)
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
    assert _raw(reply).rstrip().endswith(answer.rstrip().replace(b"\n", b"\r\n"))
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
