"""Autosave in a real browser: what is typed survives whatever happens to page, server, session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from campaign.accounts.rules import Role
from campaign.drafting.unsaved_models import UnsavedText
from campaign.extensions import db
from tests.builders import accounts
from tests.builders import drafting as build
from tests.servers.chromium import axe
from tests.servers.live import LiveServer
from tests.servers.programs import wait_until

EDITOR = "/staff/campaigns/location-data/templates/letter/"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
ADA, CLEO = "ada.drafter@brightwater.example", "cleo.drafter@brightwater.example"
LARK = "Dear ((contact.salutation)),\n\nA lark sings."
SLOW = 15_000  # milliseconds: two cores, and other tests beside this one
Opened = Callable[[str], Page]

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def opened(app: Flask, live_server: LiveServer, browser: Browser) -> Iterator[Opened]:
    """Opens the editor for a person in a browser of their own.

    Not `tab`: here requests fail on purpose, which a console calls errors.
    """
    with app.app_context():
        build.draft(build.staff())
        accounts.user("Cleo Drafter", Role.DRAFTER)
    contexts = []

    def open_for(email: str) -> Page:
        context = browser.new_context(reduced_motion="reduce", locale="en-GB")
        context.set_default_timeout(SLOW)
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + EDITOR)
        _sign_in(page, email)
        page.goto(live_server.url + EDITOR)
        return page

    expect.set_options(timeout=SLOW)
    yield open_for
    expect.set_options(timeout=5_000)
    for context in contexts:
        context.close()


def _sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(accounts.PASSWORD)
    page.get_by_role("button", name=re.compile("^Sign in")).click()


def _body(page: Page) -> str:
    return page.locator("[name=body]").input_value()


def _kept(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.query(UnsavedText).order_by(UnsavedText.id)
        return [row.body for row in rows if row.ended_at is None]


@contextmanager
def _without(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def test_what_is_typed_is_kept_and_offered_in_another_browser(opened: Opened, app: Flask) -> None:
    page = opened(ADA)
    page.locator("[name=body]").fill(LARK)
    expect(page.locator("#now")).to_contain_text("Kept as a draft at")
    axe(page)
    assert _kept(app) == [LARK]
    other = opened(ADA)
    offer = other.get_by_role("region", name="You have unsaved text of")
    expect(offer).to_be_visible()
    axe(other)
    offer.get_by_role("link", name="See the difference").click()
    expect(other.locator("ins").filter(has_text="A lark sings.")).to_be_visible()
    axe(other)
    other.get_by_role("link", name="Go on with this text").click()
    assert _body(other) == LARK
    other.locator("[name=body]").fill(LARK + " And a wren.")
    expect(other.locator("#now")).to_contain_text("Kept as a draft at")
    assert _kept(app) == [LARK + " And a wren."]
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("The text is saved.")).to_be_visible()
    expect(other.get_by_text("You have unsaved text")).to_have_count(0)
    assert _kept(app) == []
    expect(page.locator("#now")).to_contain_text("Version 2 is in use", timeout=40_000)


def test_dropped_text_is_offered_no_more(opened: Opened, app: Flask) -> None:
    page = opened(ADA)
    page.locator("[name=body]").fill(LARK)
    expect(page.locator("#now")).to_contain_text("Kept as a draft at")
    page.reload()
    page.get_by_role("button", name="Drop it").first.click()
    expect(page.get_by_text("The unsaved text is dropped.")).to_be_visible()
    expect(page.get_by_role("region", name="You have unsaved text of")).to_have_count(0)
    assert _kept(app) == []


def test_text_typed_without_a_connection_is_kept_when_it_comes_back(
    opened: Opened, app: Flask
) -> None:
    page = opened(ADA)
    with _without(page):
        page.locator("[name=body]").fill(LARK)
        expect(page.get_by_text("Not kept: the program does not answer.")).to_be_visible()
        axe(page)
        assert _kept(app) == []
    expect(page.locator("#now")).to_contain_text("Kept as a draft at")
    expect(page.locator("#not-kept")).to_have_text(re.compile(r"^\s*$"), use_inner_text=True)
    assert _kept(app) == [LARK]


def test_a_page_that_closed_without_a_connection_left_its_text_in_the_browser(
    opened: Opened, app: Flask, live_server: LiveServer
) -> None:
    page = opened(ADA)
    # What a closing page sends may come through once the connection is back; here it is lost.
    page.add_init_script("window.fetch = () => Promise.reject(new TypeError('no connection'))")
    page.goto(live_server.url + EDITOR)
    page.locator("[name=body]").fill(LARK)
    expect(page.get_by_text("Not kept: the program does not answer.")).to_be_visible()
    page = page.context.new_page()
    page.goto(live_server.url + EDITOR)
    assert _body(page) != LARK
    offer = page.get_by_role("region", name="This browser holds text of")
    expect(offer).to_contain_text("A lark sings.")
    axe(page)
    offer.get_by_role("button", name="Put it into the form").click()
    assert _body(page) == LARK
    expect(offer).to_be_hidden()
    expect(page.locator("#now")).to_contain_text("Kept as a draft at")
    assert _kept(app) == [LARK]
    page.goto(live_server.url + EDITOR)
    expect(page.get_by_role("region", name="You have unsaved text of")).to_be_visible()
    expect(page.get_by_role("region", name="This browser holds text of")).to_be_hidden()


def test_a_page_that_closes_in_the_middle_of_a_word_sends_it(
    opened: Opened, app: Flask, live_server: LiveServer
) -> None:
    page = opened(ADA)
    page.locator("[name=body]").fill(LARK)
    page.goto(live_server.url + "/staff/")
    wait_until(lambda: _kept(app) == [LARK], "the text of the page that closed")
    page.goto(live_server.url + EDITOR)
    expect(page.get_by_role("region", name="You have unsaved text of")).to_be_visible()


def test_an_ended_session_goes_on_after_a_sign_in_in_another_tab(
    opened: Opened, app: Flask
) -> None:
    page = opened(ADA)
    page.context.clear_cookies()
    page.locator("[name=body]").fill(LARK)
    expect(page.get_by_text("Not kept: you have been signed out.")).to_be_visible()
    axe(page)
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="Sign in in a new tab").click()
    _sign_in(tab.value, ADA)
    expect(page.locator("#now")).to_contain_text("Kept as a draft at", timeout=40_000)
    assert _kept(app) == [LARK]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The text is saved.")).to_be_visible()


def test_nothing_is_kept_under_the_name_of_another_person(opened: Opened, app: Flask) -> None:
    page = opened(ADA)
    page.context.clear_cookies()
    page.locator("[name=body]").fill(LARK)
    expect(page.get_by_text("Not kept: you have been signed out.")).to_be_visible()
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="Sign in in a new tab").click()
    _sign_in(tab.value, CLEO)
    expect(page.get_by_text("Not kept: another person has signed in")).to_be_visible(timeout=40_000)
    assert _kept(app) == []


def test_a_text_saved_after_the_session_ended_comes_back_with_the_sign_in(
    opened: Opened, app: Flask
) -> None:
    page = opened(ADA)
    page.context.clear_cookies()
    page.locator("[name=body]").fill(LARK)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    axe(page)
    _sign_in(page, ADA)
    expect(page.get_by_text("What you typed before you signed in is kept.")).to_be_visible()
    expect(page.get_by_role("region", name="This browser holds text of")).to_be_hidden()
    page.get_by_role("link", name="Go on with it").click()
    assert _body(page) == LARK


def test_two_people_see_that_the_other_is_writing(opened: Opened) -> None:
    ada, cleo = opened(ADA), opened(CLEO)
    ada.locator("[name=body]").fill(LARK)
    expect(ada.locator("#now")).to_contain_text("Kept as a draft at")
    cleo.locator("[name=body]").fill("Mine.")
    expect(cleo.locator("#now")).to_contain_text("Ada Drafter is writing on this text now")
    expect(ada.locator("#now")).to_contain_text("Cleo Drafter is writing", timeout=40_000)


def test_without_a_script_a_button_keeps_the_text(
    opened: Opened, browser: Browser, live_server: LiveServer, app: Flask
) -> None:
    signed_in = opened(ADA).context.storage_state()
    with browser.new_context(java_script_enabled=False, storage_state=signed_in) as context:
        page = context.new_page()
        page.goto(live_server.url + EDITOR)
        page.locator("[name=body]").fill(LARK)
        page.get_by_role("button", name="Keep as draft").click()
        expect(page.get_by_text("Your text is kept as a draft.")).to_be_visible()
        assert _body(page) == LARK
    assert _kept(app) == [LARK]


@pytest.mark.parametrize("address", [EDITOR, EDITOR + "unsaved/"])
def test_the_pages_of_unsaved_text_fit_every_screen(
    opened: Opened, live_server: LiveServer, address: str
) -> None:
    page = opened(ADA)
    page.locator("[name=body]").fill(LARK)
    expect(page.locator("#now")).to_contain_text("Kept as a draft at")
    page.goto(live_server.url + address)
    for width, dark in ((390, False), (820, True), (1440, False)):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        assert page.evaluate(WIDE) is False, width
