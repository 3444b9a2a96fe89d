"""Marking by selection and drawing boxes in a real browser; axe finds nothing, all fits."""

from __future__ import annotations

from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Page

from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.publishing import redacting, reply_files
from campaign.replies.file_models import ReplyFile
from campaign.replies.models import Reply
from campaign.replies.redaction_rules import Reason
from tests.builders import publishing as build
from tests.builders.accounts import PASSWORD
from tests.publishing.asking import LARKFIELD
from tests.publishing.test_redacting import publisher, signature
from tests.publishing.test_reply_files import arrived
from tests.servers.chromium import axe
from tests.servers.live import LiveServer

pytestmark = pytest.mark.database("sqlite")
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def signed_in(tab: Page, server: LiveServer) -> None:
    tab.goto(f"{server.url}/staff/login")
    tab.fill("[name=email]", "pia.publisher@brightwater.example")
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button[type=submit]")


def looked_at(tab: Page) -> None:
    """The page is accessible in both colours and fits a small screen."""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        tab.emulate_media(color_scheme=scheme)
        axe(tab)
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate(WIDE) is False, tab.url
    tab.set_viewport_size({"width": 1280, "height": 900})


def test_words_are_left_out_by_selecting_them(
    app: Flask, live_server: LiveServer, tab: Page, larkfield: int
) -> None:
    with app.app_context():
        publisher()
        text = "😀 We keep it.\n\nAsk Petra Quill.\n"
        reply = build.answered(db.session.get_one(Letter, larkfield), text=text)
        ref = reply.ref
    signed_in(tab, live_server)
    tab.goto(f"{live_server.url}/staff/replies/{ref}/redact")
    looked_at(tab)
    source = tab.locator("#source")
    source.focus()
    tab.keyboard.press("Control+End")
    for _ in range(2):
        tab.keyboard.press("ArrowLeft")
    for _ in "Petra Quill":
        tab.keyboard.press("Shift+ArrowLeft")
    tab.select_option("#source-reason", "others")
    tab.click("text=Leave the selection out")
    assert "Ask █████ left out: concerns somebody else." in " ".join(
        tab.inner_text(".letter-sheet .verbatim").split()
    ).replace("[", "").replace("]", "")
    looked_at(tab)
    tab.click("text=Save what is left out")
    with app.app_context():
        redaction = redacting.looked_at(db.session.query(Reply).one()).redaction
        (mark,) = redaction.found if redaction else ()
        assert (text[mark.start : mark.end], mark.reason) == ("Petra Quill", Reason.OTHERS)
    tab.goto(live_server.url + LARKFIELD)
    looked_at(tab)


def test_boxes_are_drawn_by_pointer_and_by_keyboard(
    app: Flask, live_server: LiveServer, tab: Page, larkfield: int
) -> None:
    from tests.publishing.test_reply_files import PDF

    with app.app_context():
        who = publisher()
        reply = arrived(app, larkfield, ("policy.pdf", PDF))
        (file,) = reply_files.take_out(reply.id, actor=who)
        address = f"{live_server.url}/staff/replies/files/{file.ref}/"
    signed_in(tab, live_server)
    for path in (f"{live_server.url}/staff/replies/{_ref(app)}/files/", address, f"{address}cover"):
        tab.goto(path)
        looked_at(tab)
    area = tab.locator(".box-page svg")
    box = area.bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + 20)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 120, steps=4)
    tab.mouse.up()
    area.focus()
    for key in ("Enter", "ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"):
        tab.keyboard.press(key)
    area.focus()
    for key in ("Enter", "Escape"):
        tab.keyboard.press(key)
    assert tab.locator("[data-list] input").count() == 2
    axe(tab)
    tab.click("text=Make the file with these boxes")
    looked_at(tab)
    with app.app_context():
        version = db.session.query(ReplyFile).one().versions[0]
        assert version.boxes.count("[") == 3
        assert "[1, 390, 440, 210, 50" in version.boxes


def _ref(app: Flask) -> str:
    with app.app_context():
        return db.session.query(Reply).one().ref


def test_a_redacted_record_with_a_file_is_accessible(
    app: Flask, live_server: LiveServer, tab: Page, larkfield: int
) -> None:
    from tests.publishing.test_redacting import TEXT
    from tests.publishing.test_reply_files import PDF

    with app.app_context():
        who = publisher()
        reply = arrived(app, larkfield, ("policy.pdf", PDF))
        (file,) = reply_files.take_out(reply.id, actor=who)
        reply_files.approve(file.id, 0, "Policy", actor=who)
        assert signature(TEXT).reason is Reason.SIGNATURE
    tab.goto(live_server.url + LARKFIELD)
    assert tab.inner_text(".files a") == "Policy.pdf"
    looked_at(tab)
