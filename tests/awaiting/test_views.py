"""Staff pages of waiting: each act with its form, its guard, and what it says when it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.awaiting import queries
from campaign.companies.rules import Channel
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from tests.builders import accounts, waiting
from tests.builders import drafting as drafts
from tests.builders.accounts import post, sign_in
from tests.builders.waiting import AFTER, SENT
from tests.pages import page

pytestmark = pytest.mark.database("sqlite")
SOON = SENT + timedelta(days=1)
MORE = {"new_deadline": "2026-11-30", "asked_by": "their press office", "why": "Holidays."}


@pytest.fixture
def refs(app: Flask, client: FlaskClient) -> Iterator[list[str]]:
    """Three letters of a campaign, sent the day before; a publisher is signed in."""
    with app.app_context():
        letters = waiting.sent(3)
        found = [letter.ref for letter in letters]
        sign_in(client, waiting.publisher())
        db.session.remove()
    with clock.at(SOON):
        yield found


def deadlines(app: Flask) -> list[date | None]:
    with app.app_context():
        rows = db.session.query(Letter).order_by(Letter.id)
        return [queries.standing(letter).deadline for letter in rows]


def holds(app: Flask) -> list[int]:
    with app.app_context():
        rows = db.session.query(Letter).order_by(Letter.id)
        return [len(queries.holds_on(letter)) for letter in rows]


def test_more_time_for_one_is_offered_to_the_others(
    app: Flask, client: FlaskClient, refs: list[str]
) -> None:
    form = page(client.get(f"/staff/letters/{refs[0]}/extend"))
    assert form.h1 == "Give more time"
    answer = post(client, f"/staff/letters/{refs[0]}/extend", MORE, follow_redirects=True)
    others = page(answer)
    assert others.h1 == "The same for others?"
    assert "Larkspur Mobile has time until 30 November 2026." in others.text
    assert others.texts("tbody th") == ["Company 001", "Company 002"]
    assert deadlines(app) == [date(2026, 11, 30), date(2026, 11, 16), date(2026, 11, 16)]
    same = {**MORE, "letters": [refs[1]], "asked_by": "us"}
    board = page(
        post(
            client,
            "/staff/campaigns/location-data/extend",
            same,
            page=f"/staff/letters/{refs[0]}/extend/others",
            follow_redirects=True,
        )
    )
    assert "1 letter given time until 30 November 2026." in board.text
    assert deadlines(app) == [date(2026, 11, 30), date(2026, 11, 30), date(2026, 11, 16)]


def test_the_last_to_get_more_time_leads_back_to_its_letter(
    app: Flask, client: FlaskClient, refs: list[str]
) -> None:
    every = {**MORE, "letters": refs}
    post(client, "/staff/campaigns/location-data/extend", every)
    later = {**MORE, "new_deadline": "2026-11-27"}
    refused = page(post(client, f"/staff/letters/{refs[0]}/extend", later))
    assert "The new date is not later" in refused.one("#errors").to_text()
    assert deadlines(app) == [date(2026, 11, 30)] * 3


@pytest.mark.parametrize("missing", ["new_deadline", "asked_by", "why"])
def test_what_was_typed_stays_where_something_is_missing(
    app: Flask, client: FlaskClient, refs: list[str], missing: str
) -> None:
    shown = page(post(client, f"/staff/letters/{refs[0]}/extend", {**MORE, missing: ""}))
    assert shown.select(f'#errors a[href="#{missing}"]')
    if missing != "why":
        assert "Holidays." in shown.one("textarea").to_text()
    assert deadlines(app) == [date(2026, 11, 16)] * 3


def test_several_are_held_and_one_that_cannot_is_named(
    app: Flask, client: FlaskClient, refs: list[str]
) -> None:
    address = "/staff/campaigns/location-data/hold"
    nothing = page(post(client, address, {"why": "They rang."}, follow_redirects=True))
    assert "No letter was chosen" in nothing.text
    done = page(
        post(client, address, {"why": "They rang.", "letters": refs[:2]}, follow_redirects=True)
    )
    assert "2 letters on hold." in done.text
    assert holds(app) == [1, 1, 0]
    earlier = {**MORE, "new_deadline": "2026-11-10", "letters": refs[:1]}
    told = page(
        post(client, "/staff/campaigns/location-data/extend", earlier, follow_redirects=True)
    )
    assert "Larkspur Mobile: The new date is not later" in told.text


@pytest.mark.parametrize(
    ("what", "held"), [("letter", [1, 0, 0]), ("company", [1, 0, 0]), ("campaign", [1, 1, 1])]
)
def test_a_hold_on_a_letter_a_company_or_a_campaign_is_placed_and_released(
    app: Flask, client: FlaskClient, refs: list[str], what: str, held: list[int]
) -> None:
    address = f"/staff/letters/{refs[0]}"
    assert page(client.get(f"{address}/hold")).h1 == "Hold"
    letter = page(
        post(client, f"{address}/hold", {"what": what, "why": "They rang."}, follow_redirects=True)
    )
    assert "They rang." in letter.text
    assert holds(app) == held
    release = next(
        str((a.attrs or {})["href"]) for a in letter.select("a") if "/release/" in str(a.attrs)
    )
    assert "They rang." in page(client.get(release)).text
    page(post(client, release, follow_redirects=True))
    assert holds(app) == [0, 0, 0]
    assert "released already" in page(client.get(release)).text


def test_a_hold_needs_a_reason(app: Flask, client: FlaskClient, refs: list[str]) -> None:
    shown = page(post(client, f"/staff/letters/{refs[0]}/hold", {"what": "letter", "why": " "}))
    assert "There is no reason for a hold." in shown.one("#errors").to_text()
    assert holds(app) == [0, 0, 0]


def test_a_sweep_says_when_it_can_be_confirmed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = drafts.staff()
        letter = waiting.sent(people=people, channels=[Channel.EMAIL, Channel.FORM])[0]
        address = f"/staff/letters/{letter.ref}/sweep"
        sign_in(client, waiting.publisher())
        db.session.remove()
    with clock.at(SOON):
        assert "Not yet" in page(client.get(address)).text
    with clock.at(AFTER):
        form = page(client.get(address))
        assert "the contact form" in form.text
        letter_page = post(client, address, {"note": "Their portal."}, follow_redirects=True)
        assert "no reply had come by another way" in page(letter_page).text


def test_a_letter_by_e_mail_alone_has_nothing_to_sweep(
    client: FlaskClient, refs: list[str]
) -> None:
    assert "nothing to look through" in page(client.get(f"/staff/letters/{refs[0]}/sweep")).text


def test_weak_proof_is_signed_by_an_approver(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = drafts.staff()
        letter = waiting.sent(people=people, verified=False)[0]
        address = f"/staff/letters/{letter.ref}/sign-proof"
        sign_in(client, people.approver)
        db.session.remove()
    with clock.at(SOON):
        assert "Weak proof" in page(client.get(address)).text
        words = {"words": "Their switchboard confirms the address."}
        signed = page(post(client, address, words, follow_redirects=True))
        assert "Signed: the proof counts" in signed.text
        assert "signed for it already" in page(client.get(address)).text
    assert deadlines(app) == [date(2026, 11, 16)]


GUARDED = [
    ("extend", {Role.VIEWER}),
    ("hold", {Role.VIEWER}),
    ("sweep", {Role.VIEWER, Role.DRAFTER, Role.APPROVER}),
    ("sign-proof", {Role.VIEWER, Role.DRAFTER, Role.PUBLISHER}),
    ("publish", {Role.VIEWER, Role.DRAFTER, Role.APPROVER}),
    ("not-reached", {Role.VIEWER, Role.DRAFTER, Role.APPROVER}),
    ("acknowledged-only", {Role.VIEWER, Role.DRAFTER, Role.APPROVER}),
]


@pytest.mark.parametrize(("act", "shut_out"), GUARDED)
def test_each_act_opens_to_those_who_may_do_it(
    app: Flask, client: FlaskClient, refs: list[str], act: str, shut_out: set[Role]
) -> None:
    for role in Role:
        visitor = app.test_client()
        with app.app_context():
            sign_in(visitor, accounts.user(f"Some {role.value}", role))
            db.session.remove()
        status = visitor.get(f"/staff/letters/{refs[0]}/{act}").status_code
        assert status == (403 if role in shut_out else 200), role
        nowhere = visitor.get(f"/staff/letters/none/{act}").status_code
        assert nowhere == (403 if role in shut_out else 404), role
