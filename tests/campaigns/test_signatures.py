"""The page of a signature's picture."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign, Signatory
from campaign.extensions import db
from campaign.history import queries as history
from tests.builders import accounts, campaigns
from tests.builders.pictures import picture_file
from tests.pages import page

ABOUT = "/staff/campaigns/location-data/"


@pytest.fixture
def address(app: Flask, client: FlaskClient) -> str:
    """A drafter is signed in; the page of the one signatory of a campaign."""
    with app.app_context():
        who = accounts.user()
        campaign = campaigns.campaign(who)
        accounts.sign_in(client, who)
        return f"{ABOUT}signatures/{campaign.signatories[0].id}"


def _upload(client: FlaskClient, url: str, raw: bytes) -> Any:
    files = {"picture": (io.BytesIO(raw), "signature.png")} if raw else {}
    return accounts.post(client, url, files, content_type="multipart/form-data")


def _kinds() -> list[str]:
    return [event.kind for event in history.of(db.session.query(Campaign).one().ref)][1:]


def test_a_signature_is_set_changed_and_removed(
    app: Flask, client: FlaskClient, address: str
) -> None:
    assert page(client.get(ABOUT)).select(f'a[href="{address}"]')
    assert page(client.get(address)).h1 == "Signature of Mara Quill"
    assert _upload(client, address, picture_file()).status_code == 302
    assert page(client.get(address)).one("figure.now img")
    _upload(client, address, picture_file())  # the same again is nothing new
    _upload(client, address, picture_file("maroon"))
    assert accounts.post(client, f"{address}/remove", page=address).status_code == 302
    with app.app_context():
        assert db.session.query(Signatory).one().signature is None
        assert _kinds() == [
            "campaign.signature_set",
            "campaign.signature_set",
            "campaign.signature_removed",
        ]


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"", "Choose a PNG or JPEG file"), (b"<svg/>", "is no picture that can be printed")],
)
def test_what_is_no_picture_is_refused(
    app: Flask, client: FlaskClient, address: str, raw: bytes, words: str
) -> None:
    assert words in page(_upload(client, address, raw)).text
    with app.app_context():
        assert _kinds() == []


def test_another_campaigns_signatory_is_not_there(
    app: Flask, client: FlaskClient, address: str
) -> None:
    with app.app_context():
        other = campaigns.campaign(accounts.user("Bo Drafter"), "Other")
        number = other.signatories[0].id
    assert client.get(f"{ABOUT}signatures/{number}").status_code == 404
    gone = accounts.post(client, f"{ABOUT}signatures/{number}/remove", page=address)
    assert gone.status_code == 404


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER, Role.PUBLISHER])
def test_only_who_writes_letters_sets_signatures(
    app: Flask, client: FlaskClient, address: str, role: Role
) -> None:
    with app.app_context():
        other = app.test_client()
        accounts.sign_in(other, accounts.user("Cy Other", role))
    assert other.get(address).status_code == 403
    assert other.post(f"{address}/remove").status_code in {400, 403}
