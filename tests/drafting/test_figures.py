"""Figures of reports in letters: `((figure: report/name))`, and each company's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.drafting import frozen, operations, queries, showing, texts
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.operations import NotReady
from campaign.evidence import report_operations, report_queries
from campaign.evidence.figure_rules import SourceKind
from tests.builders import accounts
from tests.builders import drafting as build
from tests.builders.evidence import figure, report
from tests.drafting.acting import refusal, submit
from tests.drafting.test_recipient_views import counted
from tests.pages import page

CAMPAIGN = "/staff/campaigns/location-data"
OWN = """\
Dear ((contact.salutation)),

You got ((figure: company/subpoenas)) subpoenas.[^1]

[^1]: ((figure: company/subpoenas source)); for ((figure:company/subpoenas period)).
"""


@pytest.fixture
def people(app: Flask) -> Iterator[build.Staff]:
    with app.app_context():
        yield build.staff()


def _save(letter: Letter, people: build.Staff, body: str = OWN, subject: str = "Hello") -> None:
    operations.save_template(
        letter.campaign_id, kind=TextKind.LETTER, subject=subject, body=body, actor=people.drafter
    )


def _letter(people: build.Staff, value: str = "1,618") -> Letter:
    """A draft to a company with a figure, whose text prints it."""
    letter = build.draft(people)
    figure(report(letter.company, people.drafter), people.drafter, value)
    _save(letter, people)
    return letter


def test_each_form_of_a_letter_prints_the_companys_own_figure_and_its_source(
    people: build.Staff,
) -> None:
    letter = _letter(people)
    _save(letter, people, subject="About ((figure: company/subpoenas)) subpoenas")
    found = showing.shown(letter)
    mail = found.mail()
    assert mail
    assert mail.subject == "About 1,618 subpoenas"
    for form in (mail.text, mail.html, str(found.page())):
        assert "1,618 subpoenas" in form
        words = " ".join(form.split())
        assert "Larkspur Mobile, “Information request report”, January–June 2017, page 2" in words
        assert "1 January – 30 June 2017" in words
    assert found.pdf().startswith(b"%PDF")
    assert (
        frozen.load(submit(letter, people)).content.values["figure: company/subpoenas"] == "1,618"
    )


@pytest.mark.parametrize("value", ["0-249", "0"])
def test_a_band_is_printed_as_a_band_and_zero_as_zero(people: build.Staff, value: str) -> None:
    mail = showing.shown(_letter(people, value)).mail()
    assert mail
    assert f"You got {value.replace('-', '–')} subpoenas" in mail.text


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("value", "why"),
    [("not reported", "the report says nothing about it, which is not zero"),
     (None, "no report of its own has it")],
)  # fmt: skip
def test_a_company_without_the_figure_is_stopped_once_and_by_name(
    people: build.Staff, value: str | None, why: str
) -> None:
    letter = _letter(people)
    bare = build.reachable("Marram Cloud")
    other = build.draft(people, bare, letter.campaign)
    if value:
        figure(report(bare, people.drafter), people.drafter, value)
    with pytest.raises(NotReady) as caught:
        submit(other, people)
    assert len(caught.value.problems) == 1
    assert f"Marram Cloud has no figure “subpoenas” that can be printed: {why}" in str(caught.value)
    assert submit(letter, people)


def test_a_changed_figure_makes_a_text_stale_and_changes_nothing_in_it(people: build.Staff) -> None:
    letter = _letter(people)
    text = submit(letter, people)
    held = letter.company
    one = report(held, people.drafter, period_start=date(2017, 7, 1), period_end=date(2017, 12, 31))
    assert not queries.is_stale(text)
    newer = figure(one, people.drafter, "2,000")
    assert queries.is_stale(text)
    mail = showing.shown(letter).mail()
    assert mail
    assert "1,618" in mail.text
    assert refusal(
        lambda: operations.approve(text.id, sha256=text.sha256, actor=people.approver)
    ) == "text-changed"  # fmt: skip
    report_operations.remove_figure(one.id, newer.id, actor=people.drafter)
    assert not queries.is_stale(text)
    assert letter.state is LetterState.IN_REVIEW


@pytest.mark.database("sqlite")
def test_a_named_report_is_printed_to_every_company(people: build.Staff) -> None:
    letter = _letter(people)
    slug = "larkspur-mobile-january-june-2017"
    bare = build.draft(people, build.reachable("Marram Cloud"), letter.campaign)
    _save(letter, people, f"Dear ((contact.salutation)),\n\nSee ((figure: {slug}/subpoenas)).")
    mail = showing.shown(bare).mail()
    assert mail
    assert "See 1,618." in mail.text
    printed = report_queries.stated({(slug, "subpoenas")})[slug, "subpoenas"]
    report_operations.remove_figure(printed.report_id, printed.id, actor=people.drafter)
    with pytest.raises(NotReady, match=f"“{slug}/subpoenas” cannot be printed"):
        submit(bare, people)


@pytest.mark.database("sqlite")
def test_what_others_report_is_said_to_be_theirs(people: build.Staff) -> None:
    letter = build.draft(people)
    said = report(
        letter.company, people.drafter, source_kind=SourceKind.PRESS, publisher="The Lark",
        invented=True,
    )  # fmt: skip
    figure(said, people.drafter)
    _save(letter, people)
    mail = showing.shown(letter).mail()
    assert mail
    words = " ".join(mail.text.split())
    assert "Invented for this demonstration: reported by The Lark, “Information" in words


@pytest.mark.database("sqlite")
def test_a_figure_that_nobody_can_print_is_a_fault_with_its_place(people: build.Staff) -> None:
    letter = _letter(people)
    one = report(letter.company, people.drafter, period_label="2016")
    figure(one, people.drafter, "not reported", short_name="warrants")
    body = (
        "((figure: company/subpoenas)) ((figure: larkspur-mobile-2016/warrants))\n"
        "((figure: company/supoenas)) ((figure: no/no source)) ((figure: x)) ((figure: a/b title))"
    )
    found = texts.faults(TextKind.LETTER, "((figure: no/no))", body, {})
    assert [(one.place, one.text) for one in found] == [
        ("Subject", "((figure: no/no))"),
        ("Line 1, column 31", "((figure: larkspur-mobile-2016/warrants))"),
        ("Line 2, column 1", "((figure: company/supoenas))"),
        ("Line 2, column 30", "((figure: no/no source))"),
        ("Line 2, column 55", "((figure: x))"),
        ("Line 2, column 69", "((figure: a/b title))"),
    ]
    link = texts.faults(TextKind.LETTER, "S", "[x](((figure:company/subpoenas)))", {})
    assert len(link) == 1
    assert refusal(lambda: _save(letter, people, body)) == "template-faults"


@pytest.mark.database("sqlite")
def test_the_check_of_recipients_groups_missing_figures_and_reads_them_at_once(
    client: FlaskClient, people: build.Staff
) -> None:
    letter = _letter(people)
    accounts.sign_in(client, people.drafter)
    asked = []
    for numbers in (range(3), range(3, 30)):
        for n in numbers:
            company = build.reachable(f"Firm {n:02}")
            build.draft(people, company, letter.campaign)
            if n % 3 == 0:
                figure(report(company, people.drafter), people.drafter, str(n))
        with client.application.app_context(), counted() as told:
            shown = page(client.get(f"{CAMPAIGN}/recipients/"))
        asked.append(len(told))
    assert asked[0] == asked[1]
    assert "Enter the figure “subpoenas” of 20 companies" in shown.text
    links = {(one.attrs or {})["href"] for one in shown.select("#blocking ~ ul li li a")}
    assert "/staff/evidence/reports/?company=firm-01" in links


@pytest.mark.database("sqlite")
def test_the_page_of_fields_lists_the_figures_of_the_company(
    client: FlaskClient, people: build.Staff
) -> None:
    _letter(people)
    accounts.sign_in(client, people.drafter)
    seen = page(client.get(f"{CAMPAIGN}/fields/"))
    assert "((figure: company/subpoenas))" in seen.text
    assert "1,618" in seen.text
