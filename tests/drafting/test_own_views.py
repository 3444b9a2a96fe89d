"""The editor of one letter's own words, and the pages of what differs, as staff see them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign
from campaign.drafting import composing, operations, own_reading, queries
from campaign.drafting.models import Letter, LetterOwn, TextKind
from campaign.drafting.own import OwnWords
from campaign.drafting.own_saving import save_own
from campaign.extensions import db
from tests.builders import accounts, campaigns
from tests.builders import drafting as build
from tests.builders.campaigns import QUESTIONS
from tests.builders.drafting import Staff
from tests.pages import Page, page

CAMPAIGN = "/staff/campaigns/location-data"
ASIDE = "In March you told the press that you keep nothing."
WHY = "Only this company sells cars."


@pytest.fixture
def people(app: Flask, client: FlaskClient) -> Iterator[Staff]:
    """A campaign without letters, its drafter signed in."""
    with app.app_context():
        found = build.staff()
        campaigns.campaign(found.drafter)
        accounts.sign_in(client, found.drafter)
        yield found


@pytest.fixture
def letter(people: Staff) -> Letter:
    return a_letter(people)


def a_letter(people: Staff, name: str = "Larkspur Mobile") -> Letter:
    campaign = db.session.scalars(sa.select(Campaign)).one()
    return build.draft(people, build.reachable(name), campaign)


def body_of(letter: Letter) -> str:
    return composing.latest(letter.campaign_id)[TextKind.LETTER].body


def look(client: FlaskClient, address: str, status: int = 200) -> Page:
    """The page as a visitor sees it who shares no session with the test."""
    with client.application.app_context():
        return page(client.get(address), status)


def typed(letter: Letter, **changes: object) -> dict[str, str]:
    """The form as it stands when it is opened, with changes."""
    body, asked = body_of(letter), "\n\n".join(QUESTIONS)
    given: Mapping[str, object] = {
        "body": body, "questions": asked, "days": "", "why": "", "base_body": body,
        "base_questions": asked, "based_on": "0", "save": "1", **changes,
    }  # fmt: skip
    return {name: str(value) for name, value in given.items() if value is not None}


def send(client: FlaskClient, letter: Letter, status: int = 302, **changes: object) -> str:
    address, given = f"/staff/letters/{letter.ref}/own/", typed(letter, **changes)
    with client.application.app_context():
        answer = accounts.post(client, address, given)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def stored(letter: Letter) -> LetterOwn | None:
    """What is saved by now."""
    db.session.rollback()
    return own_reading.newest(letter.id)


def test_the_editor_begins_with_what_the_campaign_says(client: FlaskClient, letter: Letter) -> None:
    shown = look(client, f"/staff/letters/{letter.ref}/own/")
    assert shown.h1 == "Only for Larkspur Mobile"
    assert QUESTIONS[0] in shown.one("[name=questions]").to_text()
    assert "this letter says what all letters of the campaign say" in shown.text
    assert "As Larkspur Mobile would get it" in shown.text
    assert shown.select(".gates")
    assert shown.select(f'a[href="/staff/letters/{letter.ref}/#whom"]')


def test_own_words_are_saved_and_told(client: FlaskClient, letter: Letter) -> None:
    asked = "\r\n\r\n".join((*QUESTIONS, "Do your cars send it?"))
    body = body_of(letter).replace("\n", "\r\n") + f"\r\n\r\n{ASIDE}"
    send(client, letter, body=body, questions=asked, days="21", why=WHY)
    row = stored(letter)
    assert row
    assert own_reading.value(row).questions == (*QUESTIONS, "Do your cars send it?")
    shown = look(client, f"/staff/letters/{letter.ref}/own/")
    differs = shown.one('[aria-labelledby="differs"]').to_text()
    for words in (ASIDE, "Do your cars send it?", "21", WHY):
        assert words in differs
    of_letter = look(client, f"/staff/letters/{letter.ref}/").one('[aria-labelledby="own"]')
    assert ASIDE in of_letter.to_text()


@pytest.mark.database("sqlite")
def test_what_is_refused_stands_there_still(client: FlaskClient, letter: Letter) -> None:
    text = send(client, letter, 422, body=f"{ASIDE} ((nobody))")
    assert "Nothing is saved yet" in text
    assert ASIDE in text
    text = send(client, letter, 422, questions="Why?")
    assert "nobody has said why" in text
    text = send(client, letter, 422, days="9999", why=WHY)
    assert "between 1 and 365" in text
    assert stored(letter) is None


def test_the_preview_follows_and_saves_nothing(client: FlaskClient, letter: Letter) -> None:
    editor = f"/staff/letters/{letter.ref}/own/"
    given = typed(letter, body=f"Dear ((contact.salutation)),\n\nA lark *sings*.\n\n{ASIDE}")
    with client.application.app_context():
        shown = accounts.post(client, f"{editor}preview?as=email", given, page=editor).text
        mail = accounts.post(client, f"{editor}email.html", given, page=editor)
    assert "A lark" in shown
    assert ASIDE in mail.text
    assert stored(letter) is None


def test_two_people_see_both_and_one_of_them_chooses(
    client: FlaskClient, people: Staff, letter: Letter
) -> None:
    body = body_of(letter)
    save_own(letter.id, OwnWords(base_body=body, body=f"{body}\n\n{ASIDE}"), actor=people.approver)
    mine: dict[str, Any] = {"body": f"{body}\n\nMine.", "base_body": body}
    text = send(client, letter, 422, **mine)
    assert "Bea Approver has changed this letter meanwhile" in text
    assert ASIDE in text
    assert "Mine." in text
    taken = send(client, letter, 200, **mine, take="1", save=None)
    assert "What you had written before you took theirs" in taken
    send(client, letter, **mine, over="1", save=None)
    row = stored(letter)
    assert row
    assert row.version == 2
    assert row.body.endswith("Mine.")


def conflict(people: Staff, letter: Letter) -> None:
    """The campaign changes what the letter changed before."""
    body, end = body_of(letter), "We look forward to hearing from you."
    own = OwnWords(base_body=body, body=body.replace(end, "We look forward to your answer."))
    save_own(letter.id, own, actor=people.drafter)
    text = composing.latest(letter.campaign_id)[TextKind.LETTER]
    operations.save_template(
        letter.campaign_id, kind=TextKind.LETTER, subject=text.subject,
        body=body.replace(end, "We look forward to it."), actor=people.drafter,
    )  # fmt: skip


def test_what_both_changed_is_shown_side_by_side_and_settled(
    client: FlaskClient, people: Staff, letter: Letter
) -> None:
    conflict(people, letter)
    assert "Choose what holds for 1 company" in look(client, f"{CAMPAIGN}/recipients/").text
    editor = f"/staff/letters/{letter.ref}/own/"
    shown = look(client, editor)
    beside = shown.one('[aria-labelledby="settle"] .beside').to_text()
    assert "We look forward to it." in beside
    assert "We look forward to your answer." in beside
    seen = str((shown.one("[name=seen]").attrs or {})["value"])
    with client.application.app_context():
        given = {"seen": seen, "place-1": "theirs"}
        accounts.post(client, f"{editor}settle", given, page=editor)
    shown = look(client, editor)
    assert not shown.select('[aria-labelledby="settle"]')
    db.session.rollback()
    assert composing.compose(letter, queries.today()).problems == ()


@pytest.mark.database("sqlite")
def test_nothing_is_settled_without_a_choice(
    client: FlaskClient, people: Staff, letter: Letter
) -> None:
    conflict(people, letter)
    editor = f"/staff/letters/{letter.ref}/own/"
    seen = str((look(client, editor).one("[name=seen]").attrs or {})["value"])
    with client.application.app_context():
        answer = accounts.post(
            client, f"{editor}settle", {"seen": seen}, page=editor, follow_redirects=True
        )
    assert "Look at the letter's own text again" in answer.text.replace("&#39;", "'")
    assert look(client, editor).select('[aria-labelledby="settle"]')


def test_the_contacts_are_chosen_on_the_page_of_the_letter(
    client: FlaskClient, letter: Letter
) -> None:
    page, contact = f"/staff/letters/{letter.ref}/", letter.company.contacts[0]
    with client.application.app_context():
        answer = accounts.post(client, f"{page}contacts", {"contact_ids": contact.id}, page=page)
    assert answer.headers["Location"] == page
    assert "Chosen by a person." in look(client, page).text


def test_the_board_shows_which_letters_differ_and_how(
    client: FlaskClient, people: Staff, letter: Letter
) -> None:
    a_letter(people, "Tamarind")
    body = body_of(letter)
    typed_words = OwnWords(
        base_body=body, body=f"{body}\n\n{ASIDE}\n\nAnd more.", base_questions=QUESTIONS,
        questions=QUESTIONS[:1], days=21, why=WHY,
    )  # fmt: skip
    save_own(letter.id, typed_words, actor=people.drafter)
    operations.choose_contacts(letter.id, [letter.company.contacts[0].id], actor=people.drafter)
    shown = look(client, f"{CAMPAIGN}/letters/")
    (row,) = [r.to_text() for r in shown.select("tbody tr") if "Larkspur" in r.to_text()]
    for words in ("own paragraphs: 2", "own questions: 1", "own days: 21", "own contacts"):
        assert words in row
    for how, names in (
        ("any", {"Larkspur Mobile"}), ("text", {"Larkspur Mobile"}), ("none", {"Tamarind"}),
        ("days", {"Larkspur Mobile"}), ("conflict", set()),
    ):  # fmt: skip
        shown = look(client, f"{CAMPAIGN}/letters/?differs={how}")
        assert set(shown.texts("tbody th a")) == names, how
    with client.application.app_context():
        assert client.get(f"{CAMPAIGN}/letters/?differs=x").status_code == 400
        assert client.get(f"{CAMPAIGN}/differences/?differs=x").status_code == 400


def test_all_differences_stand_on_one_page_and_in_one_sheet(
    client: FlaskClient, people: Staff, letter: Letter
) -> None:
    assert "All letters say the same" in look(client, f"{CAMPAIGN}/differences/").text
    body = body_of(letter)
    changed = body.replace("We look forward to hearing", "We look forward to reading")
    save_own(
        letter.id,
        OwnWords(
            base_body=body, body=changed, base_questions=QUESTIONS,
            questions=(*QUESTIONS, "=Do cars send it?"), why=WHY,
        ),
        actor=people.drafter,
    )  # fmt: skip
    shown = look(client, f"{CAMPAIGN}/differences/")
    assert "reading" in shown.texts("ins strong")
    assert WHY in shown.text
    assert "Ada Drafter" in shown.text
    with client.application.app_context():
        raw = client.get(f"{CAMPAIGN}/differences.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw)))
    assert rows[0][:5] == ["Company", "What", "In the campaign", "In this letter", "Reason"]
    assert [row[1] for row in rows[1:]] == ["Paragraph", "Question"]
    assert rows[2][3:6] == ["'=Do cars send it?", WHY, "Ada Drafter"]


def test_a_letter_that_has_gone_to_approval_shows_its_differences_to_the_approver(
    client: FlaskClient, people: Staff, letter: Letter, app: Flask
) -> None:
    save_own(letter.id, OwnWords(days=21, why=WHY), actor=people.drafter)
    build.in_review(people, letter)
    approver = app.test_client()
    with app.app_context():
        accounts.sign_in(approver, people.approver)
    own = look(approver, f"/staff/letters/{letter.ref}/approve/").one('[aria-labelledby="own"]')
    assert WHY in own.to_text()
    assert WHY in look(approver, f"{CAMPAIGN}/approve/").text


@pytest.mark.database("sqlite")
def test_a_viewer_reads_the_differences_and_changes_nothing(
    app: Flask, people: Staff, letter: Letter
) -> None:
    viewer = app.test_client()
    who = accounts.user("Vi Viewer", Role.VIEWER)
    with app.app_context():
        accounts.sign_in(viewer, who)
    assert look(viewer, f"{CAMPAIGN}/differences/").h1 == "Differences"
    with app.app_context():
        assert viewer.get(f"/staff/letters/{letter.ref}/own/").status_code == 403


@pytest.mark.database("sqlite")
def test_a_letter_that_has_left_is_not_edited(
    client: FlaskClient, people: Staff, letter: Letter
) -> None:
    operations.withdraw_letter(letter.id, why="No.", actor=people.drafter)
    editor = f"/staff/letters/{letter.ref}/own/"
    with client.application.app_context():
        assert client.get(editor).status_code == 302
        answer = accounts.post(client, f"{editor}preview", {}, page=f"{CAMPAIGN}/templates/letter/")
    assert answer.status_code == 404
