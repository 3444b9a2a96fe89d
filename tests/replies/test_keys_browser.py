"""The inbox by keyboard alone, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaign.accounts.rules import Role
from campaign.kernel import clock
from campaign.replies import queries
from tests.builders import accounts, drafting, replies
from tests.servers.chromium import axe
from tests.servers.live import LiveServer

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def inbox(app: Flask, live_server: LiveServer, tab: Page) -> Page:
    """Three messages wait; a person who may say what they are is signed in."""
    with app.app_context():
        letter = replies.sent(drafting.staff())
        for number in range(3):
            came = clock.now() + timedelta(seconds=number)
            replies.arrives(
                replies.mail(to=replies.reply_address(letter), subject=f"Mail {number}"), came
            )
        replies.take_in()
        email = accounts.user("Tia Triage", Role.APPROVER).email
    tab.goto(f"{live_server.url}/staff/login")
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password").fill(accounts.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.goto(f"{live_server.url}/staff/inbox/")
    return tab


def _arrived(tab: Page, heading: str) -> None:
    """The page with this heading is there whole: its keys work from the moment of loading on."""
    expect(tab.get_by_role("heading", name=heading)).to_be_visible()
    tab.wait_for_load_state("load")


def test_messages_are_reached_opened_and_left_without_a_mouse(inbox: Page) -> None:
    inbox.keyboard.press("j")
    expect(inbox.get_by_role("link", name="Mail 0")).to_be_focused()
    inbox.keyboard.press("j")
    inbox.keyboard.press("j")
    inbox.keyboard.press("j")
    expect(inbox.get_by_role("link", name="Mail 2")).to_be_focused()
    inbox.keyboard.press("k")
    inbox.keyboard.press("Enter")
    _arrived(inbox, "Mail 1")
    inbox.get_by_text("Keys", exact=True).click()
    axe(inbox)
    inbox.keyboard.press("n")
    _arrived(inbox, "Mail 2")
    inbox.keyboard.press("n")  # after the last comes the first that waits
    _arrived(inbox, "Mail 0")
    inbox.keyboard.press("u")
    _arrived(inbox, "Inbox")


def test_keys_reach_the_forms_and_send_nothing_by_themselves(app: Flask, inbox: Page) -> None:
    inbox.get_by_role("link", name="Mail 0").click()
    _arrived(inbox, "Mail 0")
    inbox.keyboard.press("f")
    expect(inbox.get_by_role("radio").first).to_be_focused()
    inbox.keyboard.press("d")
    why = inbox.get_by_label("Why it is none")
    expect(why).to_be_focused()
    inbox.keyboard.type("junk of nobody")  # its letters are no keys here
    expect(why).to_have_value("junk of nobody")
    with app.app_context():
        assert queries.waiting_count() == 3


def test_the_keys_can_be_turned_off_and_stay_off(inbox: Page) -> None:
    inbox.get_by_text("Keys", exact=True).click()
    inbox.get_by_label("Use these keys").uncheck()
    inbox.reload()
    inbox.keyboard.press("j")
    expect(inbox.get_by_role("link", name="Mail 0")).not_to_be_focused()
