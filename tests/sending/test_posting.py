"""Letters by post: one bundle to print, one list to bring back."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from campaign.companies.rules import Channel
from campaign.drafting import queries as drafting
from campaign.drafting.frozen import load
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import operations, posting, posting_rules, queries
from campaign.sending.rules import DispatchState, Proof
from tests.builders import accounts, campaigns, waiting
from tests.builders import drafting as drafts
from tests.builders.attachments import PDF, attached
from tests.builders.waiting import SENT
from tests.pages import page

TODAY = date(2026, 11, 26)
ORDERED = {"one": date(2026, 11, 20), "two": date(2026, 11, 20)}
HEAD = "task,posted on,tracking\n"


@pytest.mark.parametrize(
    ("sheet", "posted"),
    [
        (HEAD + "one,2026-11-25,RR1\ntwo,,\n", [("one", "RR1")]),
        ("Task;Company;Posted On;Tracking\none;A; 2026-11-26 ;\n", [("one", "")]),
        ("\ufefftask\tposted on\ttracking\none\t2026-11-20\t'RR 1\n", [("one", "RR 1")]),
        (HEAD + "one,2026-11-25,RR1\ntwo,2026-11-25,RR2\n", [("one", "RR1"), ("two", "RR2")]),
    ],
)
def test_a_list_is_read_as_spreadsheets_save_it(sheet: str, posted: list[tuple[str, str]]) -> None:
    found = posting_rules.read(sheet, ORDERED, TODAY)
    assert found.faults == ()
    assert [(one.task, one.tracking) for one in found.posted] == posted


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("", "empty"),
        ("task,tracking\none,RR1\n", "no column “posted on”"),
        (HEAD + "one,25.11.2026,RR1\n", "Line 2: “25.11.2026” is no day"),
        (HEAD + "one,2026-11-27,RR1\n", "has not come yet"),
        (HEAD + "one,2026-11-19,RR1\n", "ordered on 2026-11-20"),
        (HEAD + "nobody,2026-11-25,RR1\n", "does not wait to be posted"),
        (HEAD + "one,,RR1\n", "no day of posting"),
        (HEAD + "one,2026-11-25,RR1\none,2026-11-25,RR2\n", "twice"),
        (HEAD + "one,2026-11-25,RR1\ntwo,2026-11-25,RR1\n", "same tracking number"),
        (HEAD + f"one,2026-11-25,{'9' * 201}\n", "longer than 200"),
        (HEAD + "one\n", ""),
    ],
)
def test_a_fault_of_a_list_is_told_with_its_line(sheet: str, words: str) -> None:
    found = posting_rules.read(sheet, ORDERED, TODAY)
    assert words in " ".join(found.faults)
    assert bool(found.faults) is bool(words)


def _printed(number: int = 2) -> tuple[zipfile.ZipFile, list[list[str]]]:
    waiting.sent(number, channels=[Channel.POST])
    archive = zipfile.ZipFile(io.BytesIO(posting.bundle(posting.waiting())))
    listed = archive.read("posting-list.csv").decode("utf-8-sig")
    return archive, list(csv.reader(io.StringIO(listed)))


@pytest.mark.database("sqlite")
def test_the_letters_are_printed_as_approved_each_on_a_sheet_of_its_own(app: Flask) -> None:
    with app.app_context(), clock.at(SENT + timedelta(days=1)):
        archive, rows = _printed(3)
        tasks = posting.waiting()
        assert [row[2] for row in rows[1:]] == [task.company for task in tasks]
        pages = PdfReader(io.BytesIO(archive.read("letters.pdf"))).pages
        at = 0
        for task in tasks:
            text = drafting.current_frozen(task.dispatch.letter)
            assert text is not None
            approved = PdfReader(io.BytesIO(load(text).pdf())).pages
            assert [one.extract_text() for one in approved] == [
                pages[n].extract_text() for n in range(at, at + len(approved))
            ]
            at += len(approved) + len(approved) % 2
        assert at == len(pages)
    for name in ("labels-a4.pdf", "labels-us-letter.pdf"):
        words = PdfReader(io.BytesIO(archive.read(name))).pages[0].extract_text()
        assert words.count("Bristol BS1 1AA") == 3
        assert words.count("Larkspur Mobile") == 1


@pytest.mark.database("sqlite")
def test_what_the_letters_enclose_is_in_the_bundle_once(app: Flask) -> None:
    with app.app_context(), clock.at(SENT):
        people = drafts.staff()
        campaign = campaigns.campaign(people.drafter)
        attached(campaign, people, raw=PDF, name="Research.pdf")
        waiting.sent(2, people=people, campaign=campaign, channels=[Channel.POST])
        archive = zipfile.ZipFile(io.BytesIO(posting.bundle(posting.waiting())))
    assert [name for name in archive.namelist() if "/" in name] == ["enclosures/01-Research.pdf"]
    assert archive.read("enclosures/01-Research.pdf") == PDF


@pytest.mark.database("sqlite")
def test_labels_fill_several_sheets_and_a_long_address_is_set_smaller_not_cut(app: Flask) -> None:
    with app.app_context(), clock.at(SENT + timedelta(days=1)):
        waiting.sent(1, channels=[Channel.POST])
        (task,) = posting.waiting()
    long = task._replace(address=tuple(f"Line {n} of a very long address" for n in range(1, 10)))
    made = posting.labels([*[task] * 21, long], "a4")
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 2
    assert "Line 9 of a very long address" in reader.pages[1].extract_text()


@pytest.mark.database("sqlite")
def test_the_list_comes_back_and_the_letters_are_posted(app: Flask) -> None:
    with app.app_context(), clock.at(SENT + timedelta(days=1)):
        _, rows = _printed()
        on = clock.now().date().isoformat()
        sheet = io.StringIO()
        csv.writer(sheet).writerows([rows[0], [*rows[1][:6], on, "RR 1234"], rows[2]])
        assert posting.note(sheet.getvalue(), actor=None) == 1
        db.session.expire_all()
        found = queries.find(rows[1][0])
        assert found is not None
        assert found.state is DispatchState.POSTED
        assert [item.detail for item in found.evidence] == ["RR 1234"]
        assert queries.proof(found.letter, mailbox_read_at=None).grade is Proof.WEAK
        assert [task.dispatch.ref for task in posting.waiting()] == [rows[2][0]]
        with pytest.raises(Problem, match="does not wait to be posted"):
            posting.note(sheet.getvalue(), actor=None)


@pytest.mark.database("sqlite")
def test_one_fault_keeps_the_whole_list_from_being_noted(app: Flask) -> None:
    with app.app_context(), clock.at(SENT + timedelta(days=1)):
        _, rows = _printed()
        on = clock.now().date().isoformat()
        sheet = f"task,posted on,tracking\n{rows[1][0]},{on},RR1\n{rows[2][0]},yesterday,RR2\n"
        with pytest.raises(Problem, match="Line 3"):
            posting.note(sheet, actor=None)
        assert len(posting.waiting()) == 2


@pytest.mark.database("sqlite")
def test_nothing_is_printed_after_its_deadline_or_while_everything_is_halted(app: Flask) -> None:
    with app.app_context():
        with clock.at(SENT + timedelta(days=1)):
            waiting.sent(1, channels=[Channel.POST])
            operations.halt(why="Something is wrong.", actor=None)
            with pytest.raises(Problem, match="halted"):
                posting.bundle(posting.waiting())
        with clock.at(SENT + timedelta(days=90)):
            assert posting.waiting() == []


@pytest.mark.database("sqlite")
def test_the_page_leads_from_printing_to_the_list(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        waiting.sent(1, channels=[Channel.POST])
        who = accounts.admin().email
    accounts.sign_in(client, who)
    address = "/staff/sending/posting/"
    assert "Nothing waits" in page(client.get(address)).text
    with clock.at(SENT + timedelta(days=1)):
        shown = page(client.get(address))
        assert "1 letter" in shown.text
        made = client.get(str(shown.one("a[download]").attrs["href"]))
        assert made.mimetype == "application/zip"
        wrong = accounts.post(client, address, {"text": "task\n"})
        assert "no column “posted on”" in page(wrong, 422).text
