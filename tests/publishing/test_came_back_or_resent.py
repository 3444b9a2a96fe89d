"""A letter came back, or is sent again; the company answers meanwhile.

No answer is awaited of a company that nothing reached. One that has answered: the answer can be
published, and nothing is sent to it again.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafts_of
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import operations, public_queries
from campaign.publishing.models import Response, Timeliness
from campaign.replies import operations as replies
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from tests.builders import drafting as drafts
from tests.builders import waiting
from tests.builders.waiting import AFTER, SENT, record_of, run
from tests.pages import page
from tests.publishing.test_operations import filed

RESEND = SENT + timedelta(days=3)
ANSWER = RESEND + timedelta(hours=1)
STEPS = ("draft", "in_review", "approved", "sending")


def resent(letter: Letter, people: drafts.Staff, until: str) -> None:
    """A new round, as far as that state; its mail has not left."""
    with clock.at(RESEND):
        drafting.begin_round(letter.id, why="It came back.", actor=people.drafter)
        step = STEPS.index(until)
        if step >= 1:
            texts = drafting.submit([letter.id], dated_on=RESEND.date(), actor=people.drafter)
        if step >= 2:
            drafts.approve_all(people, texts)
        if step >= 3:
            sending.send([letter.id], actor=people.drafter)
    db.session.refresh(letter)
    assert letter.state.value == until


@pytest.mark.parametrize("state", STEPS)
def test_an_answer_that_came_before_the_resend_left_is_published_and_ends_it(
    ctx: AppContext, state: str
) -> None:
    people, who = drafts.staff(), waiting.publisher()
    letter = waiting.sent(people=people)[0]
    resent(letter, people, state)
    with clock.at(ANSWER):
        operations.publish_reply(filed(letter, who).id, actor=who)
    record = record_of(letter)
    assert record is not None
    (entry,) = record.entries
    assert (entry.response, entry.timeliness) == (Response.RESPONDED_FULL, Timeliness.ON_TIME)
    assert "2 November 2026" in entry.statement, "the letter that it answered"
    assert letter.state is LetterState.CONCLUDED
    assert drafts_of.current_frozen(letter) is None, "no text of the resend waits for anybody"
    tally = run(AFTER)
    assert (tally.sent, tally.reminded, tally.published) == (0, 0, 0)
    states = {d.round: d.state.value for d in outbox.dispatches_of(letter.id)}
    assert states == {1: "accepted"} | ({2: "withdrawn"} if state == "sending" else {})
    with clock.at(AFTER):
        (shown,) = public_queries.shown([letter])
    assert shown.response == "responded_full"


def test_an_answer_to_a_letter_of_which_nothing_has_left_is_refused(ctx: AppContext) -> None:
    people, who = drafts.staff(), waiting.publisher()
    with clock.at(SENT):
        letter = drafts.draft(people, drafts.reachable("Larkspur Mobile"))
        drafts.approved(people, letter)
        sending.send([letter.id], actor=people.drafter)
        reply = filed(letter, who)
        with pytest.raises(Problem) as refused:
            operations.publish_reply(reply.id, actor=who)
    assert refused.value.code == "not-open"
    assert record_of(letter) is None


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("state", STEPS)
def test_the_public_page_shows_the_letter_that_was_answered(
    app: Flask, client: FlaskClient, state: str
) -> None:
    with app.app_context():
        people, who = drafts.staff(), waiting.publisher()
        letter = waiting.sent(people=people)[0]
        resent(letter, people, state)
        with clock.at(ANSWER):
            operations.publish_reply(filed(letter, who).id, actor=who)
        address = f"/campaigns/{letter.campaign.slug}/{letter.company.slug}/"
    text = page(client.get(address)).text
    assert "Letter sent 2 Nov 2026 Reply asked by 16 Nov 2026" in text
    assert "2 November 2026 Our reference" in text, "the head of the letter that they answered"
    assert "It answered on 5 November 2026" in text


def test_of_a_company_whose_letter_came_back_no_answer_is_awaited_in_public(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        letter = waiting.sent(people=drafts.staff())[0]
        path = f"/campaigns/{letter.campaign.slug}/"
        own = f"{path}{letter.company.slug}/"
        with clock.at(SENT + timedelta(hours=2)):
            before = page(client.get(own))
            sent = outbox.dispatches_of(letter.id)[0]
            replies.reply_as_company(sent.id, from_address="", text="", kind="bounce")
            run(SENT + timedelta(hours=3))
        db.session.remove()
    assert "We await an answer" in before.text
    shown = page(client.get(own))
    assert shown.h1 == "Our letter has not reached Larkspur Mobile yet"
    assert "It could not be delivered." in shown.text
    assert "no time to answer runs" in shown.text
    assert "Reply asked by" not in shown.text
    row = page(client.get(path)).text
    assert "The letter came back; no time to answer runs" in row
