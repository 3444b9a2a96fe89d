"""Public pages: what stands on them, for whom they are, and what they cost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.database import transaction
from campaign.drafting import operations as drafting
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import public_queries, queries
from campaign.publishing.models import Response, Timeliness
from campaign.replies.models import Reply
from campaign.replies.rules import Answer, Permission
from tests.builders import companies, waiting
from tests.builders import drafting as drafts
from tests.builders import publishing as build
from tests.pages import Page, page
from tests.publishing.asking import LARKFIELD, SPEAKER, STANDING, asked
from tests.servers.programs import missing


def done(app: Flask, letter_id: int, act: Callable[[Letter], object]) -> None:
    with app.app_context():
        act(db.session.get_one(Letter, letter_id))


def section(shown: Page, name: str) -> str:
    return " ".join(shown.texts(f'[aria-labelledby="{name}"]'))


@pytest.mark.parametrize("path", STANDING)
def test_what_always_stands_there_is_there_on_an_empty_site(client: FlaskClient, path: str) -> None:
    assert page(client.get(path)).h1


def test_an_empty_site_says_what_will_stand_there(client: FlaskClient) -> None:
    assert "No letters yet" in page(client.get("/")).text
    assert "No company yet" in page(client.get("/companies/")).text


def test_the_front_page_counts_in_words_and_shows_the_newest_records(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        build.every_outcome()
    text = page(client.get("/")).text
    assert (
        "11 companies asked: 2 answered in full, 1 answered in part, 1 declined,"
        " 1 answered in confidence, 1 acknowledged the letter only, 2 did not respond,"
        " 1 could not be reached, 2 still awaited." in text
    )
    assert "Tern & Co answered our questions, after publication" in text


def test_a_campaign_shows_every_company_in_the_order_of_names_with_its_outcome(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        build.every_outcome()
    shown = page(client.get(SPEAKER))
    rows = shown.texts('[aria-labelledby="companies"] tbody tr')
    assert [row.split(" 2 Nov")[0].split(" 1 Nov")[0] for row in rows] == [
        "Ågren Hem More time given",
        "Ambley Audio Answered in full",
        "Harbour Devices Declined to answer After the deadline",
        "Larkfield Home No response received",
        "Marrow Lane Electronics No response received In touch since; we are reading it",
        "Ostrava Sound Answered in part",
        "Quillon Speakers Answered in confidence",
        "Tern & Co Answered in full After publication",
        "Ustel Acknowledged only",
        "Vellum Home Not reached",
        "Zephyr Audio Awaiting a reply",
    ]
    assert "17 Nov 2026London (GMT)" in rows[1].replace(" London", "London")
    assert "anywhere on Earth" in rows[-1]
    assert "6 of 10 replied in any way" in section(shown, "rates")
    assert "4 of 10 took up the questions" in section(shown, "rates")
    assert "As of 24 November 2026, 09:30 GMT" in section(shown, "rates")
    left_out = shown.texts("details dl > div")[-1]
    assert left_out.endswith("Vellum Home")
    assert "(1)" in left_out
    matrix = dict(
        zip(shown.texts(".matrix tbody th"), shown.texts(".matrix tbody tr"), strict=True)
    )
    assert matrix["Harbour Devices"].endswith("Refused, reason given Not addressed")
    assert matrix["Quillon Speakers"].endswith("no answer to judge – no answer to judge")


def test_a_record_of_silence_says_how_we_know_gate_by_gate(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    done(app, larkfield, build.silence)
    shown = page(client.get(LARKFIELD))
    assert shown.h1 == "Larkfield Home did not respond"
    assert shown.texts(".lede") == [
        "We wrote to the privacy office at Larkfield Home on 2 November 2026 by e-mail and asked"
        " for a reply by 17 November 2026. We had not received a response by 19 November 2026,"
        " 00:05 GMT."
    ]
    gates = shown.select(".gates li")
    assert [(one.attrs or {})["data-gate"] for one in gates] == [
        one["gate"] for one in build.SILENCE
    ]
    assert "Holds: It arrived Detail of proof." in shown.texts(".gates li")
    assert "A late reply is always welcome" in section(shown, "reply")
    assert "9 Nov and 15 Nov 2026" in shown.texts(".facts > div")[1]
    assert "For how long do you keep location data?" in section(shown, "letter")
    assert [line.split(" GMT ")[1] for line in shown.texts(".timeline li")] == [
        "Published: no response received",
        "Final notice sent by e-mail",
        "Reminder sent by e-mail",
        "Letter sent by e-mail",
    ]


def test_a_late_reply_changes_the_headline_and_the_old_state_stays(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    done(app, larkfield, build.silence)
    done(
        app,
        larkfield,
        lambda letter: build.answered(
            letter,
            Answer.PARTIAL,
            text="We keep <b>nothing</b>\n  at all.",
            received_at=build.PUBLISHED_AT + timedelta(days=2),
            timeliness=Timeliness.AFTER_PUBLICATION,
            comment="We had asked about two things.",
        ),
    )
    response = client.get(LARKFIELD)
    shown = page(response)
    assert shown.h1 == "Larkfield Home answered in part, after publication"
    assert "We keep &lt;b&gt;nothing&lt;/b&gt;\n  at all." in response.text
    assert section(shown, "comment") == "Our comment We had asked about two things."
    assert "Petra" not in response.text
    history = shown.texts(".timeline li")
    assert "Changed: answered in part, after publication" in history[0]
    assert "Published: no response received" in history[2]


def test_a_possible_reply_after_publication_is_told_at_once(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    done(app, larkfield, build.silence)
    told = "Larkfield Home has been in touch since this was published; we are reading it."
    assert told not in page(client.get(LARKFIELD)).text
    after = build.PUBLISHED_AT + timedelta(hours=1)
    done(app, larkfield, lambda letter: build.something_arrives(letter, after))
    assert told in page(client.get(LARKFIELD)).text
    assert "In touch since" in page(client.get("/")).text


def test_what_arrived_before_publication_is_no_news(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    before = build.PUBLISHED_AT - timedelta(hours=1)
    done(app, larkfield, lambda letter: build.something_arrives(letter, before))
    done(app, larkfield, build.silence)
    assert "in touch" not in page(client.get(LARKFIELD)).text


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("changed_later", [False, True])
def test_a_reply_is_shown_only_with_permission_then_and_now(
    app: Flask,
    client: FlaskClient,
    larkfield: int,
    permission: Permission,
    changed_later: bool,
) -> None:
    def publish(letter: Letter) -> None:
        first = Permission.NOTICE_DEFAULT if changed_later else permission
        reply = build.answered(letter, text="The words of the company.", permission=first)
        with transaction() as session:
            session.get_one(Reply, reply.id).permission = permission

    done(app, larkfield, publish)
    open_to_all = permission in (Permission.NOTICE_DEFAULT, Permission.EXPLICIT_YES)
    for path in (LARKFIELD, "/api/v1/records", "/feed.json", f"{LARKFIELD}history.json", SPEAKER):
        assert ("The words of the company." in client.get(path).text) is (
            open_to_all and path == LARKFIELD
        )
    record = asked(client, "/api/v1/records")["items"][0]
    assert bool(record["reply_url"]) is bool(record["questions"]) is open_to_all
    if not open_to_all:
        assert "Larkfield Home" in section(page(client.get(LARKFIELD)), "reply").split("It came")[0]
        assert "No reply is shown yet" in page(client.get(SPEAKER)).text


def test_a_reply_that_nobody_published_is_not_told(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    done(app, larkfield, lambda letter: build.answered(letter, publish=False))
    shown = page(client.get(LARKFIELD))
    assert shown.h1 == "We await an answer from Larkfield Home"
    assert "Reply from" not in shown.text


def test_while_an_answer_is_awaited_the_page_says_what_happens_next_and_blames_nobody(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with clock.at(build.SENT_AT + timedelta(days=3)):
        shown = page(client.get(LARKFIELD))
    assert shown.h1 == "We await an answer from Larkfield Home"
    assert "end of the day in London (GMT)" in section(shown, "reply")
    assert not shown.select(".gates li")
    assert shown.texts(".lede")[0].endswith("asked for a reply by 17 November 2026.")


def test_more_time_is_shown_with_who_asked_why_and_both_dates(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    done(app, larkfield, build.extended)
    shown = page(client.get(LARKFIELD))
    assert shown.h1 == "Larkfield Home has more time to answer"
    assert (
        "More time given, until 1 December 2026 Instead of 17 November 2026."
        " Asked for by their press office: The person in charge is away." in shown.text
    )
    assert "until Tuesday 1 December 2026" in section(shown, "reply")


def test_a_letter_stays_public_as_it_left_while_a_resend_of_it_is_written(
    ctx: AppContext,
) -> None:
    """Neither the record nor the old text goes, and the new text is not shown before it leaves."""
    people = drafts.staff()
    letter = waiting.sent(people=people)[0]
    waiting.run(waiting.STEPS[1])
    before = public_queries.shown([letter])[0]
    with clock.at(waiting.STEPS[1] + timedelta(days=1)):
        drafting.begin_round(letter.id, why="It failed.", actor=people.drafter)
        assert queries.is_public(letter)
        drafting.submit([letter.id], dated_on=clock.now().date(), actor=people.drafter)
        assert queries.is_public(letter)
        after = public_queries.shown([letter])[0]
    assert letter.round == 2
    assert (after.round, after.printed, after.sent_at) == (1, before.printed, before.sent_at)


def test_the_letter_shows_neither_its_own_tag_nor_the_address_of_a_named_person(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        with clock.at(build.SENT_AT - timedelta(days=2)):
            to = companies.company("Larkfield Home")
            companies.contact(to, "petra.person@larkfield.example", person="Petra Person")
        letter = build.sent(build.campaign(), to)
        tag = letter.reply_token
    html, pdf = client.get(LARKFIELD).text, client.get(f"{LARKFIELD}letter.pdf")
    assert tag not in html
    assert "petra.person" not in html
    assert "…@larkfield.example" in html
    assert "answers@brightwater.example" in html
    assert "but for addresses of named persons" in page(client.get(LARKFIELD)).text
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")


def test_the_pdf_holds_what_the_page_holds(app: Flask, client: FlaskClient, larkfield: int) -> None:
    if shutil.which("pdftotext") is None:
        missing("pdftotext")
    raw = client.get(f"{LARKFIELD}letter.pdf").data
    done_ = subprocess.run(["pdftotext", "-", "-"], input=raw, capture_output=True, check=True)
    text = done_.stdout.decode()
    assert "answers@brightwater.example" in text
    assert "answers+" not in text


def test_companies_stand_in_the_order_of_their_names_on_every_database(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        of = build.campaign()
        for name in ("Zephyr", "Ågren Hem", "beta", "Alpha"):
            build.sent(of, build.company(name))
    names = page(client.get("/companies/")).texts("tbody th")
    assert names == ["Ågren Hem", "Alpha", "beta", "Zephyr"]


def test_a_company_page_lists_its_letters_and_never_its_contacts(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        to = build.company()
        build.silence(build.sent(build.campaign(), to))
        build.sent(build.campaign("Location data"), to)
    shown = page(client.get("/companies/larkfield-home/"))
    assert [row.split(" 2 Nov")[0] for row in shown.texts("tbody tr")] == [
        "Location data Awaiting a reply",
        "Who can read what your speaker hears? No response received",
    ]
    assert "privacy@" not in shown.text
    assert page(client.get("/companies/")).texts("tbody tr") == ["Larkfield Home 2"]


@pytest.mark.parametrize("response", [Response.ACKNOWLEDGED_ONLY, Response.NOT_REACHED])
def test_a_record_without_a_reply_says_why_none_stands_there(
    app: Flask, client: FlaskClient, larkfield: int, response: Response
) -> None:
    done(app, larkfield, lambda letter: build.outcome(letter, response))
    told = section(page(client.get(LARKFIELD)), "reply")
    assert ("no answer so far" in told) is (response is Response.ACKNOWLEDGED_ONLY)
    assert ("There can be none" in told) is (response is Response.NOT_REACHED)
