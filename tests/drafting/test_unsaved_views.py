"""Unsaved text in the editor, without a script."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.drafting.unsaved_models import UnsavedText
from campaign.extensions import db
from tests.builders import accounts
from tests.builders import drafting as build
from tests.pages import Page, page

ADA = "ada.drafter@brightwater.example"
TEXTS = "/staff/campaigns/location-data/templates/"
EDITOR = f"{TEXTS}letter/"
KEPT = f"{EDITOR}unsaved/"
TYPED = {"subject": "Where is it?", "body": "Dear ((contact.salutation)),\n\nA lark <sings>."}


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        people = build.staff()
        build.draft(people)
        accounts.user("Cleo Drafter", Role.DRAFTER)
    accounts.sign_in(client, ADA)
    return client


@pytest.fixture
def cleo(drafter: FlaskClient, app: Flask) -> FlaskClient:
    """Another drafter."""
    client = app.test_client()
    accounts.sign_in(client, "cleo.drafter@brightwater.example")
    return client


def _rows(app: Flask) -> list[UnsavedText]:
    with app.app_context():
        return list(db.session.query(UnsavedText).order_by(UnsavedText.id))


def _value(shown: Page, name: str) -> str:
    return str((shown.one(f"[name={name}]").attrs or {})["value"])


def test_a_button_keeps_the_text_without_a_version(drafter: FlaskClient, app: Flask) -> None:
    answer = accounts.post(drafter, EDITOR, {**TYPED, "keep": "1"})
    shown = page(drafter.get(answer.location))
    assert "kept as a draft" in shown.text
    assert "A lark <sings>." in shown.one("[name=body]").to_text()
    assert "Version 1 is in use" in shown.text
    assert "You have unsaved text" not in shown.text  # it stands in the form
    assert "You have unsaved text" in page(drafter.get(EDITOR)).text
    assert "You have unsaved text of" in page(drafter.get(TEXTS)).text


def test_kept_text_is_compared_gone_on_with_and_saved(drafter: FlaskClient, app: Flask) -> None:
    accounts.post(drafter, EDITOR, {**TYPED, "keep": "1"})
    ref = _rows(app)[0].ref
    shown = page(drafter.get(f"{KEPT}?show={ref}"))
    assert "A lark <sings>." in " ".join(shown.texts("ins"))
    assert shown.select("del")
    editor = page(drafter.get(f"{EDITOR}?draft={ref}"))
    assert _value(editor, "goes_on") == ref
    sent = {name: _value(editor, name) for name in ("sitting", "goes_on", "based_on")}
    answer = accounts.post(drafter, EDITOR, {**TYPED, **sent, "save": "1"})
    assert answer.status_code == 302
    assert {row.ending for row in _rows(app)} == {"saved", "continued"}
    assert "You have unsaved text" not in page(drafter.get(EDITOR)).text
    assert "Saved as version 2" in page(drafter.get(KEPT)).text


def test_dropped_text_can_be_brought_back(drafter: FlaskClient, app: Flask) -> None:
    accounts.post(drafter, EDITOR, {**TYPED, "keep": "1"})
    ref = _rows(app)[0].ref
    accounts.post(drafter, f"{KEPT}{ref}/drop", page=EDITOR)
    assert "You have unsaved text" not in page(drafter.get(EDITOR)).text
    assert "Dropped" in page(drafter.get(KEPT)).text
    assert "A lark" in page(drafter.get(f"{EDITOR}?draft={ref}")).one("[name=body]").to_text()


def test_what_a_refused_save_held_is_kept(drafter: FlaskClient, app: Flask) -> None:
    accounts.post(drafter, EDITOR, {"subject": "", "body": "Dear ((nobody))", "save": "1"})
    assert [row.body for row in _rows(app)] == ["Dear ((nobody))"]


def test_a_clash_shows_both_and_keeps_mine_apart_from_theirs(
    drafter: FlaskClient, cleo: FlaskClient, app: Flask
) -> None:
    sitting = _value(page(drafter.get(EDITOR)), "sitting")
    theirs = {"subject": "Theirs", "body": "Dear ((contact.salutation)), theirs.", "based_on": 1}
    accounts.post(cleo, EDITOR, {**theirs, "save": "1"})
    mine = {**TYPED, "based_on": 1, "sitting": sitting}
    clash = page(accounts.post(drafter, EDITOR, {**mine, "save": "1"}), 422)
    assert "Cleo Drafter has saved version 2 meanwhile" in clash.text
    taken = page(accounts.post(drafter, EDITOR, {**mine, "take": "1"}))
    assert _value(taken, "sitting") != sitting
    assert [row.body for row in _rows(app) if row.ended_at is None] == [TYPED["body"]]
    assert "You have unsaved text" in taken.text


def test_each_sees_that_the_other_writes_but_not_what(
    drafter: FlaskClient, cleo: FlaskClient, app: Flask
) -> None:
    accounts.post(drafter, EDITOR, {**TYPED, "keep": "1"})
    for address in (TEXTS, EDITOR, f"{EDITOR}unsaved/now"):
        told = cleo.get(address).text
        assert "Ada Drafter is writing on this text now" in told, address
        assert "A lark" not in told
    ref = _rows(app)[0].ref
    for address in (f"{EDITOR}?draft={ref}", f"{KEPT}?show={ref}"):
        assert "A lark" not in cleo.get(address).text, address
    assert cleo.get(f"{EDITOR}?draft={ref}").status_code == 404
    accounts.post(cleo, f"{KEPT}{ref}/drop", page=EDITOR)
    assert _rows(app)[0].ended_at is None


def test_text_sent_after_the_session_ended_is_there_after_the_sign_in(
    drafter: FlaskClient, app: Flask
) -> None:
    editor = page(drafter.get(EDITOR))
    drafter.delete_cookie("staff_session", path="/staff")
    sent = {**TYPED, "save": "1", "sitting": _value(editor, "sitting"), "csrf_token": "old"}
    carried = page(drafter.post(EDITOR, data=sent), 401)
    assert "A lark <sings>." in carried.text
    assert _rows(app) == []  # nothing is stored for strangers
    form = {
        str((field.attrs or {})["name"]): str((field.attrs or {}).get("value", ""))
        for field in carried.select("form input")
    }
    wrong = drafter.post("/staff/login", data={**form, "email": ADA, "password": "wrong"})
    again = page(wrong)
    assert _value(again, "typed-body") == form["typed-body"]
    assert _rows(app) == []
    form["csrf_token"] = _value(again, "csrf_token")
    into = f"/staff/login?next={EDITOR}"
    answer = drafter.post(into, data={**form, "email": ADA, "password": accounts.PASSWORD})
    assert answer.location.endswith(EDITOR)
    shown = page(drafter.get(answer.location))
    assert "What you typed before you signed in is kept." in shown.text
    assert "You have unsaved text" in shown.text
    assert [(row.subject, row.body) for row in _rows(app)] == [(TYPED["subject"], TYPED["body"])]


def test_a_form_of_an_earlier_session_comes_back_with_its_words(drafter: FlaskClient) -> None:
    shown = page(drafter.post(EDITOR, data={**TYPED, "save": "1", "csrf_token": "old"}), 401)
    assert shown.h1 == "Go on with what you typed"
    assert _value(shown, "subject") == TYPED["subject"]
    assert _value(shown, "csrf_token")
    assert not shown.select("[name=password], [name=save]")


def test_nothing_is_carried_that_another_site_sent(drafter: FlaskClient, app: Flask) -> None:
    drafter.delete_cookie("staff_session", path="/staff")
    evil = {"Origin": "https://elsewhere.example"}
    assert drafter.post(EDITOR, data=TYPED, headers=evil).status_code == 400
    ours = {"Origin": "http://localhost"}
    assert drafter.post(EDITOR, data=TYPED, headers=ours).status_code == 401


def test_a_sign_in_keeps_nothing_for_who_may_not_write_or_where_nothing_is(
    drafter: FlaskClient, app: Flask
) -> None:
    sign_in = {"email": "bea.approver@brightwater.example", "password": accounts.PASSWORD}
    for address in (EDITOR, "/staff/", "/staff/none/", f"{TEXTS}postcard/", "//x"):
        client = app.test_client()
        carried = {"typed-at": address, "typed-subject": "S", "typed-body": "B"}
        answer = accounts.post(client, "/staff/login", {**sign_in, **carried})
        assert answer.status_code == 302, address
    assert _rows(app) == []


def test_the_script_is_told_what_was_kept_and_what_was_refused(
    drafter: FlaskClient, app: Flask
) -> None:
    now = f"{KEPT}now"
    told = accounts.post(drafter, now, {**TYPED, "sitting": "a" * 32}, page=EDITOR)
    assert told.status_code == 200
    assert "Kept as a draft at" in told.text
    soon = accounts.post(drafter, now, {**TYPED, "body": "x", "sitting": "b" * 32}, page=EDITOR)
    assert soon.status_code == 429
    long = accounts.post(drafter, now, {"subject": "s" * 301, "body": "x"}, page=EDITOR)
    assert long.status_code == 422
    assert 'data-problem="' in long.text
    assert drafter.post(now, data=TYPED).status_code == 400  # no token
    assert len(_rows(app)) == 1
    assert drafter.get(f"{TEXTS}postcard/unsaved/now").status_code == 404


def test_only_who_may_write_gets_at_unsaved_text(drafter: FlaskClient, app: Flask) -> None:
    accounts.post(drafter, EDITOR, {**TYPED, "keep": "1"})
    ref = _rows(app)[0].ref
    bea = app.test_client()
    accounts.sign_in(bea, "bea.approver@brightwater.example")
    for address in (KEPT, f"{KEPT}now"):
        assert bea.get(address).status_code == 403
    dropped = accounts.post(bea, f"{KEPT}{ref}/drop", page="/staff/")
    assert dropped.status_code == 403
