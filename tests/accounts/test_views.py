from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts import queries
from campaign.accounts.models import User
from campaign.extensions import db
from tests.builders.accounts import PASSWORD, admin, post, sign_in, user
from tests.pages import page


@pytest.fixture
def boss(app: Flask, client: FlaskClient) -> str:
    """Opaque id of an administrator, who is signed in at `client`."""
    with app.app_context():
        person = admin()
        sign_in(client, person)
        return person.ref


def test_an_administrator_lets_a_person_in(app: Flask, client: FlaskClient, boss: str) -> None:
    given = {
        "name": "Ada Drafter",
        "email": "ada@brightwater.example",
        "role": "approver",
        "password": PASSWORD,
        "active": "",
        "ref": "chosen",
        "roles": "admin",
    }
    done = post(client, "/staff/people/new", given, follow_redirects=True)
    assert "Ada Drafter" in page(done).text
    with app.app_context():
        ada = db.session.query(User).filter_by(email="ada@brightwater.example").one()
        assert (ada.active, ada.role_words, ada.ref == "chosen") == (True, "approver", False)


def test_what_was_typed_stays_and_the_summary_links_to_the_field(
    client: FlaskClient, boss: str
) -> None:
    given = {"name": "Ada", "email": "", "role": "approver", "password": PASSWORD}
    seen = page(post(client, "/staff/people/new", given))
    assert seen.texts(".error-summary a[href='#email']") == [
        "E-mail address: Enter an e-mail address."
    ]
    assert (seen.one("#name").attrs or {})["value"] == "Ada"
    assert "selected" in (seen.one("#role option[value='approver']").attrs or {})
    seen = page(post(client, "/staff/people/new", {**given, "email": "nothing"}))
    assert "no e-mail address to sign in with" in seen.texts(".error-summary li")[0]
    assert (seen.one("#email").attrs or {})["value"] == "nothing"


def test_an_administrator_changes_role_and_password_and_shuts_out(
    app: Flask, client: FlaskClient, boss: str
) -> None:
    with app.app_context():
        ref = user().ref
    there = f"/staff/people/{ref}/"
    assert page(client.get(there)).h1 == "Ada Drafter"
    post(client, f"{there}role", {"role-role": "publisher"}, page=there)
    assert "publisher" in page(client.get(there)).texts(".facts")[0]
    refused = post(client, f"{there}password", {"password-password": "short"}, page=there)
    assert "too easy to guess" in page(refused).texts(".error-summary li")[0]
    done = post(client, f"{there}deactivate", page=there, follow_redirects=True)
    assert "cannot sign in any more" in page(done).text
    with app.app_context():
        person = queries.person(ref)
        assert person is not None
        assert not person.active
    done = post(client, f"{there}reactivate", page=there, follow_redirects=True)
    assert "can sign in again" in page(done).text


def test_the_only_administrator_cannot_shut_themselves_out(client: FlaskClient, boss: str) -> None:
    there = f"/staff/people/{boss}/"
    done = post(client, f"{there}deactivate", page=there, follow_redirects=True)
    assert "is the only administrator" in page(done).text


def test_people_are_found_by_name_and_address(app: Flask, client: FlaskClient, boss: str) -> None:
    with app.app_context():
        user(name="Ada 100%")
    assert page(client.get("/staff/people/?q=100%25")).texts("tbody th") == ["Ada 100%"]
    assert page(client.get("/staff/people/?q=root.admin")).texts("tbody th") == ["Root Admin"]
    assert page(client.get("/staff/people/?q=nobody")).texts(".empty-title") == ["Nobody found"]
    assert client.get("/staff/people/nobody/").status_code == 404


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=1000000000", "page=-1", "q=" + "x" * 201]
)
def test_a_query_that_no_link_holds_is_refused(client: FlaskClient, boss: str, query: str) -> None:
    page(client.get(f"/staff/people/?{query}"), 400)


def test_a_page_after_the_last_is_not_there(client: FlaskClient, boss: str) -> None:
    page(client.get("/staff/people/?page=2"), 404)


def test_signing_in_with_an_unknown_address_looks_like_a_wrong_password(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        user(email="ada@brightwater.example")
    wrong = sign_in(client, "ada@brightwater.example", "not the password")
    unknown = sign_in(client, "nobody@brightwater.example", "not the password")
    assert page(wrong).texts(".error-summary li") == page(unknown).texts(".error-summary li")
    assert wrong.status_code == unknown.status_code
