"""The main job, walked through in a browser: from a letter template to a published outcome.

Every page on the way is checked with axe. Time passes by `flask tick --at`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from campaign.awaiting import rules
from campaign.kernel import clock
from tests.servers.chromium import axe, new_tab
from tests.servers.live import LiveServer

TITLE = "Who may listen in?"
SLUG = "who-may-listen-in"
QUESTIONS = ("For how long do you keep recordings?", "Who may ask you for them?")
COMPANIES = {
    "alderbeck-audio": ("Alderbeck Audio", "GB", "Europe/London", "privacy@alderbeck.example"),
    "bramfell-radio": ("Bramfell Radio", "IE", "Europe/Dublin", "dpo@bramfell.example"),
    "corriewood-sound": ("Corriewood Sound", "DE", "Europe/Berlin", "info@corriewood.example"),
}
REPLY = "We keep recordings for 30 days. Only a court may ask for them.\n\nKind regards, Alderbeck"


class Staff:
    """One person at one browser; every page that is opened is checked."""

    def __init__(self, tab: Page, server: LiveServer, role: str) -> None:
        self.tab, self.server = tab, server
        email = f"{role}@letters.example"
        password = server.flask("users", "create", email, "--role", role, "--name", role).strip()
        self.open("/staff/")
        self.tab.get_by_label("E-mail").fill(email)
        self.tab.get_by_label("Password").fill(password)
        self.press("Sign in")
        self.sees("Today")

    def open(self, path: str) -> None:
        """Open a page of the site."""
        answer = self.tab.goto(self.server.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        axe(self.tab)

    def press(self, name: str) -> None:
        """Press the one button of that name, and check what follows."""
        self.tab.get_by_role("button", name=name, exact=True).first.click()
        self.tab.wait_for_load_state()
        axe(self.tab)

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow the first link of that name, and check the page behind it."""
        exact = isinstance(name, str)
        self.tab.get_by_role("link", name=name, exact=exact).first.click()
        self.tab.wait_for_load_state()
        axe(self.tab)

    def sees(self, words: str) -> None:
        """The page's heading."""
        expect(self.tab.get_by_role("heading", level=1)).to_contain_text(words)


def _tick(server: LiveServer, at: datetime | None = None) -> dict[str, Any]:
    arguments = ["--at", at.isoformat()] if at else []
    result: dict[str, Any] = json.loads(server.flask("tick", *arguments))
    return result


def _csv() -> bytes:
    today = date.today().isoformat()  # noqa: DTZ011, TID251  a person types today's date
    lines = ["name,country,timezone,email,office,verified_how,verified_on"]
    lines += [
        f"{name},{country},{zone},{email},privacy office,privacy notice,{today}"
        for name, country, zone, email in COMPANIES.values()
    ]
    return "\r\n".join(lines).encode()


@pytest.fixture
def staff(live_server: LiveServer, browser: Browser) -> Any:
    """Gives a signed-in person for a role; each has a browser of their own."""
    from contextlib import ExitStack

    with ExitStack() as tabs:

        def sign_in(role: str) -> Staff:
            return Staff(tabs.enter_context(new_tab(browser)), live_server, role)

        yield sign_in


@pytest.mark.xdist_group("story")
def test_from_a_template_to_one_record_of_a_reply_and_two_of_silence(
    live_server: LiveServer, staff: Callable[[str], Staff]
) -> None:
    drafter = staff("drafter")
    _makes_a_campaign(drafter)
    _imports_companies(drafter)
    _writes_the_letter(drafter)
    _adds_companies_and_looks_at_each_letter(drafter)
    _sends_to_approval(drafter)
    approver = staff("approver")
    _approves(approver)
    _sends(drafter)
    assert _tick(live_server)["sent"] == 3
    _replies_from_the_captured_outbox(drafter)
    assert _tick(live_server)["received"] >= 1
    _files_the_reply(drafter)
    publisher = staff("publisher")
    _publishes_the_reply(publisher)
    _lets_time_pass(live_server)
    _finds_the_records(live_server, drafter)
    assert live_server.flask("history", "verify").startswith("ok ")


def _makes_a_campaign(drafter: Staff) -> None:
    drafter.open("/staff/campaigns/")
    drafter.follow("Start a campaign")
    tab = drafter.tab
    tab.get_by_label("Title").fill(TITLE)
    tab.get_by_label("Summary").fill("Speakers listen. We asked who may listen with them.")
    for number, question in enumerate(QUESTIONS):
        tab.locator(f"[name=questions-{number}]").fill(question)
    tab.locator("[name=signatories-0-name]").fill("Ines Okonjo")
    drafter.press("Create the campaign")
    drafter.sees(TITLE)


def _imports_companies(drafter: Staff) -> None:
    drafter.open("/staff/companies/")
    drafter.follow("Import a file")
    drafter.tab.locator("input[type=file]").set_input_files(
        {"name": "companies.csv", "mimeType": "text/csv", "buffer": _csv()}
    )
    drafter.press("Look at the file")
    for name, *_ in COMPANIES.values():
        expect(drafter.tab.get_by_text(name).first).to_be_visible()
    drafter.press("Import 3 companies")
    drafter.open("/staff/companies/")
    for name, *_ in COMPANIES.values():
        expect(drafter.tab.get_by_role("link", name=name)).to_be_visible()


