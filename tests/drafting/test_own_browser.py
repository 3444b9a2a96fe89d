"""One letter made different in a real browser, up to the approver's word."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaign.accounts.models import User
from campaign.drafting import composing, operations
from campaign.drafting.models import Letter, TextKind
from campaign.extensions import db
from tests.builders import accounts
from tests.builders import drafting as build
from tests.servers.chromium import axe
from tests.servers.live import LiveServer

CAMPAIGN = "/staff/campaigns/location-data"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
ASIDE = "In March you told the press that you keep nothing."
WHY = "Only this company sells cars."
END = "We look forward to hearing from you."


def _sign_in(tab: Page, url: str, email: str) -> None:
    tab.context.clear_cookies()
    tab.goto(f"{url}/staff/login")
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password").fill(accounts.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()


def _fits(tab: Page) -> None:
    for width, scheme in ((390, "light"), (820, "dark"), (1440, "light")):
        tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        assert tab.evaluate(WIDE) is False, width


def _campaign_changes_its_end(app: Flask, letter_id: int) -> None:
    with app.app_context():
        letter = db.session.get_one(Letter, letter_id)
        text = composing.latest(letter.campaign_id)[TextKind.LETTER]
        operations.save_template(
            letter.campaign_id, kind=TextKind.LETTER, subject=text.subject,
            body=text.body.replace(END, "We look forward to it."),
            actor=db.session.get_one(User, letter.created_by_id),
        )  # fmt: skip


def _write(tab: Page) -> None:
    """Change text and questions, and give the reason when it is asked for."""
    tab.get_by_role("link", name="Change its text, questions or days").click()
    body, live = tab.locator("[name=body]"), tab.locator("#live")
    body.fill(body.input_value().replace(END, f"{ASIDE}\n\nWe look forward to your answer."))
    expect(live.get_by_text(ASIDE)).to_be_visible()
    asked = tab.locator("[name=questions]")
    asked.fill(f"{asked.input_value()}\n\nDo your cars send it?")
    expect(live.get_by_text("Do your cars send it?")).to_be_visible()
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator("#errors")).to_contain_text("nobody has said why")
    tab.get_by_label("Reason for other questions or days").fill(WHY)
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator('[aria-labelledby="differs"]')).to_contain_text(WHY)
    _fits(tab)


def _settle(tab: Page) -> None:
    """Choose what holds where the campaign has changed the same place."""
    tab.reload()
    settle = tab.locator('[aria-labelledby="settle"]')
    expect(settle.locator(".beside")).to_contain_text("We look forward to it.")
    _fits(tab)
    settle.get_by_label("Take the campaign’s").check()
    settle.get_by_role("button", name="Settle it").click()
    expect(settle).to_have_count(0)
    expect(tab.locator("[name=body]")).to_have_value(re.compile(r"We look forward to it\.\s*$"))


def _look_at_all(tab: Page, url: str) -> None:
    """The board, and the page of all differences."""
    tab.goto(f"{url}{CAMPAIGN}/letters/?differs=questions")
    expect(tab.get_by_text("own paragraphs: 1 · own questions: 1")).to_be_visible()
    _fits(tab)
    tab.get_by_role("link", name="Differences").click()
    expect(tab.get_by_text("Do your cars send it?")).to_be_visible()
    _fits(tab)


@pytest.mark.database("sqlite")
def test_a_letter_is_made_different_settled_and_read_by_the_approver(
    app: Flask, live_server: LiveServer, tab: Page
) -> None:
    with app.app_context():
        people = build.staff()
        letter = build.draft(people)
        letter_id, page = letter.id, f"{live_server.url}/staff/letters/{letter.ref}/"
        drafter, approver = people.drafter.email, people.approver.email
    _sign_in(tab, live_server.url, drafter)
    tab.goto(page)
    _write(tab)
    _campaign_changes_its_end(app, letter_id)
    _settle(tab)
    _look_at_all(tab, live_server.url)
    tab.goto(page)
    tab.get_by_role("button", name="Send to approval").click()
    expect(tab.get_by_text("waits for a second person now")).to_be_visible()
    _sign_in(tab, live_server.url, approver)
    tab.goto(f"{page}approve/")
    expect(tab.locator('[aria-labelledby="own"]')).to_contain_text(WHY)
    _fits(tab)
    tab.get_by_role("button", name="Approve this text").click()
    expect(tab.get_by_text("You have signed this text.")).to_be_visible()
