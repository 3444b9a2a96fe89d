"""A campaign's own fields from the page where they are added to the text that is approved."""

from __future__ import annotations

import io
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.companies.rules import Channel
from campaign.drafting import (
    custom_operations,
    custom_queries,
    frozen,
    mention_saving,
    operations,
    queries,
    showing,
)
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.operations import NotReady
from campaign.drafting.placeholders import FieldKind
from campaign.kernel.errors import Problem
from tests.builders import accounts, companies
from tests.builders import drafting as build
from tests.builders.evidence import survey
from tests.drafting.acting import kinds, refusal, state_of, submit
from tests.pages import page

FIELDS = "/staff/campaigns/location-data/fields/"
BODY = "Dear ((contact.salutation)),\n\nYou run ((custom.service)). ((custom.cloud??In a cloud.))"


def _draft(people: build.Staff) -> Letter:
    letter = build.draft(people)
    for name, kind in (("service", FieldKind.TEXT), ("cloud", FieldKind.YES_NO)):
        custom_operations.add_field(
            letter.campaign_id, name=name, kind=kind, label=f"About {name}", actor=people.drafter
        )
    return letter


def _save(letter: Letter, people: build.Staff, body: str = BODY) -> None:
    operations.save_template(
        letter.campaign_id, kind=TextKind.LETTER, subject="Hello", body=body, actor=people.drafter
    )


def _set(letter: Letter, people: build.Staff, **values: str) -> int:
    return custom_operations.set_values(
        letter.campaign_id, {letter.id: values}, actor=people.drafter
    )


