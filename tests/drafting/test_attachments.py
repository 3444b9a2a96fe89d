"""Files that go with a campaign's letters: added, ordered, removed, frozen, fetched by staff."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign
from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.drafting import attachment_queries as attachments
from campaign.drafting import attachment_saving, composing, frozen, queries, rendering
from campaign.drafting.attachment_rules import FILES_MOST
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.history import queries as history
from campaign.history.rules import canonical
from tests.builders import accounts, campaigns, companies
from tests.builders import drafting as build
from tests.builders.attachments import PDF, attached, large
from tests.drafting.acting import refusal
from tests.drafting.letters import a_full_letter, read
from tests.drafting.pdf_structure import Tagged, faults
from tests.pages import page


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def letter(people: build.Staff) -> Letter:
    return build.draft(people)


def names(campaign: Campaign) -> list[str]:
    return [one.name for one in attachments.attachments(campaign.id)]


def test_files_stand_in_the_order_that_they_were_given(letter: Letter, people: build.Staff) -> None:
    campaign = letter.campaign
    first, second, third = (attached(campaign, people, f"{n}.pdf") for n in "abc")
    assert names(campaign) == ["a.pdf", "b.pdf", "c.pdf"]
    attachment_saving.move_up(third.id, actor=people.drafter)
    attachment_saving.move_up(first.id, actor=people.drafter)
    attachment_saving.move_up(first.id, actor=people.drafter)  # it is the first already
    assert names(campaign) == ["a.pdf", "c.pdf", "b.pdf"]
    attachment_saving.remove(first.id, actor=people.drafter)
    assert names(campaign) == ["c.pdf", "b.pdf"]
    assert refusal(lambda: attachment_saving.remove(first.id, actor=people.drafter)) == "not-there"
    attached(campaign, people, "a.pdf")
    assert names(campaign) == ["c.pdf", "b.pdf", "a.pdf"]
    told = [one for one in history.of(campaign.ref) if "attachment" in one.kind]
    assert [one.kind.partition("_")[2] for one in told] == [
        "added", "added", "added", "moved", "removed", "added",
    ]  # fmt: skip
    assert told[0].detail["sha256"] == second.sha256


def test_a_name_in_the_letter_gets_the_ending_of_the_file(
    letter: Letter, people: build.Staff
) -> None:
    for typed, kept in (("Note", "Note.pdf"), ("v1.2", "v1.2.pdf"), ("x.exe", "x.exe.pdf")):
        added = attachment_saving.add(
            letter.campaign_id, raw=PDF, filename="a.pdf", name=typed, actor=people.drafter
        )
        assert added.name == kept


def test_too_many_files_or_the_same_name_again_are_refused(
    letter: Letter, people: build.Staff
) -> None:
    for number in range(FILES_MOST):
        attached(letter.campaign, people, f"{number}.pdf")
        again = refusal(partial(attached, letter.campaign, people, f"{number}.PDF"))
        assert again == ("attachment-many" if number == FILES_MOST - 1 else "attachment-name")


def test_the_frozen_text_names_the_files_by_hash_in_every_form(
    letter: Letter, people: build.Staff
) -> None:
    file = attached(letter.campaign, people)
    row = build.in_review(people, letter)
    text = frozen.load(row)
    (kept,) = text.content.attachments
    assert (kept.name, kept.size, kept.sha256) == (file.name, len(PDF), file.sha256)
    assert [one.sha256 for one in text.mail_files] == [text.bundle["pdf_sha256"], file.sha256]
    for form in (text.letter_mail().text, text.letter_mail().html, str(text.page())):
        assert "Research note.pdf (1 KB)" in form
    for kind in (TextKind.REMINDER, TextKind.FINAL_NOTICE):
        assert "Research note" not in text.reminder_mail(kind, row.deadline_on).text


@pytest.mark.parametrize("what", ["add", "move", "remove"])
def test_any_change_of_the_files_voids_what_waits(
    letter: Letter, people: build.Staff, what: str
) -> None:
    attached(letter.campaign, people, "a.pdf")
    second = attached(letter.campaign, people, "b.pdf")
    build.approved(people, letter)
    row = queries.current_frozen(letter)
    assert row
    if what == "add":
        attached(letter.campaign, people, "c.pdf")
    elif what == "move":
        attachment_saving.move_up(second.id, actor=people.drafter)
    else:
        attachment_saving.remove(second.id, actor=people.drafter)
    db.session.refresh(row)
    assert row.voided_at
    assert letter.state is LetterState.DRAFT
    assert queries.is_stale(row)


def test_other_bytes_under_the_same_name_are_another_text(
    letter: Letter, people: build.Staff
) -> None:
    file = attached(letter.campaign, people)
    row = build.in_review(people, letter)
    attachment_saving.remove(file.id, actor=people.drafter)
    attached(letter.campaign, people, raw=PDF + b"!")
    assert not frozen.says(row.bundle, composing.compose(letter, row.dated_on).draft)


def test_who_added_a_file_does_not_approve_the_letter(letter: Letter, people: build.Staff) -> None:
    admin = accounts.admin()
    attachment_saving.add(letter.campaign_id, raw=PDF, filename="a.pdf", actor=admin)
    row = build.in_review(people, letter)
    assert admin.id in queries.writers(row)


def test_a_text_frozen_before_there_were_attachments_says_the_same_and_carries_no_file(
    letter: Letter, people: build.Staff
) -> None:
    row = build.in_review(people, letter)
    bundle = json.loads(row.bundle)
    assert "attachments" not in bundle["content"]
    del bundle["mail_files"]
    row.bundle = canonical(bundle)
    assert frozen.load(row).mail_files == ()
    assert frozen.says(row.bundle, composing.compose(letter, row.dated_on).draft)


@pytest.mark.usefixtures("settings")
class TestLarge:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Mails have room for one megabyte of files."""
        return replace(settings, attachments_mb=1, base_url="https://odw.example/")

    def test_what_is_too_large_is_linked_to_in_every_form(
        self, letter: Letter, people: build.Staff
    ) -> None:
        file = attached(letter.campaign, people, "Large „one“.pdf", large(1_000_001))
        small = attached(letter.campaign, people, "Small.pdf")
        row = build.in_review(people, letter)
        text = frozen.load(row)
        address = f"https://odw.example/attachments/{file.token}/Large%20%E2%80%9Eone%E2%80%9C.pdf"
        assert [one.address for one in text.content.attachments] == [address, ""]
        assert [one.sha256 for one in text.mail_files[1:]] == [small.sha256]
        mail = text.letter_mail()
        assert f"- Large „one“.pdf (1.0 MB)\n  {address}\n- Small.pdf (1 KB)\n" in mail.text
        assert f'href="{address}"' in mail.html
        assert f'href="{address}"' in str(text.page())
        links = [one["/Contents"] for one in Tagged(text.pdf()).links()]
        assert address in links

    def test_a_letter_that_only_a_form_takes_links_to_all(self, people: build.Staff) -> None:
        company = companies.company("Formonly")
        companies.contact(company, "https://formonly.example/contact", channel=Channel.FORM)
        letter = build.draft(people, company)
        attached(letter.campaign, people)
        text = frozen.load(build.in_review(people, letter))
        (kept,) = text.content.attachments
        assert kept.address.startswith("https://odw.example/attachments/")
        assert len(text.mail_files) == 1


