from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.drafting import operations, queries
from campaign.drafting.models import FrozenText, Letter, LetterState, TextKind
from campaign.extensions import db
from tests.builders import accounts, campaigns, companies
from tests.builders import drafting as build
from tests.pages import Page, page

ADA, BEA = "ada.drafter@brightwater.example", "bea.approver@brightwater.example"
CAMPAIGN = "/staff/campaigns/location-data"


@pytest.fixture
def story(app: Flask) -> str:
    """A letter in review; its opaque id."""
    with app.app_context():
        people = build.staff()
        return build.in_review(people).letter.ref


@pytest.fixture
def drafter(story: str, client: FlaskClient) -> FlaskClient:
    accounts.sign_in(client, ADA)
    return client


@pytest.fixture
def approver(story: str, app: Flask) -> FlaskClient:
    client = app.test_client()
    accounts.sign_in(client, BEA)
    return client


def _letter(ref: str) -> Letter:
    letter = queries.letter(ref)
    assert letter
    return letter


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("view", ["email", "html", "page", "pdf", "reminder", "final_notice"])
def test_a_letter_is_seen_in_every_form_as_draft_and_frozen(
    drafter: FlaskClient, story: str, app: Flask, view: str
) -> None:
    frozen = page(drafter.get(f"/staff/letters/{story}/?as={view}"))
    assert frozen.h1 == "Letter to Larkspur Mobile"
    with app.app_context():
        operations.send_back(_letter(story).id, why="A word is missing.", actor=None)
    draft = page(drafter.get(f"/staff/letters/{story}/?as={view}"))
    assert "A word is missing." in draft.text
    assert "cannot be shown" not in draft.text


def test_the_html_of_a_mail_stands_in_a_frame_that_can_do_nothing(
    drafter: FlaskClient, story: str
) -> None:
    response = drafter.get(f"/staff/letters/{story}/email.html")
    assert response.status_code == 200
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Larkspur Mobile" in response.text
    reminder = drafter.get(f"/staff/letters/{story}/email.html?kind=reminder")
    assert "remind" in reminder.text
    assert drafter.get(f"/staff/letters/{story}/email.html?kind=other").status_code == 404


def test_the_pdf_and_its_pages_are_served(drafter: FlaskClient, story: str) -> None:
    assert drafter.get(f"/staff/letters/{story}/letter.pdf").data.startswith(b"%PDF")
    picture = drafter.get(f"/staff/letters/{story}/page-1.png")
    assert picture.data.startswith(b"\x89PNG")
    assert drafter.get(f"/staff/letters/{story}/page-99.png").status_code == 404


def test_texts_are_listed_and_the_editor_shows_values_and_the_checklist(
    drafter: FlaskClient,
) -> None:
    assert page(drafter.get(f"{CAMPAIGN}/templates/")).h1 == "Texts"
    editor = page(drafter.get(f"{CAMPAIGN}/templates/letter/"))
    assert "Dear Privacy Office," in editor.text
    assert "Mara Quill" in editor.text
    assert not editor.select('.gates [data-holds="false"]')
    assert page(drafter.get(f"{CAMPAIGN}/templates/final_notice/")).h1 == "Final notice"
    assert drafter.get(f"{CAMPAIGN}/templates/postcard/").status_code == 404


def test_a_preview_saves_nothing_and_shows_what_is_missing(
    drafter: FlaskClient, app: Flask
) -> None:
    url = f"{CAMPAIGN}/templates/letter/"
    typed = {"subject": "To ((company.name))", "body": "Hello ((contact.salutation))", "preview": 1}
    shown = page(accounts.post(drafter, url, typed))
    assert "Hello Privacy Office" in shown.text
    assert len(shown.select('.gates [data-holds="false"]')) == 8
    with app.app_context():
        assert len(queries.versions(_campaign().id, TextKind.LETTER)) == 1


def test_a_fault_is_shown_with_its_place_and_nothing_typed_is_lost(
    drafter: FlaskClient, app: Flask
) -> None:
    url = f"{CAMPAIGN}/templates/letter/"
    typed = {"subject": "((letter", "body": "One.\n\nTwo ((nobody)).", "save": 1}
    shown = page(accounts.post(drafter, url, typed), 422)
    assert "Line 3, column 5" in shown.text
    assert "Subject" in shown.one("#faults").to_text()
    assert "Two ((nobody))." in shown.one("textarea").to_text()
    with app.app_context():
        assert len(queries.versions(_campaign().id, TextKind.LETTER)) == 1


