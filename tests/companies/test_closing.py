"""The days on which a company is closed: noted, taken back, and what they do to its time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.awaiting import operations as awaiting
from campaign.awaiting import queries as waits
from campaign.companies import closing, queries
from campaign.companies.models import Closure
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from tests.builders import waiting
from tests.builders.accounts import post, sign_in, user
from tests.builders.companies import company
from tests.builders.waiting import AFTER, DEADLINE, FINAL_NOTICE, SILENCE, record_of, run
from tests.pages import page

ABOUT = "/staff/companies/larkspur-mobile/"
WORKS_HOLIDAYS = (date(2026, 11, 17), date(2026, 11, 19))  # Tuesday to Thursday, grace days


def noted(letter: Letter, first: date, last: date) -> Closure:
    with clock.at(FINAL_NOTICE + timedelta(hours=1)):
        return closing.note_closure(
            letter.company_id, first_on=first, last_on=last, why="Their website.", actor=None
        )


def test_grace_counts_the_days_on_which_the_company_works(ctx: AppContext) -> None:
    letter = waiting.ripe()[0]
    noted(letter, *WORKS_HOLIDAYS)
    facts = waits.standing(letter)
    assert facts.deadline_at == DEADLINE, "the date in the letter is a date, and stays"
    assert facts.silence_at == SILENCE + timedelta(days=3)
    assert run(AFTER).published == 0
    assert record_of(letter) is None
    assert run(SILENCE + timedelta(days=3, minutes=5)).published == 1


def test_days_that_are_taken_back_shorten_no_time_that_they_had_given(ctx: AppContext) -> None:
    letter = waiting.ripe()[0]
    closure = noted(letter, *WORKS_HOLIDAYS)
    with clock.at(FINAL_NOTICE + timedelta(hours=2)):
        awaiting.refresh_all()
        closing.withdraw_closure(closure.id, actor=None)
        assert letter.company.closed_days == frozenset()
        awaiting.refresh_all()
    assert waits.standing(letter).silence_at == SILENCE + timedelta(days=3)
    assert run(AFTER).published == 0


def test_another_companys_days_give_no_time(ctx: AppContext) -> None:
    letter, other = waiting.ripe(2)
    noted(other, *WORKS_HOLIDAYS)
    assert waits.standing(letter).silence_at == SILENCE


def test_noting_and_taking_back_are_in_the_companys_history(ctx: AppContext) -> None:
    made = company()
    closure = closing.note_closure(
        made.id,
        first_on=date(2026, 12, 24),
        last_on=date(2027, 1, 1),
        why="Their site.",
        actor=None,
    )
    closing.withdraw_closure(closure.id, actor=None)
    told = {event.kind: event.detail for event in history.of(made.ref)}
    assert told["company.closure_noted"] == told["company.closure_withdrawn"]
    assert told["company.closure_noted"] == {
        "first": "2026-12-24",
        "last": "2027-01-01",
        "why": "Their site.",
    }


@pytest.mark.parametrize(
    ("first", "last", "why", "code"),
    [
        (date(2026, 12, 24), date(2026, 12, 23), "Site.", "closure-order"),
        (date(2026, 12, 1), date(2027, 3, 3), "Site.", "closure-long"),
        (date(2126, 12, 24), date(2126, 12, 24), "Site.", "date-out-of-range"),
        (date(2026, 12, 24), date(2026, 12, 24), " ", "field-empty"),
        (date(2026, 12, 24), date(2026, 12, 24), "x" * 301, "field-too-long"),
    ],
)
@pytest.mark.database("sqlite")
def test_what_are_no_closing_days_is_refused(
    ctx: AppContext, first: date, last: date, why: str, code: str
) -> None:
    made = company()
    with pytest.raises(Problem) as refused:
        closing.note_closure(made.id, first_on=first, last_on=last, why=why, actor=None)
    assert refused.value.code == code
    assert db.session.query(Closure).count() == 0


@pytest.mark.database("sqlite")
def test_a_person_notes_the_days_on_the_companys_page_and_takes_them_back(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        sign_in(client, user())
        company()
    seen = page(client.get(ABOUT))
    assert "None are known beside weekends" in seen.text
    given = {"first_on": "2026-12-24", "last_on": "2027-01-01", "why": "Works holidays, their site"}
    seen = page(post(client, f"{ABOUT}closed/new", given, follow_redirects=True))
    assert "Works holidays, their site" in seen.text
    assert {"24 Dec 2026", "1 Jan 2027"} <= set(seen.texts("section time"))
    wrong = {**given, "last_on": "2026-12-01"}
    answer = post(client, f"{ABOUT}closed/new", wrong)
    assert "before the first" in page(answer, 422).text
    assert (page(answer, 422).one("#why").attrs or {})["value"] == given["why"]
    with app.app_context():
        found = queries.company("larkspur-mobile")
        assert found
        there = f"{ABOUT}closed/{found.closures[0].ref}/take-back"
    assert "is not shortened" in page(client.get(there)).text
    seen = page(post(client, there, follow_redirects=True))
    assert "None are known beside weekends" in seen.text
    assert client.get(there).status_code == 404


def test_long_closures_leave_a_moment_to_compute(ctx: AppContext) -> None:
    letter = waiting.ripe()[0]
    first = date(2026, 11, 17)
    noted(letter, first, first + timedelta(days=closing.LONGEST - 1))
    assert waits.standing(letter).silence_at == datetime(2027, 2, 18, tzinfo=UTC)
