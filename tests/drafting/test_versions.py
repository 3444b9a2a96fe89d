from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.campaigns.models import Campaign
from campaign.drafting import composing, operations
from campaign.drafting.changes import Line, Part, changes
from campaign.drafting.models import TextKind
from campaign.extensions import db
from tests.builders import accounts
from tests.builders import drafting as build
from tests.pages import page

ADA = "ada.drafter@brightwater.example"
URL = "/staff/campaigns/location-data/templates/letter/versions/"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("same", "same\n\n", ()),
        ("one\ntwo", "one", (Line("-", (Part("two", True),)),)),
        ("one", "one\n\ntwo", (Line("+", (Part("two", True),)),)),
        (
            "reply by Monday.",
            "reply by Tuesday.",
            (
                Line("-", (Part("reply by ", False), Part("Monday", True), Part(".", False))),
                Line("+", (Part("reply by ", False), Part("Tuesday", True), Part(".", False))),
            ),
        ),
        (
            "we write to you",
            "nothing of it",
            (
                Line("-", (Part("we write to you", True),)),
                Line("+", (Part("nothing of it", True),)),
            ),
        ),
    ],
)
def test_what_changed_is_told_by_line_and_word(
    before: str, after: str, expected: tuple[Line, ...]
) -> None:
    assert changes(before, after) == expected


def _save(body: str) -> None:
    author = db.session.merge(build.accounts.user("Cleo Drafter", accounts.Role.DRAFTER))
    campaign = db.session.query(Campaign).one()
    operations.save_template(
        campaign.id, kind=TextKind.LETTER, subject="Three", body=body, actor=author
    )


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    """Signed in, with two versions of the letter."""
    with app.app_context():
        build.draft(build.staff())
        _save("Dear ((contact.salutation)),\n\nPlease answer <soon>.")
        db.session.remove()
    accounts.sign_in(client, ADA)
    return client


def test_two_versions_are_compared(drafter: FlaskClient) -> None:
    shown = page(drafter.get(URL))
    assert "Please answer <soon>." in " ".join(new.to_text() for new in shown.select("ins"))
    assert shown.select("del")
    assert "say the same" in page(drafter.get(URL + "?from=2&to=2")).text
    assert drafter.get(URL + "?from=1&to=9").status_code == 404
    assert drafter.get(URL.replace("letter", "postcard")).status_code == 404
    editor = page(drafter.get(URL.removesuffix("versions/")))
    assert "Compare versions" in editor.text


def test_a_version_is_brought_back_as_the_newest(drafter: FlaskClient, app: Flask) -> None:
    back = URL + "1/bring-back"
    assert accounts.post(drafter, back, {"newest": "x"}, page=URL).status_code == 400
    accounts.post(drafter, back, {"newest": 1}, page=URL)
    assert "Somebody has saved version 2" in page(drafter.get(URL)).text
    accounts.post(drafter, back, {"newest": 2}, page=URL)
    with app.app_context():
        text = composing.latest(db.session.query(Campaign).one().id)[TextKind.LETTER]
        assert (text.version, "((questions))" in text.body) == (3, True)
    assert drafter.get(URL).status_code == 200
    assert accounts.post(drafter, URL + "9/bring-back", {"newest": 3}, page=URL).status_code == 404
