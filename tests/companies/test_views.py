from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.companies import queries
from campaign.companies.reading import read_csv
from campaign.companies.rules import Channel
from tests.builders.accounts import post, sign_in, user
from tests.builders.companies import company, contact
from tests.pages import page

ABOUT = "/staff/companies/larkspur-mobile/"


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> None:
    """A drafter is signed in at `client`."""
    with app.app_context():
        sign_in(client, user())


pytestmark = pytest.mark.usefixtures("drafter")


def _reference(app: Flask) -> str:
    with app.app_context():
        found = queries.company("larkspur-mobile")
        assert found
        return found.contacts[-1].ref


def test_a_company_gets_a_contact_that_is_verified_changed_and_retired(
    app: Flask, client: FlaskClient
) -> None:
    seen = page(client.get("/staff/companies/"))
    assert seen.texts(".empty a") == ["Import a file"]
    given = {"name": "Larkspur Mobile", "country": "United Kingdom", "timezone": "Europe/London"}
    seen = page(post(client, "/staff/companies/new", given, follow_redirects=True))
    assert (seen.h1, seen.texts(".empty a")) == ("Larkspur Mobile", ["Add a contact"])

    given = {"channel": "email", "value": "privacy@larkspur.example", "office": "privacy office"}
    seen = page(post(client, f"{ABOUT}contacts/new", given, follow_redirects=True))
    assert seen.texts("tbody .status") == ["Not verified"]

    there = f"{ABOUT}contacts/{_reference(app)}"
    given = {"how": "https://larkspur.example/privacy", "on": "2026-01-15"}
    seen = page(post(client, f"{there}/verify", given, follow_redirects=True))
    assert seen.texts("tbody .status, tbody time") == ["Verified", "15 Jan 2026"]
    assert "https://larkspur.example/privacy" in seen.texts("tbody td")[0]

    seen = page(post(client, f"{there}/edit", {"office": "press"}, follow_redirects=True))
    assert seen.texts("tbody th div") == ["press"]

    assert "stays on record" in page(client.get(f"{there}/retire")).text
    seen = page(post(client, f"{there}/retire", follow_redirects=True))
    assert "1 retired" in seen.text
    assert seen.texts(".timeline li")[0].endswith(
        "Ada Drafter · Larkspur Mobile: privacy@larkspur.example"
    )
    assert client.get(f"{there}/verify").status_code == 404


