"""A person fills in a form, mentions a company and takes a call down, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafted
from campaign.extensions import db
from campaign.sending import operations
from tests.builders import accounts, campaigns, companies
from tests.builders import drafting as drafts
from tests.builders import sending as build
from tests.builders.pictures import picture_file
from tests.sending import social_server
from tests.sending.social_server import STATUSES, TOKEN, Fault, Social
from tests.servers.chromium import axe
from tests.servers.live import LiveServer

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def social() -> Iterator[Social]:
    with social_server.serving() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, social: Social) -> Settings:
    """With an account of ours on Mastodon."""
    return replace(settings, mastodon_url=social.url, mastodon_token=TOKEN)


class Tasks(NamedTuple):
    """Addresses of pages: two dispatches of one letter, and the letter."""

    form: str
    mention: str
    letter: str


@pytest.fixture
def tasks(app: Flask, live_server: LiveServer, tab: Page) -> Tasks:
    """A letter by mail, form and mention, whose mail has left; its drafter is signed in."""
    with app.app_context():
        people = build.staff()
        of = campaigns.campaign(people.drafter)
        company = companies.company()
        companies.contact(company)
        address = "https://larkspur-mobile.example/contact"
        companies.contact(company, address, channel=Channel.FORM)
        companies.contact(company, "@larkspur@social.example", channel=Channel.MENTION)
        (letter,) = drafting.add_letters(of.id, [company.id], actor=people.drafter)
        ways = [contact.id for contact in letter.company.contacts]
        drafting.choose_contacts(letter.id, ways, actor=people.drafter)
        texts = drafting.submit([letter.id], dated_on=drafted.today(), actor=people.drafter)
        drafts.approve_all(people, texts)
        sent = operations.send([letter.id], actor=people.drafter)
        operations.send_due(transport=build.Way())
        pages = {one.channel: f"{live_server.url}/staff/dispatches/{one.ref}/" for one in sent}
        at = f"{live_server.url}/staff/letters/{letter.ref}/"
        email = people.drafter.email
        db.session.remove()
    tab.goto(at)
    tab.get_by_label("E-mail").fill(email)
    tab.get_by_label("Password").fill(accounts.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    return Tasks(pages[Channel.FORM], pages[Channel.MENTION], at)


def _fits(page: Page) -> None:
    """Nothing is too wide on a small screen, and axe finds nothing."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.evaluate(WIDE)
    axe(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_form_is_filled_in_by_pressing_copy_and_noted_with_a_picture(
    tab: Page, tasks: Tasks, live_server: LiveServer, tmp_path: Path
) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    tab.goto(tasks.form)
    tab.get_by_role("link", name="note how much it takes").click()
    tab.get_by_label("Longest text that its message field takes").fill("900")
    _fits(tab)
    tab.get_by_role("button", name="Save").click()
    tab.goto(tasks.form)
    expect(tab.get_by_text("of 900 characters").first).to_be_visible()
    part = tab.get_by_role("textbox", name="Part 2 of").input_value()
    tab.get_by_role("button", name="Copy part 2").click()
    expect(tab.locator("#copied")).to_have_text("Copied: part 2")
    assert tab.evaluate("navigator.clipboard.readText()") == part
    _fits(tab)
    picture = tmp_path / "shot.png"
    picture.write_bytes(picture_file())
    tab.get_by_label("Reference", exact=False).last.fill("CASE 7")
    tab.get_by_label("Picture of the confirmation").set_input_files(picture)
    tab.get_by_role("button", name="Note it as sent").click()
    known = tab.locator('[aria-labelledby="evidence"]')
    expect(known).to_contain_text("The form gave a reference")
    expect(known).to_contain_text("Noted by Ada Drafter")
    with tab.expect_download() as kept:
        known.get_by_role("link", name="The file").click()
    assert Path(kept.value.path()).read_bytes() == picture_file()
    _fits(tab)


def test_a_mention_is_posted_by_a_press_and_a_doubt_is_settled_by_another(
    tab: Page, tasks: Tasks, social: Social
) -> None:
    tab.goto(tasks.mention)
    _fits(tab)
    social.fails(STATUSES, Fault.DROP)
    tab.get_by_role("button", name="Post it by our account now").click()
    expect(tab.get_by_text("Nobody knows whether it was posted")).to_be_visible()
    expect(tab.get_by_role("button", name="Post it by our account now")).to_have_count(0)
    _fits(tab)
    tab.get_by_role("button", name="Look whether it is there").click()
    expect(tab.locator('[aria-labelledby="evidence"]')).to_contain_text(f"{social.url}/@us/101")
    assert len(social.posts) == 1


def test_a_call_is_taken_down_and_changed(tab: Page, tasks: Tasks) -> None:
    tab.goto(tasks.letter)
    tab.get_by_role("link", name="Take a call or a meeting down").click()
    _fits(tab)
    tab.get_by_label("A telephone call").check()
    tab.get_by_label("When").fill("2026-01-05T10:30")
    tab.get_by_label("Who of them").fill("nobody answered")
    tab.get_by_label("What was said").fill("It rang for a minute.")
    tab.get_by_label("No: nobody answered").check()
    tab.get_by_role("button", name="Keep the note").click()
    tab.get_by_role("link", name="Change it").click()
    tab.get_by_label("What was said").fill("It rang for two minutes.")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_text("Version 1").click()
    expect(tab.get_by_text("It rang for a minute.")).to_be_visible()
    _fits(tab)
    tab.goto(tasks.letter)
    expect(tab.locator('[aria-labelledby="notes"]')).to_contain_text("It rang for two minutes.")
    axe(tab)
