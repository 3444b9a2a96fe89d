"""Sign-off in a real browser: legal, then the director, then an organisation by its link."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from campaign.accounts.models import User
from campaign.sending import cosign_mail
from tests.builders import accounts
from tests.builders import drafting as build
from tests.drafting import cosigners
from tests.servers.chromium import axe, new_tab
from tests.servers.live import LiveServer

CAMPAIGN = "/staff/campaigns/location-data"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SCREENS = ((390, "light"), (820, "dark"), (1440, "light"))


def _signed_in(tab: Page, server: LiveServer, who: str) -> Page:
    tab.goto(f"{server.url}/staff/login")
    tab.get_by_label("E-mail").fill(who)
    tab.get_by_label("Password").fill(accounts.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    return tab


def _looks_well(tab: Page) -> None:
    for width, scheme in SCREENS:
        tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        assert tab.evaluate(WIDE) is False, f"{tab.url} at {width}"


def _set_steps(tab: Page, url: str) -> None:
    tab.goto(f"{url}{CAMPAIGN}/sign-off/")
    tab.get_by_role("link", name="Set steps").click()
    rows = tab.locator("form fieldset.group")
    for place, (title, who) in enumerate(
        (
            ("Legal", "Bea Approver"),
            ("Director", "An administrator"),
            ("North signs", "An organisation, by a link"),
        )
    ):
        rows.nth(place).get_by_label("Name of the step").fill(title)
        rows.nth(place).get_by_label("Who signs", exact=True).select_option(label=who)
    last = rows.nth(2)
    last.get_by_text("For an organisation").click()
    last.get_by_label("Organisation", exact=False).first.fill("North")
    last.get_by_label("Who signs for it").fill("Ines Vale")
    last.get_by_label("Their e-mail address").fill("i@north.example")
    _looks_well(tab)
    tab.get_by_role("button", name="Save the steps", exact=True).last.click()
    expect(tab.get_by_text("Ines Vale for North")).to_be_visible()
    _looks_well(tab)


def _signs_the_batch(browser: Browser, server: LiveServer, who: str) -> None:
    with new_tab(browser) as tab:
        _signed_in(tab, server, who).goto(f"{server.url}{CAMPAIGN}/approve/")
        _looks_well(tab)
        tab.get_by_role("button", name="Approve these 2 texts").click()
        expect(tab.get_by_text("You have signed 2 texts.")).to_be_visible()


def _signs_by_the_link(browser: Browser, address: str) -> None:
    with new_tab(browser) as tab:
        tab.goto(address)
        expect(tab.get_by_role("heading", level=1)).to_have_text("Sign for North")
        _looks_well(tab)
        tab.get_by_role("link", name="Larkspur Mobile").click()
        _looks_well(tab)
        tab.go_back()
        tab.get_by_role("button", name="We sign").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("you have signed")
        _looks_well(tab)
        assert tab.context.cookies() == []


@pytest.mark.database("sqlite")
def test_legal_then_the_director_then_an_organisation_sign_the_same_texts(
    app: Flask, live_server: LiveServer, browser: Browser
) -> None:
    url = live_server.url
    with app.app_context():
        people = build.staff()
        boss: User = accounts.admin(name="Dora Director")
        first = build.draft(people)
        build.draft(people, build.reachable("Aster"), first.campaign)
        drafter, legal, director = people.drafter.email, people.approver.email, boss.email
    with new_tab(browser) as tab:
        _set_steps(_signed_in(tab, live_server, legal), url)
        with new_tab(browser) as other:
            _signed_in(other, live_server, drafter).goto(f"{url}{CAMPAIGN}/letters/")
            other.get_by_role("button", name="Send all 2 drafts to approval").click()
            expect(other.get_by_text("2 letters wait for a second person now.")).to_be_visible()
        with app.app_context():
            assert cosign_mail.mail_links() == 0
    _signs_the_batch(browser, live_server, legal)
    _signs_the_batch(browser, live_server, director)
    with app.app_context():
        path = cosigners.mailed()
    _signs_by_the_link(browser, url + path)
    with new_tab(browser) as tab:
        _signed_in(tab, live_server, drafter).goto(f"{url}{CAMPAIGN}/letters/?state=approved")
        expect(tab.locator("tbody tr")).to_have_count(2)
        tab.get_by_role("link", name="Larkspur Mobile").first.click()
        expect(tab.get_by_text("Signed by Ines Vale, North")).to_be_visible()
        _looks_well(tab)
