"""A person makes the whole model letter in the browser, from nothing: every part, every form."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader

from tests.builders import accounts
from tests.drafting import pdf_structure
from tests.drafting.letters import GOLDEN
from tests.servers.live import LiveServer

PDF_TYPE = "application/pdf"
BODY = """\
Dear ((contact.salutation)),

We are ((organisation.name)). Our tests, [which we published this month](https://odw.example/research/7),
show that recordings of ((company.name)) can be copied with software that is widely sold[^lab].

We therefore **ask for your position on the use of such software**. Its maker says:

> Investigators obtain notes, searches and calendars, and *the actual voice of the customer*.

((questions))

Please reply no later than **((deadline.long))** to ((reply.address)).

((publication_notice))

((how_to_confidential))

((how_to_more_time))

## Summary of the research

- Copying is used more and more.
- It can be done outside the ordinary legal process[^law].

We asked people who own a speaker[^method-poll].

((chart: SURVEY/listen))

((chart: SURVEY/told))

Your contact is ((signatory.name)), ((signatory.role)). How we handle personal data is described at
((privacy_link)).

[^lab]: Laboratory note 7, section 3.
[^law]: “Rules for remote access”, 2025.
[^method-poll]: All figures are of an invented poll of 1,204 adults.
"""
ANSWERS = """\
listen: Who can listen to what your speaker has recorded?
Nobody but me: 45.6
The company: 54.4

told: Were you told how the police can ask for it?
Yes: 7.5
No: 92.5
"""
# What stands in each form; the e-mail text marks what is bold and quoted in its own way.
PARTS = (
    "Brightwater Digital Rights", "12 Quay Road", "+44 1632 960 020", "brightwater.example",
    "Larkfield Home", "Privacy Office",
    "via e-mail: privacy@larkfield.example", "and via X: @larkfieldhome",
    "Dear Privacy Office,", "RE: Recordings of speakers by Larkfield Home",
    "which we published this month", "ask for your position on the use of such software",
    "Investigators obtain notes, searches and calendars", "the actual voice of the customer",
    "For how long do you keep recordings?", "How many requests did you refuse?",
    "end of the day in London", "publish", "confidential", "Summary of the research",
    "Copying is used more and more.", "Who can listen to what your speaker has recorded?",
    "Were you told how the police can ask for it?", "45.6%", "92.5%", "Poll House",
    "Laboratory note 7, section 3.", "“Rules for remote access”, 2025.",
    "All figures are of an invented poll of 1,204 adults.", "Ines Okafor", "Senior Campaigner",
    "Attachments", "Laboratory note 7.pdf",
)  # fmt: skip


def _press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()
    page.wait_for_load_state()


def _signed_in(app: Flask, site: str, page: Page) -> None:
    with app.app_context():
        email = accounts.admin().email
    page.goto(f"{site}/staff/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(accounts.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/staff/")


def _letterhead(site: str, page: Page) -> None:
    page.goto(f"{site}/staff/settings/letterhead")
    page.locator("[name=address]").fill("12 Quay Road\nAllerford AF4 2BW")
    page.locator("[name=phone]").fill("+44 1632 960 020")
    page.locator("[name=website]").fill("brightwater.example")
    page.locator("[name=logo]").set_input_files(str(GOLDEN / "logo.png"))
    page.get_by_role("main").locator("button[type=submit]").last.click()
    page.wait_for_url(f"{site}/staff/settings/")


def _company(site: str, page: Page) -> None:
    page.goto(f"{site}/staff/companies/new")
    page.get_by_label("Name", exact=True).fill("Larkfield Home")
    page.locator("[name=timezone]").fill("Europe/London")
    page.locator("[name=country]").fill("GB")
    _press(page, "Add the company")
    home = page.url
    for channel, value, office in (
        ("email", "privacy@larkfield.example", "Privacy Office"),
        ("mention", "@larkfieldhome", ""),
    ):
        page.goto(f"{home}contacts/new")
        page.locator("[name=channel]").select_option(channel)
        page.locator("[name=value]").fill(value)
        page.locator("[name=office]").fill(office)
        page.get_by_role("main").locator("button[type=submit]").last.click()
        page.wait_for_url(home)


def _survey(site: str, page: Page) -> str:
    page.goto(f"{site}/staff/evidence/surveys/new")
    page.get_by_label("Title").fill("What speakers hear")
    page.locator("[name=questions]").fill(ANSWERS)
    page.get_by_label("Pollster").fill("Poll House")
    page.get_by_label("Invented for a demonstration").check()
    _press(page, "Save the survey")
    return page.url.rstrip("/").rpartition("/")[2]


def _campaign(site: str, page: Page) -> str:
    page.goto(f"{site}/staff/campaigns/new")
    page.get_by_label("Title").fill("Recordings")
    page.locator("[name=questions-0]").fill("For how long do you keep recordings?")
    page.locator("[name=questions-1]").fill("How many requests did you refuse?")
    page.locator("[name=signatories-0-name]").fill("Ines Okafor")
    page.locator("[name=signatories-0-role]").fill("Senior Campaigner")
    page.locator("[name=signatories-0-organisation]").fill("Brightwater Digital Rights")
    _press(page, "Create the campaign")
    home = page.url
    page.locator("main a[href*='/signatures/']").first.click()
    page.locator("[name=picture]").set_input_files(str(GOLDEN / "signature.png"))
    page.get_by_role("main").locator("button[type=submit]").first.click()
    page.wait_for_url(home)
    return home


def _text(home: str, page: Page, survey: str) -> None:
    page.goto(f"{home}templates/letter/")
    page.locator("[name=subject]").fill("Recordings of speakers by ((company.name))")
    page.locator("[name=body]").fill("")  # a blank page
    page.locator("[name=body]").fill(BODY.replace("SURVEY", survey))
    expect(page.locator("#live .letter-sheet")).to_contain_text("Copying is used more and more.")
    expect(page.locator('#live .gates [data-holds="false"]')).to_have_count(0)
    _press(page, "Save")


def _research(home: str, page: Page) -> None:
    page.goto(f"{home}attachments/")
    research = FilePayload(name="Laboratory note 7.pdf", mimeType=PDF_TYPE, buffer=b"%PDF-1.7\n")
    page.locator("main [type=file]").set_input_files(research)
    page.locator("main form:has([type=file]) button[type=submit]").click()
    expect(page.get_by_role("main").get_by_text("Laboratory note 7.pdf").first).to_be_visible()


def _letter(home: str, page: Page) -> str:
    page.goto(f"{home}letters/add")
    page.get_by_label("Larkfield Home").check()
    _press(page, "Add the ticked companies")
    page.get_by_role("main").get_by_role("link", name=re.compile("Larkfield Home")).first.click()
    page.wait_for_url("**/staff/letters/*/")
    letter = page.url
    for box in page.locator("form[action$='/contacts'] [type=checkbox]").all():
        box.check()
    page.locator("form[action$='/contacts'] button[type=submit]").click()
    page.wait_for_url(letter)
    return letter


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[*_]", "", words).split())


@pytest.mark.database("sqlite")
def test_the_model_letter_is_made_from_a_blank_page_and_whole_in_all_four_forms(
    app: Flask, live_server: LiveServer, tab: Page
) -> None:
    site = live_server.url
    _signed_in(app, site, tab)
    _letterhead(site, tab)
    _company(site, tab)
    survey = _survey(site, tab)
    home = _campaign(site, tab)
    _text(home, tab, survey)
    _research(home, tab)
    letter = _letter(home, tab)

    sheet = tab.locator(".letter-sheet:not(.mention)")
    pdf = tab.request.get(f"{letter}letter.pdf").body()
    mail = tab.request.get(f"{letter}email.html").text()
    tab.goto(f"{letter}?as=page")
    forms = {"page": sheet.inner_text()}
    assert sheet.locator("svg, .bar-chart, figure").count() >= 2
    assert sheet.locator("blockquote").count() == 1
    assert [one.inner_text() for one in sheet.locator("sup a").all()] == ["1", "2", "i"]
    tab.goto(f"{letter}?as=email")
    forms["email text"] = tab.locator(".verbatim").first.inner_text()
    tab.goto(f"{letter}?as=html")
    forms["email HTML"] = tab.frame_locator("iframe").locator("body").inner_text()
    forms["PDF"] = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    lacking = {
        name: [part for part in PARTS if part not in _plain(words)] for name, words in forms.items()
    }
    assert lacking == {name: [] for name in forms}
    assert pdf_structure.faults(pdf) == []
    assert mail.count("<img") == 2  # the logo and the signature
