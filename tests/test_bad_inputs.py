"""The rows of bad-inputs.md on the web, F.82-92: each has its test.

`WHERE` says which; what no other file tests stands here. Links to preview a page (F.83) do not
exist: the only addresses with a secret are those of co-signers, captured mail and calendars.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.awaiting import queries as awaiting
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock
from tests import bad_rows
from tests.builders import drafting as drafts
from tests.builders import waiting
from tests.builders.accounts import PASSWORD, post, sign_in, token, user
from tests.pages import page

HERE = "test_bad_inputs.py"

WHERE = {
    "F.82": [
        "publishing/test_visibility.py::test_no_public_address_tells_of_what_is_hidden",
        "publishing/test_visibility.py::test_a_draft_in_a_public_campaign_stays_hidden",
    ],
    "F.83": ["drafting/test_cosigning.py::test_the_token_is_kept_as_a_hash_only"],
    "F.84": [f"{HERE}::test_84_no_link_is_made_from_a_name_that_a_browser_claims"],
    "F.85": [f"{HERE}::test_85_a_sign_in_leads_nowhere_else"],
    "F.86": [
        "accounts/test_views.py::"
        "test_signing_in_with_an_unknown_address_looks_like_a_wrong_password",
    ],
    "F.87": [
        f"{HERE}::test_87_a_session_is_new_after_sign_in_and_dead_after_sign_out",
        "accounts/test_operations.py::"
        "test_open_sessions_end_when_a_person_is_shut_out_or_gets_a_new_password",
    ],
    "F.88": [
        "test_url_map.py::test_a_form_without_the_token_of_its_session_is_refused",
        f"{HERE}::test_88_a_form_is_taken_with_a_token_of_its_own_session_only",
    ],
    "F.89": [f"{HERE}::test_89_what_a_form_does_not_ask_is_not_taken"],
    "F.90": [
        f"{HERE}::test_90_a_date_that_cannot_be_is_refused_in_words",
        "kernel/test_days.py::test_around_every_clock_change_the_end_of_day_is_exact",
        "kernel/test_days.py::test_a_day_that_the_date_line_took_away_does_not_exist",
    ],
    "F.91": [
        f"{HERE}::test_91_a_search_is_bounded_and_only_ever_words",
        "publishing/test_visibility.py::test_a_page_number_that_does_not_exist_is_not_found",
    ],
    "F.92": [
        "publishing/test_public_cost.py::"
        "test_every_public_answer_is_for_everyone_and_can_be_kept_and_asked_for_again",
        f"{HERE}::test_92_who_is_signed_in_reads_the_same_public_page",
    ],
}


def test_every_row_of_the_web_has_its_test() -> None:
    bad_rows.have_tests(WHERE, "F", range(82, 93))


pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        sign_in(client, drafts.staff().drafter)
    return client


@pytest.mark.parametrize("path", ["/", "/staff/login", "/feed.atom", "/api/v1/"])
def test_84_no_link_is_made_from_a_name_that_a_browser_claims(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path, headers={"Host": "evil.example"}).status_code == 400
    forwarded = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    told = client.get(path, headers=forwarded)
    assert told.status_code == 200
    assert "evil.example" not in told.text


_ELSEWHERE = [
    *("//evil.example", r"/\evil.example", "https:evil.example", "%2f%2fevil.example"),
    *("javascript:alert(1)", "https://evil.example/staff/", r"\\evil.example", "/\t/evil.example"),
]


@pytest.mark.parametrize("where", _ELSEWHERE, ids=ascii)
def test_85_a_sign_in_leads_nowhere_else(app: Flask, client: FlaskClient, where: str) -> None:
    with app.app_context():
        email = user().email
    given = {"email": email, "password": PASSWORD, "next": where}
    answer = post(client, "/staff/login", given, query_string={"next": where})
    assert answer.status_code in (200, 302)
    led = urljoin("http://ours.example/staff/login", answer.headers.get("Location", "/staff/"))
    assert urlsplit(led).hostname == "ours.example"
    assert urlsplit(led).scheme == "http"
    assert "\\" not in led


def test_87_a_session_is_new_after_sign_in_and_dead_after_sign_out(
    app: Flask, client: FlaskClient
) -> None:
    client.get("/staff/login")
    before = client.get_cookie("staff_session", path="/staff")
    with app.app_context():
        sign_in(client, user())
    during = client.get_cookie("staff_session", path="/staff")
    assert during is not None
    assert before is None or before.value != during.value
    assert client.get("/staff/").status_code == 200
    client.get("/staff/logout")
    assert client.get("/staff/").status_code == 200, "a link signs nobody out"
    assert client.post("/staff/logout").status_code == 400, "nor does another site's form"
    post(client, "/staff/logout", page="/staff/companies/new")
    assert "You are signed out, here and wherever else" in page(client.get("/staff/login")).text
    assert client.get("/staff/").status_code == 302
    client.set_cookie("staff_session", during.value, path="/staff")
    assert client.get("/staff/").status_code == 302, "the old cookie signs in again"


def test_88_a_form_is_taken_with_a_token_of_its_own_session_only(
    app: Flask, drafter: FlaskClient
) -> None:
    with app.app_context():
        other = app.test_client()
        sign_in(other, user("Eve Other"))
        theirs = token(other, "/staff/companies/new")
    path, form = "/staff/companies/new", {"name": "Larkspur"}
    for csrf in ("", "made-up", theirs):
        assert drafter.post(path, data={**form, "csrf_token": csrf}).status_code == 400
    as_text = drafter.post(path, data='{"name": "Larkspur"}', content_type="text/plain")
    assert as_text.status_code == 400
    overridden = {"X-HTTP-Method-Override": "DELETE", "X-CSRFToken": theirs}
    assert drafter.post(path, data=form, headers=overridden).status_code == 400


def test_89_what_a_form_does_not_ask_is_not_taken(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        letter = waiting.sent(people=drafts.staff())[0]
        publisher = waiting.publisher()
        sign_in(client, publisher)
        found, ref, mine = letter.id, letter.ref, publisher.id
    more = {
        **{"status": "no_response", "state": "concluded", "published_at": "2026-01-01"},
        **{"campaign_id": "99", "is_admin": "1", "role": "admin", "round": "7", "id": "99"},
    }
    path = f"/staff/letters/{ref}/hold"
    with clock.at(waiting.SENT):
        answer = post(client, path, {"what": "letter", "why": "They rang us.", **more})
    assert answer.status_code == 302
    with app.app_context():
        letter = db.session.get_one(Letter, found)
        assert (letter.state, letter.round) == (LetterState.OPEN, 1)
        assert [held.why for held in awaiting.holds_on(letter)] == ["They rang us."]
        person = db.session.get_one(User, mine)
        assert [role.name for role in person.roles] == ["publisher"]


@pytest.mark.parametrize(
    "day", ["2020-01-01", "9999-12-31", "2027-02-29", "0000-01-01", "12/31/2026", "tomorrow", "-1"]
)
def test_90_a_date_that_cannot_be_is_refused_in_words(
    app: Flask, client: FlaskClient, day: str
) -> None:
    with app.app_context():
        letter = waiting.sent(people=drafts.staff())[0]
        sign_in(client, waiting.publisher())
        found, ref = letter.id, letter.ref
        before = awaiting.extensions_of(letter)
    given = {"new_deadline": day, "asked_by": "their office", "why": "Holidays."}
    with clock.at(waiting.SENT):
        shown = page(post(client, f"/staff/letters/{ref}/extend", given))
    assert shown.select(".error-summary li")
    assert "Holidays." in shown.text
    with app.app_context():
        assert awaiting.extensions_of(db.session.get_one(Letter, found)) == before == []


_SEARCHES = ["%", "_", "x" * 10_000, "(a+)+$", "' OR 1=1 --", "\\", "\U0001f600", "[[", "*"]


@pytest.mark.parametrize("words", _SEARCHES, ids=lambda words: ascii(words)[:12])
def test_91_a_search_is_bounded_and_only_ever_words(drafter: FlaskClient, words: str) -> None:
    post(drafter, "/staff/companies/new", {"name": "Larkspur Mobile"})
    answer = drafter.get("/staff/companies/", query_string={"q": words, "sort": words[:50]})
    assert answer.status_code in (200, 400, 414)
    if answer.status_code == 200:
        assert "Larkspur Mobile" not in page(answer).texts("tbody")


def test_92_who_is_signed_in_reads_the_same_public_page(
    app: Flask, client: FlaskClient, drafter: FlaskClient
) -> None:
    stranger = app.test_client()
    for path in ("/", "/feed.atom", "/api/v1/records"):
        mine, theirs = drafter.get(path), stranger.get(path)
        assert mine.data == theirs.data, path
        assert "Cookie" not in mine.headers.get("Vary", ""), path
        assert "Set-Cookie" not in mine.headers, path
