"""A batch read as one: the common text once, every difference, and only what was shown signed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.campaigns import operations as campaigns
from campaign.campaigns.models import Campaign
from campaign.companies import operations as companies
from campaign.drafting import batch_reading, judging, operations, queries, showing
from campaign.drafting.models import Letter, LetterState
from campaign.drafting.plaintext import wrap
from campaign.extensions import db
from tests.builders import accounts
from tests.builders import campaigns as campaign_builder
from tests.builders import drafting as build
from tests.counting import counted, reads
from tests.pages import page

BEA = "bea.approver@brightwater.example"
URL = "/staff/campaigns/location-data/approve/"


def _batch(count: int, people: build.Staff | None = None) -> list[Letter]:
    people = people or build.staff()
    campaign = db.session.scalars(sa.select(Campaign)).first()
    campaign = campaign or campaign_builder.campaign(people.drafter)
    had = db.session.scalar(sa.select(sa.func.count(Letter.id))) or 0
    letters = [
        build.draft(people, build.reachable(f"Company {had + n:03}"), campaign)
        for n in range(count)
    ]
    ids = [letter.id for letter in letters]
    operations.submit(ids, dated_on=queries.today(), actor=people.drafter)
    return letters


def _people() -> build.Staff:
    found = {one.email[:3]: one for one in db.session.scalars(sa.select(User))}
    return build.Staff(found["ada"], found["bea"])


def test_the_common_text_and_each_letters_own_words_are_exactly_what_leaves(app: Flask) -> None:
    with app.app_context():
        _batch(3)
        rows = judging.waiting(db.session.scalars(sa.select(Campaign)).one(), 10)
        (group,) = batch_reading.read(rows)
        letter = group.parts[0]
        for n, row in enumerate(rows):
            told = "".join(one if isinstance(one, str) else one.values[n] for one in letter.pieces)
            mail = showing.text_shown(row).mail()
            assert mail
            text = batch_reading.unwrapped(mail.text)
            assert text.split() == mail.text.split()
            assert told.endswith(f"Subject: {mail.subject}\n\n{text}")
        names = [fill.field for fill in group.fills]
    assert "company.name" in names
    assert "letter.reference" in names


def test_what_few_letters_say_stands_first_with_their_companies(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        people = build.staff()
        _batch(4, people)
        letter = db.session.scalars(sa.select(Letter).order_by(Letter.id)).first()
        assert letter
        companies.change_company(letter.company_id, timezone="Asia/Tokyo", actor=people.drafter)
        operations.submit([letter.id], dated_on=queries.today(), actor=people.drafter)
        rows = judging.waiting(letter.campaign, 10)
        (group,) = batch_reading.read(rows)
        name = letter.company.name
        assert group.letters[0].row.letter.company.name == name
        assert group.letters[0].unusual
        assert not group.letters[1].unusual
        assert (name,) in [who for _, _, who in group.outliers]
    accounts.sign_in(client, BEA)
    shown = page(client.get(URL))
    assert "What only a few letters say" in shown.text
    assert "1 of 4" in shown.text


@pytest.mark.database("sqlite")
def test_the_page_of_a_batch_asks_as_much_for_many_letters_as_for_few(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _batch(3)
        engine = db.engine
    accounts.sign_in(client, BEA)
    few = _asked(client, engine)
    with app.app_context():
        _batch(9, _people())
    assert _asked(client, engine) == few
    assert few < 45


def _asked(client: FlaskClient, engine: sa.Engine) -> int:
    page(client.get(URL))
    with counted(engine) as told:
        page(client.get(URL))
    return reads(told)


def test_many_texts_are_judged_as_each_alone(app: Flask) -> None:
    with app.app_context():
        _batch(2)
        rows = judging.waiting(db.session.scalars(sa.select(Campaign)).one(), 10)
        assert judging.writers(rows) == {row.id: queries.writers(row) for row in rows}
        assert judging.stale(rows) == frozenset()
        companies.change_company(rows[0].letter.company_id, name="Another", actor=None)
        assert judging.stale(rows) == {row.id for row in rows if queries.is_stale(row)}
        assert len(judging.stale(rows)) == 1


def test_a_text_that_changed_after_the_page_is_not_signed_and_the_others_are(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        letters = _batch(3)
        changed = letters[0].id
    accounts.sign_in(client, BEA)
    shown = page(client.get(URL))
    pairs = [(one.attrs or {})["value"] for one in shown.select("input[name=signed]")]
    with app.app_context():
        ada = _people().drafter
        letter = db.session.get_one(Letter, changed)
        companies.change_company(letter.company_id, name="Another name", actor=ada)
        operations.submit([changed], dated_on=queries.today(), actor=ada)
        _batch(1, _people())  # put up after the page was opened
    accounts.post(client, URL, {"signed": pairs})
    with app.app_context():
        counts = queries.counts(db.session.scalars(sa.select(Campaign)).one())
    assert (counts[LetterState.APPROVED], counts[LetterState.IN_REVIEW]) == (2, 2)


def test_what_changed_since_a_person_signed_is_shown_word_by_word_once_for_all(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        letters = _batch(2)
        people = _people()
        for letter in letters:
            text = queries.current_frozen(letter)
            assert text
            operations.approve(text.id, sha256=text.sha256, actor=people.approver)
            operations.send_back(letter.id, why="Two more questions.", actor=people.drafter)
        ids = [letter.id for letter in letters]
        campaigns.change_campaign(
            letters[0].campaign_id, questions=["Wholly another question?"], actor=people.drafter
        )
        operations.submit(ids, dated_on=queries.today(), actor=people.drafter)
        ref = letters[0].ref
    accounts.sign_in(client, BEA)
    shown = page(client.get(URL)).text
    assert "since the text that you signed" in shown
    assert "Wholly another question?" in shown
    one = page(client.get(f"/staff/letters/{ref}/approve/")).text
    assert "What has changed since the text that you signed" in one
    assert "Two more questions." in one


def test_a_line_that_breaks_for_the_width_of_mails_is_read_as_one() -> None:
    words = " ".join(["word"] * 40)
    wrapped = "\n".join(wrap(words))
    assert "\n" in wrapped
    text = f"Dear A,\n\n{wrapped}\n\nOne Street\nTown"
    assert batch_reading.unwrapped(text) == f"Dear A,\n\n{words}\n\nOne Street\nTown"
