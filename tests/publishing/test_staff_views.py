"""Staff pages of publishing: the queue, a letter's panel, and what a person publishes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.awaiting import operations as awaiting
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import queries
from campaign.replies import operations as replies
from campaign.replies.models import Reply
from campaign.replies.rules import Answer, ItemKind, Permission, Verdict
from campaign.sending import queries as outbox
from tests.builders import drafting as drafts
from tests.builders import mailbox_files, waiting
from tests.builders import replies as incoming
from tests.builders.accounts import post, sign_in, token
from tests.builders.waiting import AFTER, SENT, run
from tests.pages import page

pytestmark = pytest.mark.database("sqlite")
QUEUE = "/staff/publishing/"
SOON = SENT + timedelta(days=1)


@pytest.fixture
def who(app: Flask, client: FlaskClient) -> Iterator[FlaskClient]:
    """A publisher who is signed in, in an app context of the test's."""
    with app.app_context():
        sign_in(client, waiting.publisher())
        yield client


def publisher() -> User:
    return db.session.query(User).filter_by(name="Pia Publisher").one()


def responses(letter: Letter) -> list[str]:
    db.session.rollback()
    record = queries.record_of(letter.id)
    return [entry.response.value for entry in record.entries] if record else []


def filed(letter: Letter, answer: Answer | None = Answer.FULL, **changes: object) -> Reply:
    given: dict[str, object] = {
        "kind": ItemKind.RESPONSE,
        "answer": answer,
        "permission": Permission.NOTICE_DEFAULT,
        "verdicts": {1: Verdict.ANSWERED},
        "received_at": clock.now(),
        "sender": "their press office",
        "text": "We keep it for <three> days.",
        "note": "A note of ours.",
        "actor": publisher(),
        **changes,
    }
    return replies.log_reply(letter.id, **given)  # type: ignore[arg-type]


def test_the_page_of_a_letter_says_that_no_reminder_leaves_once_they_have_said_something(
    who: FlaskClient,
) -> None:
    (letter,) = waiting.sent(people=drafts.staff())
    with clock.at(SOON):
        before = page(who.get(f"/staff/letters/{letter.ref}/")).text
        filed(letter)
        after = page(who.get(f"/staff/letters/{letter.ref}/")).text
    assert "does not leave" not in before
    assert "Reminder does not leave: they have said something" in after


def test_the_queue_lists_every_open_letter_with_what_stands(who: FlaskClient) -> None:
    people = drafts.staff()
    letters = waiting.ripe(3, people=people)
    waiting.sent(people=people, company={"name": "Weak"}, title="Two", verified=False)
    with clock.at(waiting.FINAL_NOTICE):
        awaiting.hold(why="They rang.", actor=people.approver, letter_id=letters[0].id)
    with clock.at(waiting.DEADLINE):
        shown = page(who.get(QUEUE))
        assert shown.h1 == "Publication queue"
        assert shown.texts("tbody th a") == [
            "Larkspur Mobile",
            "Company 001",
            "Company 002",
            "Weak",
        ]
        assert "On hold: They rang." in shown.text
        assert "Nothing but time" in shown.text
        assert len(shown.select(".gates li")) == 40
        assert len(shown.select('[data-gate="no_hold"][data-holds="false"]')) == 1
    assert run(AFTER).published == 2
    with clock.at(AFTER):
        assert page(who.get(QUEUE)).texts("tbody th a") == ["Larkspur Mobile", "Weak"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=company", ["Company 001"]),
        ("campaign=two", ["Weak"]),
        ("when=past", ["Larkspur Mobile", "Company 001"]),
        ("when=soon", []),
        ("when=later", []),
        ("when=none", ["Weak"]),
    ],
)
def test_the_queues_filters_stand_in_the_address(
    who: FlaskClient, query: str, names: list[str]
) -> None:
    people = drafts.staff()
    waiting.sent(2, people=people)
    waiting.sent(people=people, company={"name": "Weak"}, title="Two", verified=False)
    with clock.at(AFTER):
        shown = page(who.get(f"{QUEUE}?{query}"))
        assert shown.texts("tbody th a") == names
        assert bool(names) is not ("No letter found" in shown.text)
        assert who.get(f"{QUEUE}?when=ever").status_code == 400


def test_an_empty_queue_says_what_will_stand_there(who: FlaskClient) -> None:
    assert "No letter waits for an answer" in page(who.get(QUEUE)).text


def test_a_persons_word_shows_the_statement_and_the_basis_and_publishes(who: FlaskClient) -> None:
    letter = waiting.ripe(auto_publish=False)[0]
    run(AFTER)
    address = f"/staff/letters/{letter.ref}/publish"
    with clock.at(AFTER):
        assert "Publish" in page(who.get(QUEUE)).texts("tbody a.btn")[0]
        shown = page(who.get(address))
        assert "We had not received a response by 18 November 2026, 00:05 GMT." in shown.text
        assert len(shown.select('[data-holds="true"]')) == 10
        done = page(post(who, address, follow_redirects=True))
        assert "No response received" in done.text
        assert "published already" in page(who.get(address)).text
    assert responses(letter) == ["no_response"]


