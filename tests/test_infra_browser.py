from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.servers.chromium import axe, new_tab

_PAGE = (
    '<!doctype html><html lang="en"><head><title>Page</title><link rel="icon" href="data:,">'
    "</head><body><main><h1>Page</h1>{}</main></body></html>"
)
_CONTENTS = {
    "good": "<p>All is well.</p>",
    "unlabelled": "<input>",
    "inline": "<p style='color: red'>Red</p>",
    "lost": '<img src="/none.png" alt="">',
    "elsewhere": '<img src="http://company.example/pixel.png" alt="">',
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site whose pages have the faults that their names say; it sends our security policy."""
    app = Flask("small")

    @app.get("/<name>")
    def show(name: str) -> tuple[str, int, dict[str, str]]:
        policy = {"Content-Security-Policy": "default-src 'self' http:; img-src * data:"}
        return _PAGE.format(_CONTENTS.get(name, "")), 200 if name in _CONTENTS else 404, policy

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_good_page_is_accepted_by_browser_and_axe(tab: Page, site: str) -> None:
    tab.goto(f"{site}/good")
    assert tab.inner_text("h1") == "Page"
    axe(tab)


def test_axe_fails_a_page_with_a_field_without_label(tab: Page, site: str) -> None:
    tab.goto(f"{site}/unlabelled")
    with pytest.raises(AssertionError, match="label"):
        axe(tab)


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("inline", "console: .*inline style"),
        ("lost", "console: .*404"),
        ("elsewhere", "asked another host: http://company.example/pixel.png"),
    ],
)
def test_a_tab_complains_of_what_its_page_does_wrong(
    browser: Browser, site: str, page: str, complaint: str
) -> None:
    with pytest.raises(AssertionError, match=complaint), new_tab(browser) as tab:
        tab.goto(f"{site}/{page}", wait_until="networkidle")
