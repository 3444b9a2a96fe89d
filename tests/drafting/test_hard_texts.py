"""Texts that break letters elsewhere: long ones, other scripts, the two papers; in every form."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from pypdf import PdfReader

from campaign.drafting import engine, paper
from campaign.drafting.rendering import (
    Addressee,
    Letterhead,
    as_email_html,
    as_page_html,
    as_pdf,
    as_text,
    refuse_unprintable,
    sheet,
)
from campaign.kernel.errors import Problem
from tests.drafting.letters import a_letter, environment
from tests.drafting.pdf_structure import faults
from tests.drafting.test_rendering import Seen, squeezed

ENV = environment()
NAME = "Larkfield " * 29 + "Industries"
POINTS_PER_MM = 72 / 25.4


class Hard(NamedTuple):
    """A text, its language, and how it runs."""

    body: str
    language: str = "en"
    direction: str = "ltr"


HARD = {
    "arabic": Hard("نكتب إليكم بشأن **تسجيلات الصوت** لدى Larkfield منذ 2025.", "ar", "rtl"),
    "persian": Hard("لطفاً تا پایان هفته پاسخ دهید؛ گزارش پیوست است.", "fa-IR", "rtl"),
    "hebrew": Hard("אנו פונים בעניין **הקלטות קול** אצל Larkfield, 2025.", "he", "rtl"),
    "greek": Hard("Σας γράφουμε για τις ηχογραφήσεις σας.", "el"),
    "cyrillic": Hard("Ми пишемо про записи голосу, їхній ґрунт і об’єм.", "uk"),
    "marks": Hard("Tiếng Việt, Łódź, Şişli, naïve, Ångström, ¡ñandú!", "en"),
    "simplified Chinese": Hard(
        "我们就贵公司的**语音记录**致函：“谁可以索取？”骨、直、角。", "zh-CN"
    ),
    "traditional Chinese": Hard("我們就貴公司的**語音記錄**致函：「誰可以索取？」", "zh-Hant"),
    "japanese": Hard("音声の**録音**について、ラーメンの件でお尋ねします。" * 9, "ja"),
    "korean": Hard("귀사의 **음성 녹음**에 관하여 여쭙습니다. 大韓民國", "ko-KR"),
    "emoji": Hard("😀 👍🏽 👩‍👩‍👧 🇩🇪 ❤️ ☎ ✅ ⚠️ 1️⃣"),
    "names of Asia in English": Hard("To 株式会社ラーメン, 삼성전자 and 华为技术有限公司."),
    "arabic in English": Hard("They call it تسجيلات الصوت and הקלטות."),
    "one long paragraph": Hard("word " * 10_000),
    "one long word": Hard("a" * 300),
}


def pages_of(pdf: bytes) -> list[Any]:
    return list(PdfReader(io.BytesIO(pdf)).pages)


def letters_of(words: str) -> Counter[str]:
    """What stands there, in whatever order a program reads lines that run both ways."""
    return Counter(one for one in words if one.isalnum())


@pytest.mark.parametrize("name", HARD)
def test_a_hard_text_is_whole_in_every_form(name: str) -> None:
    hard = HARD[name]
    letter = a_letter(body=hard.body, language=hard.language, subject="Question")
    words = squeezed(hard.body.replace("**", ""))
    assert words in squeezed(as_text(letter).replace("*", ""))
    for html in (as_email_html(letter, ENV), str(as_page_html(letter, ENV))):
        assert words in squeezed(Seen(html).words)
        assert f'lang="{hard.language}" dir="{hard.direction}"' in html
    pdf = as_pdf(letter)
    printed = letters_of("".join(page.extract_text() for page in pages_of(pdf)))
    assert not {one for one in letters_of(words) if ord(one) < 0x590} - set(printed)
    if hard.direction == "ltr" and name not in ("arabic in English", "one long paragraph"):
        assert words in squeezed("".join(page.extract_text() for page in pages_of(pdf)))
    assert pdf == as_pdf(letter)
    assert faults(pdf) == []
    direction: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    shown = direction["/ViewerPreferences"]["/Direction"]
    assert shown == {"ltr": "/L2R", "rtl": "/R2L"}[hard.direction]


@pytest.mark.parametrize("language", ["ar", "he"])
def test_a_foreign_line_in_a_letter_from_right_to_left_keeps_its_own_direction(
    language: str,
) -> None:
    """“4 Harbour Row” must not end in its number, nor a telephone number be turned round."""
    letter = a_letter(body="words", language=language, subject="Question")
    pieces = [piece for piece, _, _ in _places(as_pdf(letter))]
    assert "4 Harbour Row" in pieces
    assert any(piece.startswith("+44 1632 960 020 · letters@") for piece in pieces)
    for html in (as_email_html(letter, ENV), str(as_page_html(letter, ENV))):
        assert re.search(r"<bdi[^>]*>4 Harbour Row", html)
    assert "+44 1632 960 020" in as_text(letter)


class Drawn(NamedTuple):
    """A letter's language, and what it prints."""

    language: str
    words: str = "骨直令述進"


