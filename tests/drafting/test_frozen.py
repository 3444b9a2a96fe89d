from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from flask import current_app
from flask.ctx import AppContext
from pypdf import PdfReader

from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.drafting import composing, frozen, paper, queries
from campaign.drafting.frozen import Frozen
from campaign.drafting.models import FrozenText, TextKind
from campaign.history.rules import canonical, digest
from campaign.kernel import days
from tests.builders import campaigns as campaign_builder
from tests.builders import companies as company_builder
from tests.builders import drafting as build

pytestmark = pytest.mark.usefixtures("ctx")

KEYS = set(
    "format refs round dated_on deadline_on zone content subject email_text email_html page_html"
    " pdf_sha256 reminder final_notice contacts reply_address automation doors"
    " approvals_needed mail_files".split()
)


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def row(people: build.Staff) -> FrozenText:
    return build.in_review(people)


@pytest.fixture
def text(row: FrozenText) -> Frozen:
    return frozen.load(row)


def test_a_bundle_is_canonical_json_under_its_own_hash(row: FrozenText) -> None:
    assert canonical(json.loads(row.bundle)) == row.bundle
    assert digest(row.bundle) == row.sha256
    assert set(json.loads(row.bundle)) == KEYS
    assert frozen.is_whole(row)


def test_every_form_of_the_letter_comes_from_the_bundle(row: FrozenText, text: Frozen) -> None:
    mail = text.letter_mail()
    assert mail.subject == "Questions to Larkspur Mobile: Location data"
    assert "Dear Privacy Office," in mail.text
    for form in (mail.text, mail.html, str(text.page())):
        assert "For how long do you keep location data?" in form
        assert days.long_deadline(row.deadline_on, "Europe/London") in " ".join(form.split())
        assert text.reply_address in form
    printed = PdfReader(BytesIO(text.pdf())).pages[0].extract_text()
    assert "Questions to Larkspur Mobile" in printed


def test_the_reply_address_carries_the_letters_token(
    row: FrozenText, text: Frozen, settings: Settings
) -> None:
    local, _, domain = settings.reply_address.partition("@")
    assert text.reply_address == f"{local}+{row.letter.reply_token}@{domain}"


def test_contacts_are_read_back_as_they_were(text: Frozen) -> None:
    (contact,) = text.contacts
    assert contact.channel is Channel.EMAIL
    assert contact.verified
    assert (contact.value, contact.office) == (
        "privacy@larkspur-mobile.example", "privacy office",
    )  # fmt: skip


@pytest.mark.parametrize("kind", [TextKind.REMINDER, TextKind.FINAL_NOTICE])
def test_only_the_deadline_of_a_reminder_is_open(
    row: FrozenText, text: Frozen, kind: TextKind
) -> None:
    planned = text.reminder_mail(kind, row.deadline_on)
    assert planned.text == text.bundle[kind.value]["text"]
    later = row.deadline_on + timedelta(days=30)
    moved = text.reminder_mail(kind, later)
    assert days.long_deadline(later, "Europe/London") in " ".join(moved.text.split())
    assert days.date_in_words(later) in moved.subject
    old, new = (
        " ".join(one.text.split())
        .replace(days.long_deadline(day, "Europe/London"), "DAY")
        .replace(days.date_in_words(day), "DAY")
        for one, day in ((planned, row.deadline_on), (moved, later))
    )
    assert old == new
    assert days.date_in_words(row.dated_on) in planned.text  # of the letter it reminds of


def test_a_reminder_prints_no_date_of_its_own(row: FrozenText, text: Frozen) -> None:
    head = text.reminder_mail(TextKind.REMINDER, row.deadline_on).text.split("Dear")[0]
    assert "Our reference" in head
    assert days.date_in_words(row.dated_on) not in head


def test_there_is_no_reminder_of_another_kind(text: Frozen, row: FrozenText) -> None:
    with pytest.raises(ValueError, match="no letter"):
        text.reminder_mail(TextKind.LETTER, row.deadline_on)


