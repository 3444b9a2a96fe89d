from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns import effects, queries
from campaign.campaigns.models import Campaign
from campaign.database import transaction
from campaign.extensions import db
from tests.builders.accounts import post, sign_in, user
from tests.builders.campaigns import QUESTIONS, campaign
from tests.pages import page

ABOUT = "/staff/campaigns/location-data/"
GIVEN = {
    "title": "Location data",
    "summary": "What they keep.",
    "questions-0": QUESTIONS[0],
    "questions-1": "",
    "questions-2": QUESTIONS[1],
    "signatories-0-name": "Mara Quill",
    "signatories-0-role": "Director",
    "response_days": "14",
    "grace_working_days": "1",
    "reminders": "y",
    "publication": "auto",
}


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> None:
    """A drafter is signed in at `client`."""
    with app.app_context():
        sign_in(client, user())


pytestmark = pytest.mark.usefixtures("drafter")


def _stored() -> Campaign:
    return db.session.query(Campaign).one()


def _make(**changes: Any) -> None:
    campaign(db.session.query(User).first(), **changes)  # type: ignore[arg-type]


def test_a_campaign_is_created_without_script(app: Flask, client: FlaskClient) -> None:
    seen = page(client.get("/staff/campaigns/new"))
    labels = [label.removesuffix(" (optional)") for label in seen.texts("label")]
    assert [f"Question {n}" in labels for n in range(1, 8)] == [True] * 6 + [False]
    seen = page(post(client, "/staff/campaigns/new", GIVEN, follow_redirects=True))
    assert seen.h1 == "Location data"
    assert tuple(seen.texts("main ol.prose li")) == QUESTIONS
    assert "Each company has 14 days" in seen.text
    with app.app_context():
        made = _stored()
        assert (made.reminders, made.auto_publish, made.embargoed) == (True, True, False)


def test_more_question_fields_keep_what_was_typed_and_store_nothing(
    app: Flask, client: FlaskClient
) -> None:
    seen = page(post(client, "/staff/campaigns/new", {**GIVEN, "title": "", "more": "1"}))
    assert seen.texts("#questions textarea") == [QUESTIONS[0], "", QUESTIONS[1], *[""] * 6]
    assert not seen.select(".error-summary")
    assert (seen.one("#signatories-0-name").attrs or {})["value"] == "Mara Quill"
    with app.app_context():
        assert db.session.query(Campaign).count() == 0


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("changes", "link", "words"),
    [
        ({"title": ""}, "#title", "Give the campaign a title."),
        ({"questions-0": "", "questions-2": " "}, "#questions", "Write at least one question."),
        ({"signatories-0-name": ""}, "#signatories", "Name at least one person."),
        ({"response_days": "3"}, "#short_reason", "Write down why it is so short"),
        ({"response_days": "many"}, "#response_days", "Not a valid integer"),
        ({"response_days": "400"}, "#response_days", "Give between 1 and 365 days."),
        ({"grace_working_days": "0"}, "#grace_working_days", "Give between 1 and 30 working days."),
        ({"embargoed": "y", "embargo_until": "2001-01-01T09:00"}, "#embargo_until", "is past"),
        ({"embargoed": "y", "embargo_until": "9999-01-01T09:00"}, "#embargo_until", "1900 to 2099"),
        ({"embargoed": "y", "embargo_until": "2027-03-28T01:30"}, "#embargo_until", "clocks skip"),
        ({"embargoed": "y", "embargo_until": "tomorrow"}, "#embargo_until", "Not a valid"),
        ({"publication": "at once"}, "#publication-0", "Not a valid choice"),
    ],
)
def test_what_was_typed_stays_and_the_summary_links_to_the_field(
    app: Flask, client: FlaskClient, changes: dict[str, str], link: str, words: str
) -> None:
    seen = page(post(client, "/staff/campaigns/new", GIVEN | changes))
    found = seen.texts(f".error-summary a[href='{link}']")
    assert any(words in error for error in found), found
    assert len(seen.select(link)) == 1, "the link leads somewhere"
    assert seen.texts("#summary") == ["What they keep."]
    with app.app_context():
        assert db.session.query(Campaign).count() == 0