def test_saving_a_text_takes_waiting_letters_back(
    drafter: FlaskClient, story: str, app: Flask
) -> None:
    url = f"{CAMPAIGN}/templates/letter/"
    shown = page(drafter.get(url))
    body = shown.one("textarea").to_text() + "\nOne more word."
    typed = {"subject": "Another subject", "body": body, "save": 1, "based_on": 1}
    assert accounts.post(drafter, url, typed).status_code == 302
    with app.app_context():
        assert _letter(story).state is LetterState.DRAFT
    assert "Version 2 is in use" in page(drafter.get(url)).text


def test_what_another_person_saved_meanwhile_is_not_overwritten(
    drafter: FlaskClient, app: Flask
) -> None:
    url = f"{CAMPAIGN}/templates/letter/"
    typed = {"subject": "A", "body": "My words.", "save": 1, "based_on": 0}
    shown = page(accounts.post(drafter, url, typed), 422)
    assert "Somebody has saved version 1" in shown.text
    assert shown.one("textarea").to_text().strip() == "My words."


def test_both_texts_of_two_editors_stand_side_by_side(drafter: FlaskClient) -> None:
    shown = _clash(drafter)
    assert "Bea Approver has saved version 2 meanwhile" in shown.text
    assert shown.texts(".beside del") == ["only theirs: Theirs", "only theirs: Her words."]
    assert shown.texts(".beside ins") == ["only yours: Mine", "only yours: My words."]
    assert shown.one("textarea").to_text().strip() == "My words."


def test_mine_is_saved_over_theirs_as_the_next_version(drafter: FlaskClient, app: Flask) -> None:
    _clash(drafter)
    assert accounts.post(drafter, EDITOR, {**MINE, "over": 2}).status_code == 302
    with app.app_context():
        bodies = [one.body for one, _ in queries.versions(_campaign().id, TextKind.LETTER)]
    assert bodies[:2] == ["My words.", "Her words."]


def test_mine_is_not_saved_over_a_version_that_i_have_not_seen(drafter: FlaskClient) -> None:
    _clash(drafter)
    with drafter.application.app_context():
        _save_as_bea("Third words.")
    shown = page(accounts.post(drafter, EDITOR, {**MINE, "over": 2}), 422)
    assert "has saved version 3 meanwhile" in shown.text
    assert "Third words." in shown.texts(".beside del")[-1]


def test_theirs_is_taken_into_the_form_and_mine_is_kept_beside_it(drafter: FlaskClient) -> None:
    _clash(drafter)
    typed = {key: value for key, value in MINE.items() if key != "save"}
    shown = page(accounts.post(drafter, EDITOR, {**typed, "take": 1}))
    assert shown.one("[name=body]").to_text().strip() == "Her words."
    assert (shown.one("[name=based_on]").attrs or {})["value"] == "2"
    kept = shown.one("[name=put_aside]").to_text()
    assert "Mine" in kept
    assert "My words." in kept
    assert not shown.select("#clash")
    later = {"subject": "Theirs", "body": "Her words.", "based_on": 2, "put_aside": kept}
    again = page(accounts.post(drafter, EDITOR, {**later, "preview": 1}))
    assert "My words." in again.one("[name=put_aside]").to_text()


EDITOR = f"{CAMPAIGN}/templates/letter/"
MINE = {"subject": "Mine", "body": "My words.", "save": 1, "based_on": 1}


def _save_as_bea(body: str) -> None:
    bea = db.session.query(User).filter_by(email=BEA).one()
    operations.save_template(
        _campaign().id, kind=TextKind.LETTER, subject="Theirs", body=body, actor=bea
    )


def _clash(drafter: FlaskClient) -> Page:
    """Bea saves version 2 while Ada writes on version 1; the page that Ada gets."""
    with drafter.application.app_context():
        _save_as_bea("Her words.")
    return page(accounts.post(drafter, EDITOR, MINE), 422)


def _campaign() -> Campaign:
    found = db.session.query(Campaign).one()
    assert isinstance(found, Campaign)
    return found


