"""Footnotes, and the second series for notes on method, in all four forms."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import pytest
from pypdf import PdfReader

from campaign.drafting.rendering import as_email_html, as_page_html, as_pdf, as_text
from campaign.drafting.tree import roman
from tests.drafting.letters import a_letter, environment
from tests.drafting.pdf_structure import Tagged, faults
from tests.pages import Page, text_of

BODY = """\
A study[^study] and a poll[^method-poll] say so[^law], the poll[^method-poll] more than once,
the study[^study] too, as does a second poll[^Methods].

[^study]: Of the study.
[^law]: Of the law.
[^method-poll]: Of the first poll.
[^Methods]: Of the second poll.
"""
LETTER = a_letter(body=BODY)
LISTED = ["1 Of the study.", "2 Of the law.", "i Of the first poll.", "ii Of the second poll."]


@pytest.mark.parametrize(
    ("number", "sign"),
    [(1, "i"), (3, "iii"), (4, "iv"), (9, "ix"), (14, "xiv"), (49, "xlix"), (1999, "mcmxcix")],
)
def test_a_number_in_small_roman_numerals(number: int, sign: str) -> None:
    assert roman(number) == sign


def test_the_text_lists_notes_on_method_after_the_numbered_ones() -> None:
    text = as_text(LETTER)
    assert "A study [1] and a poll [i] say so [2], the poll [i]" in " ".join(text.split())
    listed = text.split("-" * 24)[1].split("\n\n")[0].strip().splitlines()
    assert [re.sub(r"[\[\]]", "", line) for line in listed] == LISTED


@pytest.mark.parametrize("form", [as_page_html, as_email_html])
def test_html_has_a_list_for_each_series_and_every_mark_leads_to_its_note(form: object) -> None:
    page = Page(str(form(LETTER, environment())))  # type: ignore[operator]
    marks = page.select("sup a")
    assert [text_of(mark) for mark in marks] == ["1", "i", "2", "i", "1", "ii"]
    for mark in marks:
        note = str(mark.attrs["href"])
        back = str(page.select(f"{note} a")[-1].attrs["href"])
        assert text_of(page.one(back)) == text_of(mark)
    lists = page.select(".notes ol")
    assert [one.attrs.get("type") for one in lists] == [None, "i"]


def test_the_pdf_puts_both_series_at_the_foot_of_the_page() -> None:
    pdf = as_pdf(LETTER)
    assert faults(pdf) == []
    words = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    places = [words.index(line) for line in LISTED]
    assert all(words.index("Senior Campaigner") < place for place in places)
    said = {str(link["/Contents"]) for link in Tagged(pdf).links()}
    assert {"Footnote 1", "Footnote i", "Footnote 2", "Footnote ii"} <= said


def test_numbers_go_on_in_each_series_however_many_there_are() -> None:
    cited = "".join(f"word[^{n}] word[^method-{n}] " for n in range(1, 31))
    notes = "\n".join(f"[^{n}]: Note.\n[^method-{n}]: Method." for n in range(1, 31))
    letter = a_letter(body=f"{cited}\n\n{notes}")
    assert f"[30] word [{roman(30)}]" in " ".join(as_text(letter).split())
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(letter))).pages)
    signs = re.findall(r"\b(\w+) Method\.", words)
    assert signs == [roman(n) for n in range(1, 31)]
    numbers = [int(n) for n in re.findall(r"\b(\d+) Note\.", words)]
    assert all(after == before + 1 for before, after in pairwise(numbers))
    assert numbers[-1] == 30
