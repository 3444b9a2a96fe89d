"""What staff do with many letters reads the database as often as with few; writes may grow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel
from campaign.drafting import operations, queries
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel.text import new_token
from tests.builders import accounts, campaigns
from tests.builders import drafting as build
from tests.builders.evidence import survey
from tests.counting import counted, reads

LANGUAGES = ("en", "de", "fr")
CAMPAIGN = "/staff/campaigns/location-data"
pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> int:
    """Who is signed in; their campaign's letter shows a chart, in three languages, each twice."""
    with app.app_context():
        found = build.staff().drafter
        campaign, slug = campaigns.campaign(found), survey().slug
        for words in ("Answer by ((deadline)).", "Please answer by ((deadline))."):
            body = f"Dear ((contact.salutation)),\n\n((chart: {slug}/storage))\n\n{words}"
            for language in LANGUAGES:
                operations.save_template(
                    campaign.id, kind=TextKind.LETTER, subject="Questions", body=body,
                    language=language, actor=found,
                )  # fmt: skip
        accounts.sign_in(client, found)
        return found.id


def _more(drafter: int, numbers: range) -> list[int]:
    """Drafts with which nothing is wrong, written at once because there are many."""
    campaign, letters = db.session.scalars(sa.select(Campaign)).one(), []
    for n in numbers:
        company = Company(
            name=f"Firm {n:03}", slug=f"firm-{n:03}", country="GB", timezone="Europe/London",
            language=LANGUAGES[n % len(LANGUAGES)],
        )  # fmt: skip
        company.contacts += [
            Contact(
                channel=Channel.EMAIL, value=f"a@firm{n:03}.example", office="privacy office",
                verified_how="its page", verified_on=queries.today() - timedelta(days=1),
            ),
            Contact(channel=Channel.MENTION, value=f"@firm{n:03}"),
        ]  # fmt: skip
        letters.append(
            Letter(
                campaign=campaign,
                company=company,
                reply_token=new_token(),
                created_by_id=drafter,
            )
        )
    db.session.add_all(letters)
    db.session.commit()
    return [letter.id for letter in letters]


def _submit(drafter: int, ids: list[int], on: date) -> None:
    operations.submit(ids, dated_on=on, actor=db.session.get(User, drafter))


def test_letters_go_to_approval_with_as_many_reads_for_thirty_as_for_three(
    app: Flask, drafter: int
) -> None:
    with app.app_context():
        few, many = _more(drafter, range(3)), _more(drafter, range(3, 33))
        today = queries.today()
        state = sa.select(sa.func.count(Letter.id)).where(Letter.state == LetterState.IN_REVIEW)
    # Frozen for the first time, for the second time unchanged, and with another date.
    for on in (today, today, today + timedelta(days=1)):
        asked = []
        for ids in (few, many):
            with app.app_context(), counted() as told:
                _submit(drafter, ids, on)
            asked.append(reads(told))
        assert asked[0] == asked[1]
        assert asked[0] < 50
    with app.app_context():
        assert db.session.scalar(state) == 33


class Look(NamedTuple):
    """A page that is asked for; `typed` where it is posted."""

    address: str
    typed: dict[str, str] | None = None
    approver: bool = False


TYPED = {"subject": "Questions", "body": "Dear ((contact.salutation)),\n\nWhy?", "based_on": "1"}
LOOKS = {
    "the letters": Look("/letters/"),
    "waiting letters only": Look("/letters/?state=in_review"),
    "what changed between versions": Look("/templates/letter/versions/"),
    "the editor": Look("/templates/letter/?company=firm-002&as=page"),
    "a preview": Look("/templates/letter/preview?company=firm-002&as=email", TYPED),
    "a preview of the mail": Look("/templates/letter/email.html?company=firm-002", TYPED),
    "the check of recipients": Look("/recipients/"),
    "the page of approval": Look("/approve/", approver=True),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_page_reads_as_often_for_thirty_letters_as_for_three(
    app: Flask, client: FlaskClient, drafter: int, name: str
) -> None:
    look, asked = LOOKS[name], []
    with app.app_context():
        engine = db.engine
    token = accounts.token(client, f"{CAMPAIGN}/templates/letter/")
    seer = _approver(app) if look.approver else client
    for numbers in (range(4), range(4, 34)):
        with app.app_context():
            _submit(drafter, _more(drafter, numbers)[::2], queries.today())
        _seen(seer, look, token)  # what a session reads once is read
        with counted(engine) as told:
            _seen(seer, look, token)
        asked.append(reads(told))
    assert asked[0] == asked[1]
    assert asked[0] < 40


def _approver(app: Flask) -> FlaskClient:
    """A browser in which the approver is signed in."""
    client = app.test_client()
    with app.app_context():
        who = sa.select(User).where(User.email.like("bea.%"))
        accounts.sign_in(client, db.session.scalars(who).one())
    return client


def _seen(client: FlaskClient, look: Look, token: str) -> None:
    address = CAMPAIGN + look.address
    if look.typed is None:
        assert client.get(address).status_code == 200
    else:
        sent = client.post(address, data={**look.typed, "csrf_token": token})
        assert sent.status_code == 200
