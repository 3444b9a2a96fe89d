"""The rows of bad-inputs.md on showing mail and files, E.72-81: each has its test.

`WHERE` says which; what no other file tests stands here.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.drafting.models import Letter
from campaign.extensions import db
from tests import bad_rows
from tests.publishing.test_reply_files import PDF, address, approve, taken

_HOSTILE = "publishing/test_showing_hostile.py"
_FILES = "replies/test_company_files.py"

WHERE = {
    "E.72": [
        f"{_HOSTILE}::test_a_page_in_a_mail_is_shown_to_staff_as_text",
        f"{_HOSTILE}::test_what_looks_like_a_page_is_shown_to_readers_letter_by_letter",
    ],
    "E.73": [
        f"{_HOSTILE}::test_a_page_in_a_mail_becomes_text_and_nothing_else",
        "drafting/test_pictures.py::test_a_mail_shows_only_pictures_that_it_carries",
    ],
    "E.74": [f"{_HOSTILE}::test_what_looks_like_a_page_is_shown_to_readers_letter_by_letter"],
    "E.75": [
        "publishing/test_reply_files.py::test_an_approved_file_is_a_download_that_no_browser_shows",
        "publishing/test_reply_files.py::"
        "test_what_holds_programs_or_cannot_be_looked_into_is_never_public_as_it_came",
    ],
    "E.76": [
        "publishing/test_reply_files.py::"
        "test_the_type_is_told_by_the_content_or_is_one_that_nothing_opens",
        f"{_FILES}::test_a_file_is_what_its_content_says",
    ],
    "E.77": ["publishing/test_bad_inputs.py::test_77_no_name_of_theirs_is_part_of_an_address"],
    "E.78": [
        f"{_FILES}::test_what_would_unpack_to_far_more_than_it_seems_is_not_unpacked",
        f"{_FILES}::test_a_table_of_millions_of_rows_is_not_unpacked",
        f"{_FILES}::test_a_pdf_of_a_hundred_thousand_pages_costs_moments",
        f"{_FILES}::test_a_document_that_fetches_something_when_it_is_opened_says_so",
    ],
    "E.79": [
        "drafting/test_attachment_stripping.py::"
        "test_a_picture_loses_place_author_and_camera_and_no_pixel",
        "drafting/test_attachment_stripping.py::"
        "test_an_office_file_loses_its_authors_and_keeps_the_rest",
        f"{_FILES}::test_what_a_file_tells_besides_what_it_shows_is_found",
    ],
    "E.80": [
        "publishing/test_bad_inputs.py::test_80_no_name_of_a_company_is_a_formula_in_a_public_file",
        "companies/test_views.py::test_the_export_runs_no_formula_and_can_be_imported_again",
        "desk/test_views.py::test_the_board_can_be_kept_as_a_table_without_formulas",
        "publishing/test_record_sheets.py::"
        "test_each_file_and_feed_holds_its_own_and_no_cell_is_a_formula",
    ],
    "E.81": [
        "drafting/test_rendering.py::test_the_page_setter_reads_no_file_but_itself",
        "drafting/test_rendering.py::test_a_hostile_value_is_printed_as_it_is_in_every_form",
    ],
}

NAMES = [
    "../../etc/passwd",
    r"..\..\windows\system32",
    "a\0b.pdf",
    "....",
    "n" * 4_000 + ".pdf",
    "回复.pdf",
    "\u202efdp.exe",
    'a"; filename="evil.exe',
]
FORMULAS = ["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\tTab", "\rReturn"]


def test_every_row_of_showing_has_its_test() -> None:
    bad_rows.have_tests(WHERE, "E", range(72, 82))


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:24])
def test_77_no_name_of_theirs_is_part_of_an_address(
    app: Flask, client: FlaskClient, larkfield: int, name: str
) -> None:
    with app.app_context():
        file = taken(app, larkfield, name=name)
        assert re.fullmatch(r"[0-9a-f]{32}", file.ref)
        assert len(file.name) <= 300
        approve(file, name=file.name.strip(".") or "A")
        url = address(file)
    assert re.fullmatch(r"[/\w.-]+", url, re.ASCII)
    assert ".." not in url
    answer = client.get(url)
    assert (answer.status_code, answer.data) == (200, PDF)
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment; filename")
    assert not re.search(r"[\r\n\0\u202e/\\]", told)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("name", FORMULAS, ids=ascii)
def test_80_no_name_of_a_company_is_a_formula_in_a_public_file(
    app: Flask, client: FlaskClient, larkfield: int, name: str
) -> None:
    with app.app_context():
        db.session.get_one(Letter, larkfield).company.name = name
        db.session.commit()
    rows = list(csv.reader(io.StringIO(client.get("/records.csv").text)))
    cells = [cell for row in rows for cell in row]
    assert any(name.strip() in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
    book = zipfile.ZipFile(io.BytesIO(client.get("/records.xlsx").data))
    sheets = [book.read(one) for one in book.namelist() if "/worksheets/" in one]
    assert sheets
    assert not [sheet for sheet in sheets if b"<f" in sheet.replace(b"<font", b"")]
