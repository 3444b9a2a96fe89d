"""What public pages cost: queries, bytes, and what caches may keep."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.campaigns.models import Campaign
from campaign.drafting.models import Letter
from campaign.extensions import db
from tests.builders import publishing as build
from tests.pages import Page, page
from tests.publishing.asking import LARKFIELD, SPEAKER, STANDING


def done(app: Flask, letter_id: int, act: Callable[[Letter], object]) -> None:
    with app.app_context():
        act(db.session.get_one(Letter, letter_id))


def section(shown: Page, name: str) -> str:
    return " ".join(shown.texts(f'[aria-labelledby="{name}"]'))


# What tells nothing of any company; caches ask about everything else every time.
FOR_A_MINUTE = {"/how-we-work/", "/privacy/", "/imprint/"}


def _addresses(client: FlaskClient) -> list[str]:
    return [
        *("/", SPEAKER, LARKFIELD, "/companies/", "/companies/larkfield-home/", *STANDING),
        *("/feed.atom", "/feed.json", "/sitemap.xml", f"{LARKFIELD}history.json"),
        *("/api/v1/", "/api/v1/campaigns", "/api/v1/records", "/api/v1/openapi.json"),
        *("/api/v1/companies/larkfield-home", f"/api/v1{SPEAKER[:-1]}", f"{LARKFIELD}letter.pdf"),
    ]


def test_every_public_answer_is_for_everyone_and_can_be_kept_and_asked_for_again(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    done(app, larkfield, build.silence)
    for path in _addresses(client):
        first = client.get(path, headers={"Cookie": "staff_session=made-up"})
        assert first.status_code == 200, path
        assert "Set-Cookie" not in first.headers, path
        assert "Cookie" not in first.headers.get("Vary", ""), path
        kept = "public, max-age=60" if path in FOR_A_MINUTE else "public, no-cache"
        assert first.headers["Cache-Control"] == kept, path
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        assert client.head(path).headers["ETag"] == first.headers["ETag"], path


def test_an_answer_that_changed_is_sent_again(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    before = client.get(LARKFIELD).headers["ETag"]
    done(app, larkfield, build.silence)
    assert client.get(LARKFIELD, headers={"If-None-Match": before}).status_code == 200


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", heard)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", heard)


@pytest.mark.database("sqlite")
def test_a_page_asks_the_database_as_often_for_thirty_letters_as_for_three(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        of = build.campaign()
        build.silence(build.sent(of, build.company()))
        _more(of, range(2))
    paths = [path for path in _addresses(client) if path != "/api/v1/openapi.json"]
    with counted(app) as few:
        few_by_path = [_count(client, path, few) for path in paths]
    with app.app_context():
        _more(db.session.scalars(sa.select(Campaign)).one(), range(2, 30))
    with counted(app) as many:
        many_by_path = [_count(client, path, many) for path in paths]
    assert dict(zip(paths, few_by_path, strict=True)) == dict(zip(paths, many_by_path, strict=True))
    assert max(many_by_path) <= 20, dict(zip(paths, many_by_path, strict=True))


def _more(of: Campaign, numbers: range) -> None:
    for number in numbers:
        letter = build.sent(of, build.company(f"Company {number:02}"))
        if number % 2:
            build.answered(letter)
        else:
            build.extended(letter)


def _count(client: FlaskClient, path: str, statements: list[str]) -> int:
    before = len(statements)
    assert client.get(path).status_code == 200, path
    return len(statements) - before


@pytest.mark.database("sqlite")
def test_public_pages_are_small(app: Flask, client: FlaskClient, later: datetime) -> None:
    with app.app_context():
        of = build.every_outcome()
        _more(of, range(30))
    for path in ("/", SPEAKER, LARKFIELD, "/companies/", "/how-we-work/"):
        shown = page(client.get(path))
        html = gzip.compress(client.get(path).data)
        linked = [
            str((link.attrs or {})["href"])
            for link in shown.select('link[rel="stylesheet"], link[rel="icon"]')
        ]
        files = []
        for url in linked:
            with client.get(url) as answer:
                files.append(gzip.compress(answer.data))
        assert len(html) <= 30_000, path
        assert len(html) + sum(map(len, files)) <= 100_000, path
        assert 1 + len(linked) <= 6, path
        assert not shown.select('script:not([type="application/ld+json"])'), path
