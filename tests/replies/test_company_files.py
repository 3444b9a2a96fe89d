"""Looking into files of companies, drawing them, and burning boxes into them, within limits."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image
from pypdf import PdfReader

from campaign.kernel.errors import Problem
from campaign.replies import file_boxes, file_kinds, file_process, scanning
from campaign.replies.file_boxes import ReasonedBox
from campaign.replies.redaction_rules import Reason
from campaign.replies.scanning import Scan
from tests.builders import reply_files as files

KINDS = [
    (files.pdf("Hello"), "pdf"),
    (files.photograph(), "jpeg"),
    (files.photograph("PNG"), "png"),
    (files.docx(), "docx"),
    (files.xlsx(), "xlsx"),
    (files.pptx(), "pptx"),
    (b"Question;Answer\n1;yes\n", "text"),
    (b"<html><script>alert(1)</script></html>", "other"),
    (b"\xef\xbb\xbf <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "other"),
    (b"GIF89a/*\x00\x01*/=1;alert(1)", "other"),
    (b"MZ\x90\x00\x03", "other"),
    (files.archive({"a.txt": "a"}), "other"),
    (files.archive({"inner.zip": files.archive({"a": "a"})}), "other"),
    (b"PK\x03\x04broken", "other"),
    (b"", "other"),
]


@pytest.mark.parametrize(("raw", "kind"), KINDS, ids=lambda x: repr(x)[:24])
def test_a_file_is_what_its_content_says(raw: bytes, kind: str) -> None:
    assert file_kinds.kind_of(raw) == kind


def test_a_name_ends_with_what_the_file_is() -> None:
    named = file_kinds.public_name
    assert named("answer.pdf.exe", "other") == "answer.pdf.exe.bin"
    assert named("photo.png", "jpeg") == "photo.jpg"
    assert named("table.csv", "text") == "table.csv"
    assert named("", "pdf") == "file.pdf"
    assert named("notes.docx", "pdf") == "notes.pdf"


TELLS = [
    (files.pdf("Hello", author=files.SECRET), {"author": ["Petra Quill"], "camera": ["Writer 9"]}),
    (files.pdf("Hello", more=b"/OCProperties << >> "), {"layers": []}),
    (files.pdf("Hello") + b"\n%%EOF", {"revisions": []}),
    (files.pdf("A", more=b"/OpenAction << /S /JavaScript /JS (x) >> "), {"programs": []}),
    (files.photograph(), {"place": [], "author": ["Petra Quill"], "camera": ["Camera 9"]}),
    (
        files.docx(),
        {
            "tracked": [],
            "hidden_text": [],
            "comments": [],
            "author": ["Olaf Otter", "Ann", "Petra Quill"],
        },
    ),
    (files.xlsx(), {"hidden_sheets": ["Cost"], "hidden_cells": [], "programs": []}),
    (files.pptx(), {"hidden_slides": [], "notes": []}),
    (
        files.docx(**{"word/evil.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        {"unreadable": []},
    ),
    (b"%PDF-1.7 broken", {"unreadable": []}),
    (b"\x89PNG\r\n\x1a\nbroken", {"unreadable": []}),
    (b"MZ\x90\x00", {"unknown": []}),
    (b"Only words.", {}),
]


@pytest.mark.parametrize(("raw", "found"), TELLS, ids=lambda x: repr(x)[:24])
def test_what_a_file_tells_besides_what_it_shows_is_found(
    raw: bytes, found: dict[str, list[str]]
) -> None:
    assert file_process.look(raw).found == found


def test_what_would_unpack_to_far_more_than_it_seems_is_not_unpacked() -> None:
    raw = files.bomb()
    assert len(raw) < 250_000
    begun = time.monotonic()
    looked = file_process.look(raw)
    assert (looked.kind, looked.found) == ("other", {"bomb": []})
    assert time.monotonic() - begun < 20
    assert file_process.words_of(raw) is None


def test_words_are_found_wherever_a_file_holds_them() -> None:
    for raw in (files.pdf("Hello", "Petra Quill says"), files.docx(), b"Ask Petra Quill."):
        assert "Petra Quill" in (file_process.words_of(raw) or "")
    assert file_process.words_of(b"MZ\x90\x00") is None
    assert file_process.words_of(b"%PDF-1.7 broken") is None


def black(image: Image.Image, across: float, down: float) -> bool:
    pixel = image.convert("L").getpixel((int(across * image.width), int(down * image.height)))
    return bool(pixel < 40)  # type: ignore[operator]


def test_a_pdf_is_made_of_pictures_of_its_pages_and_nothing_else() -> None:
    raw = files.pdf("Petra Quill says", "Second", author=files.SECRET, size="400 300")
    kind, pages, made = file_process.burned(raw, [(1, 100, 0, 500, 500)])
    assert (kind, pages) == ("pdf", 2)
    reader = PdfReader(io.BytesIO(made), strict=True)
    assert [tuple(map(float, page.mediabox)) for page in reader.pages] == [(0, 0, 400, 300)] * 2
    assert "".join(page.extract_text() for page in reader.pages) == ""
    assert reader.metadata is None
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"}  # type: ignore[call-overload]
    for word in (b"Petra", b"Quill", b"Writer", b"pdfium", b"Font"):
        assert word.lower() not in made.lower()
    first = Image.open(io.BytesIO(file_process.page_picture(made, 1) or b""))
    assert black(first, 0.15, 0.1)
    assert black(first, 0.58, 0.45)
    assert not black(first, 0.65, 0.45)
    second = Image.open(io.BytesIO(file_process.page_picture(made, 2) or b""))
    assert not black(second, 0.15, 0.45)
    assert file_process.page_picture(made, 3) is None


def test_the_same_boxes_make_the_same_bytes() -> None:
    raw = files.pdf("Hello")
    assert file_process.burned(raw, [(1, 0, 0, 9, 9)]) == file_process.burned(
        raw, [(1, 0, 0, 9, 9)]
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_made_anew_without_what_it_told(kind: str) -> None:
    _, pages, made = file_process.burned(files.photograph(kind), [(1, 0, 0, 500, 1000)])
    assert pages == 1
    assert file_process.look(made).found == {}
    image = Image.open(io.BytesIO(made))
    assert (image.size, image.format) == ((400, 300), kind)
    assert not image.getexif()
    assert b"Petra" not in made
    assert black(image, 0.2, 0.9)
    assert not black(image, 0.8, 0.9)


def test_what_cannot_be_drawn_says_so_and_harms_nobody() -> None:
    for raw in (b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken", files.docx(), b"words"):
        with pytest.raises(Problem) as caught:
            file_process.burned(raw, [(1, 0, 0, 9, 9)])
        assert caught.value.code == "file-not-drawn"


def test_a_pdf_of_too_many_pages_is_not_drawn() -> None:
    raw = files.pdf(*["x"] * 101)
    assert file_process.look(raw).pages == 101
    with pytest.raises(Problem, match="within its limits"):
        file_process.burned(raw, [(1, 0, 0, 9, 9)])


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_process, "SECONDS", 0.01)
    assert file_process.look(files.pdf("Hello")).found == {"unreadable": []}


def test_a_worker_without_memory_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_process, "MEMORY", 256 * 2**20)
    out = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(out, "PNG")
    with pytest.raises(Problem, match="within its limits"):
        file_process.burned(out.getvalue(), [(1, 0, 0, 9, 9)])


def test_boxes_come_back_from_forms_cut_to_their_page() -> None:
    box = ReasonedBox(2, 100, 100, 200, 50, Reason.NAME)
    assert file_boxes.read(file_boxes.written([box, box]), 2) == (box,)
    assert file_boxes.read("1-900-0-500-10-name", 2) == (
        ReasonedBox(1, 900, 0, 100, 10, Reason.NAME),
    )
    wrong = "3-0-0-9-9-name 0-0-0-9-9-name 1-0-0-0-9-name 1-0-0-9-9-why 1-1000-0-9-9-name x"
    assert file_boxes.read(wrong, 2) == ()
    assert file_boxes.from_json(file_boxes.to_json([box])) == (box,)
    larger = box._replace(left=90, width=300)
    assert not file_boxes.reveals([box], [larger])
    assert file_boxes.reveals([larger], [box])
    assert file_boxes.reveals([box], [larger._replace(page=1)])


def test_a_scanner_is_asked_and_its_silence_is_no_yes() -> None:
    with files.scanner() as url:
        assert scanning.scan(b"x" * 200_000, url) == (Scan.CLEAN, "")
        assert scanning.scan(b"an EICAR test", url) == (Scan.INFECTED, "Test.Signature")
    assert scanning.scan(b"x", url).scan is Scan.UNSCANNABLE  # it is gone
    assert scanning.scan(b"x", "unix:/nowhere/clamd.sock").scan is Scan.UNSCANNABLE
    assert scanning.scan(b"x", "") == (Scan.NONE, "")
    with files.scanner(says="INSTREAM size limit exceeded. ERROR") as url:
        assert scanning.scan(b"x", url).scan is Scan.UNSCANNABLE


def test_a_pdf_of_a_hundred_thousand_pages_costs_moments() -> None:
    raw = files.pdf("x")
    raw = raw.replace(
        b"/Kids [4 0 R] /Count 1", b"/Kids [" + b"4 0 R " * 100_000 + b"] /Count 100000"
    )
    begun = time.monotonic()
    assert file_process.look(raw).pages == 100_000
    with pytest.raises(Problem, match="within its limits"):
        file_process.burned(raw, [(1, 0, 0, 9, 9)])
    assert file_process.words_of(raw) is None
    assert time.monotonic() - begun < 2 * file_process.SECONDS


def test_a_table_of_millions_of_rows_is_not_unpacked() -> None:
    sheet = f"<worksheet>{'<row/>' * 4_000_000}</worksheet>"
    table = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}
    raw = files.archive({**table, "xl/worksheets/sheet1.xml": sheet})
    assert file_process.look(raw).found == {"bomb": []}


@pytest.mark.parametrize(
    ("kind", "found"), [("attachedTemplate", True), ("image", True), ("hyperlink", False)]
)
def test_a_document_that_fetches_something_when_it_is_opened_says_so(
    kind: str, found: bool
) -> None:
    link = (
        f'<Relationship Type="http://x/{kind}" Target="http://evil.example" TargetMode="External"/>'
    )
    raw = files.docx(**{"word/_rels/settings.xml.rels": f"<Relationships>{link}</Relationships>"})
    assert ("linked" in file_process.look(raw).found) is found
