"""The check of recipients as staff see it, and as they download it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel
from campaign.drafting import custom_operations, engine, operations, queries
from campaign.drafting.models import Letter, LetterContact, TextKind
from campaign.drafting.operations import NotReady
from campaign.drafting.placeholders import FieldKind
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.text import new_token
from tests.builders import accounts, campaigns, companies
from tests.builders import drafting as build
from tests.builders.drafting import Staff
from tests.builders.evidence import survey
from tests.counting import counted
from tests.pages import Page, page

CAMPAIGN = "/staff/campaigns/location-data"
DAY = date(2099, 3, 2)  # a Monday far away; the deadline is a Monday too
PAGE = f"{CAMPAIGN}/recipients/?dated_on={DAY}"


@pytest.fixture
def people(app: Flask, client: FlaskClient) -> Iterator[Staff]:
    """A campaign without letters, its drafter signed in."""
    with app.app_context():
        found = build.staff()
        campaigns.campaign(found.drafter)
        accounts.sign_in(client, found.drafter)
        yield found


def _campaign() -> Campaign:
    return db.session.scalars(sa.select(Campaign)).one()


def _good(people: Staff, name: str) -> None:
    """A draft with which nothing is wrong on `DAY`."""
    company = companies.company(name)
    contact = companies.contact(company)
    contact.verified_on = DAY - timedelta(days=1)
    db.session.commit()
    build.draft(people, company, _campaign())


def _troubled(people: Staff, numbers: range) -> None:
    """Drafts with something wrong of every sort, in turns."""
    for n in numbers:
        company = companies.company(f"Firm {n:03}", country=None if n % 3 == 0 else "GB")
        if n % 3:
            chosen = companies.contact(company, value=f"a{n % 2}@shared.example", verified=False)
            letter = build.draft(people, company, _campaign())
            operations.choose_contacts(letter.id, [chosen.id], actor=people.drafter)
        else:
            build.draft(people, company, _campaign())


def _page(client: FlaskClient, address: str = PAGE, status: int = 200) -> Page:
    return page(_get(client, address), status)


def _get(client: FlaskClient, address: str) -> TestResponse:
    """The answer to a visitor who shares neither session nor person with the test."""
    with client.application.app_context():
        return client.get(address)


def test_without_drafts_the_page_leads_to_the_letters(client: FlaskClient, people: Staff) -> None:
    assert "No drafts to check" in _page(client).text


def test_a_good_batch_can_go_to_approval(client: FlaskClient, people: Staff) -> None:
    _good(people, "Larkspur Mobile")
    _good(people, "Tamarind Networks")
    shown = _page(client)
    assert shown.h1 == "Recipients"
    assert "Nothing stands in the way: 2 letters can go to approval" in shown.text
    assert not shown.select("#blocking, #warning")
    assert shown.select(f'a[href="{CAMPAIGN}/letters/?state=draft"]')


def test_what_blocks_stands_apart_and_leads_to_the_page_that_mends_it(
    client: FlaskClient, people: Staff
) -> None:
    _good(people, "Larkspur Mobile")
    operations.save_template(
        _campaign().id, kind=TextKind.LETTER, subject="Questions",
        body="To ((company.legal_name))", actor=people.drafter,
    )  # fmt: skip
    build.draft(people, companies.company("Umber Tools"), _campaign())
    shown = _page(client)
    blocking = shown.one('[aria-labelledby="blocking"]').to_text()
    assert "Enter the legal name of 2 companies" in blocking
    assert "form or a postal address for 1 company" in blocking
    assert "2 letters of 2 cannot go to approval yet" in shown.text
    assert shown.select('a[href="/staff/companies/umber-tools/contacts/new"]')
    assert shown.select('a[href="/staff/companies/larkspur-mobile/edit"]')


def test_what_only_warns_does_not_block(client: FlaskClient, people: Staff) -> None:
    company = companies.company("Larkspur Mobile")
    contact = companies.contact(company, verified=False)
    letter = build.draft(people, company, _campaign())
    shown = _page(client)
    assert "Nothing stands in the way: 1 letter can go to approval" in shown.text
    assert "Verify the address for 1 company" in shown.one('[aria-labelledby="warning"]').to_text()
    verify = f"/staff/companies/larkspur-mobile/contacts/{contact.ref}/verify"
    assert shown.select(f'a[href="{verify}"]')
    assert build.in_review(people, letter, DAY)


def test_a_viewer_is_led_only_where_a_viewer_may_go(app: Flask, people: Staff) -> None:
    build.draft(people, companies.company("Umber Tools"), _campaign())
    viewer = app.test_client()
    who = accounts.user("Vi Viewer", Role.VIEWER)
    with app.app_context():
        accounts.sign_in(viewer, who)
    links = [str((a.attrs or {})["href"]) for a in _page(viewer).select("section a")]
    assert links
    for link in links:
        assert _get(viewer, link).status_code == 200, link


def test_our_own_address_is_found_here_and_refused_by_approval(
    client: FlaskClient, people: Staff
) -> None:
    company = build.reachable("Larkspur Mobile")
    company.contacts[0].value = "press@news.brightwater.example"
    db.session.commit()
    letter = build.draft(people, company, _campaign())
    assert "Replace an address of our own for 1 company" in _page(client).text
    with pytest.raises(NotReady) as refused:
        build.in_review(people, letter, DAY)
    assert "is an address of our own" in str(refused.value)


def test_the_page_says_what_approval_says(client: FlaskClient, people: Staff) -> None:
    _troubled(people, range(6))
    ids = [letter.id for letter in db.session.scalars(queries.letters_of(_campaign()))]
    with pytest.raises(NotReady) as refused:
        operations.submit(ids, dated_on=DAY, actor=people.drafter)
    blocking = _page(client).one('[aria-labelledby="blocking"]').to_text()
    for problem in refused.value.problems:
        assert problem in blocking


def _comes_back(contact: Contact) -> None:
    contact.bad_since, contact.bad_why = clock.now(), "550 no such user"
    db.session.commit()


def test_an_address_that_came_back_is_told(client: FlaskClient, people: Staff) -> None:
    both = build.reachable("Larkspur Mobile")
    companies.contact(both, value="old@larkspur-mobile.example")
    _comes_back(both.contacts[1])
    build.draft(people, both, _campaign())
    lone = build.reachable("Umber Tools")
    _comes_back(lone.contacts[0])
    build.draft(people, lone, _campaign())
    shown = _page(client)
    assert "old@larkspur-mobile.example" in shown.one('[aria-labelledby="warning"]').to_text()
    assert "Find a new address for 1 company" in shown.text


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("day", ["2020-01-01", "2099-12-31"])
def test_a_day_that_no_letter_can_print_is_refused_in_words(
    client: FlaskClient, people: Staff, day: str
) -> None:
    _good(people, "Larkspur Mobile")
    assert _page(client, f"{CAMPAIGN}/recipients/?dated_on={day}", 422).select(".notice")
    assert _get(client, f"{CAMPAIGN}/recipients.csv?dated_on={day}").status_code == 400


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "%00", "9" * 5000])
def test_what_is_no_day_is_refused(client: FlaskClient, people: Staff, day: str) -> None:
    for name in ("recipients/", "recipients.csv", "recipients.xlsx"):
        assert _get(client, f"{CAMPAIGN}/{name}?dated_on={day}").status_code == 400


def test_both_sheets_have_a_row_for_each_company_and_finding(
    client: FlaskClient, people: Staff
) -> None:
    _troubled(people, range(4))
    raw = _get(client, f"{CAMPAIGN}/recipients.csv?dated_on={DAY}")
    rows = list(csv.reader(io.StringIO(raw.data.decode("utf-8-sig"))))
    assert raw.headers["Content-Disposition"].endswith('"location-data-recipients.csv"')
    excel = _get(client, f"{CAMPAIGN}/recipients.xlsx?dated_on={DAY}")
    assert excel.headers["Content-Disposition"].endswith('"location-data-recipients.xlsx"')
    book = CalamineWorkbook.from_filelike(io.BytesIO(excel.data))
    assert book.get_sheet_by_index(0).to_python() == rows
    assert rows[0] == ["Company", "What to do", "Effect", "About", "Where to mend it"]
    told = _page(client).select("section li li a")
    assert len(rows) - 1 == len(told)
    assert all(row[4].startswith("http://") and "/staff/" in row[4] for row in rows[1:])


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_taken_for_a_formula(client: FlaskClient, people: Staff, sign: str) -> None:
    name = f"{sign}cmd|'/C calc'!A0"
    company = companies.company("Umber Tools")
    company.name = name
    db.session.commit()
    build.draft(people, company, _campaign())
    raw = _get(client, f"{CAMPAIGN}/recipients.csv?dated_on={DAY}").data.decode("utf-8-sig")
    assert f"'{name}" in raw
    excel = _get(client, f"{CAMPAIGN}/recipients.xlsx?dated_on={DAY}").data
    with zipfile.ZipFile(io.BytesIO(excel)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "calc" in sheet
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def _many(people: Staff, numbers: range) -> None:
    """As `_troubled`, written at once and without history, because there are hundreds."""
    for n in numbers:
        company = Company(name=f"Firm {n:03}", slug=f"firm-{n:03}", country="GB" if n % 3 else None)
        letter = Letter(
            campaign=_campaign(),
            company=company,
            reply_token=new_token(),
            created_by_id=people.drafter.id,
        )
        db.session.add(letter)
        if n % 3:
            contact = Contact(channel=Channel.EMAIL, value=f"a{n % 2}@shared.example")
            company.contacts.append(contact)
            db.session.flush()
            db.session.add(LetterContact(letter_id=letter.id, contact_id=contact.id))
    db.session.commit()


@pytest.mark.database("sqlite")
def test_the_check_asks_as_many_queries_for_three_hundred_companies_as_for_three(
    client: FlaskClient, people: Staff
) -> None:
    names = ("recipients/", "recipients.csv", "recipients.xlsx")
    asked = []
    for numbers in (range(3), range(3, 300)):
        _many(people, numbers)
        for name in names:
            with counted() as told:
                shown = _get(client, f"{CAMPAIGN}/{name}?dated_on={DAY}")
            assert shown.status_code == 200
            asked.append(len(told))
    assert asked[:3] == asked[3:]
    assert max(asked) < 20
    assert "100 letters of 300 cannot go to approval yet" in _page(client).text


def test_charts_and_mentions_are_read_once_for_the_whole_batch(
    client: FlaskClient, people: Staff
) -> None:
    slug = survey().slug
    operations.save_template(
        _campaign().id, kind=TextKind.LETTER, subject="Questions",
        body=f"Dear ((contact.salutation)),\n\n((chart: {slug}/storage))", actor=people.drafter,
    )  # fmt: skip
    asked = []
    for numbers in (range(2), range(2, 8)):
        for n in numbers:
            company = build.reachable(f"Firm {n}")
            handle = companies.contact(company, channel=Channel.MENTION, value=f"@firm{n}")
            letter = build.draft(people, company, _campaign())
            ids = [one.id for one in company.contacts]
            assert handle.id in ids
            operations.choose_contacts(letter.id, ids, actor=people.drafter)
        with counted() as told:
            assert _get(client, PAGE).status_code == 200
        asked.append(len(told))
    assert asked[0] == asked[1]


@pytest.mark.database("sqlite")
def test_a_missing_value_of_an_own_field_is_grouped_and_leads_to_the_values(
    client: FlaskClient, people: Staff
) -> None:
    campaign = _campaign()
    custom_operations.add_field(
        campaign.id, name="service", kind=FieldKind.TEXT, label="Service", actor=people.drafter
    )
    operations.save_template(
        campaign.id, kind=TextKind.LETTER, subject="About ((custom.service))",
        body="Dear ((contact.salutation)),\n\nWe ask.", actor=people.drafter,
    )  # fmt: skip
    asked = []
    for numbers in (range(3), range(3, 60)):
        for n in numbers:
            letter = build.draft(people, build.reachable(f"Firm {n:02}"), campaign)
            if n % 3 == 0:
                custom_operations.set_values(
                    campaign.id, {letter.id: {"service": f"S{n}"}}, actor=people.drafter
                )
        with counted() as told:
            assert _get(client, PAGE).status_code == 200
        asked.append(len(told))
    assert asked[0] == asked[1]
    shown = _page(client)
    assert "Enter a value for “custom.service” for 40 companies" in shown.text
    links = {(one.attrs or {})["href"] for one in shown.select("#blocking ~ ul li li a")}
    assert links == {f"{CAMPAIGN}/fields/values"}


def test_what_cannot_be_printed_is_found_without_making_a_pdf(
    client: FlaskClient, people: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    _good(people, "Larkspur")
    _good(people, "ร้าน Umber")
    monkeypatch.setattr(engine, "pdf", lambda *_: pytest.fail("a PDF was made"))
    shown = _page(client)
    assert "Change what cannot be printed for 1 company" in shown.text
    assert "our fonts have no sign for “ร”" in shown.text
    assert "1 letter of 2 cannot go to approval yet" in shown.text


def test_a_fault_that_only_a_rendered_text_shows_is_found_in_reminders_too(
    client: FlaskClient, people: Staff
) -> None:
    _good(people, "Larkspur")
    operations.save_template(
        _campaign().id, kind=TextKind.REMINDER, subject="((company.legal_name))", body="We wait.",
        actor=people.drafter,
    )  # fmt: skip
    db.session.scalars(sa.select(Company)).one().legal_name = "Larkspur\u2028Ltd"
    db.session.commit()
    assert "invisible control character (U+2028)" in _page(client).text
