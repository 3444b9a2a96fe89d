"""Files that we upload tell nothing of who made them; what they show stays."""

from __future__ import annotations

import io
import zipfile

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader, PdfWriter

from campaign.drafting.attachment_stripping import stripped
from campaign.replies import file_process
from tests.builders import drafting as drafts
from tests.builders import reply_files as files
from tests.builders.attachments import attached


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_loses_place_author_and_camera_and_no_pixel(kind: str) -> None:
    raw = files.photograph(kind)
    made = stripped("jpg" if kind == "JPEG" else "png", raw)
    assert b"Petra" in raw
    assert b"Petra" not in made
    assert file_process.look(made).found == {}
    before, after = Image.open(io.BytesIO(raw)), Image.open(io.BytesIO(made))
    assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()


def test_a_picture_that_was_turned_by_its_metadata_stays_upright() -> None:
    image, tags, out = Image.new("RGB", (40, 20), "white"), Image.Exif(), io.BytesIO()
    tags[0x0112] = 6
    image.save(out, "JPEG", exif=tags)
    assert Image.open(io.BytesIO(stripped("jpg", out.getvalue()))).size == (20, 40)


def test_a_pdf_keeps_title_and_text_and_loses_its_author() -> None:
    writer, out = PdfWriter(clone_from=io.BytesIO(files.pdf("Our research"))), io.BytesIO()
    writer.add_metadata({"/Title": "Research", "/Author": files.SECRET, "/Creator": "Writer 9"})
    writer.xmp_metadata = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Petra Quill</x:xmpmeta>"
    writer.write(out)
    assert b"Petra" in out.getvalue()
    made = stripped("pdf", out.getvalue())
    reader = PdfReader(io.BytesIO(made))
    assert str(reader.metadata) == "{'/Title': 'Research'}"
    assert reader.xmp_metadata is None
    assert b"Petra" not in made
    assert reader.pages[0].extract_text() == "Our research"


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_an_office_file_loses_its_authors_and_keeps_the_rest(ending: str) -> None:
    raw = files.docx(**{"meta.xml": "<m>Petra Quill</m>"})
    made = zipfile.ZipFile(io.BytesIO(stripped(ending, raw)))
    assert made.testzip() is None
    before = zipfile.ZipFile(io.BytesIO(raw))
    assert made.namelist() == before.namelist()
    for name in made.namelist():
        about = name in ("docProps/core.xml", "meta.xml")
        assert (made.read(name) == before.read(name)) is not about, name
    assert b"Petra" not in made.read("docProps/core.xml")


@pytest.mark.parametrize("ending", ["pdf", "jpg", "png", "docx", "txt"])
def test_what_cannot_be_read_stays_as_it_is(ending: str) -> None:
    for raw in (b"%PDF-1.7\nresearch\n", b"\xff\xd8\xff", b"PK\x03\x04", b"words"):
        assert stripped(ending, raw) == raw


def test_what_goes_with_letters_is_stripped_when_it_is_added(app: Flask) -> None:
    with app.app_context():
        people = drafts.staff()
        letter = drafts.draft(people)
        file = attached(letter.campaign, people, "Laboratory.jpg", files.photograph())
        kept = app.extensions["files"].get(file.sha256)
        assert b"Petra" not in kept
        assert file.size == len(kept)