def _writes_the_letter(drafter: Staff) -> None:
    drafter.open(f"/staff/campaigns/{SLUG}/templates/letter/")
    body = drafter.tab.get_by_label("Text", exact=True)
    text = body.input_value()
    body.fill(text + "\n\nWe write to ((company.nam)) today.\n")
    drafter.press("Save")
    expect(drafter.tab.get_by_role("alert")).to_contain_text("company.nam")
    assert "((company.nam))" in body.input_value(), "what was typed is kept"
    body.fill(text + "\n\nThis letter is for ((company.name)) alone.\n")
    drafter.press("Save")


def _adds_companies_and_looks_at_each_letter(drafter: Staff) -> None:
    drafter.open(f"/staff/campaigns/{SLUG}/letters/")
    drafter.follow("Add companies")
    for box in drafter.tab.get_by_role("checkbox").all():
        box.check()
    drafter.press("Add the ticked companies")
    for name, *_ in COMPANIES.values():
        drafter.open(f"/staff/campaigns/{SLUG}/letters/")
        drafter.follow(name)
        for view in ("E-mail text", "E-mail HTML", "Page", "PDF"):
            drafter.follow(view)
        letter = drafter.tab.url.split("?")[0].removeprefix(drafter.server.url)
        drafter.open(letter + "?as=page")
        sheet = drafter.tab.locator(".letter-sheet").first
        expect(sheet).to_contain_text(f"This letter is for {name} alone.")
        pdf = drafter.tab.request.get(f"{drafter.server.url}{letter}letter.pdf")
        assert pdf.ok
        assert pdf.body().startswith(b"%PDF-")


def _sends_to_approval(drafter: Staff) -> None:
    drafter.open(f"/staff/campaigns/{SLUG}/letters/")
    for box in drafter.tab.locator("[name=letter_ids][type=checkbox]").all():
        box.check()
    drafter.press("Send the ticked drafts to approval")
    expect(drafter.tab.locator("tbody").get_by_text("With the approver")).to_have_count(3)


def _approves(approver: Staff) -> None:
    approver.open("/staff/")
    approver.follow(re.compile("^Review"))
    approver.press("Approve these 3 texts")
    approver.open(f"/staff/campaigns/{SLUG}/letters/")
    expect(approver.tab.locator("tbody").get_by_text("Approved")).to_have_count(3)


def _sends(drafter: Staff) -> None:
    drafter.open(f"/staff/campaigns/{SLUG}/letters/")
    for box in drafter.tab.locator("[name=letter_ids][type=checkbox]").all():
        box.check()
    drafter.press("Send the ticked letters")
    drafter.sees("Send")
    drafter.press("Send 3 letters")


def _replies_from_the_captured_outbox(drafter: Staff) -> None:
    drafter.open("/staff/captured/")
    drafter.follow("Alderbeck Audio")
    expect(drafter.tab.get_by_text(QUESTIONS[0]).first).to_be_visible()
    drafter.follow("Reply as this company")
    drafter.tab.locator("textarea[name=text]").fill(REPLY)
    drafter.press("Put it into the inbox")


def _files_the_reply(drafter: Staff) -> None:
    drafter.open("/staff/inbox/")
    drafter.follow(re.compile("Alderbeck"))
    tab = drafter.tab
    expect(tab.get_by_text("We keep recordings for 30 days.").first).to_be_visible()
    tab.locator("[name=kind][value=response]").check()
    tab.locator("[name=answer]").select_option("responded_full")
    for verdict in tab.locator("select[name^=verdict]").all():
        verdict.select_option("answered")
    drafter.press("File it to the letter to Alderbeck Audio")


def _publishes_the_reply(publisher: Staff) -> None:
    publisher.open("/staff/")
    publisher.follow(re.compile("^Look and publish"))
    publisher.press("Publish now")


def _lets_time_pass(server: LiveServer) -> None:
    place = rules.Place("GB", None, "Europe/London")
    # Before midnight in London it is tomorrow already for the company in Berlin.
    today = rules.Place("DE", None, "Europe/Berlin").date_at(clock.real_now())
    deadline = place.period_end(today, rules.Policy())
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    half = rules.reminder_at(noon, deadline, place) + timedelta(hours=3)
    result = _tick(server, half)
    assert (result["reminded"], result["published"]) == (2, 0)
    result = _tick(server, rules.final_notice_at(deadline, place) + timedelta(hours=3))
    assert (result["reminded"], result["published"]) == (2, 0)
    result = _tick(server, rules.deadline_at(deadline, place) + timedelta(hours=2))
    assert result["published"] == 0
    assert {blocked["gate"] for blocked in result["blocked"]} >= {"period"}
    # German holidays may add days of grace: a week later it has passed everywhere.
    over = rules.silence_at(deadline, rules.Policy(), place) + timedelta(days=7)
    result = _tick(server, over)
    assert (result["published"], result["blocked"]) == (2, [])
    assert _tick(server, over)["published"] == 0, "a second run does nothing"


def _finds_the_records(server: LiveServer, visitor: Staff) -> None:
    visitor.open("/")
    visitor.follow(TITLE)
    for slug, (name, *_) in COMPANIES.items():
        visitor.open(f"/campaigns/{SLUG}/{slug}/")
        if slug == "alderbeck-audio":
            visitor.sees(f"{name} answered")
            expect(visitor.tab.get_by_text("We keep recordings for 30 days.").first).to_be_visible()
            continue
        visitor.sees(f"{name} did not respond")
        expect(visitor.tab.locator(".gates li[data-holds=true]")).to_have_count(10)
    records = visitor.tab.request.get(f"{server.url}/api/v1/records?campaign={SLUG}").json()
    assert {record["company"]: record["response"] for record in records["items"]} == {
        "alderbeck-audio": "responded_full",
        "bramfell-radio": "no_response",
        "corriewood-sound": "no_response",
    }
