from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.companies import operations
from campaign.database import transaction
from campaign.extensions import db
from campaign.history import words
from campaign.history.operations import erase_details, record
from campaign.history.views import PER_PAGE
from tests.builders.accounts import sign_in, user
from tests.builders.companies import company
from tests.pages import page


@pytest.fixture
def viewer(app: Flask, client: FlaskClient) -> None:
    """A viewer is signed in at `client`."""
    with app.app_context():
        sign_in(client, user(name="Vi Viewer", role=Role.VIEWER))


pytestmark = pytest.mark.usefixtures("viewer")


def test_the_log_tells_in_words_what_happened_and_who_did_it(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        ada = user()
        made = company(actor=ada)
        operations.change_company(made.id, actor=None, country="DE", name="Larkspur Group")
    seen = page(client.get("/staff/history/"))
    rows = [row.split("Details")[0].strip() for row in seen.texts("tbody th")]
    assert rows == [
        "Facts about a company changed", "Company added", "Person let in", "Person let in",
    ]  # fmt: skip
    cells = seen.texts("tbody td")
    assert cells[2:4] == ["Larkspur Group", "The program"]
    assert cells[6:8] == ["Larkspur Group", "Ada Drafter"]
    assert "GB → DE" in seen.texts("tbody dl")[0]


def test_what_was_erased_is_not_told(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        made = company()
        with transaction():
            erase_details(made)
    seen = page(client.get("/staff/history/"))
    assert len(seen.select("tbody tr")) == 2
    assert len(seen.select("tbody dl")) == 1


def test_a_long_log_pages_back(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        for number in range(PER_PAGE + 3):
            record("letter.held_up", "a" * 32, number=number)
    seen = page(client.get("/staff/history/"))
    assert len(seen.select("tbody tr")) == PER_PAGE
    older = page(client.get(str((seen.one(".pager a[rel='next']").attrs or {})["href"])))
    assert older.texts("tbody tr td:first-child") == ["4", "3", "2", "1"]
    assert older.texts("tbody th")[0].startswith("Letter: held up")
    assert not older.select(".pager a[rel='next']")
    assert page(client.get("/staff/history/?before=1")).texts(".empty-title")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("before", ["0", "-1", "x", "1.5", "9" * 400, "²"])
def test_a_place_in_the_log_that_no_link_holds_is_refused(client: FlaskClient, before: str) -> None:
    page(client.get(f"/staff/history/?before={before}"), 400)


def test_the_chain_is_verified_on_demand(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        company()
    assert "ok, 2 events" in page(client.get("/staff/history/verify")).text
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE history_detail SET body = '{}' WHERE seq = 2"))
    seen = page(client.get("/staff/history/verify"))
    assert "Event 2 does not hold: its detail was changed" in seen.texts("[role='alert']")[0]


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({}, ()),
        ({"name": "", "why": None}, ()),
        ({"auto_publish": True, "left": False}, (("Auto publish", "yes"), ("Left", "no"))),
        ({"changed": {"title": ["Old", "New"]}}, (("Title", "Old → New"),)),
        ({"changed": {"region": [None, "BY"]}}, (("Region", "nothing → BY"),)),
        ({"questions": ["Why?", "Who?"]}, (("Questions", "Why?; Who?"),)),
        ({"verdicts": {"q_1": "answered"}}, (("Verdicts", "Q 1: answered"),)),
        ({"why": "x" * 500}, (("Why", "x" * 399 + "…"),)),
    ],
)
def test_details_are_told_in_words(
    detail: dict[str, object], told: tuple[tuple[str, str], ...]
) -> None:
    assert words.details(detail) == told
