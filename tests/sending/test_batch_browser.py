"""Three hundred letters leave under a person's eyes: in Chromium, through a server on loopback.

What has left is counted at the server that received it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from itertools import repeat

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from campaign.config import ROOT, Settings
from campaign.extensions import db
from campaign.factory import create_app
from campaign.history import queries as history
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from tests.builders import accounts, campaigns
from tests.builders import sending as build
from tests.builders.attachments import attached, large
from tests.sending.smtp_server import Peer, _Session
from tests.servers.chromium import axe, new_tab
from tests.servers.live import LiveServer, environment
from tests.servers.programs import dies_with_us, stop

MANY = 300
LETTERS = "/staff/campaigns/location-data/letters/"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A server that takes every mail, a moment after it has it."""
    with Peer({"DOT": repeat(_slowly)}) as server:
        yield server


def _slowly(session: _Session) -> None:
    time.sleep(0.02)
    session.say(b"250 2.0.0 Ok: queued as 4X\r\n")


@pytest.fixture
def settings(settings: Settings, peer: Peer) -> Settings:
    inbox = settings.instance_dir / "inbox"
    return replace(
        settings,
        mail_url=peer.url,
        inbox_url=f"maildir:{inbox}",
        mails_per_minute=0,
        mails_per_domain=0,
    )


@contextmanager
def clock_running(settings: Settings) -> Iterator[None]:
    """`flask clock`, as operators run it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "clock"],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dies_with_us,
    )
    try:
        yield
    finally:
        stop(process)


def signed_in(page: Page, server: LiveServer, email: str) -> Page:
    page.goto(server.url + LETTERS)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(accounts.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(server.url + LETTERS)
    return page


def left(page: Page) -> int:
    """How many have left, as the page says now; it is not loaded again."""
    found = page.locator("[data-count=left]")
    return int(found.inner_text()) if found.count() else 0


def until(holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.1)


def ready(server: LiveServer, number: int) -> str:
    """So many approved letters, each with its PDF and an attachment; the drafter's address.

    Made with the settings of the site that runs, whose address stands in the letters.
    """
    with create_app(server.settings).app_context():
        people = build.staff()
        attached(campaigns.campaign(people.drafter), people, raw=large(20_000))
        build.approved_letters(number)
        email = str(people.drafter.email)
        db.session.remove()
        db.engine.dispose()
    return email


def test_300_letters_are_seen_leaving_paused_resumed_and_none_leaves_twice(
    app: Flask, peer: Peer, live_server: LiveServer, browser: Browser
) -> None:
    email = ready(live_server, MANY)
    with new_tab(browser) as page:
        signed_in(page, live_server, email)
        page.get_by_role("button", name=f"Send all {MANY} approved letters").click(timeout=60_000)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Send {MANY} letters")
        # Three hundred mails with their files are made now, on a machine that is busy with tests.
        page.get_by_role("button", name=f"Send {MANY} letters").click(timeout=120_000)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Sending of {MANY} letters")
        address = page.url
        with clock_running(live_server.settings):
            until(lambda: left(page) >= 20, "the first twenty, without a reload")
            assert "left" in page.locator(".work .small").inner_text(), "rate and time left"
            page.get_by_role("button", name="Pause").click()
            expect(page.get_by_text("Paused by Ada Drafter")).to_be_visible()
            time.sleep(1)  # one that the server was being told about has ended by now
            paused_at = len(peer.mails)
            assert paused_at < MANY
            time.sleep(2)
            assert len(peer.mails) == paused_at, "a mail left while it was paused"
            axe(page)
            page.get_by_role("button", name="Go on").click()
            until(lambda: left(page) > paused_at, "more, without a reload")
            at_the_close = len(peer.mails)
            page.close()
            until(lambda: len(peer.mails) > at_the_close + 40, "more while no page is open")
            again = page.context.new_page()
            again.goto(address)
            expect(again.get_by_text("Every mail was taken by a mail server.")).to_be_visible(
                timeout=120_000
            )
            assert left(again) == MANY
            axe(again)
    each_went_once(peer)
    with app.app_context():
        states = Counter(db.session.scalars(sa.select(Dispatch.state)))
        assert states == {S.ACCEPTED: MANY}
        assert history.verify()[1] is None
        db.session.remove()


def each_went_once(peer: Peer) -> None:
    """By what the server received: recipients, Message-IDs, and the file in each."""
    received = Counter(str(mail.recipients[0]) for mail in peer.mails)
    assert len(received) == MANY
    assert set(received.values()) == {1}, "one went twice"
    read = [message_from_bytes(mail.data, policy=policy.default) for mail in peer.mails]
    assert len({message["Message-ID"] for message in read}) == MANY
    for message in read[:: MANY // 10]:
        names = [part.get_filename() for part in message.iter_attachments()]
        assert "Research note.pdf" in names


def test_the_page_counts_down_and_takes_back_without_a_reload(
    peer: Peer, live_server: LiveServer, tab: Page
) -> None:
    signed_in(tab, live_server, ready(live_server, 2))
    tab.get_by_role("button", name="Send all 2 approved letters").click()
    tab.get_by_label("Time to take it back").select_option("1")
    tab.get_by_role("button", name="Send 2 letters").click()
    expect(tab.get_by_text("You have chosen otherwise than what was shown")).to_be_visible()
    tab.get_by_role("button", name="Send 2 letters").click()
    counted = tab.locator("[data-until]")
    expect(counted).to_have_text(re.compile(r"^in 0:[0-5]\d minutes$"))
    before = counted.inner_text()
    expect(counted).not_to_have_text(before, timeout=3000)
    axe(tab)
    tab.get_by_role("button", name="Take all 2 back").click()
    expect(tab.get_by_text("Nothing of this has left.")).to_be_visible()
    axe(tab)
    assert peer.mails == []


def test_the_pages_of_sending_fit_small_and_large_screens_light_and_dark(
    live_server: LiveServer, tab: Page
) -> None:
    signed_in(tab, live_server, ready(live_server, 2))
    tab.get_by_role("button", name="Send all 2 approved letters").click()
    looked_at(tab)
    tab.get_by_role("button", name="Send 2 letters").click()
    looked_at(tab)
    tab.goto(live_server.url + "/staff/campaigns/location-data/sending/")
    looked_at(tab)


def looked_at(page: Page) -> None:
    for width, scheme in ((390, "light"), (820, "dark"), (1440, "light"), (1440, "dark")):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        assert page.evaluate(WIDE) is False, (page.url, width)
