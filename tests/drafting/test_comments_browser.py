"""Comments in a real browser: words that are selected are quoted."""

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
SELECT = """words => {
  const text = document.getElementById("commented");
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(words);
    if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + words.length);
  }
}"""
SELECTED = """() => {
  const { value, selectionStart, selectionEnd } = document.querySelector("[name=body]");
  return value.slice(selectionStart, selectionEnd);
}"""

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def discussed(app: Flask, live_server: LiveServer, tab: Page) -> Page:
    """The page of comments on a letter, opened by its drafter."""
    with app.app_context():
        people = build.staff()
        build.draft(people)
        email = people.drafter.email
    tab.goto(live_server.url + EDITOR + "comments/")
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password").fill(accounts.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.goto(live_server.url + EDITOR + "comments/")
    return tab


def _say(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Comment", exact=True).fill(words)
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".thread").filter(has_text=words)).to_be_visible()


def test_selected_words_are_quoted_answered_found_and_resolved(
    discussed: Page, live_server: LiveServer
) -> None:
    discussed.evaluate(SELECT, "answer these questions")
    expect(discussed.locator("[name=quote]")).to_have_value("answer these questions")
    discussed.get_by_role("link", name="Comment on these words").click()
    expect(discussed.get_by_role("textbox", name="Comment", exact=True)).to_be_focused()
    _say(discussed, "Which questions?")
    expect(discussed.locator("#commented mark")).to_have_text("answer these questions")
    # The number in the text is no word of it: what is selected across it is still the text.
    discussed.evaluate("getSelection().selectAllChildren(document.getElementById('commented'))")
    assert "questions:" in discussed.locator("[name=quote]").input_value()
    discussed.locator("[name=quote]").fill("")
    discussed.locator(".answer summary").click()
    discussed.get_by_label("Reply", exact=True).fill("Those below.")
    discussed.get_by_role("button", name="Reply", exact=True).click()
    expect(discussed.get_by_text("Those below.")).to_be_visible()
    axe(discussed)
    discussed.goto(live_server.url + EDITOR)
    discussed.get_by_text("1 open comment").click()
    discussed.get_by_role("button", name="Find it in your text").click()
    assert discussed.evaluate(SELECTED) == "answer these questions"
    axe(discussed)
    discussed.get_by_role("link", name="1 reply").click()
    discussed.get_by_role("button", name="Resolve").click()
    expect(discussed.get_by_text("The comment is resolved.")).to_be_visible()
    expect(discussed.get_by_role("button", name="Open it again")).to_be_visible()
    axe(discussed)


def test_the_page_of_comments_fits_every_screen(discussed: Page) -> None:
    discussed.evaluate(SELECT, "answer these questions")
    _say(discussed, "Which questions?")
    _say(discussed, "And on the whole: shorter.")
    for width, dark in ((390, False), (820, True), (1440, False)):
        discussed.emulate_media(color_scheme="dark" if dark else "light")
        discussed.set_viewport_size({"width": width, "height": 900})
        axe(discussed)
        assert discussed.evaluate(WIDE) is False, width
