from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.ctx import AppContext

from campaign.campaigns import effects, operations, queries
from campaign.campaigns.models import Campaign, Question, Signatory
from campaign.database import transaction
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from tests.builders.accounts import user
from tests.builders.campaigns import QUESTIONS, campaign

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def _asked(made: Campaign) -> list[tuple[int, str]]:
    return [(question.number, question.text) for question in made.questions]


def test_a_campaign_is_created_with_numbered_questions_and_its_owner(ctx: AppContext) -> None:
    ada = user()
    made = campaign(ada, questions=["", QUESTIONS[0], "  ", QUESTIONS[1], ""])
    assert (made.slug, made.owner_id) == ("location-data", ada.id)
    assert _asked(made) == list(enumerate(QUESTIONS, 1))
    assert (made.response_days, made.grace_working_days) == (14, 1)
    assert (made.reminders, made.auto_publish, made.embargoed) == (True, True, False)
    told = history.of(made.ref)[0]
    assert (told.kind, told.actor) == ("campaign.created", ada.ref)
    assert told.detail["questions"] == list(QUESTIONS)
    assert told.detail["signatories"] == ["Mara Quill, Director, Brightwater Digital Rights"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "field-empty"),
        ({"title": "Subject\r\nBcc: x@y"}, "control-character"),
        ({"title": "Subject\u2028more"}, "control-character"),
        ({"title": "x" * 201}, "field-too-long"),
        ({"summary": "x\0"}, "control-character"),
        ({"questions": []}, "questions-missing"),
        ({"questions": ["", " \n"]}, "questions-missing"),
        ({"questions": ["x" * 2_001]}, "field-too-long"),
        ({"questions": ["Why?"] * 61}, "bad-policy"),
        ({"signatories": []}, "signatory-missing"),
        ({"signatories": [("", "Director", "")]}, "field-empty"),
        ({"response_days": 6}, "bad-policy"),
        ({"response_days": 0}, "bad-policy"),
        ({"grace_working_days": 0}, "bad-policy"),
        ({"embargoed": True, "embargo_until": NOON}, "embargo-past"),
        ({"title": "LOCATION data"}, "campaign-exists"),
    ],
)
def test_no_campaign_is_created_with(ctx: AppContext, changes: dict[str, Any], code: str) -> None:
    ada = user()
    with clock.at(NOON):
        campaign(ada)
        with pytest.raises(Problem) as problem:
            campaign(ada, **{"title": "Another", **changes})
    assert problem.value.code == code
    assert db.session.query(Campaign).count() == 1
    assert db.session.query(Question).count() == 2
    assert len(history.of(ada.ref)) == 1


def test_a_short_period_is_possible_with_a_reason(ctx: AppContext) -> None:
    made = campaign(user(), response_days=3, short_reason="The vote is on Monday.")
    assert made.short_reason == "The vote is on Monday."
    with pytest.raises(Problem, match="working days"):
        operations.change_campaign(made.id, actor=None, short_reason="")


@pytest.mark.parametrize(
    "asked", [["One?"], ["One?", "Two?"], ["One?", "Two?", "Three?"], [QUESTIONS[1], QUESTIONS[0]]]
)
def test_questions_change_while_no_letter_has_left(ctx: AppContext, asked: list[str]) -> None:
    made = campaign(user())
    kept = {question.number: question.id for question in made.questions}
    operations.change_campaign(made.id, actor=None, questions=asked)
    db.session.expire_all()
    assert _asked(made) == list(enumerate(asked, 1))
    now = {question.number: question.id for question in made.questions}
    assert all(kept[number] == now[number] for number in kept.keys() & now.keys())
    assert db.session.query(Question).count() == len(asked)
    before, after = history.of(made.ref)[-1].detail["changed"]["questions"]
    assert (before, after) == (list(QUESTIONS), asked)


def test_questions_and_days_stay_once_a_letter_has_left(ctx: AppContext) -> None:
    made = campaign(user())
    for _ in range(2):
        with transaction():
            effects.fix_questions(made)
    kinds = [event.kind for event in history.of(made.ref)]
    assert kinds == ["campaign.created", "campaign.fixed"]
    for change in ({"questions": ["Other?"]}, {"response_days": 21}):
        with pytest.raises(Problem) as problem:
            operations.change_campaign(made.id, actor=None, title="New", **change)
        assert problem.value.code == "campaign-fixed"
    assert (made.title, made.response_days) == ("Location data", 14)
    operations.change_campaign(
        made.id,
        actor=None,
        title="Where people are",
        questions=[f" {text}\n" for text in QUESTIONS],
        response_days=14,
        grace_working_days=2,
    )
    assert (made.title, made.grace_working_days) == ("Where people are", 2)


def test_signatories_are_replaced_in_their_order(ctx: AppContext) -> None:
    made = campaign(user())
    signers = [("Bo Tern", "Counsel", "Harbour Law"), ("Mara Quill", "Director", "")]
    operations.change_campaign(made.id, actor=None, signatories=signers)
    db.session.expire_all()
    assert [(s.position, s.name) for s in made.signatories] == [(0, "Bo Tern"), (1, "Mara Quill")]
    assert db.session.query(Signatory).count() == 2


def test_a_change_of_nothing_is_not_noted_and_other_names_are_ignored(ctx: AppContext) -> None:
    made = campaign(user())
    operations.change_campaign(
        made.id, actor=None, title="Location data", slug="other", embargoed=True, owner_id=7
    )
    assert (made.slug, made.embargoed, len(history.of(made.ref))) == ("location-data", False, 1)
    with pytest.raises(Problem, match="no such campaign"):
        operations.change_campaign(999, actor=None, title="Nothing")


def test_an_embargo_is_set_and_lifted_and_each_is_noted(ctx: AppContext) -> None:
    later = NOON + timedelta(days=3)
    with clock.at(NOON):
        made = campaign(user())
        operations.set_embargo(made.id, until=later, actor=None)
        assert queries.embargo_holds(made, NOON)
        assert queries.embargo_holds(made, later - timedelta(seconds=1))
        assert not queries.embargo_holds(made, later)
        with pytest.raises(Problem, match="is past"):
            operations.set_embargo(made.id, until=NOON, actor=None)
        assert made.embargo_until == later
        operations.set_embargo(made.id, until=None, actor=None)
        assert queries.embargo_holds(made, later)
        operations.lift_embargo(made.id, actor=None)
        operations.lift_embargo(made.id, actor=None)
    assert not queries.embargo_holds(made, NOON)
    kinds = [event.kind for event in history.of(made.ref)]
    assert kinds == [
        "campaign.created", "campaign.embargoed", "campaign.embargoed", "campaign.embargo_lifted",
    ]  # fmt: skip
