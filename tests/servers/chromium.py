"""Chromium, kept off the network, and what every page in it must satisfy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright

from tests.servers.programs import missing

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = [
    "--no-sandbox",  # its sandbox does not run as root
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_HERE = {"127.0.0.1", "localhost", "[::1]"}


@contextmanager
def running() -> Iterator[Browser]:
    """Start Chromium without a window; close it afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_program(playwright), args=_OPTIONS, headless=True
        )
        try:
            yield browser
        finally:
            browser.close()


def _program(playwright: Playwright) -> str:
    for found in filter(None, map(shutil.which, _NAMES)):
        return found
    own = playwright.chromium.executable_path
    if not Path(own).exists():
        missing("chromium")
    return own


@contextmanager
def new_tab(browser: Browser) -> Iterator[Page]:
    """A tab with a cookie jar of its own.

    Raises:
        AssertionError: a page in it wrote an error to the console (a broken security policy
            among them), its script failed, or it asked for something beyond this machine.
    """
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A form that is refused answers 422, which the browser remarks on and nothing is wrong.
        if message.type == "error" and "status of 422" not in message.text:
            complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in _HERE:
            complaints.append(f"asked another host: {request.url}")

    with browser.new_context(reduced_motion="reduce", locale="en-GB") as context:
        context.set_default_timeout(10_000)
        context.on("console", heard)
        context.on("request", asked)
        context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
        yield context.new_page()
    assert not complaints, "\n".join(complaints)


def axe(tab: Page) -> None:
    """Check the page in the tab with axe-core.

    Raises:
        AssertionError: it found violations; holds axe's report.
    """
    results = Axe().run(tab)
    assert results.violations_count == 0, f"{tab.url}\n{results.generate_report()}"
