"""Letters with words of their own are read as often for 300 as for 3."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel
from campaign.drafting import composing, operations, queries
from campaign.drafting.models import Letter, LetterContact, LetterOwn, TextKind
from campaign.extensions import db
from campaign.kernel.text import new_token
from tests.builders import accounts, campaigns
from tests.builders import drafting as build
from tests.builders.campaigns import QUESTIONS
from tests.counting import counted, reads

CAMPAIGN = "/staff/campaigns/location-data"
PAGES = (
    "/letters/", "/letters/?differs=text", "/differences/", "/differences.csv", "/recipients/",
)  # fmt: skip
pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> int:
    """Who is signed in; their campaign has its standard texts saved."""
    with app.app_context():
        found = build.staff().drafter
        campaigns.campaign(found)
        build.draft(
            build.Staff(found, found), campaign=db.session.scalars(sa.select(Campaign)).one()
        )
        accounts.sign_in(client, found)
        return found.id


def _more(drafter: int, numbers: range) -> list[int]:
    """Drafts, each with a paragraph, a question, days and a contact of its own."""
    campaign, letters = db.session.scalars(sa.select(Campaign)).one(), []
    body = composing.latest(campaign.id)[TextKind.LETTER].body
    for n in numbers:
        company = Company(
            name=f"Firm {n:03}", slug=f"firm-{n:03}", country="GB", timezone="Europe/London"
        )
        company.contacts.append(
            Contact(
                channel=Channel.EMAIL, value=f"a@firm{n:03}.example", office="privacy office",
                verified_how="its page", verified_on=queries.today() - timedelta(days=1),
            )
        )  # fmt: skip
        letter = Letter(
            campaign=campaign, company=company, reply_token=new_token(), created_by_id=drafter
        )
        db.session.add(letter)
        db.session.flush()
        letters.append(letter)
        db.session.add_all(
            [
                LetterOwn(
                    letter_id=letter.id,
                    version=1,
                    base_body=body,
                    body=f"{body}\n\nA word for firm {n}.",
                    base_questions=json.dumps(QUESTIONS),
                    questions=json.dumps([*QUESTIONS, f"What does firm {n} say?"]),
                    days=21,
                    why="It was asked before.",
                    created_by_id=drafter,
                ),
                LetterContact(letter_id=letter.id, contact_id=company.contacts[0].id),
            ]
        )
    db.session.commit()
    return [letter.id for letter in letters]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_reads_as_often_for_three_hundred_letters_as_for_three(
    app: Flask, client: FlaskClient, drafter: int, address: str
) -> None:
    asked = []
    for numbers in (range(3), range(3, 300)):
        with app.app_context():
            _more(drafter, numbers)
        assert client.get(CAMPAIGN + address).status_code == 200  # what a session reads once
        with app.app_context():
            engine = db.engine
        with counted(engine) as told:
            client.get(CAMPAIGN + address)
        asked.append(reads(told))
    assert asked[0] == asked[1]
    assert asked[0] < 40


def test_they_go_to_approval_with_as_many_reads_for_thirty_as_for_three(
    app: Flask, drafter: int
) -> None:
    with app.app_context():
        few, many = _more(drafter, range(3)), _more(drafter, range(3, 33))
    asked = []
    for ids in (few, many):
        with app.app_context(), counted() as told:
            operations.submit(ids, dated_on=queries.today(), actor=db.session.get(User, drafter))
        asked.append(reads(told))
    assert asked[0] == asked[1]
