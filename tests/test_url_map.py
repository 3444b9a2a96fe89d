"""Every page is closed unless it says otherwise: the whole URL map is walked."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from campaign.accounts.guard import MARK, PUBLIC, staff
from campaign.accounts.rules import PERMISSIONS, May, Role
from campaign.drafting import pages
from campaign.factory import OPEN_LIBRARY_PAGES
from tests.builders.accounts import admin, post, sign_in, token, user
from tests.pages import page

REFUSED = {401, 403, 404, 405}


def _addresses(app: Flask) -> list[tuple[Rule, str]]:
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        values: dict[str, object] = {
            name: 1 if type(converter).__name__ == "IntegerConverter" else "none"
            for name, converter in rule._converters.items()
        }
        found.append((rule, adapter.build(rule.endpoint, values)))
    return found


def _open_to_all(app: Flask, endpoint: str) -> bool:
    return (
        endpoint in OPEN_LIBRARY_PAGES
        or getattr(app.view_functions[endpoint], MARK, None) == PUBLIC
    )


def _refuses(client: FlaskClient, address: str) -> list[str]:
    found = []
    for method in ("GET", "POST"):
        response = client.open(address, method=method)
        away = response.status_code == 302 and "/staff/login" in response.headers["Location"]
        # A POST without a token never gets to a page at all.
        no_token = method == "POST" and response.status_code == 400
        if not (away or no_token or response.status_code in REFUSED):
            found.append(f"{method} {address} gives {response.status}")
    return found


@pytest.mark.database("sqlite")
def test_no_page_opens_to_a_stranger_unless_it_is_public(app: Flask, client: FlaskClient) -> None:
    closed = [address for rule, address in _addresses(app) if not _open_to_all(app, rule.endpoint)]
    assert len(closed) > 20
    assert [fault for address in closed for fault in _refuses(client, address)] == []


@pytest.mark.database("sqlite")
def test_no_page_opens_to_a_stranger_even_with_a_token(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # so that the guard alone is asked
    closed = [address for rule, address in _addresses(app) if not _open_to_all(app, rule.endpoint)]
    opened = [a for a in closed if client.post(a).status_code not in {302, *REFUSED}]
    assert opened == []


@pytest.mark.database("sqlite")
def test_every_page_says_to_whom_it_is_open(app: Flask) -> None:
    unmarked = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN_LIBRARY_PAGES and getattr(view, MARK, None) is None
    }
    # Pages that the sign-in library brings and that we do not use; asking for one gives 404.
    assert unmarked == {"security.verify"}


@pytest.mark.database("sqlite")
def test_everything_below_staff_is_for_staff(app: Flask) -> None:
    public = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") and _open_to_all(app, rule.endpoint)
    }
    assert public == {"/staff/login", "/staff/logout", "/staff/fs-static/<path:filename>"}


@pytest.mark.database("sqlite")
def test_a_page_that_says_nothing_is_not_there(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "a secret")
    assert client.get("/forgotten").status_code == 404


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", list(Role))
def test_a_page_opens_to_those_roles_only_that_carry_its_permission(
    app: Flask, client: FlaskClient, role: Role
) -> None:
    for permission in May:
        view = staff(permission)(lambda: "open")
        app.add_url_rule(f"/staff/for/{permission}", f"for_{permission}", view)
    with app.app_context():
        person = user(role=role)
        sign_in(client, person)
    for permission in May:
        expected = 200 if permission in PERMISSIONS[role] else 403
        assert client.get(f"/staff/for/{permission}").status_code == expected, permission


@pytest.mark.parametrize(
    "address",
    ["/staff/companies/new", "/staff/companies/import", "/staff/campaigns/new", "/staff/people/"],
)
def test_a_viewer_may_not_open_what_a_writer_may(
    app: Flask, client: FlaskClient, address: str
) -> None:
    with app.app_context():
        admin()
        sign_in(client, user(role=Role.VIEWER))
    page(client.get("/staff/companies/"))
    assert client.get(address).status_code == 403
    assert post(client, address, page="/staff/companies/").status_code in {403, 405}


def test_a_form_without_the_token_of_its_session_is_refused(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        sign_in(client, user())
    other = app.test_client()
    with app.app_context():
        sign_in(other, user(name="Bo Drafter"))
    foreign = token(other, "/staff/companies/new")
    for given in ({}, {"csrf_token": ""}, {"csrf_token": foreign}):
        response = client.post("/staff/companies/new", data={"name": "Larkspur", **given})
        assert page(response, 400).h1 == "This form has expired"
    assert "Larkspur" not in page(client.get("/staff/companies/")).text


def test_every_module_of_pages_in_drafting_is_named_where_they_are_registered() -> None:
    folder = Path(pages.__file__).parent
    there = {path.stem for path in folder.glob("*views.py")}
    assert there == {module.__name__.rpartition(".")[2] for module in pages.MODULES}
