"""What each message is, whose it is, and what follows from that without a person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app

from campaign.drafting import operations as drafting_operations
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel import clock
from campaign.replies import operations, queries, sorting
from campaign.replies.kinds import Kind, unreadable
from campaign.replies.models import IncomingMessage, MailboxReading
from campaign.replies.rules import MatchReason, Triage
from campaign.sending import queries as outbox
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState, EvidenceKind
from tests.builders import accounts, companies, drafting, replies
from tests.builders.drafting import Staff

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


def _evidence(dispatch: Dispatch) -> set[EvidenceKind]:
    db.session.expire_all()
    return {item.kind for item in dispatch.evidence}


def _box() -> MailboxReading:
    db.session.rollback()
    return db.session.scalars(sa.select(MailboxReading)).one()


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


def test_a_reply_in_the_thread_is_matched_and_waits(letter: Letter) -> None:
    message = replies.taken_in(replies.in_thread(letter))
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
    message = replies.taken_in(replies.in_thread(letter), folder="Junk")
    assert message.letter_id == letter.id


def test_a_late_reply_finds_its_concluded_letter(letter: Letter) -> None:
    letter.state = LetterState.CONCLUDED
    db.session.commit()
    assert not queries.possibly_theirs(letter)
    message = replies.taken_in(replies.mail(sender="ceo@larkspur-mobile.example"))
    assert queries.possibly_theirs(letter)
    assert queries.concerns(message, letter)


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
    replies.arrives(replies.in_thread(letter))
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
        replies.arrives(replies.in_thread(letter))
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
    replies.arrives(replies.in_thread(letter))
    operations.read_mailboxes()
    assert [operations.read_stored(), operations.read_stored()] == [1, 0]


def test_what_another_worker_has_read_meanwhile_is_left_as_it_is(letter: Letter) -> None:
    message = replies.taken_in(replies.in_thread(letter))
    operations.dismiss(message.id, why="a newsletter", actor=accounts.user("Tia Triage"))
    assert not sorting._sort(message.id, unreadable("a slower worker"), b"")
    db.session.refresh(message)
    assert (message.kind, message.triage) == (Kind.REPLY, Triage.DISMISSED)


def test_a_message_id_with_line_breaks_is_a_message_like_any_other(letter: Letter) -> None:
    evil = '<x@y>"\r\nZ9 STORE 1:* +FLAGS (\\Deleted)\r\nZ10 EXPUNGE'
    raw = f"Message-ID: {evil}\r\n".encode() + replies.mail(to=replies.reply_address(letter))
    message = replies.taken_in(raw)
    assert replies.raw_of(message) == raw
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