def test_a_campaign_without_reminders_freezes_none(people: build.Staff) -> None:
    campaign = campaign_builder.campaign(people.drafter, reminders=False)
    row = build.in_review(people, build.draft(people, None, campaign))
    text = frozen.load(row)
    assert text.bundle["reminder"] is None
    assert not queries.is_stale(row)
    with pytest.raises(ValueError, match=r"no such text|no reminder"):
        text.reminder_mail(TextKind.REMINDER, row.deadline_on)


def test_what_is_frozen_is_read_without_asking_todays_facts(row: FrozenText, text: Frozen) -> None:
    before = text.reminder_mail(TextKind.REMINDER, row.deadline_on + timedelta(days=1))
    company = row.letter.company
    company.name, company.timezone = "Renamed", "Asia/Tokyo"
    row.letter.campaign.questions[0].text = "Another?"
    again = frozen.load(row)
    assert again.letter_mail() == text.letter_mail()
    assert again.reminder_mail(TextKind.REMINDER, row.deadline_on + timedelta(days=1)) == before


@pytest.mark.parametrize(
    ("body", "given"),
    [("((publication_notice))", True), ("We publish silence.", False)],
)
def test_the_notice_is_given_where_the_text_holds_it(
    people: build.Staff, body: str, given: bool
) -> None:
    letter = build.draft(people)
    build.operations.save_template(
        letter.campaign_id, kind=TextKind.LETTER, subject="S", body=body, actor=people.drafter
    )
    row = build.in_review(people, letter)
    text = frozen.load(row)
    assert row.notice_given is given
    assert text.notice_given is given
    assert any("never published" in one for one in text.automation) is not given


def test_an_unknown_zone_means_the_latest_on_earth(people: build.Staff) -> None:
    row = build.in_review(people, build.draft(people, build.reachable("Zone", timezone=None)))
    assert "anywhere on Earth" in " ".join(frozen.load(row).letter_mail().text.split())
    assert not queries.is_stale(row)


def test_letters_offer_only_the_door_that_the_program_reads(text: Frozen) -> None:
    assert text.doors == ("email",)


def test_a_postal_address_stands_above_the_other_ways(people: build.Staff) -> None:
    company = build.reachable("Aster")
    company_builder.contact(company, "Aster plc\n1 Road", channel=Channel.POST)
    letter = build.draft(people, company)
    build.operations.choose_contacts(
        letter.id, [one.id for one in company.contacts], actor=people.drafter
    )
    text = frozen.load(build.in_review(people, letter)).letter_mail().text
    assert text.index("Aster plc\n1 Road\nvia e-mail: privacy@aster.example")


def test_looking_at_a_text_writes_nothing_and_renders_the_same(row: FrozenText) -> None:
    draft = composing.compose(row.letter, row.dated_on).draft
    assert frozen.bundle_of(draft, current_app.extensions["files"]) == row.bundle


def test_letters_are_found_by_their_printed_reference(row: FrozenText) -> None:
    printed = frozen.load(row).content.reference
    assert queries.by_reference(f"Your letter {printed.lower()}") == [row.letter]
    assert queries.by_reference("L-0000000000 and nothing else") == []


def test_a_bundle_from_before_papers_still_says_the_same_and_is_on_a4(row: FrozenText) -> None:
    bundle = json.loads(row.bundle)
    for stored in (bundle, bundle["reminder"], bundle["final_notice"]):
        del stored["content"]["paper"]
    draft = composing.compose(row.letter, row.dated_on).draft
    assert frozen.says(canonical(bundle), draft)
    row.bundle = canonical(bundle)
    assert frozen.load(row).content.paper == paper.A4
    row.letter.company.country = "US"
    assert not frozen.says(row.bundle, composing.compose(row.letter, row.dated_on).draft)


def test_a_letter_to_a_company_in_america_is_on_its_paper(people: build.Staff) -> None:
    company = build.reachable("Sycamore", country="US", timezone="America/New_York")
    text = frozen.load(build.in_review(people, build.draft(people, company)))
    assert text.content.paper == paper.US_LETTER
    page = PdfReader(BytesIO(text.pdf())).pages[0]
    assert (page.mediabox.width, page.mediabox.height) == (612, 792)