def glyphs(drawn: Drawn) -> frozenset[bytes]:
    """The outlines that the PDF embeds of our font for Chinese, Japanese and Korean."""
    letter = a_letter(body=drawn.words, language=drawn.language, subject="Question")
    # Without a date in its language, and without the dots in an address, which are set wide there.
    letter = replace(letter, undated=True, letterhead=Letterhead("Open Devices Watch", ()))
    found = set()
    for page in pages_of(as_pdf(letter)):
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            if "CJK" in inner["/BaseFont"]:
                found.add(inner["/FontDescriptor"]["/FontFile3"].get_data())
    return frozenset(found)


def test_a_character_has_the_shape_of_the_letters_language() -> None:
    told = ("zh-CN", "zh-TW", "ja", "ko")
    shapes = [glyphs(Drawn(language)) for language in told]
    assert all(len(one) == 1 for one in shapes)
    assert len(set(shapes)) == len(told)
    assert glyphs(Drawn("zh-Hant")) == glyphs(Drawn("zh-TW"))


def test_a_japanese_name_keeps_its_shapes_in_an_english_letter() -> None:
    assert glyphs(Drawn("en", "骨直の")) == glyphs(Drawn("ja", "骨直の"))


def test_no_line_of_japanese_begins_with_what_ends_a_sentence() -> None:
    body = "".join("あ" * number + "。" for number in range(1, 60))
    pages = pages_of(as_pdf(a_letter(body=body, language="ja", subject="Question")))
    lines = [line for page in pages for line in page.extract_text().splitlines() if "あ" in line]
    assert len(lines) > 40
    assert not [line for line in lines if line.strip().startswith("。")]


@pytest.mark.parametrize("sign", ["𠮷", "龘", "ก", "힣"])
def test_a_character_that_we_have_no_font_for_is_refused_with_what_to_do(sign: str) -> None:
    letter = a_letter(body=f"a {sign}")
    assert sign in as_text(letter)
    assert sign in Seen(as_email_html(letter, ENV)).words
    assert sign in Seen(as_page_html(letter, ENV)).words
    with pytest.raises(Problem) as told:
        as_pdf(letter)
    assert told.value.code == "letter-not-printable"
    assert f"“{sign}”" in str(told.value)
    assert engine.unprintable(f"a {sign} b {sign}") == sign
    with pytest.raises(Problem) as asked:
        refuse_unprintable(sheet(letter))
    assert str(asked.value) == str(told.value)
    assert "everyday characters of Chinese, Japanese and Korean" in str(told.value)


@pytest.mark.parametrize("name", HARD)
def test_what_can_be_printed_is_not_refused_without_a_pdf(name: str) -> None:
    refuse_unprintable(sheet(a_letter(body=HARD[name].body, language=HARD[name].language)))


