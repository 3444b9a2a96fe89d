"""What public pages tell machines about themselves is what they tell people."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.drafting.models import Letter
from campaign.extensions import db
from tests.builders import publishing as build
from tests.pages import page
from tests.publishing.asking import LARKFIELD, SPEAKER

pytestmark = pytest.mark.database("sqlite")


def told(client: FlaskClient, path: str) -> tuple[Any, str]:
    """The data in a page, and what the page says."""
    raw = client.get(path).text
    _, _, rest = raw.partition('<script type="application/ld+json">')
    return json.loads(rest.partition("</script>")[0]), page(client.get(path)).text


def test_a_record_is_an_article_about_the_company_with_the_words_of_the_page(
    app: Flask, client: FlaskClient, larkfield: int, later: datetime
) -> None:
    with app.app_context():
        build.silence(db.session.get_one(Letter, larkfield))
    data, words = told(client, LARKFIELD)
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Article")
    assert data["headline"] in words
    assert data["description"] in words
    assert data["about"]["name"] == "Larkfield Home"
    assert data["url"].endswith(LARKFIELD)
    assert datetime.fromisoformat(data["datePublished"]) <= datetime.fromisoformat(
        data["dateModified"]
    )
    assert f"How to cite {data['publisher']['name']}: “{data['headline']}”" in words


def test_a_campaign_is_a_set_of_data_with_its_files(
    client: FlaskClient, larkfield: int, later: datetime
) -> None:
    data, words = told(client, SPEAKER)
    assert data["@type"] == "Dataset"
    assert data["name"] in words
    for file in data["distribution"]:
        path = file["contentUrl"][file["contentUrl"].index("/campaigns/") :]
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(file["encodingFormat"])


def test_no_name_ends_the_block(app: Flask, client: FlaskClient, larkfield: int) -> None:
    with app.app_context():
        db.session.get_one(Letter, larkfield).company.name = "A</script><script>alert(1)</script>"
        db.session.commit()
    data, _ = told(client, LARKFIELD)
    assert data["about"]["name"] == "A</script><script>alert(1)</script>"
    assert "<script>alert(1)" not in client.get(LARKFIELD).text
