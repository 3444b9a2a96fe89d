from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from campaign.accounts.rules import Role
from campaign.evidence import queries, rules
from campaign.evidence.models import Survey, SurveyAnswer
from campaign.evidence.rules import Answer, Asked, Source, Wrong
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel.errors import Problem
from tests.builders.accounts import post, sign_in, user
from tests.builders.evidence import QUESTIONS, survey
from tests.pages import Page, page

ABOUT = "/staff/evidence/surveys/"


def test_questions_are_read_as_typed_and_written_back() -> None:
    asked, wrong = rules.read(QUESTIONS)
    assert wrong == ()
    assert asked[0] == Asked(
        "storage",
        "Have you ever thought about where your recordings are kept?",
        (
            Answer("I have not thought about it", Decimal("45.6")),
            Answer("I have, and I know: roughly", Decimal("54.40")),
        ),
    )
    assert asked[1].answers == (Answer("Yes", Decimal(0)), Answer("No", None))
    assert rules.read(rules.typed(asked)) == (asked, ())


def test_a_question_says_why_its_numbers_can_be_misread() -> None:
    asked, wrong = rules.read("a: Why?\n! Ambiguous in print.\nyes: 1\n\nb: How?\nso: 2")
    assert wrong == ()
    assert [one.flag for one in asked] == ["Ambiguous in print.", ""]
    assert rules.read(rules.typed(asked)) == (asked, ())


