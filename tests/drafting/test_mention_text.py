from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.companies.rules import Channel
from campaign.drafting import composing, frozen, mention_saving, mentioning, operations, queries
from campaign.drafting.mentioning import Words
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel.errors import Problem
from tests.builders import accounts
from tests.builders import companies as company_builder
from tests.builders import drafting as build
from tests.pages import page

ADA = "ada.drafter@brightwater.example"
URL = "/staff/campaigns/location-data/templates/mention/"
WORDS = "((handle)) please answer ((organisation.name))."


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


def _mentioned(people: build.Staff, *accounts_: str) -> Letter:
    """A draft that goes by e-mail and mentions these accounts."""
    letter = build.draft(people)
    for value in accounts_:
        company_builder.contact(letter.company, value, channel=Channel.MENTION)
    ids = [contact.id for contact in letter.company.contacts]
    return operations.choose_contacts(letter.id, ids, actor=people.drafter)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (WORDS, []),
        ("Please answer.", ["((handle))"]),
        ("((handle)) ((nobody))", ["((nobody))"]),
        ("((handle)) ((questions))", ["((questions))"]),
        ("((handle)) ((letter", ["((letter"]),
    ],
)
def test_a_text_for_mentions_has_a_handle_and_known_fields(body: str, told: list[str]) -> None:
    assert [fault.text for fault in mentioning.faults(body, {})] == told


def test_the_standard_text_has_no_faults() -> None:
    assert mentioning.faults(mentioning.STANDARD, {}) == []


def test_values_are_filled_in_once_and_never_read_again() -> None:
    values = {"organisation.name": "((handle)) Trust", "company.name": "x"}
    made = mentioning.mention(Words(WORDS, 3), "@acme@social.example", values, "Acme")
    assert made.text == "@acme@social.example please answer ((handle)) Trust."
    assert (made.where, made.version) == ("Mastodon", 3)


def test_a_field_without_a_value_is_named() -> None:
    with pytest.raises(Problem, match=r"company\.legal_name"):
        mentioning.filled("((handle)) ((company.legal_name))", {"handle": "@a"}, "Acme")


def test_a_mention_is_frozen_with_its_letter(people: build.Staff) -> None:
    letter = _mentioned(people, "@larkspur@social.example", "https://x.com/larkspur")
    row = build.in_review(people, letter)
    (first, second) = frozen.load(row).mentions
    assert first.text.startswith("@larkspur@social.example We, ")
    assert second.text.startswith("@larkspur We, ")
    assert not queries.is_stale(row)


def test_a_letter_without_a_mention_freezes_none(people: build.Staff) -> None:
    assert "mention" not in json.loads(build.in_review(people).bundle)


def test_a_mention_that_is_too_long_says_by_how_many(people: build.Staff) -> None:
    letter = _mentioned(people, "@larkspur")
    mention_saving.save_mention(
        letter.campaign_id, body="((handle)) " + "a" * 280, actor=people.drafter
    )
    problems = [str(problem) for problem in composing.compose(letter, queries.today()).problems]
    assert len(problems) == 1
    assert "has 10 weighted characters too many for X, which takes 280" in problems[0]
    with pytest.raises(operations.NotReady, match="10 weighted characters too many"):
        build.in_review(people, letter)


def test_saving_voids_letters_with_a_mention_and_only_those(people: build.Staff) -> None:
    plain = build.in_review(people).letter
    company = build.reachable("Bramfell Radio")
    company_builder.contact(company, "@bramfell", channel=Channel.MENTION)
    other = build.draft(people, company, plain.campaign)
    ids = [contact.id for contact in company.contacts]
    operations.choose_contacts(other.id, ids, actor=people.drafter)
    build.in_review(people, other)
    saved = mention_saving.save_mention(plain.campaign_id, body=WORDS, actor=people.drafter)
    assert saved
    assert saved.version == 1
    assert (plain.state, other.state) == (LetterState.IN_REVIEW, LetterState.DRAFT)
    again = mention_saving.save_mention(plain.campaign_id, body=WORDS, actor=people.drafter)
    assert again is None
    with pytest.raises(Problem) as problem:
        mention_saving.save_mention(
            plain.campaign_id, body=WORDS + "!", based_on=0, actor=people.drafter
        )
    assert problem.value.code == "template-newer"


def test_who_wrote_the_mention_does_not_approve_it(people: build.Staff) -> None:
    letter = _mentioned(people, "@larkspur")
    mention_saving.save_mention(letter.campaign_id, body=WORDS, actor=people.approver)
    row = build.in_review(people, letter)
    assert people.approver.id in queries.writers(row)
    with pytest.raises(Problem) as problem:
        operations.approve(row.id, sha256=row.sha256, actor=people.approver)
    assert problem.value.code == "own-text"


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        people = build.staff()
        build.in_review(people, _mentioned(people, "@larkspur@social.example"))
    accounts.sign_in(client, ADA)
    return client


def _letter() -> Letter:
    letter = db.session.query(Letter).one()
    assert letter
    return letter


def test_the_mention_stands_on_the_page_of_its_letter(drafter: FlaskClient, app: Flask) -> None:
    with app.app_context():
        ref = _letter().ref
    shown = page(drafter.get(f"/staff/letters/{ref}/"))
    assert "@larkspur@social.example We, " in shown.text
    assert "On Mastodon" in shown.text


def test_the_editor_counts_for_every_network_and_saves(drafter: FlaskClient, app: Flask) -> None:
    assert "Public mention" in page(drafter.get(URL.removesuffix("mention/"))).text
    shown = page(drafter.get(URL))
    for network in ("X", "Mastodon", "Bluesky", "LinkedIn"):
        assert network in shown.text
    typed = {"body": "((handle)) " + "a" * 290, "preview": 1, "based_on": 0}
    assert "too many" in page(accounts.post(drafter, URL, typed)).text
    typed = {"body": WORDS, "save": 1, "based_on": 0}
    assert accounts.post(drafter, URL, typed).status_code == 302
    assert "Version 1 is in use" in page(drafter.get(URL)).text
    with app.app_context():
        assert _letter().state is LetterState.DRAFT


def test_a_faulty_mention_is_not_saved_and_nothing_typed_is_lost(
    drafter: FlaskClient, app: Flask
) -> None:
    typed = {"body": "Nobody ((nobody)).", "save": 1, "based_on": 0}
    shown = page(accounts.post(drafter, URL, typed), 422)
    assert "no such field" in shown.one("#faults").to_text()
    assert "Nobody ((nobody))." in shown.one("textarea").to_text()
    with app.app_context():
        assert mentioning.versions(_letter().campaign_id) == []