def test_facts_are_changed_and_what_no_form_holds_is_ignored(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        made = company()
        before = (made.id, made.ref, made.slug)
    given = {
        "name": "Larkspur Group", "country": "DE", "slug": "evil", "id": "7", "ref": "chosen",
        "created_at": "2000-01-01", "contacts": "none",
    }  # fmt: skip
    assert page(post(client, f"{ABOUT}edit", given, follow_redirects=True)).h1 == "Larkspur Group"
    with app.app_context():
        found = queries.company("larkspur-mobile")
        assert found
        assert (found.id, found.ref, found.slug) == before
        assert (found.name, found.country) == ("Larkspur Group", "DE")


def test_what_was_typed_stays_when_something_is_wrong(app: Flask, client: FlaskClient) -> None:
    given = {"name": "", "country": "Atlantis", "website": "larkspur.example"}
    seen = page(post(client, "/staff/companies/new", given))
    assert seen.texts(".error-summary a[href='#name']") == ["Name: Enter the company's name."]
    assert (seen.one("#website").attrs or {})["value"] == "larkspur.example"
    seen = page(post(client, "/staff/companies/new", {**given, "name": "Larkspur"}))
    assert "“Atlantis” is not a country" in seen.texts(".error-summary li")[0]
    assert (seen.one("#country").attrs or {})["value"] == "Atlantis"

    with app.app_context():
        company()
    given = {"channel": "email", "value": "a@b.example, c@d.example", "verified_on": "15/01/2026"}
    seen = page(post(client, f"{ABOUT}contacts/new", given))
    assert len(seen.texts(".error-summary a[href='#verified_on']")) == 1
    assert seen.texts("#value") == ["a@b.example, c@d.example"]
    assert (seen.one("#verified_on").attrs or {})["value"] == "15/01/2026"
    seen = page(post(client, f"{ABOUT}contacts/new", {**given, "verified_on": ""}))
    assert "not usable as mail address" in seen.texts(".error-summary li")[0]


def test_a_contact_belongs_to_the_company_in_its_address(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        company()
        other = contact(company(name="Other")).ref
    assert client.get(f"{ABOUT}contacts/{other}/verify").status_code == 404
    assert client.get(f"/staff/companies/other/contacts/{other}/verify").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["100% Öko", "Larkspur Mobile", "Nobody"]),
        ("q=larkspur", ["Larkspur Mobile"]),
        ("q=%C3%96KO", ["100% Öko"]),  # both databases, whatever they hold for the small Ö
        ("q=100%25", ["100% Öko"]),
        ("q=%25", ["100% Öko"]),
        ("q=_", []),
        ("q=privacy%40larkspur", ["Larkspur Mobile"]),
        ("country=DE", ["100% Öko"]),
        ("contacts=none", ["Nobody"]),
        ("contacts=usable&country=GB", ["Larkspur Mobile"]),
        ("contacts=bad", []),
    ],
)
def test_the_directory_is_filtered_by_its_address(
    app: Flask, client: FlaskClient, query: str, found: list[str]
) -> None:
    with app.app_context():
        contact(company())
        contact(company(name="100% Öko", country="DE"), "info@oeko.example")
        company(name="Nobody")
    seen = page(client.get(f"/staff/companies/?{query}"))
    assert seen.texts("tbody th") == found
    assert bool(seen.select(".empty")) is not bool(found)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "query", ["contacts=all", "country=GBR", "country=%25%25", "page=1e9", "q=" + "x" * 10_000]
)
def test_a_query_that_no_link_holds_is_refused(client: FlaskClient, query: str) -> None:
    page(client.get(f"/staff/companies/?{query}"), 400)
    assert client.get(f"/staff/companies/companies.csv?{query}").status_code in {200, 400}


def test_a_long_directory_has_pages_that_keep_the_filters(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        for number in range(51):
            company(name=f"Company {number:02}")
        company(name="Other")
    seen = page(client.get("/staff/companies/?q=company"))
    assert len(seen.texts("tbody th")) == 50
    following = str((seen.one(".pager a").attrs or {})["href"])
    assert page(client.get(following)).texts("tbody th") == ["Company 50"]


def test_the_export_runs_no_formula_and_can_be_imported_again(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        contact(company(), "privacy@larkspur.example")
        contact(company(name="+1 Telecom", slug="plus-one"), "@handle", channel=Channel.MENTION)
        for number, start in enumerate("=-@"):
            company(name="Evil", slug=f"evil-{number}", legal_name=f"{start}SUM(1)")
    response = client.get("/staff/companies/companies.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="companies.csv"'
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    by_slug = {row["slug"]: row for row in rows}
    assert by_slug["plus-one"]["name"] == "'+1 Telecom"
    assert by_slug["plus-one"]["mention"] == "'@handle"
    starts = [by_slug[f"evil-{number}"]["legal_name"][:2] for number in range(3)]
    assert starts == ["'=", "'-", "'@"]
    assert by_slug["larkspur-mobile"]["verified_how"] == "https://larkspur-mobile.example/privacy"
    sheet = read_csv(response.data)
    assert "larkspur-mobile" in [row.slug for row in sheet.rows]
    only = client.get("/staff/companies/companies.csv?q=larkspur").data.decode("utf-8-sig")
    assert len(only.splitlines()) == 2


def test_a_viewer_sees_no_button_that_would_refuse(app: Flask) -> None:
    viewer = app.test_client()
    with app.app_context():
        contact(company())
        sign_in(viewer, user(name="Vi Viewer", role=Role.VIEWER))
    for address in ("/staff/companies/", ABOUT):
        assert page(viewer.get(address)).select("main .btn-primary, tbody .btn") == []
