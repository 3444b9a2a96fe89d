"""What persons say of mail, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.database import transaction
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies import effects, operations, queries
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import Answer, ItemKind, MatchReason, Permission, Triage, Verdict
from campaign.sending import queries as outbox
from campaign.sending.rules import EvidenceKind, Proof
from tests.builders import accounts, drafting, replies
from tests.builders.drafting import Staff

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def people() -> Staff:
    return drafting.staff()


@pytest.fixture
def letter(people: Staff) -> Letter:
    return replies.sent(people)


@pytest.fixture
def tia(people: Staff) -> User:
    return accounts.user("Tia Triage", Role.PUBLISHER)


def _file(message: IncomingMessage, letter: Letter, actor: User, **changes: Any) -> Reply:
    questions = letter.campaign.questions
    given: dict[str, Any] = {
        "letter_id": letter.id,
        "kind": ItemKind.RESPONSE,
        "answer": Answer.FULL,
        "permission": Permission.NOTICE_DEFAULT,
        "verdicts": {question.number: Verdict.ANSWERED for question in questions},
        "text": "We keep it for three days.",
        "note": "",
        **changes,
    }
    return operations.file_reply(message.id, actor=actor, **given)


def _log(letter: Letter, actor: User, **changes: Any) -> Reply:
    given: dict[str, Any] = {
        "kind": ItemKind.ACKNOWLEDGEMENT,
        "answer": None,
        "permission": Permission.UNDETERMINED,
        "verdicts": {},
        "received_at": clock.now() - timedelta(minutes=1),
        "sender": "Pip Larch, by telephone",
        "text": "They have it.",
        "note": "",
        **changes,
    }
    return operations.log_reply(letter.id, actor=actor, **given)


def _evidence(letter: Letter) -> set[EvidenceKind]:
    db.session.rollback()
    return {e.kind for d in outbox.dispatches_of(letter.id) for e in d.evidence}


def test_a_filed_reply_is_in_the_thread_and_proves_that_the_letter_arrived(
    letter: Letter, tia: User
) -> None:
    message = replies.answered(letter)
    reply = _file(message, letter, tia)
    assert queries.thread(letter.id) == [reply]
    assert (reply.received_at, reply.filed_by_id) == (message.arrived_at, tia.id)
    assert reply.sender == "Larkspur Mobile <privacy@larkspur-mobile.example>"
    assert EvidenceKind.ANSWERED in _evidence(letter)
    assert outbox.proof(letter, mailbox_read_at=None).grade is Proof.STRONG
    assert queries.blocking(letter) == []
    assert letter.state is LetterState.OPEN  # nothing is published by filing
    assert queries.triaged_by(message) == tia


def test_a_reply_to_a_reminder_proves_the_letter(letter: Letter, tia: User) -> None:
    _file(replies.taken_in(replies.mail()), letter, tia)
    assert outbox.proof(letter, mailbox_read_at=None).grade is Proof.STRONG


def test_only_one_of_two_persons_files_a_message(letter: Letter, tia: User) -> None:
    message = replies.answered(letter)
    _file(message, letter, tia)
    other = accounts.user("Uma Second")
    for act in (
        lambda: _file(message, letter, other),
        lambda: operations.dismiss(message.id, why="spam", actor=other),
        lambda: operations.mark_spam(message.id, actor=other),
        lambda: operations.match(message.id, letter.id, actor=other),
    ):
        with pytest.raises(Problem, match="is filed, by Tia Triage"):
            act()
    assert len(queries.thread(letter.id)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answer": None}, "answer-missing"),
        ({"verdicts": {999_999: Verdict.ANSWERED}}, "question-foreign"),
        ({"letter_id": 999_999}, "not-there"),
    ],
)
def test_what_does_not_fit_is_refused_and_the_message_goes_on_waiting(
    letter: Letter, tia: User, changes: dict[str, Any], code: str
) -> None:
    message = replies.answered(letter)
    with pytest.raises(Problem) as refused:
        _file(message, letter, tia, **changes)
    assert refused.value.code == code
    assert message.triage is Triage.WAITING
    assert queries.thread(letter.id) == []


def test_a_letter_that_has_not_left_cannot_have_been_answered(
    people: Staff, letter: Letter, tia: User
) -> None:
    company = drafting.reachable("Teasel Telecom")
    draft = drafting.draft(people, company, letter.campaign)
    message = replies.answered(letter)
    with pytest.raises(Problem, match="has not been sent"):
        _file(message, draft, tia)
    with pytest.raises(Problem, match="has not been sent"):
        operations.match(message.id, draft.id, actor=tia)


def test_an_answer_belongs_to_a_response_only(letter: Letter, tia: User) -> None:
    message = replies.answered(letter)
    reply = _file(message, letter, tia, kind=ItemKind.ACKNOWLEDGEMENT, answer=Answer.FULL)
    assert reply.answer is None


def test_a_message_filed_elsewhere_says_that_a_person_matched_it(
    people: Staff, letter: Letter, tia: User
) -> None:
    other = replies.sent(people, "Teasel Telecom", letter.campaign)
    message = replies.answered(letter)
    _file(message, other, tia, verdicts={})
    assert (message.letter_id, message.matched_by) == (other.id, MatchReason.PERSON)
    assert queries.blocking(letter) == []
    assert EvidenceKind.ANSWERED not in _evidence(letter)
    assert EvidenceKind.ANSWERED in _evidence(other)


@pytest.mark.parametrize("how", ["dismiss", "spam"])
def test_what_is_put_aside_blocks_nothing_and_can_be_reopened(
    letter: Letter, tia: User, how: str
) -> None:
    message = replies.answered(letter)
    if how == "spam":
        operations.mark_spam(message.id, actor=tia)
    else:
        operations.dismiss(message.id, why="a newsletter", actor=tia)
    assert queries.blocking(letter) == []
    assert queries.waiting_count() == 0
    operations.reopen(message.id, actor=tia)
    assert queries.blocking(letter) == [message]
    with pytest.raises(Problem, match="waits again"):
        operations.reopen(message.id, actor=tia)


def test_putting_aside_needs_a_reason(letter: Letter, tia: User) -> None:
    message = replies.answered(letter)
    with pytest.raises(Problem, match="no reason"):
        operations.dismiss(message.id, why=" \n", actor=tia)
    assert message.triage is Triage.WAITING


def test_reopening_takes_the_reply_and_its_proof_back(letter: Letter, tia: User) -> None:
    message = replies.answered(letter)
    reply = _file(message, letter, tia)
    operations.reopen(message.id, actor=tia)
    assert queries.thread(letter.id) == []
    assert reply.withdrawn_at is not None
    assert EvidenceKind.ANSWERED not in _evidence(letter)
    assert queries.blocking(letter) == [message]
    again = _file(message, letter, tia, kind=ItemKind.ACKNOWLEDGEMENT, answer=None)
    assert queries.thread(letter.id) == [again]


def test_a_reply_of_a_concluded_letter_is_taken_back_on_its_own_page(
    letter: Letter, tia: User
) -> None:
    message = replies.answered(letter)
    reply = _file(message, letter, tia)
    letter.state = LetterState.CONCLUDED
    db.session.commit()
    with pytest.raises(Problem, match="is published"):
        operations.reopen(message.id, actor=tia)
    with transaction():
        effects.unfile(db.session.get_one(Reply, reply.id), why="not theirs", actor=tia)
    assert message.triage is Triage.WAITING
    assert queries.thread(letter.id) == []


def test_what_the_program_settled_can_be_reopened_and_filed(letter: Letter, tia: User) -> None:
    dispatch = replies.mail_of(letter)
    text = "I am away until Monday. For three days, by the way."
    operations.reply_as_company(
        dispatch.id, from_address=dispatch.recipient, text=text, kind="out_of_office"
    )
    message = replies.take_in()[-1]
    assert message.triage is Triage.SETTLED
    operations.reopen(message.id, actor=tia)
    assert queries.possibly_theirs(letter)
    _file(message, letter, tia)
    assert len(queries.thread(letter.id)) == 1


def test_matching_by_a_person_blocks_that_letter_only(
    people: Staff, letter: Letter, tia: User
) -> None:
    other = replies.sent(people, "Teasel Telecom", letter.campaign)
    replies.take_in()
    message = replies.taken_in(replies.mail())
    assert queries.blocking(other) == [message]
    operations.match(message.id, letter.id, actor=tia)
    assert queries.blocking(other) == []
    assert queries.blocking(letter) == [message]


def test_a_telephone_call_is_a_reply(letter: Letter, tia: User) -> None:
    reply = _log(letter, tia)
    assert queries.thread(letter.id) == [reply]
    assert EvidenceKind.ANSWERED in _evidence(letter)
    with transaction():
        effects.unfile(db.session.get_one(Reply, reply.id), why="another company", actor=tia)
    assert EvidenceKind.ANSWERED not in _evidence(letter)


def test_our_own_note_is_in_the_thread_and_proves_nothing(letter: Letter, tia: User) -> None:
    _log(letter, tia, kind=ItemKind.PHONE_NOTE, text="We rang; nobody knew of it.")
    assert len(queries.thread(letter.id)) == 1
    assert EvidenceKind.ANSWERED not in _evidence(letter)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"received_at": clock.now() + timedelta(days=4000)}, "received-later"),
        ({"sender": " "}, "field-empty"),
        ({"sender": "Pip\nBcc: x"}, "control-character"),
        ({"text": ""}, "field-empty"),
        ({"kind": ItemKind.RESPONSE}, "answer-missing"),
    ],
)
def test_a_call_is_taken_down_in_full_or_not_at_all(
    letter: Letter, tia: User, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Problem) as refused:
        _log(letter, tia, **changes)
    assert refused.value.code == code
    assert queries.thread(letter.id) == []


def test_every_act_is_in_the_history_and_the_chain_holds(letter: Letter, tia: User) -> None:
    message = replies.answered(letter)
    reply = _file(message, letter, tia)
    operations.reopen(message.id, actor=tia)
    operations.dismiss(message.id, why="a newsletter", actor=tia)
    kinds = {event.kind for event in history.newest()}
    assert {
        "mailbox.used",
        "message.stored",
        "message.read",
        "reply.filed",
        "reply.withdrawn",
        "message.reopened",
        "message.dismissed",
    } <= kinds
    assert queries.names([message.ref, reply.ref]) == {
        message.ref: f"Message “{message.subject}”",
        reply.ref: "Reply of Larkspur Mobile",
    }
    assert history.verify()[1] is None
