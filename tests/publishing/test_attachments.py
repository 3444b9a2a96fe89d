"""Files of letters that are linked to: who may fetch them, when, and where they are named."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.config import Settings
from campaign.database import transaction
from campaign.drafting import attachment_saving, frozen
from campaign.drafting.attachment_models import Attachment
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.publishing import public_letter
from tests.builders import drafting as drafts
from tests.builders.attachments import PDF, attached
from tests.drafting.pdf_structure import Tagged

NAME = "Research „note“.pdf"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """No attachment travels with the mail."""
    return replace(settings, attachments_mb=0)


@pytest.fixture
def address(app: Flask) -> str:
    """The address of a file that an approved letter links to."""
    with app.app_context():
        people = drafts.staff()
        letter = drafts.draft(people)
        file = attached(letter.campaign, people, NAME)
        drafts.approved(people, letter)
        return f"/attachments/{file.token}/{quote(NAME)}"


def state(app: Flask, new: LetterState) -> None:
    with app.app_context(), transaction() as session:
        session.query(Letter).one().state = new


@pytest.mark.parametrize("where", list(LetterState))
def test_the_address_answers_from_the_moment_when_a_letter_leaves(
    app: Flask, client: FlaskClient, address: str, where: LetterState
) -> None:
    state(app, where)
    left = where in {LetterState.SENDING, LetterState.OPEN, LetterState.CONCLUDED}
    response = client.get(address)
    assert response.status_code == (200 if left else 404)
    assert not left or response.data == PDF


def test_it_answers_without_being_kept_found_or_shown_as_a_page(
    app: Flask, client: FlaskClient, address: str
) -> None:
    state(app, LetterState.OPEN)
    response = client.get(address)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_recipient_reads_it_under_embargo_and_after_it_was_removed(
    app: Flask, client: FlaskClient, address: str
) -> None:
    state(app, LetterState.OPEN)
    with app.app_context():
        with transaction() as session:
            session.query(Campaign).one().embargoed = True
        people = db.session.query(Letter).one().created_by_id
        who = db.session.get_one(User, people)
        attachment_saving.remove(db.session.query(Attachment).one().id, actor=who)
    assert client.get(address).data == PDF
    assert client.get("/").status_code == 200
    assert client.get("/campaigns/location-data/").status_code == 404


@pytest.mark.parametrize("spoilt", ["token", "name", "no name"])
def test_another_address_is_not_there(
    app: Flask, client: FlaskClient, address: str, spoilt: str
) -> None:
    state(app, LetterState.OPEN)
    _, _, token, name = address.split("/")
    asked = {
        "token": f"/attachments/{token[::-1]}/{name}",
        "name": f"/attachments/{token}/other.pdf",
        "no name": f"/attachments/{token}/",
    }[spoilt]
    assert client.get(asked).status_code == 404


def test_no_public_form_of_the_letter_tells_the_address(
    app: Flask, client: FlaskClient, address: str
) -> None:
    state(app, LetterState.OPEN)
    token = address.split("/")[2]
    with app.app_context():
        row = db.session.query(Letter).one().frozen_texts[-1]
        text = frozen.load(row)
        assert token in str(text.page())
        page, pdf = str(public_letter.page(text)), public_letter.pdf(text)
        assert NAME in page
        assert "/attachments/" not in page
        assert not any("/attachments/" in str(one) for one in Tagged(pdf).links())
        words = "".join(one.extract_text() for one in Tagged(pdf).reader.pages)
        assert "Research" in words
        assert token not in words
    for public in (
        "/",
        "/sitemap.xml",
        "/feed.atom",
        "/feed.json",
        "/campaigns/location-data/",
        "/campaigns/location-data/larkspur-mobile/",
        "/campaigns/location-data/larkspur-mobile/history.json",
        "/api/v1/records",
    ):
        response = client.get(public)
        assert response.status_code == 200, public
        assert token not in response.text
