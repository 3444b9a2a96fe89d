"""What is not public answers as what does not exist, everywhere (fairness.md rule 24)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from campaign.campaigns.models import Campaign
from campaign.database import transaction
from campaign.drafting.models import Letter, LetterState
from campaign.kernel import clock
from tests.builders import drafting as drafts
from tests.builders import publishing as build
from tests.publishing.asking import asked
from tests.publishing.saying import said
from tests.walking import address, names_company, public_rules

SLUGS = {"slug": "embargoed-campaign", "company": "hidden-company"}
NOBODY = {"slug": "no-such-thing", "company": "no-such-thing"}
COMPANY = {"slug": "hidden-company"}
SECRETS = ("embargoed-campaign", "Embargoed campaign", "hidden-company", "Hidden Company")
SQUEEZED = ("embargoedcampaign", "hiddencompany")


def _hidden_letter() -> Letter:
    letter = build.sent(build.campaign("Embargoed campaign"), build.company("Hidden Company"))
    build.silence(letter)
    build.answered(letter, received_at=build.PUBLISHED_AT + timedelta(days=1))
    return letter


def _embargo(until: datetime | None = None) -> None:
    with transaction() as session:
        found = session.scalars(sa.select(Campaign).where(Campaign.slug == SLUGS["slug"])).one()
        found.embargoed, found.embargo_until = True, until


def _state(state: LetterState) -> None:
    with transaction() as session:
        session.scalars(sa.select(Letter)).one().state = state


def _url(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    company = names_company(rule) and values is SLUGS
    return address(app, rule, COMPANY if company else values)


def _seen(response: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    kept = {name: value for name, value in response.headers.items() if name != "Date"}
    return response.status_code, response.data, kept


HIDE = {
    "an embargo": _embargo,
    "an embargo that ends": lambda: _embargo(clock.now() + timedelta(seconds=1)),
    "a letter that has not left": lambda: _state(LetterState.APPROVED),
    "a letter that is on its way": lambda: _state(LetterState.SENDING),
    "a draft": lambda: _state(LetterState.DRAFT),
}


@pytest.mark.parametrize("why", HIDE)
def test_no_public_address_tells_of_what_is_hidden(
    app: Flask, client: FlaskClient, later: datetime, why: str
) -> None:
    with app.app_context():
        _hidden_letter()
    kept = {}
    for rule in public_rules(app):
        url = _url(app, rule, SLUGS)
        kept[url] = client.get(url).headers.get("ETag", "none")
    with app.app_context():
        HIDE[why]()
    asked = 0
    asking = partial(client.get, follow_redirects=True)
    head = partial(client.head, follow_redirects=True)
    for rule in public_rules(app):
        url = _url(app, rule, SLUGS)
        conditional = {"If-None-Match": kept[url]}
        for answer in (
            asking(url),
            client.head(url, follow_redirects=True),
            asking(url, headers=conditional),
        ):
            if not rule.arguments & {"slug", "company"}:
                assert answer.status_code in (200, 304, 404, 503), url
                assert not [word for word in SQUEEZED if word in said(answer)], url
                continue
            asked += 1
            other = _url(app, rule, NOBODY)
            method = head if answer.request.method == "HEAD" else asking
            assert _seen(answer) == _seen(method(other)), url
            assert answer.status_code == 404, url
            assert answer.headers["Cache-Control"] == "no-store", url
    assert asked >= 3 * 7


def test_the_same_addresses_answer_once_the_embargo_ends(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        _hidden_letter()
        _embargo(clock.now() + timedelta(minutes=1))
    urls = [
        _url(app, rule, SLUGS)
        for rule in public_rules(app)
        if rule.arguments & {"slug", "company"} and not rule.rule.startswith("/evidence/")
    ]
    assert {client.get(url).status_code for url in urls} == {404}
    with clock.at(later + timedelta(minutes=1)):
        assert {client.get(url).status_code for url in urls} == {200}
        assert "Hidden Company" in client.get("/sitemap.xml").text.replace(
            "hidden-company", "Hidden Company"
        )


def test_a_company_with_public_letters_does_not_tell_of_a_hidden_one(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        to = build.company("Hidden Company")
        build.silence(build.sent(build.campaign("Embargoed campaign"), to))
        build.silence(build.sent(build.campaign("Open campaign"), to))
        _embargo()
    for path in ("/", "/companies/", "/companies/hidden-company/", "/feed.atom", "/feed.json"):
        text = client.get(path).text
        assert "Hidden Company" in text, path
        assert "mbargoed" not in text, path
    records = asked(client, "/api/v1/companies/hidden-company")["records"]
    assert [record["campaign"] for record in records] == ["open-campaign"]
    hidden = client.get("/api/v1/records?campaign=embargoed-campaign")
    unknown = client.get("/api/v1/records?campaign=no-such-thing")
    assert hidden.json == unknown.json == {"items": [], "next": None}


def test_a_draft_in_a_public_campaign_stays_hidden(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        of = build.campaign("Open campaign")
        build.sent(of, build.company("Larkfield Home"))
        drafts.draft(build.staff(), build.company("Hidden Company"), of)
    for path in ("/", "/campaigns/open-campaign/", "/companies/", "/sitemap.xml"):
        text = client.get(path).text
        assert not [word for word in SECRETS if word in text], path
    assert client.get("/campaigns/open-campaign/hidden-company/").status_code == 404
    assert client.get("/companies/hidden-company/").status_code == 404
    assert "Hidden" not in client.get("/api/v1/records").text


IMPOSSIBLE = ("%00", "a%00b", "..", "%2e%2e", "a" * 300, "Großbuchstaben", "a b", "%ff", "'--")


def test_an_address_that_nobody_can_have_is_not_found(client: FlaskClient) -> None:
    for slug in IMPOSSIBLE:
        _is_not_found(client, slug)


def _is_not_found(client: FlaskClient, slug: str) -> None:
    for path in (
        f"/campaigns/{slug}/",
        f"/campaigns/{slug}/{slug}/",
        f"/campaigns/{slug}/{slug}/letter.pdf",
        f"/companies/{slug}/",
        f"/api/v1/campaigns/{slug}",
        f"/api/v1/companies/{slug}",
    ):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 404, path
        assert urlsplit(answer.request.url).path, path


def test_a_page_number_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    for path in ("/", "/companies/"):
        for number in ("0", "-1", "x", "1e3", "99", "999999999999999999999", "%00"):
            assert client.get(f"{path}?page={number}").status_code == 404, (path, number)