@pytest.mark.parametrize(
    ("typed", "line", "why"),
    [
        ("Where is it kept?\nyes: 3", 1, "A question begins with a short name"),
        ("a: Why?\nyes", 2, "An answer is its label"),
        ("a: Why?\nyes: 45,6", 2, "“45,6” is no percent"),
        ("a: Why?\nyes: 100.1", 2, "“100.1” is no percent"),
        ("a: Why?\nyes: -1", 2, "“-1” is no percent"),
        ("a: Why?\nyes: 1\nyes: 2", 3, "stands there twice"),
        ("a: Why?\nyes: 1\n\na: Why?\nno: 2", 4, "is used twice"),
        ("a: Why?", 1, "has no answers"),
        ("a: Why?\n!\nyes: 1", 2, "After ! say"),
        ("a: Why?\n! unclear\n! very\nyes: 1", 3, "One line with !"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(typed: str, line: int, why: str) -> None:
    _, wrong = rules.read(typed)
    assert [one.line for one in wrong] == [line]
    assert isinstance(wrong[0], Wrong)
    assert why in wrong[0].why


def test_the_source_says_who_asked_whom_and_when() -> None:
    source = Source(
        "Poll House", "Open Watch", "online", "adults", date(2019, 11, 7), date(2019, 11, 8),
        2072, True,
    )  # fmt: skip
    assert rules.source_line(source) == (
        "Source: Poll House for Open Watch, n = 2,072 adults, online, weighted, "
        "fieldwork 7–8 November 2019."
    )
    assert rules.source_line(Source("Poll House")) == "Source: Poll House."
    invented = rules.source_line(Source("Poll House", invented=True))
    assert invented.startswith("Invented for this demonstration; nobody was asked.")


def test_a_survey_is_saved_as_one_event_and_changed(app: Flask) -> None:
    with app.app_context():
        saved = survey()
        assert saved.slug == "where-recordings-are-kept"
        asked = queries.question(saved.slug, "storage")
        assert asked
        assert [one.percent for one in asked.answers] == [Decimal("45.6"), Decimal("54.40")]
        again = survey(
            survey_id=saved.id, title="Kept where?", questions="storage: Where?\nHere: 3"
        )
        assert (again.id, again.slug) == (saved.id, "where-recordings-are-kept")
        assert [one.slug for one in again.questions] == ["storage"]
        assert [one.kind for one in history.of(saved.ref)] == ["survey.saved", "survey.saved"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"questions": "a: Why?\nyes: many"}, "survey-questions"),
        ({"fieldwork_end": date(2019, 11, 6)}, "survey-dates"),
        ({"sample_size": 0}, "survey-sample"),
        ({"tables_url": "javascript:alert(1)"}, "survey-address"),
        ({"pollster": " "}, "field-empty"),
        ({"survey_id": 99}, "not-there"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(
    app: Flask, changes: dict[str, object], code: str
) -> None:
    with app.app_context(), pytest.raises(Problem) as caught:
        survey(**changes)
    assert caught.value.code == code


def test_two_surveys_cannot_have_one_title(app: Flask) -> None:
    with app.app_context():
        survey()
        with pytest.raises(Problem) as caught:
            survey()
    assert caught.value.code == "survey-exists"


@pytest.mark.parametrize("share", [-1, 10_001])
def test_the_database_holds_no_share_outside_0_to_100(app: Flask, share: int) -> None:
    with app.app_context():
        survey()
        with pytest.raises(IntegrityError):
            db.session.execute(sa.update(SurveyAnswer).values(hundredths=share))
        db.session.rollback()


def test_a_drafter_enters_a_survey_and_sees_errors_by_line(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, user())
    assert page(client.get(ABOUT)).texts(".empty a") == ["Enter a survey"]
    given = {"title": "Kept where?", "pollster": "Poll House", "weighted": ""}
    given["questions"] = "a: Why?\nyes: 45,6"
    seen = page(post(client, f"{ABOUT}new", given))
    assert "Line 2: “45,6” is no percent" in seen.text
    given["questions"] = QUESTIONS
    seen = page(post(client, f"{ABOUT}new", given, follow_redirects=True))
    assert seen.h1 == "Kept where?"
    assert "((chart: kept-where/storage))" in seen.text
    assert "No chart can be drawn of it" in seen.text
    assert "not reported" in seen.texts("tbody td")
    assert "45.6" in page(client.get(f"{ABOUT}kept-where/edit")).texts("textarea")[0]
    assert page(client.get(ABOUT)).texts("tbody th a") == ["Kept where?"]
    assert page(client.get(f"{ABOUT}?q=nothing")).texts(".empty a") == ["Show all surveys"]


def test_a_viewer_reads_surveys_and_cannot_enter_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        survey()
        sign_in(client, user(role=Role.VIEWER))
    seen = page(client.get(f"{ABOUT}where-recordings-are-kept/"))
    assert seen.texts(".page-head a") == []
    assert client.get(f"{ABOUT}new").status_code == 403


EDIT = f"{ABOUT}where-recordings-are-kept/edit"


@pytest.fixture
def writer(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """Ada has the form of a survey open and has typed another title; Bea saves hers meanwhile."""
    with app.app_context():
        saved = survey()
        sign_in(client, user("Ada Drafter"))
        seen = page(client.get(EDIT))
        typed = {**_typed(seen), "title": "Mine"}
        bea = user("Bea Drafter")
        survey(survey_id=saved.id, title="Theirs", questions="told: Told?\nYes: 9", actor=bea)
    return typed


def _typed(seen: Page) -> dict[str, Any]:
    """What the form of a survey would send as it stands."""
    typed = {"title": "Where recordings are kept", "pollster": "Poll House", "weighted": "yes"}
    typed |= {"client": "Open Watch", "universe": "adults in Great Britain", "sample_size": "2072"}
    typed |= {"fieldwork_start": "2019-11-07", "fieldwork_end": "2019-11-08"}
    typed["questions"] = seen.one("[name=questions]").to_text()
    return {**typed, "based_on": (seen.one("[name=based_on]").attrs or {})["value"]}


def _stored(app: Flask) -> tuple[str, int]:
    """The title of the one survey, and how often it was saved."""
    with app.app_context():
        found = db.session.scalars(sa.select(Survey)).one()
        return found.title, len(history.of(found.ref))


def test_what_two_people_make_of_a_survey_stands_side_by_side(
    app: Flask, client: FlaskClient, writer: dict[str, Any]
) -> None:
    seen = page(post(client, EDIT, writer))
    assert "Bea Drafter has saved this survey meanwhile" in seen.text
    assert "only theirs: Title: Theirs" in seen.texts(".beside del")
    assert "only yours: Title: Mine" in seen.texts(".beside ins")
    assert (seen.one("[name=title]").attrs or {})["value"] == "Mine"
    assert _stored(app) == ("Theirs", 2)


def test_mine_is_saved_over_a_survey_only_where_i_have_seen_theirs(
    app: Flask, client: FlaskClient, writer: dict[str, Any]
) -> None:
    seen = page(post(client, EDIT, writer))
    over = (seen.one("[name=over]").attrs or {})["value"]
    with app.app_context():
        found = db.session.scalars(sa.select(Survey)).one()
        survey(survey_id=found.id, title="Theirs again")
    again = page(post(client, EDIT, {**writer, "over": over}))
    assert "only theirs: Title: Theirs again" in again.texts(".beside del")
    over = (again.one("[name=over]").attrs or {})["value"]
    assert post(client, EDIT, {**writer, "over": over}).status_code == 302
    assert _stored(app) == ("Mine", 4)


def test_their_survey_is_taken_into_the_form_and_mine_is_kept_beside_it(
    app: Flask, client: FlaskClient, writer: dict[str, Any]
) -> None:
    seen = page(post(client, EDIT, {**writer, "take": "1"}))
    assert (seen.one("[name=title]").attrs or {})["value"] == "Theirs"
    assert "Title: Mine" in seen.one("[name=put_aside]").to_text()
    assert not seen.select("#clash")
    taken = {**_typed(seen), "title": "Both"}
    assert post(client, EDIT, taken).status_code == 302
    assert _stored(app) == ("Both", 3)


def test_the_same_survey_sent_twice_is_saved_once(
    app: Flask, client: FlaskClient, writer: dict[str, Any]
) -> None:
    seen = page(post(client, EDIT, {**writer, "take": "1"}))
    taken = {**_typed(seen), "title": "Both"}
    assert [post(client, EDIT, taken).status_code for _ in range(2)] == [302, 302]
    assert _stored(app) == ("Both", 3)
