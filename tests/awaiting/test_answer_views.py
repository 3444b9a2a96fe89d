"""Staff pages of what we write in the thread of a letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.awaiting import answer_queries
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.replies import triage
from campaign.replies.rules import ItemKind, Permission
from tests.builders import accounts, waiting
from tests.builders import replies as incoming
from tests.pages import page
from tests.servers.chromium import axe
from tests.servers.live import LiveServer

pytestmark = pytest.mark.database("sqlite")
SOON = waiting.SENT + timedelta(days=1)
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def asked_for_time(letter: Letter, by: User) -> str:
    """The company asks for more time, and a person files it: the message's opaque id."""
    raw = incoming.mail(
        sender="Pip Larch <pip@larch.example>",
        to=incoming.reply_address(letter),
        text="Could we have until the end of the month?",
        more="Message-ID: <their@larch.example>\n",
    )
    message = incoming.taken_in(raw, clock.now())
    triage.file_reply(
        message.id, letter_id=letter.id, kind=ItemKind.EXTENSION_REQUEST, answer=None,
        permission=Permission.UNDETERMINED, verdicts={}, text=message.text, actor=by,
    )  # fmt: skip
    return message.ref


@pytest.fixture
def story(app: Flask) -> Iterator[tuple[str, str]]:
    """The refs of a letter and of the request for more time."""
    with clock.at(SOON):
        with app.app_context():
            (letter,) = waiting.sent()
            by = accounts.user("Tessa Triage", Role.DRAFTER)
            accounts.user("Sol Second", Role.APPROVER)
            told = letter.ref, asked_for_time(letter, by)
            db.session.remove()
        yield told


def sign_in(client: FlaskClient, name: str) -> None:
    with client.application.app_context():
        accounts.sign_in(client, db.session.query(User).filter_by(name=name).one())


def test_after_more_time_the_answer_stands_ready_with_the_new_date(
    client: FlaskClient, story: tuple[str, str]
) -> None:
    letter, message = story
    sign_in(client, "Tessa Triage")
    more = {"new_deadline": "2026-11-30", "asked_by": "them", "why": "Holidays."}
    given = accounts.post(client, f"/staff/letters/{letter}/extend", more)
    assert given.headers["Location"] == f"/staff/letters/{letter}/answer?message={message}"
    shown = page(client.get(given.headers["Location"]))
    assert "30 November 2026" in shown.one("[name=text]").to_text()
    assert (shown.one("[name=kind][checked]").attrs or {})["value"] == "extension_decision"


def test_what_was_typed_stays_when_something_is_wrong(
    client: FlaskClient, story: tuple[str, str]
) -> None:
    letter, message = story
    sign_in(client, "Tessa Triage")
    url = f"/staff/letters/{letter}/answer?message={message}"
    typed = {
        "message": message, "kind": "other", "to": "pip@larch.example", "subject": "",
        "text": "Typed with care.", "send": "1",
    }  # fmt: skip
    answer = accounts.post(client, url, typed)
    assert "Write a subject." in page(answer).text
    assert "Typed with care." in page(answer).one("[name=text]").to_text()


@pytest.mark.parametrize("query", ["kind=bribe", "message=0123456789abcdef"])
def test_an_address_that_names_nothing_is_refused(
    client: FlaskClient, story: tuple[str, str], query: str
) -> None:
    sign_in(client, "Tessa Triage")
    assert client.get(f"/staff/letters/{story[0]}/answer?{query}").status_code in (400, 404)


def test_who_may_not_triage_may_not_write(client: FlaskClient, story: tuple[str, str]) -> None:
    with client.application.app_context():
        accounts.sign_in(client, accounts.user("Vic Viewer", Role.VIEWER))
    assert client.get(f"/staff/letters/{story[0]}/answer").status_code == 403


def _enter(tab: Page, url: str, email: str) -> None:
    tab.context.clear_cookies()
    tab.goto(f"{url}/staff/login")
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password").fill(accounts.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()


def _looks_right(tab: Page) -> None:
    for width, scheme in ((390, "light"), (820, "dark"), (1440, "light")):
        tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        assert tab.evaluate(WIDE) is False, width


def test_a_rejoinder_is_written_by_one_and_sent_by_another_in_the_browser(
    app: Flask, story: tuple[str, str], live_server: LiveServer, tab: Page
) -> None:
    letter, _message = story
    with app.app_context():
        emails = {u.name: u.email for u in db.session.query(User)}
    _enter(tab, live_server.url, emails["Tessa Triage"])
    tab.goto(f"{live_server.url}/staff/letters/{letter}/")
    tab.get_by_role("link", name="Answer it").click()
    tab.get_by_role("link", name="Rejoinder").click()
    _looks_right(tab)
    tab.get_by_role("button", name="Send it").click()
    expect(tab.get_by_text("place to fill in")).to_be_visible()
    text = tab.get_by_label("Text")
    filled = text.input_value()
    for place, words in (
        ("[Quote the sentence, and say what you would like to know.]", "Which month?"),
        ("[the date that you give them]", "30 November"),
    ):
        assert place in filled
        filled = filled.replace(place, words)
    text.fill(filled)
    tab.get_by_role("button", name="Send it").click()
    expect(tab.get_by_text("A second person reads it before it goes.")).to_be_visible()
    _enter(tab, live_server.url, emails["Sol Second"])
    tab.goto(f"{live_server.url}/staff/")
    tab.get_by_role("link", name="Read it").click()
    expect(tab.get_by_text("Which month?")).to_be_visible()
    _looks_right(tab)
    tab.get_by_role("button", name="Agree, and send it").click()
    expect(tab.get_by_text("It is in the outbox.")).to_be_visible()
    with app.app_context():
        found = db.session.query(Letter).filter_by(ref=letter).one()
        (answer,) = answer_queries.answers_of(found.id)
        assert answer.dispatch is not None
