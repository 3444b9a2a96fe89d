"""The board, the settings, and pages that ask the same number of queries however much there is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from campaign.awaiting import operations as awaiting
from campaign.campaigns.models import Campaign
from campaign.companies import operations as companies
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from tests.builders import accounts, campaigns, waiting
from tests.builders import drafting as drafts
from tests.builders import replies as incoming
from tests.builders.accounts import post
from tests.builders.sending import staff
from tests.builders.waiting import AFTER, REMINDER, run
from tests.pages import page

pytestmark = pytest.mark.database("sqlite")
BOARD = "/staff/campaigns/location-data/board/"


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent to the database within the block."""
    told: list[str] = []

    def heard(*call: object) -> None:
        told.append(str(call[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", heard)


@pytest.mark.parametrize("address", ["/staff/", "/staff/publishing/", BOARD, f"{BOARD}board.csv"])
def test_a_page_asks_as_many_queries_for_fifty_letters_as_for_five(
    app: Flask, client: FlaskClient, address: str
) -> None:
    with app.app_context():
        people, who = drafts.staff(), accounts.admin()
        first = waiting.sent(5, people=people)
        campaign = first[0].campaign_id
        _with_everything(first, who)
        accounts.sign_in(client, who)
    asked = [_asked(app, client, address)]
    with app.app_context():
        of = db.session.get_one(Campaign, campaign)
        waiting.sent(45, people=staff(), campaign=of, first=5)
        run(AFTER)
    asked.append(_asked(app, client, address))
    assert asked[0] == asked[1]
    assert asked[1] < 60


def _asked(app: Flask, client: FlaskClient, address: str) -> int:
    with clock.at(AFTER), counted(app) as statements:
        assert client.get(address).status_code == 200
    return len(statements)


def _with_everything(letters: list[Letter], who: object) -> None:
    """Something of every kind about the first few letters, so that no query is left out."""
    with clock.at(REMINDER):
        awaiting.hold(why="They rang.", actor=who, letter_id=letters[0].id)  # type: ignore[arg-type]
        incoming.arrives(incoming.mail(to=incoming.reply_address(letters[1])))
        incoming.arrives(incoming.mail())
    run(REMINDER)
    run(AFTER)


@pytest.fixture
def board(app: Flask, client: FlaskClient) -> Iterator[FlaskClient]:
    """Three letters, one held; a publisher is signed in; the time is after the grace."""
    with app.app_context():
        who = waiting.publisher()
        letters = waiting.ripe(3)
        with clock.at(waiting.FINAL_NOTICE):
            awaiting.hold(why="They rang.", actor=who, letter_id=letters[0].id)
        run(AFTER)
        accounts.sign_in(client, who)
        db.session.remove()
    with clock.at(AFTER):
        yield client


def test_the_board_tells_where_each_company_stands(board: FlaskClient) -> None:
    shown = page(board.get(BOARD))
    assert shown.h1 == "Board of Location data"
    assert shown.texts("tbody th") == ["Company 001", "Company 002", "Larkspur Mobile"]
    assert shown.texts("tbody .status") == [
        *("No response received", "Adequate proof"),
        *("No response received", "Adequate proof"),
        *("On hold", "Adequate proof"),
    ]
    assert "Release the hold" in shown.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=no_response", ["Company 001", "Company 002"]),
        ("state=concluded", ["Company 001", "Company 002"]),
        ("state=on_hold", ["Larkspur Mobile"]),
        ("state=overdue", ["Larkspur Mobile"]),
        ("state=awaiting", ["Larkspur Mobile"]),
        ("state=extended", []),
        ("state=draft", []),
        ("q=larksp", ["Larkspur Mobile"]),
        ("q=100%25", []),
    ],
)
def test_the_boards_filters_stand_in_the_address(
    board: FlaskClient, query: str, names: list[str]
) -> None:
    shown = page(board.get(f"{BOARD}?{query}"))
    assert shown.texts("tbody th") == names
    assert bool(names) is not ("No company found" in shown.text)


@pytest.mark.parametrize("query", ["state=nonsense", "page=0", "page=x", "q=" + "x" * 300])
def test_what_no_link_of_ours_holds_is_refused(board: FlaskClient, query: str) -> None:
    assert board.get(f"{BOARD}?{query}").status_code == 400
    assert board.get("/staff/campaigns/none/board/").status_code == 404


def test_the_board_can_be_kept_as_a_table_without_formulas(app: Flask, board: FlaskClient) -> None:
    with app.app_context():
        letter = db.session.scalars(sa.select(Letter).order_by(Letter.id)).first()
        assert letter is not None
        companies.change_company(letter.company_id, name="=HYPERLINK(1)", actor=None)
        db.session.remove()
    response = board.get(f"{BOARD}board.csv")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["company"] for row in rows] == ["'=HYPERLINK(1)", "Company 001", "Company 002"]
    assert [row["standing"] for row in rows] == ["on_hold", "no_response", "no_response"]
    assert {row["deadline"] for row in rows} == {"2026-11-16"}


def test_the_boards_buttons_take_what_was_ticked_to_the_form(
    app: Flask, board: FlaskClient
) -> None:
    with app.app_context():
        ref = db.session.scalars(sa.select(Letter.ref).order_by(Letter.id)).first()
        db.session.remove()
    for act, heading in (("hold", "Hold several letters"), ("extend", "Give several")):
        response = post(board, BOARD, {"act": act, "letters": [ref]}, follow_redirects=True)
        shown = page(response)
        assert shown.h1.startswith(heading)
        assert response.text.count(" checked>") == 1
    assert post(board, BOARD, {"act": "burn"}).status_code == 400


def test_an_empty_board_offers_the_next_step(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = drafts.staff()
        campaigns.campaign(people.drafter)
        accounts.sign_in(client, people.drafter)
    assert "Choose companies" in page(client.get(BOARD)).texts("main a")
