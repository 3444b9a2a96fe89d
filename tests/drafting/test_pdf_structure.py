"""The PDF of a letter, read as a screen reader reads it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, NameObject

from campaign.drafting.rendering import as_pdf, as_text, subject
from campaign.kernel.errors import Problem
from tests.drafting.letters import a_letter
from tests.drafting.pdf_structure import CHECKS, Element, Tagged, faults

EVERYTHING = """Dear ((contact.salutation)),

**Strong**, *stressed*, `code`, [words](https://odw.example/a), <https://odw.example/>[^a].

## First part

- one
- two[^b]
  1. inner
  2. list

#### A part of it

> quoted
>
> ##### A heading in a quotation

- ##### A heading in a list

    some code

| Product | Found |
|---|---:|
| One | [1](https://odw.example/1) |

---

((questions))

Again[^a], and a way to answer: [write](((reply.address))).

# Last part

((publication_notice))

[^a]: A note with [a link](https://odw.example/b).

    A second paragraph.
[^b]: Another.
"""


def test_a_letter_with_everything_has_no_fault_of_structure() -> None:
    assert faults(as_pdf(a_letter(body=EVERYTHING))) == []


@pytest.mark.parametrize(
    "body",
    [
        "Only words.",
        "### Deep\n\n# High\n\n###### Deepest",
        "> ### In a quotation\n\n- ## In a list\n  - #### Deeper",
        "| A |\n|---|",
        "- a\n\n  b\n\n  - c\n\n    | A | B |\n    |---|---|\n    | 1 | 2 |",
        "word[^1]\n\n[^1]: - a list\n    - in a note",
        "> - [a](https://odw.example/)\n>   > [^1]\n\n[^1]: <mailto:x@odw.example>",
        "A line that fills a whole page and more. " * 400 + "[^1]\n\n[^1]: " + "Long. " * 900,
        "[" + "A link of many words " * 20 + "](https://odw.example/)",
        "| A |\n|---|\n" + "| 1 |\n" * 120,
    ],
)
def test_no_letter_has_a_fault_of_structure(body: str) -> None:
    assert faults(as_pdf(a_letter(body=body))) == []


def test_every_element_of_a_letter_is_one_in_the_tree() -> None:
    found = Counter(one.kind for one in Tagged(as_pdf(a_letter(body=EVERYTHING))).elements)
    expected = {
        "/Table": 1, "/TH": 2, "/TD": 2, "/Note": 2, "/L": 4, "/LI": 8, "/BlockQuote": 1,
        "/H1": 1, "/H2": 2, "/H3": 1, "/H4": 1, "/Strong": 5, "/Em": 1,
    }  # fmt: skip
    assert {kind: found[kind] for kind in expected} == expected


def test_the_bookmarks_are_the_headings_and_the_first_is_the_subject() -> None:
    pdf = Tagged(as_pdf(a_letter(body=EVERYTHING)))
    assert pdf.bookmarks() == [
        f"RE: {subject(a_letter())}",
        "First part",
        "A part of it",
        "A heading in a quotation",
        "A heading in a list",
        "Last part",
    ]


def test_a_link_says_where_it_leads() -> None:
    said = [link["/Contents"] for link in Tagged(as_pdf(a_letter(body=EVERYTHING))).links()]
    assert {
        "https://odw.example/a",
        "Email replies+larkfield@odw.example",
        "Footnote 1",
    } <= set(said)


@pytest.mark.parametrize(
    ("tag", "lang"),
    [("en", "en"), ("en-GB", "en-GB"), ("de_CH", "de-CH"), ("en-Latn-GB", "en-GB")],
)
def test_the_pdf_says_its_language(tag: str, lang: str) -> None:
    assert Tagged(as_pdf(a_letter(language=tag, body="a"))).root["/Lang"] == lang


@pytest.mark.parametrize(
    "body",
    ["[](https://odw.example/)", "# [ ](https://odw.example/)", "#\n\nWords", "## **&nbsp;**"],
)
def test_a_link_or_heading_without_words_is_refused_when_it_is_written(body: str) -> None:
    with pytest.raises(Problem) as told:
        as_text(a_letter(body=body))
    assert told.value.code == "letter-text"


def _each(kind: str, spoil: Callable[[Any], object]) -> Callable[[PdfWriter], None]:
    """Spoil every element of a kind."""

    def done(pdf: PdfWriter) -> None:
        for top in pdf.root_object["/StructTreeRoot"]["/K"]:  # type: ignore[index]
            for one in Element(top.get_object()).all():
                if one.kind == kind:
                    spoil(one.raw)

    return done


def _call(kind: str, other: str) -> Callable[[PdfWriter], None]:
    return _each(kind, lambda raw: raw.update({NameObject("/S"): NameObject(other)}))


def _without(name: str) -> Callable[[PdfWriter], None]:
    def done(pdf: PdfWriter) -> None:
        del pdf.root_object[name]

    return done


def _links_silent(pdf: PdfWriter) -> None:
    for page in pdf.pages:
        for link in page.annotations or ():
            if "/A" in link.get_object():
                del link.get_object()["/Contents"]


def _title_hidden(pdf: PdfWriter) -> None:
    preferences: Any = pdf.root_object["/ViewerPreferences"]
    preferences[NameObject("/DisplayDocTitle")] = BooleanObject(False)


def _font_left_out(pdf: PdfWriter) -> None:
    font: Any = next(Tagged(_bytes(pdf)).fonts())
    name = font["/BaseFont"]
    for page in pdf.pages:
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        for one in fonts.values():
            descendant = one["/DescendantFonts"][0]
            if descendant["/BaseFont"] == name:
                for file in {"/FontFile2", "/FontFile3"} & descendant["/FontDescriptor"].keys():
                    del descendant["/FontDescriptor"][file]


def _bytes(pdf: PdfWriter) -> bytes:
    out = io.BytesIO()
    pdf.write(out)
    return out.getvalue()


def _no_title(pdf: PdfWriter) -> None:
    pdf.metadata = {"/Author": "somebody"}


SPOILT: dict[str, Callable[[PdfWriter], None]] = {
    "tagged": _without("/MarkInfo"),
    "language": _without("/Lang"),
    "title": _no_title,
    "title shown": _title_hidden,
    "headings": _call("/H2", "/H5"),
    "bookmarks": _without("/Outlines"),
    "lists": _call("/LBody", "/P"),
    "tables": _call("/TH", "/TD"),
    "pictures": _call("/BlockQuote", "/Figure"),
    "links": _links_silent,
    "notes": _call("/Note", "/P"),
    "fonts": _font_left_out,
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_reader_sees_each_fault(name: str) -> None:
    pdf = PdfWriter(clone_from=PdfReader(io.BytesIO(as_pdf(a_letter(body=EVERYTHING)))))
    SPOILT[name](pdf)
    assert faults(_bytes(pdf)) == [name]
