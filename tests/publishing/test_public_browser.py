"""Public pages in a real browser: axe finds nothing, and nothing is wider than a small screen."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.builders import publishing as build
from tests.servers.chromium import axe
from tests.servers.live import LiveServer

SPEAKER = "/campaigns/who-can-read-what-your-speaker-hears/"
PAGES = (
    *("/", SPEAKER, "/companies/", "/companies/larkfield-home/", "/corrections/"),
    *("/how-we-work/", "/privacy/", "/imprint/"),
    *(f"{SPEAKER}{company}/" for company in ("larkfield-home", "tern-co", "quillon-speakers")),
    *(f"{SPEAKER}{company}/" for company in ("agren-hem", "marrow-lane-electronics")),
)


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("later")
def test_every_public_page_is_accessible_light_and_dark_and_fits_a_small_screen(
    app: Flask, live_server: LiveServer, tab: Page
) -> None:
    with app.app_context():
        build.every_outcome()
    for number, path in enumerate(PAGES):
        tab.emulate_media(color_scheme="dark" if number % 2 else "light")
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.goto(live_server.url + path)
        axe(tab)
        tab.set_viewport_size({"width": 320, "height": 640})
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert tab.evaluate(wide) is False, path
        assert tab.context.cookies() == [], path
