"""Answers that do not come one by one to the right address (issue 5, point 3)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.replies import effects, operations, queries
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import Answer, ItemKind, MatchReason, Permission, Triage
from campaign.sending import queries as outbox
from campaign.sending.rules import EvidenceKind
from tests.builders import accounts, campaigns, drafting, replies
from tests.builders.drafting import Staff
from tests.pages import page


@pytest.fixture
def people(ctx: None) -> Staff:
    return drafting.staff()


@pytest.fixture
def both(people: Staff) -> tuple[Letter, Letter]:
    """Letters to two companies, their own copies read."""
    one = replies.sent(people)
    other = replies.sent(people, "Teasel Telecom", one.campaign)
    replies.take_in()
    return one, other


@pytest.fixture
def tia(people: Staff) -> User:
    return accounts.user("Tia Triage", Role.PUBLISHER)


def _file(message: IncomingMessage, letter: Letter, tia: User, **changes: Any) -> Reply:
    given: dict[str, Any] = {
        "kind": ItemKind.RESPONSE,
        "answer": Answer.FULL,
        "permission": Permission.NOTICE_DEFAULT,
        "verdicts": {},
        "text": "We keep it for three days.",
        **changes,
    }
    return operations.file_reply(message.id, letter_id=letter.id, actor=tia, **given)


def _for_both(both: tuple[Letter, Letter]) -> IncomingMessage:
    addresses = ", ".join(map(replies.reply_address, both))
    return replies.taken_in(replies.mail(to=addresses, text="Our two companies keep it a day."))


def _triage(message: IncomingMessage) -> Triage:
    return message.triage


def _answered(letter: Letter) -> bool:
    db.session.rollback()
    shown = {e.kind for d in outbox.dispatches_of(letter.id) for e in d.evidence}
    return EvidenceKind.ANSWERED in shown


# One mail for two companies


def test_one_mail_that_answers_for_two_companies_is_filed_to_both(
    both: tuple[Letter, Letter], tia: User
) -> None:
    one, other = both
    message = _for_both(both)
    _file(message, one, tia, more=True)
    assert _triage(message) is Triage.WAITING
    assert queries.blocking(other) == [message]  # nothing is published there meanwhile
    _file(message, other, tia)
    assert _triage(message) is Triage.FILED
    assert [item.letter_id for item in queries.items_of(message)] == [one.id, other.id]
    assert [len(queries.thread(letter.id)) for letter in both] == [1, 1]
    assert _answered(one)
    assert _answered(other)
    assert queries.blocking(one) == queries.blocking(other) == []


def test_no_letter_gets_the_same_mail_twice(both: tuple[Letter, Letter], tia: User) -> None:
    message = _for_both(both)
    _file(message, both[0], tia, more=True)
    with pytest.raises(Problem) as refused:
        _file(message, both[0], tia)
    assert refused.value.code == "filed-there-already"
    assert len(queries.thread(both[0].id)) == 1


def test_who_thought_better_of_it_says_that_it_answers_for_nobody_else(
    both: tuple[Letter, Letter], tia: User
) -> None:
    message = _for_both(both)
    with pytest.raises(Problem, match="not said which letter"):
        operations.finish(message.id, actor=tia)
    _file(message, both[0], tia, more=True)
    for refused in (
        lambda: operations.dismiss(message.id, why="no", actor=tia),
        lambda: operations.mark_spam(message.id, actor=tia),
    ):
        with pytest.raises(Problem, match="is filed to the letter to Larkspur Mobile"):
            refused()
    operations.finish(message.id, actor=tia)
    assert (message.triage, message.letter_id) == (Triage.FILED, both[0].id)
    assert queries.blocking(both[1]) == []


def test_reopening_takes_it_back_from_both(both: tuple[Letter, Letter], tia: User) -> None:
    message = _for_both(both)
    _file(message, both[0], tia, more=True)
    _file(message, both[1], tia)
    operations.reopen(message.id, actor=tia)
    assert queries.items_of(message) == []
    assert [queries.thread(letter.id) for letter in both] == [[], []]
    assert not _answered(both[0])
    assert not _answered(both[1])


def test_what_is_taken_back_from_one_letter_still_answers_the_other(
    both: tuple[Letter, Letter], tia: User
) -> None:
    message = _for_both(both)
    _file(message, both[0], tia, more=True)
    second = _file(message, both[1], tia)
    with transaction():
        effects.unfile(second, why="It speaks for one of them only.", actor=tia)
    assert message.triage is Triage.WAITING
    assert _answered(both[0])
    assert not _answered(both[1])
    assert [item.letter_id for item in queries.items_of(message)] == [both[0].id]


# On the pages


def test_filing_to_both_and_moving_and_undoing_on_the_pages(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        people = drafting.staff()
        one = replies.sent(people)
        other = replies.sent(people, "Teasel Telecom", one.campaign)
        replies.take_in()
        message = _for_both((one, other))
        ref, refs = message.ref, (one.ref, other.ref)
        email = accounts.user("Tia Triage", Role.PUBLISHER).email
    accounts.sign_in(client, email)
    url = f"/staff/inbox/{ref}/"

    def belongs(letter: str) -> None:
        assert accounts.post(client, f"{url}match", {"letter": letter}, page=url).status_code == 302

    def filed(letter: str, **more: str) -> None:
        given = {"letter": letter, "kind": "acknowledgement", "answer": ""}
        answer = accounts.post(
            client, url, {**given, "permission": "undetermined", "shown": "newest", **more}
        )
        assert answer.status_code == 302, page(answer).text

    belongs(refs[0])
    filed(refs[0], more="y")
    shown = page(client.get(url))
    assert "Filed so far" in shown.text
    assert "It answers for nobody else" in shown.text
    assert not shown.select("form[action$='/dismiss']")
    belongs(refs[1])
    filed(refs[1])
    shown = page(client.get(url))
    assert {"Larkspur Mobile", "Teasel Telecom"} <= set(shown.texts("h3"))
    # Undo, and move: it belongs to the other company only.
    assert accounts.post(client, f"{url}reopen", page=url).status_code == 302
    assert "Filed so far" not in page(client.get(url)).text
    belongs(refs[1])
    filed(refs[1])
    with app.app_context():
        found = queries.message(ref)
        assert found is not None
        assert [item.letter.ref for item in queries.items_of(found)] == [refs[1]]


# Several letters, wrong addresses, passed on


def test_several_letters_in_one_thread_are_all_told(people: Staff, tia: User) -> None:
    """A company that two campaigns wrote to answers the one and refers to the other."""
    first = replies.sent(people)
    again = campaigns.campaign(people.drafter, "Location data again")
    second = replies.send(people, drafting.draft(people, first.company, again))
    replies.take_in()
    ids = [replies.mail_of(letter).message_id for letter in (first, second)]
    more = f"In-Reply-To: {ids[1]}\nReferences: {ids[0]} {ids[1]}\n"
    message = replies.taken_in(replies.mail(more=more))
    assert (message.letter_id, message.matched_by) == (second.id, MatchReason.THREAD)
    assert {s.letter_id for s in message.suggestions} == {first.id}
    assert queries.blocking(first) == queries.blocking(second) == [message]


@pytest.mark.parametrize("to", ["letters@brightwater.example", "pip@ngo.example"])
def test_a_reply_to_the_wrong_address_is_found_by_its_thread(
    both: tuple[Letter, Letter], to: str
) -> None:
    more = f"References: {replies.mail_of(both[0]).message_id}\n"
    message = replies.taken_in(replies.mail(to=to, more=more))
    assert (message.letter_id, message.matched_by) == (both[0].id, MatchReason.THREAD)


def test_a_reply_to_the_wrong_address_with_a_new_thread_is_suggested(
    both: tuple[Letter, Letter],
) -> None:
    raw = replies.mail(sender="ceo@larkspur-mobile.example", to="letters@brightwater.example")
    message = replies.taken_in(raw)
    assert message.letter_id is None
    assert [s.letter_id for s in message.suggestions] == [both[0].id]


def _passed_on(inner: str) -> bytes:
    return (
        "From: Pip <pip@ngo.example>\nTo: answers@brightwater.example\nSubject: Fwd: your letter\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis came to my own address.\n"
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n\nWe keep it for a day.\n--b--\n"
    ).encode()


def test_an_answer_that_is_passed_on_as_an_attachment_is_matched_by_what_it_answers(
    both: tuple[Letter, Letter],
) -> None:
    answered = replies.mail_of(both[0]).message_id
    inner = f"From: Larch <larch@elsewhere.example>\nIn-Reply-To: {answered}\nSubject: Re: x"
    message = replies.taken_in(_passed_on(inner))
    assert (message.letter_id, message.matched_by) == (both[0].id, MatchReason.THREAD)


def test_an_answer_that_is_passed_on_is_suggested_by_its_author(
    both: tuple[Letter, Letter],
) -> None:
    message = replies.taken_in(_passed_on("From: ceo@larkspur-mobile.example\nSubject: x"))
    assert message.letter_id is None
    assert [s.letter_id for s in message.suggestions] == [both[0].id]


def test_an_answer_that_is_passed_on_in_the_text_is_matched_by_the_token_in_it(
    both: tuple[Letter, Letter],
) -> None:
    text = f"-- Forwarded --\nFrom: ceo@x.example\nTo: {replies.reply_address(both[1])}\n\nNo."
    message = replies.taken_in(replies.mail(text=text))
    assert (message.letter_id, message.matched_by) == (both[1].id, MatchReason.TOKEN_TEXT)