def test_companies_are_added_and_their_drafts_put_up_all_or_none(
    drafter: FlaskClient, app: Flask
) -> None:
    with app.app_context():
        build.reachable("Aster Telecom")
        build.companies.company("Bryony Networks")
    add = f"{CAMPAIGN}/letters/add"
    assert "Larkspur" not in page(drafter.get(add)).text
    assert accounts.post(drafter, add, {"which": "all"}).status_code == 302
    letters = f"{CAMPAIGN}/letters/"
    form = {"which": "all", "dated_on": "2099-01-05"}
    refused = page(accounts.post(drafter, letters, form), 422)
    assert "Bryony Networks has no contact that we can write to." in refused.text
    with app.app_context():
        assert queries.counts(_campaign())[LetterState.DRAFT] == 2
        aster = queries.ids_in(_campaign(), LetterState.DRAFT)[0]
    form = {"which": "ticked", "letter_ids": str(aster), "dated_on": "2099-01-05"}
    assert accounts.post(drafter, letters, form).status_code == 302
    assert "1 letter waits" in page(drafter.get(letters)).text
    page(drafter.get(f"{letters}?state=in_review&q=aster"))
    with app.app_context():
        assert queries.counts(_campaign())[LetterState.IN_REVIEW] == 2


def test_a_second_person_reads_and_signs(approver: FlaskClient, story: str, app: Flask) -> None:
    url = f"/staff/letters/{story}/approve/"
    shown = page(approver.get(url))
    sha = str((shown.one("input[name=sha256]").attrs or {})["value"])
    text = (shown.one("input[name=text]").attrs or {})["value"]
    assert sha in shown.text
    assert "the program publishes “did not respond” by itself" in shown.text
    response = accounts.post(approver, url, {"sha256": sha, "text": text, "note": "Good."})
    assert response.status_code == 302
    assert "Approved" in page(approver.get(f"/staff/letters/{story}/")).text


def test_another_text_than_the_one_shown_is_not_signed(
    approver: FlaskClient, story: str, app: Flask
) -> None:
    url = f"/staff/letters/{story}/approve/"
    text = (page(approver.get(url)).one("input[name=text]").attrs or {})["value"]
    accounts.post(approver, url, {"sha256": "0" * 64, "text": text})
    assert "is not the one that you saw" in page(approver.get(url)).text
    with app.app_context():
        assert _letter(story).state is LetterState.IN_REVIEW


def test_all_texts_of_a_campaign_are_signed_at_once_by_their_hashes(
    approver: FlaskClient, story: str, app: Flask
) -> None:
    with app.app_context():
        ada = accounts.operations.db.session.query(accounts.User).filter_by(email=ADA).one()
        people = build.Staff(ada, ada)
        build.in_review(people, build.draft(people, build.reachable("Aster"), _campaign()))
    url = f"{CAMPAIGN}/approve/"
    shown = page(approver.get(url))
    pairs = [(one.attrs or {})["value"] for one in shown.select("input[name=signed]")]
    assert len(pairs) == 2
    assert "Approve these 2 texts" in shown.text
    accounts.post(approver, url, {"signed": pairs})
    with app.app_context():
        assert queries.counts(_campaign())[LetterState.APPROVED] == 2
    assert "Nothing waits" in page(approver.get(url)).text


def test_the_writer_reads_why_they_cannot_sign(story: str, client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        ada = db.session.query(accounts.User).filter_by(email=ADA).one()
        accounts.operations.change_role(ada.id, role=accounts.Role.ADMIN, actor=None)
    accounts.sign_in(client, ADA)
    shown = page(client.get(f"/staff/letters/{story}/approve/"))
    assert "a second person has to sign it" in shown.text
    assert not shown.select("input[name=sha256]")


def test_a_letter_is_sent_back_with_a_reason_that_its_writer_reads(
    approver: FlaskClient, story: str
) -> None:
    here = f"/staff/letters/{story}/approve/"
    there = f"/staff/letters/{story}/send-back"
    accounts.post(approver, there, {"back-why": "Say which law."}, page=here)
    assert "Say which law." in page(approver.get(f"/staff/letters/{story}/")).text


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (ADA, "approve/", 403),
        (BEA, "approve/", 200),
        (BEA, "", 200),
        (ADA, "", 200),
    ],
)
def test_pages_are_open_to_those_who_may(
    story: str, client: FlaskClient, who: str, path: str, status: int
) -> None:
    accounts.sign_in(client, who)
    assert client.get(f"/staff/letters/{story}/{path}").status_code == status


