"""What a company was really asked is what is judged, shown and published of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.awaiting import queries as awaiting
from campaign.drafting import asked
from campaign.drafting.models import Letter
from campaign.drafting.own import OwnWords
from campaign.drafting.own_saving import save_own
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import public_queries
from campaign.replies import triage
from campaign.replies.models import Reply
from campaign.replies.rules import Answer, ItemKind, Permission, Verdict
from tests.builders import accounts, waiting
from tests.builders import drafting as drafts
from tests.builders import publishing as build
from tests.builders import replies as mail
from tests.builders.campaigns import QUESTIONS
from tests.drafting.acting import refusal
from tests.pages import page
from tests.publishing.asking import LARKFIELD, SPEAKER
from tests.publishing.asking import asked as told

CARS = "Do your cars record what is said in them?"
WHY = "Only this company sells cars."
NOW = build.SENT_AT + timedelta(days=20)

OWN = OwnWords(base_questions=QUESTIONS, questions=(CARS, QUESTIONS[1]), days=21, why=WHY)


@pytest.fixture
def letters(app: Flask) -> tuple[int, int]:
    """Two letters that left, the first with questions and days of its own; their ids."""
    with app.app_context():
        campaign = build.campaign()
        own = build.sent(campaign, own=OWN)
        other = build.sent(campaign, build.company("Tern & Co"))
        for letter in (own, other):
            build.answered(letter, verdicts=(Verdict.ANSWERED, Verdict.PARTLY))
        return own.id, other.id


def test_the_record_shows_the_letters_own_questions_and_says_why(
    client: FlaskClient, letters: tuple[int, int]
) -> None:
    with clock.at(NOW):
        shown = page(client.get(LARKFIELD))
        other = page(client.get(f"{SPEAKER}tern-co/"))
    questions = shown.texts('[aria-labelledby="questions"] li')
    assert questions[0].startswith(CARS)
    assert questions[1].startswith(QUESTIONS[1])
    note = shown.one("[data-differs]").to_text()
    assert "asked other questions than the others in this campaign" in note
    assert "It has 21 days to answer; the others have 14." in note
    assert f"Our reason: {WHY}" in note
    assert not other.select("[data-differs]")
    assert other.texts('[aria-labelledby="questions"] li')[0].startswith(QUESTIONS[0])


def test_the_campaign_does_not_say_that_all_were_asked_the_same(
    client: FlaskClient, letters: tuple[int, int]
) -> None:
    with clock.at(NOW):
        shown = page(client.get(SPEAKER))
    said = shown.one('[aria-labelledby="asked"]').to_text()
    assert "Except for those named below, every company was asked the same" in said
    assert WHY in said
    rows = {row[0]: row for row in (r.split() for r in shown.texts(".matrix tbody tr"))}
    assert "not asked in these words" in " ".join(rows["Larkfield"])
    assert "not asked in these words" not in " ".join(rows["Tern"])
    # The verdict on its own question is none on the campaign's first.
    assert " ".join(rows["Larkfield"]).endswith("Partly")


def test_the_interface_tells_what_was_asked(client: FlaskClient, letters: tuple[int, int]) -> None:
    with clock.at(NOW):
        records = {one["company"]: one for one in told(client, "/api/v1/records")["items"]}
    assert records["larkfield-home"]["differs"] == {
        "asked": [
            {"number": 1, "text": CARS, "campaign_number": None},
            {"number": 2, "text": QUESTIONS[1], "campaign_number": 2},
        ],
        "days": 21,
        "why": WHY,
    }
    assert records["tern-co"]["differs"] is None


def test_own_days_bind_the_deadline(app: Flask, letters: tuple[int, int]) -> None:
    with app.app_context():
        own, other = (db.session.get_one(Letter, one) for one in letters)
        stood = awaiting.standings([own, other])
        assert stood[own.id].policy.response_days == 21
        assert stood[other.id].policy.response_days == 14
        late, soon = (stood[one].frozen for one in letters)
        assert late
        assert soon
        assert (late.deadline_on - soon.deadline_on).days == 7


@pytest.mark.database("sqlite")
def test_what_is_shown_of_many_letters_takes_as_many_queries_as_before(
    app: Flask, letters: tuple[int, int]
) -> None:
    with app.app_context():
        found = [db.session.get_one(Letter, one) for one in letters]
        own, other = public_queries.shown(found)
        assert own.not_asked == {1}
        assert own.campaign_verdicts == {2: "partly"}
        assert other.not_asked == frozenset()
        assert [one.text for one in asked.of_letter(found[0])] == [CARS, QUESTIONS[1]]


def test_a_reply_is_judged_by_the_questions_of_its_letter(app: Flask) -> None:
    with app.app_context():
        letter = _sent(OWN._replace(questions=(CARS,)))
        message, actor = mail.answered(letter, "They do not."), waiting.publisher()

        def act(verdicts: dict[int, Verdict]) -> Reply:
            return triage.file_reply(
                message.id,
                letter_id=letter.id,
                kind=ItemKind.RESPONSE,
                answer=Answer.FULL,
                permission=Permission.NOTICE_DEFAULT,
                verdicts=verdicts,
                text="They do not.",
                actor=actor,
            )

        assert refusal(lambda: act({2: Verdict.ANSWERED})) == "question-foreign"
        reply = act({1: Verdict.ANSWERED})
        assert [(one.number, one.verdict) for one in reply.verdicts] == [(1, Verdict.ANSWERED)]


def test_the_form_of_a_reply_asks_about_the_letters_own_questions(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        message = mail.answered(_sent(OWN), "They do not.").ref
        accounts.sign_in(client, build.staff().approver)
    labels = page(client.get(f"/staff/inbox/{message}/")).texts("fieldset label")
    assert f"1. {CARS}" in " ".join(labels)
    assert QUESTIONS[0] not in " ".join(labels)


def _sent(own: OwnWords) -> Letter:
    """A letter with words of its own that has left."""
    people = drafts.staff()
    letter = drafts.draft(people)
    save_own(letter.id, own, actor=people.drafter)
    return mail.send(people, drafts.approved(people, letter))
