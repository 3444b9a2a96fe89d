"""What we write in the thread of a letter: threaded, once, and never taken for the letter."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask, current_app

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.awaiting import answer_queries, answer_texts, answering
from campaign.awaiting import operations as waits
from campaign.awaiting import queries as awaiting
from campaign.awaiting.answer_models import OutgoingAnswer
from campaign.awaiting.answer_rules import AnswerKind, AnswerState
from campaign.awaiting.answer_rules import answering as subject_of
from campaign.awaiting.answering import Words
from campaign.database import transaction
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies import triage
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import ItemKind, Permission
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState, Proof
from tests.builders import accounts, mailbox_files, waiting
from tests.builders import replies as incoming

LATER = waiting.SENT + timedelta(days=2)
TEXT = "Dear Pip Larch,\n\nthank you. We have it.\n\nKind regards"


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def letter(in_app: None) -> Letter:
    with clock.at(waiting.SENT):
        (found,) = waiting.sent()
    return found


@pytest.fixture
def writer(in_app: None) -> User:
    return accounts.user("Tessa Triage", Role.DRAFTER)


@pytest.fixture
def second(in_app: None) -> User:
    return accounts.user("Sol Second", Role.APPROVER)


def asked(
    letter: Letter, writer: User, kind: ItemKind = ItemKind.EXTENSION_REQUEST
) -> IncomingMessage:
    """A mail of the company, filed by a person as this kind."""
    first = incoming.mail_of(letter)
    raw = incoming.mail(
        sender="Pip Larch <pip@larch.example>",
        to=incoming.reply_address(letter),
        subject="AW: Your letter",
        text="We need more time.",
        more=f"Message-ID: <their@larch.example>\nIn-Reply-To: {first.message_id}\n"
        f"References: {first.message_id}\n",
    )
    with clock.at(LATER):
        message = incoming.taken_in(raw, LATER)
        triage.file_reply(
            message.id, letter_id=letter.id, kind=kind, answer=None,
            permission=Permission.UNDETERMINED, verdicts={}, text="We need more time.",
            actor=writer,
        )  # fmt: skip
    return message


def words(kind: AnswerKind = AnswerKind.THANKS, text: str = TEXT) -> Words:
    return Words(kind, "pip@larch.example", "AW: Your letter", text)


def sent_mail(answer: OutgoingAnswer) -> EmailMessage:
    """The bytes that were handed over."""
    assert answer.dispatch
    assert answer.dispatch.file_sha256
    raw = current_app.extensions["files"].get(answer.dispatch.file_sha256)
    return email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)


def ordered(letter: Letter, writer: User, kind: AnswerKind = AnswerKind.THANKS) -> OutgoingAnswer:
    """An answer in the outbox, to a request for more time."""
    message = asked(letter, writer)
    with clock.at(LATER):
        made = answering.write(letter.id, words(kind), message_ref=message.ref, actor=writer)
        return answering.send(made.id, seen=made.version, actor=writer)


def test_it_leaves_once_in_the_thread_of_what_it_answers(letter: Letter, writer: User) -> None:
    answer = ordered(letter, writer)
    with clock.at(LATER):
        assert sending.send_due() == 1
        assert sending.send_due() == 0
    db.session.refresh(answer)
    assert answer.dispatch
    assert answer.dispatch.state is DispatchState.ACCEPTED
    mail, first = sent_mail(answer), incoming.mail_of(letter)
    assert mail["In-Reply-To"] == "<their@larch.example>"
    assert mail["References"].split() == [first.message_id, "<their@larch.example>"]
    assert mail["To"] == "Pip Larch <pip@larch.example>"
    assert mail["Reply-To"] == incoming.reply_address(letter)
    assert mail["Subject"] == "AW: Your letter"
    assert "Auto-Submitted" not in mail
    assert mail.get_content().replace("\r\n", "\n").strip() == TEXT


def test_it_is_neither_letter_nor_reminder_nor_proof(letter: Letter, writer: User) -> None:
    before = awaiting.standing(letter)
    answer = ordered(letter, writer)
    with clock.at(LATER):
        sending.send_due()
    db.session.expire_all()
    after = awaiting.standing(letter)
    assert (after.proof.at, after.deadline) == (before.proof.at, before.deadline)
    assert [d.id for d in after.dispatches] == [d.id for d in before.dispatches]
    assert answer.dispatch not in outbox.dispatches_of(letter.id)
    assert outbox.answers_sent(letter.id) == [answer.dispatch]


def test_its_bounce_says_nothing_of_the_letter(letter: Letter, writer: User) -> None:
    answer = ordered(letter, writer)
    with clock.at(LATER):
        sending.send_due()
        assert answer.dispatch
        mailbox_files.bounces(answer.dispatch)
        incoming.take_in()
        db.session.refresh(answer.dispatch)
        assert answer.dispatch.state is DispatchState.BOUNCED
        db.session.expire_all()
        assert awaiting.standing(letter).proof.grade >= Proof.ADEQUATE
        assert all(contact.usable for contact in letter.company.contacts)


def test_a_mail_that_answers_it_belongs_to_the_letter(letter: Letter, writer: User) -> None:
    answer = ordered(letter, writer)
    with clock.at(LATER):
        sending.send_due()
        assert answer.dispatch
        raw = incoming.mail(
            sender="Other <other@elsewhere.example>",
            more=f"In-Reply-To: {answer.dispatch.message_id}\n",
        )
        assert incoming.taken_in(raw, LATER).letter_id == letter.id


@pytest.mark.parametrize("kind", [AnswerKind.REJOINDER, AnswerKind.CORRECTION_DECISION])
def test_what_argues_or_binds_us_goes_by_a_second_persons_word_only(
    letter: Letter, writer: User, second: User, kind: AnswerKind
) -> None:
    answer = ordered(letter, writer, kind)
    assert answer.state is AnswerState.WAITING
    assert answer.dispatch is None
    with pytest.raises(Problem, match="You wrote this answer yourself"):
        answering.approve(answer.id, seen=answer.version, actor=writer)
    with pytest.raises(Problem, match="changed or sent"):
        answering.approve(answer.id, seen=answer.version - 1, actor=second)
    with clock.at(LATER):
        answering.approve(answer.id, seen=answer.version, actor=second)
        assert sending.send_due() == 1


def test_of_two_people_at_once_nobody_overwrites_and_nothing_goes_twice(
    letter: Letter, writer: User, second: User
) -> None:
    made = answering.write(letter.id, letter_words(letter), actor=writer)
    answering.rewrite(made.id, letter_words(letter)._replace(text="Theirs"), seen=1, actor=second)
    with pytest.raises(Problem, match="changed or sent"):
        answering.rewrite(made.id, letter_words(letter), seen=1, actor=writer)
    with pytest.raises(Problem, match="changed or sent"):
        answering.send(made.id, seen=1, actor=writer)
    with clock.at(LATER):
        answering.send(made.id, seen=2, actor=writer)
        with pytest.raises(Problem, match="changed or sent"):
            answering.send(made.id, seen=2, actor=second)
        with pytest.raises(Problem, match="changed or sent"):
            answering.discard(made.id, seen=2, actor=second)
        assert sending.send_due() == 1
    assert sent_mail(made).get_content().strip() == "Theirs"


def letter_words(letter: Letter) -> Words:
    """An answer to nobody's mail, to the address that the letter went to."""
    return words(AnswerKind.CHASER)._replace(to_address=incoming.mail_of(letter).recipient)