def test_a_second_campaign_of_one_title_is_refused_in_words(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _make()
    seen = page(post(client, "/staff/campaigns/new", GIVEN))
    assert "already a campaign at the address “location-data”" in seen.texts(".error-summary li")[0]


def test_a_campaign_is_changed_and_what_no_form_holds_is_ignored(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _make(auto_publish=False)
    seen = page(client.get(f"{ABOUT}edit"))
    assert seen.texts("#questions textarea") == [*QUESTIONS, *[""] * 4]
    assert "checked" in (seen.one("#publication-1").attrs or {})
    given = GIVEN | {
        "title": "Where people are", "slug": "evil", "owner_id": "99", "fixed_at": "2000-01-01",
        "embargoed": "y", "embargo_until": "2090-01-01T09:00", "reminders": "",
    }  # fmt: skip
    del given["reminders"]
    seen = page(post(client, f"{ABOUT}edit", given, follow_redirects=True))
    assert seen.h1 == "Where people are"
    with app.app_context():
        made = _stored()
        assert (made.slug, made.embargoed, made.fixed_at) == ("location-data", False, None)
        assert (made.reminders, made.auto_publish, made.owner_id == 99) == (False, True, False)


def test_questions_have_no_fields_once_a_letter_has_left(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        _make()
        with transaction():
            effects.fix_questions(_stored())
    seen = page(client.get(f"{ABOUT}edit"))
    assert "Letters have left" in seen.text
    assert not seen.select("#questions, #response_days")
    changed = GIVEN | {"questions-0": "Other?", "response_days": "30", "title": "New"}
    seen = page(post(client, f"{ABOUT}edit", changed, follow_redirects=True))
    assert (seen.h1, tuple(seen.texts("main ol.prose li"))) == ("New", QUESTIONS)
    assert "Fixed since" in seen.text
    with app.app_context():
        assert _stored().response_days == 14


def test_only_a_publisher_sets_and_lifts_an_embargo(app: Flask, client: FlaskClient) -> None:
    publisher = app.test_client()
    with app.app_context():
        _make()
        sign_in(publisher, user(name="Pia Publisher", role=Role.PUBLISHER))
    assert client.get(f"{ABOUT}embargo").status_code == 403
    assert post(client, f"{ABOUT}embargo/lift", page="/staff/campaigns/new").status_code == 403

    past = post(publisher, f"{ABOUT}embargo", {"embargo_until": "2001-01-01T09:00"})
    assert page(past).texts(".error-summary a") == ["Until: This time is past."]
    given = {"embargo_until": "2090-07-01T09:00"}
    seen = page(post(publisher, f"{ABOUT}embargo", given, follow_redirects=True))
    assert seen.texts(".page-head .status") == ["Embargo"]
    assert "1 Jul 2090, 09:00 BST" in seen.text
    assert page(publisher.get("/staff/campaigns/")).texts("tbody .status") == ["Embargo"]
    there = f"{ABOUT}embargo"
    assert "become public at once" in page(publisher.get(there)).text
    seen = page(post(publisher, f"{there}/lift", page=there, follow_redirects=True))
    assert seen.texts(".page-head .status") == ["No embargo"]
    with app.app_context():
        assert queries.campaign("location-data").embargo_until is None  # type: ignore[union-attr]


def test_campaigns_are_listed_and_found(app: Flask, client: FlaskClient) -> None:
    assert page(client.get("/staff/campaigns/")).texts(".empty a") == ["Start a campaign"]
    with app.app_context():
        _make()
        _make(title="100% Öffentlich")
    assert page(client.get("/staff/campaigns/")).texts("tbody th") == [
        "100% Öffentlich",
        "Location data",
    ]
    assert page(client.get("/staff/campaigns/?q=location")).texts("tbody th") == ["Location data"]
    assert page(client.get("/staff/campaigns/?q=%25")).texts("tbody th") == ["100% Öffentlich"]
    assert "No campaign found" in page(client.get("/staff/campaigns/?q=nothing")).text
    assert client.get("/staff/campaigns/none/").status_code == 404