@pytest.mark.database("sqlite")
def test_a_text_uses_only_fields_that_the_campaign_has(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        for body in ("((custom.other))", "((custom.service??x))", "((cloud??x))"):
            assert refusal(partial(_save, letter, people, body)) == "template-faults"
        _save(letter, people)


@pytest.mark.database("sqlite")
def test_a_missing_value_stops_the_letter_by_company_and_field(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        _save(letter, people)
        _set(letter, people, service="Lark Home")
        with pytest.raises(NotReady) as caught:
            submit(letter, people)
        assert len(caught.value.problems) == 1
        assert "Larkspur Mobile" in caught.value.problems[0]
        assert "custom.cloud" in caught.value.problems[0]


def test_another_value_voids_the_frozen_text_and_the_same_one_does_not(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        _save(letter, people)
        assert _set(letter, people, service="Lark Home", cloud="yes") == 1
        text = submit(letter, people)
        mail = showing.shown(letter).mail()
        assert mail
        assert "You run Lark Home. In a cloud." in mail.text
        assert _set(letter, people, service="Lark Home") == 0
        assert state_of(letter) is LetterState.IN_REVIEW
        assert _set(letter, people, cloud="no") == 1
        assert state_of(letter) is LetterState.DRAFT
        assert text.voided_at
        assert kinds(letter)[-2:] == ["letter.values_set", "letter.text_voided"]
        mail = showing.shown(letter).mail()
        assert mail
        assert "cloud" not in mail.text


@pytest.mark.database("sqlite")
def test_a_field_that_no_text_uses_voids_nothing_when_it_is_added(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        text = build.in_review(people)
        custom_operations.add_field(
            text.letter.campaign_id, name="later", kind=FieldKind.TEXT, label="Later",
            actor=people.drafter,
        )  # fmt: skip
        assert not queries.is_stale(text)


@pytest.mark.database("sqlite")
def test_a_value_that_no_text_prints_voids_nothing_and_bars_nobody(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        text = submit(letter, people)
        helper = accounts.user("Cy Helper", Role.DRAFTER)
        custom_operations.set_values(
            letter.campaign_id, {letter.id: {"service": "x"}}, actor=helper
        )
        assert state_of(letter) is LetterState.IN_REVIEW
        assert not queries.is_stale(text)
        assert helper.id not in queries.writers(text)


@pytest.mark.database("sqlite")
def test_a_value_that_only_a_reminder_prints_voids_the_text(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        operations.save_template(
            letter.campaign_id, kind=TextKind.REMINDER, subject="About ((custom.service))",
            body=BODY, actor=people.drafter,
        )  # fmt: skip
        _set(letter, people, service="x", cloud="no")
        text = submit(letter, people)
        _set(letter, people, service="y")
        assert text.voided_at


@pytest.mark.database("sqlite")
def test_who_wrote_a_value_does_not_approve_it(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        _save(letter, people)
        helper = accounts.user("Cy Helper", Role.DRAFTER)
        custom_operations.set_values(
            letter.campaign_id, {letter.id: {"service": "x", "cloud": "no"}}, actor=helper
        )
        assert helper.id in queries.writers(submit(letter, people))


@pytest.mark.database("sqlite")
def test_a_mention_uses_the_campaigns_fields_too(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)

        def save(body: str) -> object:
            return mention_saving.save_mention(
                letter.campaign_id, body=f"((handle)) {body}", actor=people.drafter
            )

        for body in ("((custom.other))", "((custom.service??x))"):
            assert refusal(partial(save, body)) == "template-faults"
        save("((custom.service)) ((custom.cloud??in a cloud)).")
        companies.contact(letter.company, "@larkspur", channel=Channel.MENTION)
        operations.choose_contacts(
            letter.id, [one.id for one in letter.company.contacts], actor=people.drafter
        )
        with pytest.raises(NotReady, match=r"custom\.service"):
            submit(letter, people)
        _set(letter, people, service="Lark Home", cloud="yes")
        text = submit(letter, people)
        assert frozen.load(text).mentions[0].text == "@larkspur Lark Home in a cloud."
        _set(letter, people, cloud="no")
        assert text.voided_at
        again = frozen.load(submit(letter, people))
        assert again.mentions[0].text == "@larkspur Lark Home."
        with pytest.raises(Problem) as caught:
            custom_operations.remove_field(letter.campaign_id, "service", actor=people.drafter)
        assert caught.value.code == "custom-in-use"


@pytest.mark.database("sqlite")
def test_what_cannot_be_done_with_fields_is_refused(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        _save(letter, people)
        campaign = letter.campaign_id

        def add(name: str) -> object:
            return custom_operations.add_field(
                campaign, name=name, kind=FieldKind.TEXT, label="x", actor=people.drafter
            )

        def remove(name: str) -> None:
            custom_operations.remove_field(campaign, name, actor=people.drafter)

        assert refusal(lambda: add("service")) == "custom-taken"
        assert refusal(lambda: remove("service")) == "custom-in-use"
        assert refusal(lambda: remove("nothing")) == "not-there"
        assert refusal(lambda: _set(letter, people, cloud="maybe")) == "custom-not-yes-no"
        assert refusal(lambda: _set(letter, people, nothing="x")) == "not-there"
        operations.withdraw_letter(letter.id, why="No need.", actor=people.drafter)
        assert refusal(lambda: _set(letter, people, service="x")) == "letter-left"


@pytest.mark.database("sqlite")
def test_fields_are_added_filled_in_and_seen_on_the_pages(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = build.staff()
        ref = build.draft(people).ref
        survey()
    accounts.sign_in(client, "ada.drafter@brightwater.example")
    first = page(client.get(FIELDS))
    assert first.h1 == "Fields"
    assert "((deadline.long))" in first.text
    assert "Larkspur Mobile" in first.text
    assert "((chart: where-recordings-are-kept/storage))" in first.text
    assert "cannot be drawn: not every answer" in first.text
    bad = page(accounts.post(client, FIELDS, {"name": "A b", "label": "x", "kind": "text"}), 422)
    assert "cannot be the name of a field" in bad.text
    for name, kind in (("service", "text"), ("cloud", "yes_no")):
        given = {"name": name, "label": f"Its {name}", "kind": kind}
        assert accounts.post(client, FIELDS, given).status_code == 302
    sheet = page(client.get(f"{FIELDS}values"))
    assert "company,cloud,service" in sheet.one("textarea").to_text()
    wrong = {"sheet": "company,cloud\nLarkspur Mobile,perhaps"}
    told = page(accounts.post(client, f"{FIELDS}values", wrong), 422)
    assert "Line 2" in told.one("#faults").to_text()
    assert "perhaps" in told.one("textarea").to_text()
    right = {"sheet": "company\tcloud\tservice\nLarkspur Mobile\tyes\tLark Home"}
    assert accounts.post(client, f"{FIELDS}values", right).status_code == 302
    assert "Lark Home" in page(client.get(f"{FIELDS}?company=larkspur-mobile")).text
    letter = page(client.get(f"/staff/letters/{ref}/"))
    assert letter.one("#f-value-service").attrs["value"] == "Lark Home"
    accounts.post(
        client, f"/staff/letters/{ref}/values", {"value-service": "Lark Lite"},
        page=f"/staff/letters/{ref}/",
    )  # fmt: skip
    assert "Lark Lite" in page(client.get(FIELDS)).text
    accounts.post(client, f"{FIELDS}cloud/remove", page=FIELDS)
    assert "custom.cloud))" not in page(client.get(FIELDS)).text


@pytest.mark.database("sqlite")
def test_values_leave_as_a_file_and_come_back_as_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        twin = companies.company("Larkspur Mobile", slug="larkspur-mobile-2")
        other = build.draft(people, twin, letter.campaign)
        _set(letter, people, service="-5", cloud="yes")
        campaign_id, ids = letter.campaign_id, (letter.id, other.id)
    accounts.sign_in(client, "ada.drafter@brightwater.example")
    raw = client.get(f"{FIELDS}values.csv")
    text = raw.data.decode("utf-8-sig")
    assert raw.headers["Content-Disposition"].endswith('"location-data-values.csv"')
    assert "company,cloud,service" in text
    assert "larkspur-mobile,yes,'-5" in text  # two of one name stand by their short names
    sent = text.replace("larkspur-mobile-2,,", "larkspur-mobile-2,no,Zoë").encode("utf-16")
    given = {"sheet": "company", "file": (io.BytesIO(sent), "values.csv")}
    assert accounts.post(client, f"{FIELDS}values", given).status_code == 302
    with app.app_context():
        assert custom_queries.own(campaign_id).values == {
            ids[0]: {"custom.cloud": "yes", "custom.service": "-5"},
            ids[1]: {"custom.cloud": "no", "custom.service": "Zoë"},
        }
    broken = {"file": (io.BytesIO(b"company,cloud\nNobody,yes"), "values.csv")}
    told = page(accounts.post(client, f"{FIELDS}values", broken), 422)
    assert "Line 2: no letter to" in told.one("#faults").to_text()
    assert "Nobody,yes" in told.one("textarea").to_text()


@pytest.mark.database("sqlite")
def test_a_viewer_sees_fields_and_changes_none(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        letter = _draft(build.staff())
        accounts.sign_in(client, accounts.user("Vi Viewer", Role.VIEWER))
        ref = letter.ref
    seen = page(client.get(FIELDS))
    assert seen.select("main form[method=post]") == []
    assert client.get(f"{FIELDS}values").status_code == 403
    for address in (FIELDS, f"{FIELDS}cloud/remove", f"/staff/letters/{ref}/values"):
        sent = accounts.post(client, address, page=FIELDS)
        assert sent.status_code == 403


@pytest.mark.database("sqlite")
def test_the_editor_knows_the_fields_of_its_campaign(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = build.staff()
        letter = _draft(people)
        _set(letter, people, service="Lark Home", cloud="yes")
    accounts.sign_in(client, "ada.drafter@brightwater.example")
    here = "/staff/campaigns/location-data/templates/letter/"
    typed = {"subject": "Hello", "body": f"{BODY}\n\n((custom.other))", "preview": "1"}
    told = page(accounts.post(client, here, typed))
    faults = [one.to_text() for one in told.select("#faults li")]
    assert len(faults) == 1
    assert "Line 5, column 1: ((custom.other))" in faults[0]
    live = accounts.post(client, f"{here}preview", {**typed, "body": BODY}, page=here)
    assert "You run Lark Home. In a cloud." in live.text
    assert "has to be mended" not in live.text