def test_every_place_of_a_letter_is_looked_through_for_what_cannot_be_printed() -> None:
    letter = a_letter()
    to, head, who = letter.addressee, letter.letterhead, letter.signatories[0]
    places = [
        a_letter(addressee=replace(to, company="ก")),
        a_letter(addressee=replace(to, channel_lines=("ก",))),
        a_letter(letterhead=replace(head, name="ก")),
        a_letter(signatories=(replace(who, role="ก"),)),
        a_letter(closing="ก"),
        a_letter(reference="ก"),
        a_letter(subject="ก"),
        a_letter(values={**letter.values, "company.name": "ก"}),
        a_letter(body="- one[^1]\n\n[^1]: ก"),
        a_letter(body="| a |\n|---|\n| `ก` |"),
    ]
    for one in places:
        with pytest.raises(Problem, match="“ก”"):
            refuse_unprintable(sheet(one))


def test_a_letter_of_forty_pages_numbers_each_of_them() -> None:
    pages = pages_of(as_pdf(a_letter(body="A paragraph of the letter.\n\n" * 1500)))
    assert len(pages) >= 40
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()


@pytest.mark.parametrize("size", [paper.A4, paper.US_LETTER])
def test_a_company_name_of_300_characters_moves_the_text_down_and_covers_nothing(
    size: str,
) -> None:
    letter = a_letter(addressee=Addressee(NAME, "Office", ("via post",)), body="First", paper=size)
    pdf = as_pdf(letter)
    assert squeezed(NAME) in squeezed(pages_of(pdf)[0].extract_text())
    assert _top(pdf, "Industries") < _top(pdf, "via post") < _top(pdf, "RE:") < _top(pdf, "First")
    for html in (as_email_html(letter, ENV), as_page_html(letter, ENV)):
        assert NAME in Seen(html).words
    assert NAME in as_text(letter)


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("US", paper.US_LETTER),
        ("CA", paper.US_LETTER),
        ("MX", paper.US_LETTER),
        ("mx", paper.US_LETTER),
        ("GB", paper.A4),
        ("BR", paper.A4),
        ("JP", paper.A4),
        ("", paper.A4),
        (None, paper.A4),
    ],
)
def test_the_paper_is_the_one_that_is_usual_where_the_company_is(
    country: str | None, expected: str
) -> None:
    assert paper.of_country(country) == expected


@pytest.mark.parametrize(
    ("size", "millimetres", "window"),
    [(paper.A4, (210, 297), (45, 90)), (paper.US_LETTER, (215.9, 279.4), (63, 81))],
)
@pytest.mark.parametrize("language", ["en", "he"])
def test_the_address_stands_in_the_window_of_the_envelope(
    size: str, millimetres: tuple[float, float], window: tuple[int, int], language: str
) -> None:
    address = ("1 High Street", "Springfield")
    to = Addressee("Larkfield Ltd", "Privacy Office", address)
    pdf = as_pdf(a_letter(paper=size, addressee=to, language=language, body="a", subject="b"))
    box = pages_of(pdf)[0].mediabox
    assert (box.width, box.height) == pytest.approx(
        [one * POINTS_PER_MM for one in millimetres], abs=0.1
    )
    for line in ("Larkfield Ltd", "Springfield"):
        assert window[0] < _top(pdf, line) < window[1]
        assert 22 < _x_of(pdf, line) < 110


def _places(pdf: bytes) -> list[tuple[str, float, float]]:
    """Every piece of the first page's words, with x and y in mm from its top left corner."""
    page, found = pages_of(pdf)[0], []

    def note(words: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        if words.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append(
                (words, x / POINTS_PER_MM, (float(page.mediabox.height) - y) / POINTS_PER_MM)
            )

    page.extract_text(visitor_text=note)
    return found


def _x_of(pdf: bytes, words: str) -> float:
    return next(x for piece, x, _ in _places(pdf) if words in piece)


def _top(pdf: bytes, words: str) -> float:
    return next(y for piece, _, y in _places(pdf) if words in piece)
