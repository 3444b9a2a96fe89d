"""What was published is taken back in the open; and the queue helps to see that in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.awaiting import queries as awaiting
from campaign.companies.rules import Channel
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import operations, public_queries, queries, retracting
from campaign.publishing.models import Response
from campaign.replies.rules import Answer
from campaign.sending import operations as sending
from tests.builders import waiting
from tests.builders.accounts import post, sign_in
from tests.builders.waiting import AFTER, run
from tests.pages import page
from tests.publishing.test_staff_views import filed, publisher

pytestmark = pytest.mark.database("sqlite")
QUEUE = "/staff/publishing/"
SOON = AFTER + timedelta(minutes=10)
WAYS = (Channel.EMAIL, Channel.FORM)
WHY = "They had written to our old address."


@pytest.fixture
def letter(app: Flask, client: FlaskClient) -> Iterator[Letter]:
    """Of which the program has just published that no response had come."""
    with app.app_context():
        letter = waiting.ripe()[0]
        run(AFTER)
        sign_in(client, waiting.publisher())
        with clock.at(SOON):
            yield letter


def responses(letter: Letter) -> list[str]:
    db.session.rollback()
    record = queries.record_of(letter.id)
    return [entry.response.value for entry in record.entries] if record else []


def public(client: FlaskClient, letter: Letter) -> str:
    return page(client.get(f"/campaigns/{letter.campaign.slug}/{letter.company.slug}/")).text


def test_what_was_published_within_the_hour_can_be_undone_from_the_queue(
    client: FlaskClient, letter: Letter
) -> None:
    assert "did not respond" in public(client, letter)
    queue = page(client.get(QUEUE))
    assert "Published within the hour" in queue.text
    undo = f"/staff/letters/{letter.ref}/retract"
    assert "Undo : Larkspur Mobile" in queue.text
    assert "We have withdrawn that." in page(client.get(undo)).text
    assert post(client, undo, {"why": WHY}).status_code == 302
    assert responses(letter) == ["no_response", "withdrawn"]
    assert "Published within the hour" not in page(client.get(QUEUE)).text


def test_the_record_stays_and_says_that_and_why_it_was_withdrawn(
    client: FlaskClient, letter: Letter
) -> None:
    retracting.retract(letter.id, why=WHY, actor=publisher())
    told = public(client, letter)
    assert "We withdrew what we published about Larkspur Mobile" in told
    assert "We have withdrawn that." in told
    assert f"Why we withdrew it {WHY}" in told
    assert "No reply so far" not in told
    (shown,) = public_queries.shown([letter])
    assert (shown.response, shown.retracted) == ("withdrawn", True)
    campaign = page(client.get(f"/campaigns/{letter.campaign.slug}/"))
    assert "1 did not respond" not in campaign.text
    assert "0 of 0" in campaign.text or "of 0" in campaign.text


def test_the_program_publishes_nothing_about_it_again_and_a_later_reply_can_be(
    client: FlaskClient, letter: Letter
) -> None:
    retracting.retract(letter.id, why=WHY, actor=publisher())
    assert run(SOON + timedelta(days=3)).published == 0
    reply = filed(letter, Answer.FULL, received_at=SOON)
    operations.publish_reply(reply.id, actor=publisher())
    assert responses(letter) == ["no_response", "withdrawn", "responded_full"]
    assert "We keep it for" in public(client, letter)


def test_a_reply_that_was_published_is_not_shown_once_it_is_withdrawn(
    client: FlaskClient, letter: Letter
) -> None:
    reply = filed(letter, Answer.FULL, received_at=SOON)
    operations.publish_reply(reply.id, actor=publisher())
    assert "We keep it for" in public(client, letter)
    retracting.retract(letter.id, why=WHY, actor=publisher())
    assert "We keep it for" not in public(client, letter)
    for path in ("/api/v1/records", "/feed.atom", "/feed.json", "/records.csv"):
        assert "We keep it for" not in client.get(path).text, path


def test_a_withdrawn_reply_stays_away_when_another_is_published_and_can_be_taken_back(
    client: FlaskClient, letter: Letter
) -> None:
    forged = filed(letter, Answer.FULL, received_at=SOON, text="Nobody of theirs wrote this.")
    operations.publish_reply(forged.id, actor=publisher())
    retracting.retract(letter.id, why="It was not theirs.", actor=publisher())
    theirs = filed(letter, Answer.FULL, received_at=SOON)
    operations.publish_reply(theirs.id, actor=publisher())
    told = public(client, letter)
    assert "We keep it for" in told
    assert "Nobody of theirs wrote this" not in told
    assert "Nobody of theirs wrote this" not in client.get("/api/v1/records").text
    operations.withdraw_reply(forged.id, why="It was not theirs.", actor=publisher())
    with pytest.raises(Problem, match="published"):
        operations.withdraw_reply(theirs.id, why="A slip.", actor=publisher())


def test_corrections_are_listed_in_public_with_what_stood_before_and_why(
    client: FlaskClient, letter: Letter
) -> None:
    assert "No corrections so far" in page(client.get("/corrections/")).text
    retracting.retract(letter.id, why=WHY, actor=publisher())
    listed = page(client.get("/corrections/")).text
    for words in ("Larkspur Mobile", "No response received", "Withdrawn by us", WHY):
        assert words in listed
    (record,) = client.get("/api/v1/records").get_json()["items"]
    (told,) = record["corrections"]
    assert (told["was"], told["now"], told["why"]) == ("no_response", "withdrawn", WHY)
    reply = filed(letter, Answer.FULL, received_at=SOON)
    operations.publish_reply(reply.id, actor=publisher())
    (record,) = client.get("/api/v1/records").get_json()["items"]
    assert len(record["corrections"]) == 1, "a reply that came is no correction"


def test_the_list_of_corrections_tells_nothing_of_what_is_under_embargo(
    client: FlaskClient, letter: Letter
) -> None:
    retracting.retract(letter.id, why=WHY, actor=publisher())
    letter.campaign.embargoed = True
    db.session.commit()
    assert "Larkspur Mobile" not in page(client.get("/corrections/")).text


def test_it_is_possible_while_everything_is_halted(client: FlaskClient, letter: Letter) -> None:
    sending.halt(why="A restore.", actor=publisher())
    retracting.retract(letter.id, why=WHY, actor=publisher())
    assert responses(letter)[-1] == Response.WITHDRAWN


@pytest.mark.parametrize(("why", "code"), [("  ", "reason-missing"), (WHY, "nothing-published")])
def test_nothing_is_withdrawn_twice_or_without_a_reason(
    client: FlaskClient, letter: Letter, why: str, code: str
) -> None:
    if why.strip():
        retracting.retract(letter.id, why=WHY, actor=publisher())
    before = responses(letter)
    with pytest.raises(Problem) as caught:
        retracting.retract(letter.id, why=why, actor=publisher())
    assert caught.value.code == code
    db.session.rollback()
    assert responses(letter) == before


def test_after_an_hour_the_queue_does_not_offer_it_and_the_letter_still_does(
    client: FlaskClient, letter: Letter
) -> None:
    with clock.at(AFTER + timedelta(hours=1, seconds=1)):
        assert "Published within the hour" not in page(client.get(QUEUE)).text
        shown = page(client.get(f"/staff/letters/{letter.ref}/")).text
    assert "Withdraw what was published" in shown


def test_other_ways_to_answer_are_confirmed_for_several_letters_at_once(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        letters = waiting.ripe(3, channels=WAYS)
        refs = [letter.ref for letter in letters]
        sign_in(client, waiting.publisher())
    with app.app_context(), clock.at(SOON):
        waiting.run(SOON)
        db.session.remove()
        assert "Confirm for 3 letters" in page(client.get(QUEUE)).text
        empty = page(post(client, f"{QUEUE}sweep", {"note": "post box"}))
        assert "Tick the letters that you looked for." in empty.text
        given = {"letters": refs[:2], "note": "The inbox of the form, at ten."}
        done = post(client, f"{QUEUE}sweep", given, follow_redirects=True)
        assert "Confirmed for 2 letters." in page(done).text
        db.session.remove()
        swept = [len(awaiting.sweeps_of(db.session.merge(one))) for one in letters]
    assert swept == [1, 1, 0]
