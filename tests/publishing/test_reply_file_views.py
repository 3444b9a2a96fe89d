"""Staff pages of the files of replies: they work without a script, and are closed to onlookers."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.accounts.rules import Role
from campaign.extensions import db
from campaign.replies.models import Reply
from tests.builders import reply_files as files
from tests.builders.accounts import post, sign_in, user
from tests.pages import page
from tests.publishing.asking import LARKFIELD
from tests.publishing.test_redacting import publisher
from tests.publishing.test_reply_files import PDF, arrived, taken


@pytest.fixture(autouse=True)
def _later(later: object) -> None:
    """24 November 2026, when everything has arrived."""


def carried(response: TestResponse) -> str:
    """The boxes that a page carries."""
    return str(page(response).select("[name=boxes]")[0].attrs["value"])


def test_boxes_are_drawn_by_their_place_without_a_script(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        draw = f"/staff/replies/files/{taken(app, larkfield).ref}/cover"
        sign_in(client, publisher())
    first = page(client.get(draw))
    assert first.one(".box-page img").attrs["alt"] == "Page 1 as it came"
    given = {"seen": "0", "boxes": "", "page": "1", "left": "0", "top": "0", "width": "100"}
    added = post(client, draw, {**given, "height": "20", "reason": "name", "act": "add"})
    assert page(added).one(".box-page rect").attrs["height"] == "200"
    whole = {"seen": "0", "boxes": carried(added), "page": "2", "reason": "legal", "act": "whole"}
    both = carried(post(client, draw, whole))
    assert both == "1-0-0-1000-200-name 2-0-0-1000-1000-legal"
    wrong = page(post(client, draw, {**whole, "boxes": both, "page": "3"}))
    assert "pages 1 to 2" in wrong.text
    other = page(post(client, draw, {"seen": "0", "boxes": both, "go": "2"}))
    assert other.texts("#this-page") == ["Page 2 of 2"]
    gone = {"seen": "0", "boxes": both, "page": "1", "tick": both.split()[1], "act": "drop"}
    assert carried(post(client, draw, gone)) == "1-0-0-1000-200-name"
    none = page(post(client, draw, {"seen": "0", "boxes": "", "page": "1", "act": "save"}))
    assert "No box is drawn" in none.text


def test_a_person_takes_out_covers_looks_and_approves_without_a_script(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        ref = arrived(app, larkfield, ("Quill, Petra.pdf", PDF), ("t.docx", files.docx())).ref
        sign_in(client, publisher())
    listed = f"/staff/replies/{ref}/files/"
    assert "still in the mail" in page(client.get(listed)).text
    assert post(client, listed).status_code == 302
    shown = page(client.get(listed))
    assert "Quill, Petra.pdf" in shown.text
    assert "It holds tracked changes: what was deleted can be read." in shown.text
    one, office = (str(link.attrs["href"]) for link in shown.select("tbody a"))
    assert "as it came" in page(client.get(one)).text
    assert "save it as a PDF" in page(client.get(office)).text
    save = {"seen": "0", "boxes": "1-0-0-1000-200-name", "page": "1", "act": "save"}
    assert post(client, f"{one}cover", save).status_code == 302
    look = page(client.get(one))
    assert "With parts blacked out: what readers would get" in look.text
    picture = client.get(str(look.select(".page-picture img")[0].attrs["src"]))
    assert picture.mimetype == "image/png"
    assert client.get(f"{one}1/9.png").status_code == 404
    unlooked = post(client, f"{one}approve", {"number": "1", "name": "Policy"}, page=one)
    assert "Look at it first" in page(unlooked).text
    said = {"number": "1", "name": "Policy", "looked": "y"}
    assert post(client, f"{one}approve", said, page=one).status_code == 302
    assert page(client.get(LARKFIELD)).texts(".files a") == ["Policy.pdf"]
    came = client.get(f"{one}as-it-came")
    assert (came.data, came.mimetype) == (PDF, "application/octet-stream")
    assert post(client, f"{one}close", page=one).status_code == 302
    assert "Sent with it" not in client.get(LARKFIELD).text


def test_the_files_are_closed_to_who_only_looks_on(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        file = taken(app, larkfield)
        ref, reply = file.ref, db.session.get_one(Reply, file.reply_id).ref
        sign_in(client, user(name="Vic Viewer", role=Role.VIEWER))
    for path in (
        *(f"/staff/replies/{reply}/files/", f"/staff/replies/{reply}/redact"),
        *(f"/staff/replies/files/{ref}/{end}" for end in ("", "cover", "as-it-came", "0/1.png")),
    ):
        assert client.get(path).status_code == 403, path