def test_one_that_answers_no_mail_stands_in_the_thread_of_the_letter(
    letter: Letter, writer: User
) -> None:
    made = answering.write(letter.id, letter_words(letter), actor=writer)
    answering.send(made.id, seen=1, actor=writer)
    first = incoming.mail_of(letter)
    mail = sent_mail(made)
    assert (mail["In-Reply-To"], mail["References"]) == (first.message_id, first.message_id)


BAD = [
    ("a stranger's address", {"to_address": "x@stranger.example"}, "has not written in the thread"),
    ("our own address", {"to_address": "answers@brightwater.example"}, "has not written"),
    ("two addresses", {"to_address": "pip@larch.example, x@y.example"}, "has not written"),
    ("a header in the subject", {"subject": "a\r\nBcc: x@y.example"}, "Subject"),
    ("no text", {"text": " \n "}, "Text"),
    ("an empty subject", {"subject": ""}, "Subject"),
]


@pytest.mark.parametrize(("changes", "why"), [row[1:] for row in BAD], ids=[r[0] for r in BAD])
def test_bad_words_are_refused_and_nothing_is_kept(
    letter: Letter, writer: User, changes: dict[str, Any], why: str
) -> None:
    message = asked(letter, writer)
    with pytest.raises(Problem, match=why):
        answering.write(
            letter.id, words()._replace(**changes), message_ref=message.ref, actor=writer
        )
    assert answer_queries.answers_of(letter.id) == []


def test_a_place_left_to_fill_in_is_not_sent_and_brackets_of_ours_are(
    letter: Letter, writer: User
) -> None:
    message = asked(letter, writer, ItemKind.ACKNOWLEDGEMENT)
    start = answer_texts.start(letter, AnswerKind.REJOINDER, message)
    made = answering.write(
        letter.id, words(AnswerKind.OTHER, start.text), message_ref=message.ref, actor=writer
    )
    with pytest.raises(Problem, match="place to fill in"):
        answering.send(made.id, seen=1, actor=writer)
    own = words(AnswerKind.OTHER, "You wrote that “[we] keep nothing”.")
    answering.rewrite(made.id, own, seen=1, actor=writer)
    answering.send(made.id, seen=2, actor=writer)


def test_the_decision_on_more_time_starts_with_the_new_date(letter: Letter, writer: User) -> None:
    message = asked(letter, writer)
    with clock.at(LATER):
        waits.extend(
            letter.id, new_deadline=(waiting.SENT + timedelta(days=30)).date(),
            asked_by="Pip Larch", why="Holidays.", actor=writer,
        )  # fmt: skip
        start = answer_texts.start(letter, AnswerKind.EXTENSION_DECISION, message)
    assert "2 December 2026" in start.text
    assert start.text.startswith("Dear Pip Larch,")
    assert start.subject == "AW: Your letter"
    assert "((" not in start.text
    assert "*" not in start.text


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("Your letter", "Re: Your letter"), ("RE: x", "RE: x"), ("AW: x", "AW: x"),
     ("Re[2]: x", "Re[2]: x"), ("Recording", "Re: Recording"), ("", "")],
)  # fmt: skip
def test_the_subject_answers_once(theirs: str, ours: str) -> None:
    assert subject_of(theirs) == ours


def test_a_halt_stops_it_and_a_concluded_letter_does_not(letter: Letter, writer: User) -> None:
    answer = ordered(letter, writer)
    with transaction() as session:
        session.get_one(Letter, letter.id).state = LetterState.CONCLUDED
    with clock.at(LATER):
        sending.halt(why="Wait.", actor=writer)
        assert sending.send_due() == 0
        sending.release_halt(actor=writer)
        assert sending.send_due() == 1
    assert db.session.get_one(Dispatch, answer.dispatch_id).state is DispatchState.ACCEPTED