def test_pages_that_do_not_exist_are_not_found(drafter: FlaskClient) -> None:
    assert drafter.get("/staff/letters/nothing/").status_code == 404
    assert drafter.get("/staff/campaigns/nothing/letters/").status_code == 404


def test_later_stages_add_their_panels(drafter: FlaskClient, story: str, app: Flask) -> None:
    def panel(letter: Letter) -> tuple[str, dict[str, object]] | None:
        return ("layouts/flashes.html", {}) if letter.ref != story else None

    app.extensions["letter_panels"].append(panel)
    page(drafter.get(f"/staff/letters/{story}/"))


@pytest.mark.parametrize("act", ["submit", "contacts", "take-back", "withdraw", "resend"])
def test_an_act_without_what_it_needs_does_nothing(
    drafter: FlaskClient, story: str, app: Flask, act: str
) -> None:
    here = f"/staff/letters/{story}/"
    with app.app_context():
        before = [text.sha256 for text in db.session.query(FrozenText).all()]
    response = accounts.post(drafter, f"{here}{act}", {}, page=here)
    assert response.status_code == 302
    with app.app_context():
        assert _letter(story).state is LetterState.IN_REVIEW
        assert [text.sha256 for text in db.session.query(FrozenText).all()] == before


def test_contacts_are_chosen_on_the_page(drafter: FlaskClient, story: str, app: Flask) -> None:
    here = f"/staff/letters/{story}/"
    with app.app_context():
        second = build.companies.contact(_letter(story).company, "press@larkspur.example").id
    form = {"which": "ticked", "contact_ids": str(second)}
    accounts.post(drafter, f"{here}contacts", form, page=here)
    assert "via e-mail: press@larkspur.example" in page(drafter.get(here)).text
    accounts.post(drafter, f"{here}contacts", {"which": "rule"}, page=here)
    assert "via e-mail: privacy@larkspur-mobile.example" in page(drafter.get(here)).text


def test_an_empty_campaign_says_what_comes_next(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        campaigns.campaign(build.staff().drafter)
    accounts.sign_in(client, ADA)
    assert "No letters yet" in page(client.get(f"{CAMPAIGN}/letters/")).text
    assert "No companies yet" in page(client.get(f"{CAMPAIGN}/letters/add")).text
    assert "Add a company" in page(client.get(f"{CAMPAIGN}/templates/letter/")).text


def test_a_letter_that_is_not_ready_says_everything_that_is_missing(
    client: FlaskClient, app: Flask
) -> None:
    with app.app_context():
        people = build.staff()
        letter = build.draft(people, build.companies.company("Bryony Networks"))
        operations.save_template(
            letter.campaign_id,
            kind=TextKind.LETTER,
            subject="((company.legal_name))",
            body="((contact.address))",
            actor=people.drafter,
        )
        ref = letter.ref
    accounts.sign_in(client, ADA)
    here = f"/staff/letters/{ref}/"
    form = {"dated_on": "2099-01-05"}
    shown = page(accounts.post(client, f"{here}submit", form, page=here), 422)
    for field in ("company.legal_name", "contact.address"):
        assert f"Bryony Networks has no value for the field “{field}”." in shown.text
    assert "has no contact" in shown.text
    assert re.search("cannot be shown yet", shown.text)


def test_the_page_of_a_company_leads_to_its_letters(
    drafter: FlaskClient, story: str, app: Flask
) -> None:
    with app.app_context():
        slug, title = _letter(story).company.slug, _letter(story).campaign.title
        other = companies.company("Never Written To").slug
    shown = page(drafter.get(f"/staff/companies/{slug}/"))
    assert f'href="/staff/letters/{story}/"' in drafter.get(f"/staff/companies/{slug}/").text
    assert title in shown.text
    unwritten = page(drafter.get(f"/staff/companies/{other}/"))
    assert "No campaign writes to Never Written To yet." in unwritten.text
