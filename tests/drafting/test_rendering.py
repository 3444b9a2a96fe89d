"""One letter in four forms: golden files, hostile values, and what each form must not hold.

`UPDATE_GOLDEN=1 pytest tests/drafting` writes the golden files anew; read the difference.
"""

from __future__ import annotations

import io
import os
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from campaign.drafting.rendering import (
    Addressee,
    LetterContent,
    Signatory,
    as_email_html,
    as_page_html,
    as_pages_png,
    as_pdf,
    as_text,
    subject,
)
from campaign.kernel.errors import Problem
from tests.drafting.letters import (
    GOLDEN,
    a_full_letter,
    a_letter,
    environment,
    read,
    with_value,
)

ENV = environment()
A4 = (595.2756, 841.8898)
HOSTILE = [
    '#read("/etc/passwd")',
    '#include "letter.typ"',
    "((deadline))",
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "{{ config }}",
    "{% include '/etc/passwd' %}",
    "{0.__class__}",
    "{name!r:>1000000000}",
    "**bold** _em_ `code` [a](https://evil.example)",
    "\\ $x^2$ @ref <label> // comment",
    "^[note] [^lab] & \" '",
]


def pdf_words(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


class Seen(HTMLParser):
    """What a browser would show and what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(str(html))  # a Markup would escape what is added to it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


FORMS = {
    "letter.txt": as_text,
    "email.html": lambda letter: as_email_html(letter, ENV),
    "page.html": lambda letter: str(as_page_html(letter, ENV)),
    "pdf.txt": lambda letter: pdf_words(as_pdf(letter, read)),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_letter_looks_as_in_its_golden_file(name: str) -> None:
    made, golden = FORMS[name](a_full_letter()), GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_value_is_printed_as_it_is_in_every_form(words: str) -> None:
    letter = with_value("company.name", words)
    assert words in subject(letter)
    assert words in as_text(letter).replace("\n", " ")
    for html in (as_email_html(letter, ENV), as_page_html(letter, ENV)):
        seen = Seen(html)
        assert words in seen.words
        assert "script" not in seen.tags
        assert "img" not in seen.tags
    assert squeezed(words) in squeezed(pdf_words(as_pdf(letter)))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_questions_addresses_and_names_are_printed_as_they_are(words: str) -> None:
    letter = a_letter(
        addressee=Addressee(words, "Office", (words,)),
        questions=(words,),
        signatories=(Signatory(words, words, words),),
        closing=words,
    )
    assert as_text(letter).count(words) == 7
    assert Seen(as_page_html(letter, ENV)).words.count(words) == 7
    assert squeezed(pdf_words(as_pdf(letter))).count(squeezed(words)) >= 6


def test_a_source_with_jinja_typst_and_html_is_printed_as_it_is() -> None:
    source = '{{ 7*7 }} #read("/etc/passwd") <script>x</script> {0.format}'
    letter = a_letter(body=source)
    for words in (
        as_text(letter),
        Seen(as_page_html(letter, ENV)).words,
        pdf_words(as_pdf(letter)),
    ):
        assert source in words


@pytest.mark.parametrize("character", "\r\n\0\v\f\x1c\x85\u2028\u2029\x1b\t")
@pytest.mark.parametrize("where", ["source", "value"])
def test_a_subject_is_one_line_of_plain_words(character: str, where: str) -> None:
    words = f"a{character}Bcc: x@evil.example"
    letter = a_letter(subject=words) if where == "source" else with_value("company.name", words)
    with pytest.raises(Problem) as told:
        subject(letter)
    assert told.value.code == "subject-not-one-line"


def test_a_folded_header_does_not_get_through_the_subject() -> None:
    with pytest.raises(Problem):
        subject(a_letter(subject="a\r\n Bcc: x@evil.example"))


@pytest.mark.parametrize("source", ["", "  ", "((questions))"])
def test_a_subject_without_words_of_its_own_is_refused(source: str) -> None:
    with pytest.raises(Problem) as told:
        subject(a_letter(subject=source))
    assert told.value.code == "subject-not-one-line"


@pytest.mark.parametrize(
    ("letter", "code", "details"),
    [
        (a_letter(body="a\n((nobody))"), "placeholder-unknown", {"field": "nobody", "line": 2}),
        (a_letter(subject="((nobody))"), "placeholder-unknown", {"field": "nobody", "line": 1}),
        (
            with_value("company.name", " "),
            "placeholder-missing",
            {"company": "Larkfield Home Ltd", "field": "company.name"},
        ),
        (
            a_letter(questions=()),
            "placeholder-missing",
            {"company": "Larkfield Home Ltd", "field": "questions"},
        ),
        (
            a_letter(notices={}),
            "placeholder-missing",
            {"company": "Larkfield Home Ltd", "field": "publication_notice"},
        ),
        (a_letter(body="![x](y)"), "letter-text", {"line": 1, "column": 1}),
        (with_value("privacy_link", "javascript:alert(1)"), "placeholder-not-a-link", {}),
        (with_value("reply.address", "x@y.example?bcc=a b"), "placeholder-not-a-link", {}),
        (a_letter(body="a\x0bb"), "letter-control-character", {"where": "the text"}),
        (with_value("company.name", "a\0b"), "letter-control-character", {"character": "U+0000"}),
    ],
)
def test_what_cannot_be_printed_is_told_with_company_and_field(
    letter: LetterContent, code: str, details: dict[str, object]
) -> None:
    with pytest.raises(Problem) as told:
        as_text(letter)
    assert told.value.code == code
    assert details.items() <= told.value.details.items()


@pytest.mark.parametrize("sign", ["𠮷", "ก"])
def test_a_sign_that_our_fonts_lack_is_named_and_no_font_of_the_machine_is_used(sign: str) -> None:
    with pytest.raises(Problem, match=f"“{sign}”"):
        as_pdf(a_letter(body=f"a {sign}"))


def test_the_pdf_of_a_letter_is_always_the_same_bytes() -> None:
    with ThreadPoolExecutor(2) as threads:
        pdfs = list(threads.map(as_pdf, [a_letter()] * 6))
    assert pdfs == [as_pdf(a_letter())] * 6


def test_the_pdf_is_tagged_and_says_its_language_and_title() -> None:
    pdf = PdfReader(io.BytesIO(as_pdf(a_letter())))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == subject(a_letter())
    assert {page.mediabox.upper_right for page in pdf.pages} == {A4}


def test_all_fonts_are_embedded() -> None:
    pages: Any = PdfReader(io.BytesIO(as_pdf(a_letter()))).pages
    fonts = [
        font.get_object()["/DescendantFonts"][0]["/FontDescriptor"]
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & font.keys() for font in fonts)


def test_the_pages_can_be_looked_at() -> None:
    assert [page[:4] for page in as_pages_png(a_letter())] == [b"\x89PNG"] * 2


def test_the_mail_loads_nothing() -> None:
    seen = Seen(as_email_html(a_letter(), ENV))
    assert not {"img", "link", "script", "iframe", "object", "form"} & set(seen.tags)
    assert not [value for name, value in seen.attributes if name in ("src", "background")]
    assert "url(" not in as_email_html(a_letter(), ENV)


def test_the_page_has_no_style_and_no_id_of_another_letter() -> None:
    seen = Seen(as_page_html(a_letter(), ENV))
    assert "style" not in {name for name, _ in seen.attributes} | set(seen.tags)
    ids = [value for name, value in seen.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert all(value and value.startswith("odw-2026-014-") for value in ids)


def test_headings_in_the_page_go_down_one_level_at_a_time_from_h3() -> None:
    tags = Seen(as_page_html(a_letter(body="## a\n\n##### b\n\n# c\n\n### d"), ENV)).tags
    assert [tag for tag in tags if tag in ("h1", "h2", "h3", "h4", "h5")] == [
        "h3",
        "h4",
        "h3",
        "h4",
    ]


def test_lines_of_the_text_are_at_most_72_columns() -> None:
    text = as_text(
        a_letter(body="words " * 500 + "\n\n> " + "quoted " * 100 + "\n\n- " + "b " * 99)
    )
    assert max(map(len, text.splitlines())) <= 72


def test_a_long_address_in_the_text_stays_whole() -> None:
    address = "https://odw.example/" + "a" * 100
    assert f"\n{address}\n" in as_text(a_letter(body=f"see <{address}>"))


def test_a_value_keeps_its_lines_and_is_searched_only_once() -> None:
    letter = with_value("contact.address", "1 High Street\n((deadline))")
    words = as_text(a_letter(body="((contact.address))", values=letter.values))
    assert "\n1 High Street\n((deadline))\n" in words


def test_the_subject_stands_below_the_salutation_or_first() -> None:
    below, first = as_text(a_letter()), as_text(a_letter(body="To whom it may concern"))
    assert below.index("Dear Privacy Office") < below.index("RE: ")
    assert first.index("RE: ") < first.index("To whom")


def test_a_letter_of_forty_pages_and_a_paragraph_of_ten_thousand_words_are_set() -> None:
    pdf = as_pdf(a_letter(body="word " * 10_000 + "\n\n" + "A short paragraph.\n\n" * 1000))
    assert len(PdfReader(io.BytesIO(pdf)).pages) >= 40


def test_a_company_name_of_300_characters_is_printed_in_full() -> None:
    name = "Larkfield " * 29 + "Industries"
    letter = a_letter(addressee=Addressee(name, "Office", ("via post",)))
    assert squeezed(name) in squeezed(pdf_words(as_pdf(letter)))
    assert name in as_text(letter)


def test_the_page_setter_reads_no_file_but_itself() -> None:
    source = (Path(__file__).parents[2] / "templates/letter/letter.typ").read_text(encoding="utf-8")
    assert not re.search(r"\b(read|include|import|plugin)\b\s*[(\"]", source)
    # A picture is made from bytes that came with the data; a name in words would be a file.
    made = re.findall(r"\bimage\b\s*[(\"].{,10}", source)
    assert made == ["image(bytes(one."]