def test_a_gate_that_closes_after_the_look_keeps_the_word_from_publishing(
    who: FlaskClient,
) -> None:
    letter = waiting.ripe(auto_publish=False)[0]
    run(AFTER)
    address = f"/staff/letters/{letter.ref}/publish"
    with clock.at(AFTER):
        seen = token(who, address)
        incoming.arrives(incoming.mail(to=incoming.reply_address(letter)))
        incoming.take_in()
        shown = page(who.post(address, data={"csrf_token": seen}))
    assert "One message may be theirs." in shown.one("#errors").to_text()
    assert responses(letter) == []


def test_a_reply_is_published_after_a_look_at_exactly_what_becomes_public(
    who: FlaskClient,
) -> None:
    letter = waiting.sent()[0]
    with clock.at(SOON):
        reply = filed(letter)
        address = f"/staff/replies/{reply.ref}/publish"
        letter_page = page(who.get(f"/staff/letters/{letter.ref}/"))
        assert "Publish this reply" in letter_page.texts("a.btn")
        shown = page(who.get(address))
        assert "It answered on 3 November 2026." in shown.text
        assert "We keep it for <three> days." in shown.texts(".letter-sheet .verbatim")
        assert "A note of ours." not in shown.text
        page(post(who, address, {"comment": "We thank them."}, follow_redirects=True))
    assert responses(letter) == ["responded_full"]


def test_a_confidential_reply_is_published_without_its_words(who: FlaskClient) -> None:
    letter = waiting.sent()[0]
    with clock.at(SOON):
        reply = filed(letter, Answer.CONFIDENTIAL, permission=Permission.REFUSED)
        shown = page(who.get(f"/staff/replies/{reply.ref}/publish"))
    assert "We keep it for" not in shown.text
    assert "asked us to keep its answer confidential" in shown.text


def test_an_undecided_reply_cannot_be_published(who: FlaskClient) -> None:
    letter = waiting.sent()[0]
    with clock.at(SOON):
        reply = filed(letter, permission=Permission.UNDETERMINED)
        shown = page(who.get(f"/staff/replies/{reply.ref}/publish"))
    assert "Permission is not decided" in shown.text
    assert "Publish now" not in shown.texts("button")


def test_a_reply_is_taken_back_with_a_reason(who: FlaskClient) -> None:
    letter = waiting.sent()[0]
    with clock.at(SOON):
        reply = filed(letter)
        address = f"/staff/replies/{reply.ref}/withdraw"
        assert page(post(who, address, {"why": ""})).select("#errors a")
        page(post(who, address, {"why": "Another company's."}, follow_redirects=True))
    db.session.refresh(reply)
    assert reply.withdrawn_at is not None


def test_acknowledged_only_shows_its_statement_and_publishes(who: FlaskClient) -> None:
    letter = waiting.sent()[0]
    address = f"/staff/letters/{letter.ref}/acknowledged-only"
    with clock.at(SOON):
        assert "This does not fit" in page(who.get(address)).text
        filed(letter, None, kind=ItemKind.ACKNOWLEDGEMENT, verdicts={})
    run(AFTER)
    with clock.at(AFTER):
        assert "It was acknowledged on 3 November 2026" in page(who.get(address)).text
        page(post(who, address, follow_redirects=True))
    assert responses(letter) == ["acknowledged_only"]


def test_not_reached_is_said_with_a_reason(who: FlaskClient) -> None:
    letter = waiting.sent()[0]
    address = f"/staff/letters/{letter.ref}/not-reached"
    with clock.at(SOON):
        refused = page(post(who, address, {"why": "No address works."}))
        assert "Something shows that the letter reached" in refused.one("#errors").to_text()
        assert "No address works." in refused.one("textarea").to_text()
        mailbox_files.bounces(outbox.dispatches_of(letter.id)[0])
        run(SOON)
        page(post(who, address, {"why": "No address works."}, follow_redirects=True))
    assert responses(letter) == ["not_reached"]


def test_the_panel_of_a_letter_tells_gates_deadline_reminders_and_what_was_sent(
    who: FlaskClient,
) -> None:
    letter = waiting.sent()[0]
    run(waiting.REMINDER)
    with clock.at(waiting.REMINDER):
        shown = page(who.get(f"/staff/letters/{letter.ref}/"))
    panel = shown.one('[aria-labelledby="waiting"]').to_text()
    assert "Adequate proof" in panel
    assert "16 Nov 2026, London" in panel
    assert "12 Nov 2026, 09:00 GMT" in panel
    assert len(shown.select('[aria-labelledby="waiting"] .gates li')) == 10
    assert {"Give more time", "Hold"} <= set(shown.texts('[aria-labelledby="waiting"] a.btn'))
    assert len(shown.select('[aria-labelledby="sent"] li')) == 2
