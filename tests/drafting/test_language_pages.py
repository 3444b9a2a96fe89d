"""Pages of texts and questions in several languages, and what the check of recipients says."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.campaigns.models import Campaign
from campaign.drafting import checking, library, operations, queries
from campaign.drafting.models import TextKind
from campaign.drafting.speaking import Spoken, notes
from campaign.extensions import db
from tests.builders import accounts, campaigns
from tests.builders import drafting as build
from tests.pages import page

ADA = "ada.drafter@brightwater.example"
TEXTS = "/staff/campaigns/location-data/templates/"
QUESTIONS = "/staff/campaigns/location-data/questions/"
pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        build.draft(build.staff(), build.reachable(language="de"))
    accounts.sign_in(client, ADA)
    return client


def _versions(app: Flask, language: str) -> list[str]:
    with app.app_context():
        campaign = db.session.query(Campaign).one()
        return [one.body for one, _ in queries.versions(campaign.id, TextKind.LETTER, language)]


def test_a_language_is_added_from_our_starting_text_and_has_a_tab_of_its_own(
    app: Flask, drafter: FlaskClient
) -> None:
    sent = drafter.get(TEXTS + "letter/language?language=DE")
    assert sent.location == TEXTS + "letter.de/"
    seen = page(drafter.get(sent.location))
    assert "Letter in German" in seen.text
    assert "wir sind ((organisation.name))" in seen.text
    german = library.standard("letter", "de")
    typed = {"subject": german.subject, "body": german.body, "based_on": "0", "name": "Erste"}
    assert accounts.post(drafter, sent.location, {**typed, "save": "1"}).status_code == 302
    assert _versions(app, "de") == [german.body]
    assert len(_versions(app, "en")) == 1
    assert "“Erste”" in page(drafter.get(sent.location)).text
    assert "German" in page(drafter.get(TEXTS)).text
    more = {**typed, "body": german.body + "\n\nMehr.", "based_on": "1", "save": "1"}
    accounts.post(drafter, sent.location, more)
    assert "Mehr." in page(drafter.get(sent.location + "versions/")).text
    accounts.post(drafter, sent.location + "versions/1/bring-back", {"newest": "2"},
                  page=sent.location)  # fmt: skip
    assert len(_versions(app, "de")) == 3


def test_a_language_without_starting_text_begins_with_a_copy(drafter: FlaskClient) -> None:
    seen = page(drafter.get(TEXTS + "letter.pl/"))
    assert "Letter in Polish" in seen.text
    assert "We are ((organisation.name))" in seen.text


@pytest.mark.parametrize("kind", ["letter.en", "letter.DE", "letter.qq", "letter.", "no", "no.de"])
def test_a_text_has_one_address(drafter: FlaskClient, kind: str) -> None:
    for rest in ("", "versions/", "unsaved/", "comments/"):
        assert drafter.get(f"{TEXTS}{kind}/{rest}").status_code == 404


def test_what_is_no_language_is_said(drafter: FlaskClient) -> None:
    sent = drafter.get(TEXTS + "letter/language?language=" + quote("Klingon!\r\nX: y"))
    assert sent.location == TEXTS + "letter/"
    assert "is not a language" in page(drafter.get(sent.location)).text


def test_a_starting_text_takes_the_place_of_what_was_typed_which_is_kept_beside(
    drafter: FlaskClient,
) -> None:
    typed = {"subject": "S", "body": "Typed words", "based_on": "1", "starting": "first-letter.fr"}
    seen = page(accounts.post(drafter, TEXTS + "letter/", {**typed, "use": "1"}))
    assert "Nous sommes ((organisation.name))" in seen.text
    assert "Typed words" in seen.text


def test_questions_are_translated_side_by_side(app: Flask, drafter: FlaskClient) -> None:
    assert "same questions" in page(drafter.get(QUESTIONS)).text
    seen = page(drafter.get(QUESTIONS + "?language=de"))
    assert all(question in seen.text for question in campaigns.QUESTIONS)
    half = {"language": "de", "texts-0": "Wie lange?", "texts-1": ""}
    here = QUESTIONS + "?language=de"
    assert "Not every question" in page(accounts.post(drafter, here, half, page=here), 422).text
    whole = {**half, "texts-1": "Wer?"}
    assert accounts.post(drafter, here, whole, page=here).status_code == 302
    assert "Wer?" in page(drafter.get(here)).text
    assert drafter.get(QUESTIONS + "?language=Klingon!").status_code == 302


def test_the_check_of_recipients_says_who_gets_another_language(
    app: Flask, drafter: FlaskClient
) -> None:
    with app.app_context():
        campaign = db.session.query(Campaign).one()
        people = build.Staff(*(accounts.user(f"{n} Person", accounts.Role.DRAFTER) for n in "XY"))
        for name in ("Boréal", "Aurore"):
            build.draft(people, build.reachable(name, language="fr"), campaign)
        build.draft(people, build.reachable("Nobody", language=""), campaign)
        text = library.standard("letter", "de")
        operations.save_template(
            campaign.id, kind=TextKind.LETTER, subject=text.subject, body=text.body,
            language="de", actor=people.drafter,
        )  # fmt: skip
        titles = [group.title for group in checking.check(campaign, queries.today()).groups]
    board = page(drafter.get("/staff/campaigns/location-data/board/")).text
    assert "2 companies ask for French and get English" in board
    told = page(drafter.get("/staff/campaigns/location-data/recipients/")).text
    for title in (
        "2 companies ask for French and get English",
        "Enter the language of 1 company",
        "Translate the questions into German for 1 company",
        "Write what goes with the letter in German for 1 company",
    ):
        assert title in titles
        assert title in told


PLAIN = Spoken("de", "en", "de", "de", {}, "", True)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"wanted": "de-AT"}, []),
        ({"wanted": "fr"}, ["other-language"]),
        ({"wanted": ""}, ["no-language"]),
        ({"questions": "en"}, ["mixed-questions"]),
        ({"others": {"reminder": "en"}}, ["mixed-texts"]),
        ({"lent": "en", "notice_given": False}, ["lent-words"]),
        ({"notice_given": False}, ["no-notice"]),
    ],
)
def test_no_language_is_mixed_in_silence(changes: dict[str, object], kinds: list[str]) -> None:
    spoken = PLAIN._replace(**changes)  # type: ignore[arg-type]
    assert [note.kind for note in notes(spoken, {"de", "en"})] == kinds


def test_the_library_follows_the_life_of_a_letter() -> None:
    names = list(dict.fromkeys(one.name.partition(".")[0] for one in library.starts()))
    assert names == [
        "first-letter", "reminder", "final-notice", "extension-granted", "acknowledgement",
        "chaser", "rejoinder", "correction-notice", "follow-up",
    ]  # fmt: skip
    assert {one.language for one in library.starts() if one.kind == "letter"} >= {
        "en", "de", "fr", "es",
    }  # fmt: skip
