from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.drafting import library, texts
from campaign.drafting.library import Start
from campaign.drafting.models import TextKind
from tests.builders import accounts
from tests.builders import drafting as build
from tests.pages import page


@pytest.mark.parametrize("start", library.starts(), ids=lambda start: start.name)
def test_a_starting_text_has_no_faults(start: Start) -> None:
    kind = TextKind(start.kind) if start.kind != "other" else TextKind.LETTER
    assert texts.faults(kind, start.subject, start.body, {}) == []


@pytest.mark.database("sqlite")
def test_starting_texts_are_shown_to_copy(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        build.draft(build.staff())
    accounts.sign_in(client, "ada.drafter@brightwater.example")
    url = "/staff/campaigns/location-data/templates/"
    assert "Starting texts" in page(client.get(url)).text
    assert "Erster Brief" in page(client.get(url + "library/")).text
