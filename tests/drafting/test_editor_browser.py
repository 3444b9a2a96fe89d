"""The editor in a real browser: what is typed is seen at once, without a reload."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.builders import accounts
from tests.builders import drafting as build
from tests.servers.chromium import axe
from tests.servers.live import LiveServer

EDITOR = "/staff/campaigns/location-data/templates/letter/"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def editor(app: Flask, live_server: LiveServer, tab: Page) -> Page:
    """The editor of a letter's text, opened by its drafter."""
    with app.app_context():
        people = build.staff()
        build.draft(people)
        email = people.drafter.email
    tab.goto(live_server.url + EDITOR)
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password").fill(accounts.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.goto(live_server.url + EDITOR)
    return tab


@pytest.mark.database("sqlite")
def test_the_preview_and_the_ticks_follow_what_is_typed(editor: Page) -> None:
    body, live = editor.locator("[name=body]"), editor.locator("#live")
    missing = live.locator('.gates [data-holds="false"]')
    expect(missing).to_have_count(0)
    whole = body.input_value()
    body.fill("Dear ((contact.salutation)),\n\nA lark *sings* here.")
    expect(live.locator(".letter-sheet em")).to_have_text("sings")
    expect(missing).not_to_have_count(0)
    expect(live.get_by_text("6 words, about 1 minute to read")).to_be_visible()
    body.fill("Dear ((nobody))")
    expect(live.get_by_text("This has to be mended before it can be saved")).to_be_visible()
    body.fill(whole)
    expect(missing).to_have_count(0)
    axe(editor)


@pytest.mark.database("sqlite")
def test_the_preview_shows_every_form_of_the_text(editor: Page) -> None:
    editor.locator("[name=body]").fill("Dear ((contact.salutation)),\n\nA lark *sings* here.")
    shape = editor.get_by_label("Look at it as")
    shape.select_option("html")
    frame = editor.frame_locator("iframe[name=as-html]")
    expect(frame.locator("em")).to_have_text("sings")
    shape.select_option("email")
    expect(editor.locator("#live .verbatim")).to_contain_text("A lark")
    shape.select_option("pdf")
    expect(editor.get_by_alt_text("Page 1 of the PDF to Larkspur Mobile")).to_be_visible()
    axe(editor)


@pytest.mark.database("sqlite")
def test_the_editor_fits_small_and_large_screens_light_and_dark(editor: Page) -> None:
    for width, scheme in ((390, "light"), (820, "dark"), (1440, "light"), (1440, "dark")):
        editor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        editor.set_viewport_size({"width": width, "height": 900})
        axe(editor)
        assert editor.evaluate(WIDE) is False, width
