"""The settings page: what is set, and no secret."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.config import Settings
from tests.builders import accounts
from tests.pages import page

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A mail server with a password, and mailboxes with another."""
    return replace(
        settings,
        mail_url="smtp://letters:s3cret-out@mail.brightwater.example:587?tls=starttls",
        inbox_url="imaps://answers:s3cret-in@mail.brightwater.example/",
        mastodon_url="https://social.example",
        mastodon_token="s3cret-token",
        bluesky_handle="us.example",
        bluesky_app_password="hunt-er22-hunt-er22",
    )


def test_the_settings_page_shows_what_is_set_and_no_secret(
    app: Flask, client: FlaskClient, settings: Settings
) -> None:
    with app.app_context():
        accounts.sign_in(client, accounts.user())
    response = client.get("/staff/settings/")
    shown = page(response)
    assert shown.h1 == "Settings"
    assert "smtp://mail.brightwater.example:587" in shown.text
    assert "imaps://mail.brightwater.example/" in shown.text
    assert "posted by our account on Mastodon and Bluesky" in shown.text
    assert "s3cret" not in response.text
    assert "hunt-" not in response.text
    assert settings.secret_key not in response.text
