"""Which files may go with a letter, under which name, and which of them travel with a mail."""

from __future__ import annotations

import io
import zipfile

import pytest

from campaign.drafting import attached
from campaign.drafting.attachment_rules import BYTES_MOST, clean_name, media_type
from campaign.kernel.errors import Problem
from campaign.sending.mime import safe_filename


def office(*members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return out.getvalue()


TAKEN = {
    "note.pdf": (b"%PDF-1.7\n", "application/pdf"),
    "NOTE.PDF": (b"%PDF-1.7\n", "application/pdf"),
    "a.b.png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "a.jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "table.csv": ("Größe;1\n".encode(), "text/csv"),
    "note.txt": (b"words", "text/plain"),
    "t.docx": (
        office("word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "t.ods": (office("content.xml"), "application/vnd.oasis.opendocument.spreadsheet"),
}
REFUSED = {
    "empty.pdf": (b"", "attachment-empty"),
    "large.pdf": (b"%PDF-" + b"x" * BYTES_MOST, "attachment-large"),
    "page.html": (b"<script>", "attachment-type"),
    "drawing.svg": (b"<svg/>", "attachment-type"),
    "program.exe": (b"MZ", "attachment-type"),
    "program.pdf": (b"MZ", "attachment-type"),
    "page.pdf": (b"<!doctype html>%PDF-", "attachment-type"),
    "note.pdf.exe": (b"%PDF-1.7", "attachment-type"),
    "archive.zip": (office("a.txt"), "attachment-type"),
    "not office.docx": (office("a.txt"), "attachment-type"),
    "macros.docm": (office("word/document.xml"), "attachment-type"),
    "macros.docx": (office("word/document.xml", "word/vbaProject.bin"), "attachment-type"),
    "macros.ods": (office("content.xml", "Basic/Standard/m.xml"), "attachment-type"),
    "binary.csv": (b"a\0b", "attachment-type"),
    "latin.txt": ("Größe".encode("latin-1"), "attachment-type"),
    "no ending": (b"%PDF-1.7", "attachment-type"),
    "": (b"%PDF-1.7", "attachment-type"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_is_taken_under_the_type_of_its_ending(name: str) -> None:
    raw, kind = TAKEN[name]
    assert media_type(name, raw) == kind


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_what_it_says_or_can_do_harm_is_refused(name: str) -> None:
    raw, code = REFUSED[name]
    with pytest.raises(Problem) as told:
        media_type(name, raw)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Laboratory note 7.pdf", "Laboratory note 7.pdf"),
        ("C:\\papers\\note.pdf", "note.pdf"),
        ("../../etc/note.pdf", "note.pdf"),
        ("a\r\nBcc: x.pdf", "aBcc_ x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  a \u00a0 b .pdf ", "a b.pdf"),
        ("„Größe“ 50%.pdf", "„Größe“ 50%.pdf"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
        ("..", ""),
    ],
)
def test_a_name_is_one_harmless_line_and_keeps_its_ending(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert len(kept) <= 80
    assert not kept or kept.startswith("x") or safe_filename(kept) == kept


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 KB"),
        (1499, "1 KB"),
        (999_499, "999 KB"),
        (1_000_000, "1.0 MB"),
        (1_250_001, "1.3 MB"),
    ],
)
def test_a_size_is_told_in_words(size: int, words: str) -> None:
    assert attached.size_words(size) == words


@pytest.mark.parametrize(
    ("sizes", "most", "travels"),
    [
        ([], 10, ()),
        ([10], 10, (True,)),
        ([11], 10, (False,)),
        ([6, 5, 4], 10, (True, False, True)),
        ([1, 1], 0, (False, False)),
    ],
)
def test_files_travel_in_their_order_as_long_as_there_is_room(
    sizes: list[int], most: int, travels: tuple[bool, ...]
) -> None:
    assert attached.travelling(sizes, most) == travels