def test_the_pdf_of_a_letter_with_everything_has_no_fault_of_structure() -> None:
    pdf = rendering.as_pdf(a_full_letter(), read)
    assert faults(pdf) == []
    lists = [len(one.children) for one in Tagged(pdf).of("/L")]
    assert lists[-1] == len(a_full_letter().attachments)


# The pages.

PAGE = "/staff/campaigns/location-data/attachments/"


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        who = accounts.user()
        campaigns.campaign(who)
        accounts.sign_in(client, who)
    return client


def upload(client: FlaskClient, raw: bytes, filename: str, **data: str) -> Any:
    files = {"file": (io.BytesIO(raw), filename)}
    return accounts.post(client, PAGE, {**data, **files}, content_type="multipart/form-data")


def test_a_drafter_adds_orders_fetches_and_removes_files(drafter: FlaskClient) -> None:
    assert "No files yet" in page(drafter.get(PAGE)).text
    assert upload(drafter, PDF, "a.pdf").status_code == 302
    assert upload(drafter, b"x;y\n", "data.csv", name="Figures").status_code == 302
    shown = page(drafter.get(PAGE))
    assert shown.texts("tbody th") == ["a.pdf", "Figures.csv"]
    up = shown.one('form[action$="/up"]')
    accounts.post(drafter, str((up.attrs or {})["action"]), page=PAGE)
    shown = page(drafter.get(PAGE))
    assert shown.texts("tbody th") == ["Figures.csv", "a.pdf"]
    link = str((shown.select("tbody th a")[1].attrs or {})["href"])
    fetched = drafter.get(link)
    assert fetched.data == PDF
    assert fetched.headers["Content-Disposition"] == "attachment; filename=a.pdf"
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    for form in shown.select('form[action$="/remove"]'):
        accounts.post(drafter, str((form.attrs or {})["action"]), page=PAGE)
    assert "No files yet" in page(drafter.get(PAGE)).text
    assert drafter.get(link).data == PDF  # letters may name it


@pytest.mark.parametrize(
    ("raw", "filename", "words"),
    [(b"MZ", "a.pdf", "cannot go with a letter"), (b"", "a.pdf", "is empty")],
)
def test_a_file_that_cannot_go_is_refused_in_words(
    drafter: FlaskClient, raw: bytes, filename: str, words: str
) -> None:
    assert words in page(upload(drafter, raw, filename), 422).text


def test_the_approver_reads_which_files_go(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = build.staff()
        letter = build.draft(people)
        file = attached(letter.campaign, people)
        ref = build.in_review(people, letter).letter.ref
        sha = file.sha256
        accounts.sign_in(client, people.approver)
    shown = page(client.get(f"/staff/letters/{ref}/approve/"))
    assert sha in " ".join(shown.texts('[aria-labelledby="files"]'))
    link = (shown.one('[aria-labelledby="files"] a').attrs or {})["href"]
    assert client.get(str(link)).data == PDF
    assert client.get(f"{PAGE}{'0' * 64}").status_code == 404


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER, Role.PUBLISHER])
def test_others_may_look_and_change_nothing(app: Flask, client: FlaskClient, role: Role) -> None:
    with app.app_context():
        people = build.staff()
        letter = build.draft(people)
        number = attached(letter.campaign, people).id
        accounts.sign_in(client, accounts.user("Cy Other", role))
    shown = page(client.get(PAGE))
    assert shown.texts("tbody th") == ["Research note.pdf"]
    assert shown.select("tbody form") == []
    for address in ("", f"{number}/up", f"{number}/remove"):
        assert client.post(PAGE + address).status_code in {400, 403}
