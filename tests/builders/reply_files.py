"""Files as companies send them: PDFs, pictures, office files, and what should never be opened."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageDraw

SECRET = "Petra Quill"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Petra Quill'
    "</dc:creator><cp:lastModifiedBy>Olaf Otter</cp:lastModifiedBy></cp:coreProperties>"
)


def pdf(*lines: str, author: str = "", more: bytes = b"", size: str = "595 842") -> bytes:
    """A PDF with a page for each line; its text can be read by programs."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R " + more + b">>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(lines)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n, line in enumerate(lines):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents {5 + 2 * n} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        drawn = f"BT /F 24 Tf 60 760 Td ({line}) Tj ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    trailer = ""
    if author:
        objects.append(f"<< /Author ({author}) /Creator (Writer 9) >>".encode())
        trailer = f" /Info {len(objects)} 0 R"
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{trailer} >>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def photograph(kind: str = "JPEG", words: str = "") -> bytes:
    """A picture that tells where it was taken, by whom and with what."""
    image = Image.new("RGB", (400, 300), "#cde")
    ImageDraw.Draw(image).text((20, 20), words or "Minutes", fill="black")
    tags = Image.Exif()
    tags[0x013B], tags[0x0110] = SECRET, "Camera 9"
    tags.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=tags)
    return out.getvalue()


def archive(members: dict[str, str | bytes]) -> bytes:
    """A ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(body: str = "", **more: str) -> bytes:
    """A Word document with tracked changes, a comment, hidden text and authors."""
    text = body or (
        "<w:p><w:r><w:t>We keep it, says </w:t></w:r><w:r><w:t>Petra</w:t></w:r><w:r>"
        '<w:t xml:space="preserve"> Quill</w:t></w:r></w:p><w:p><w:del w:author="Olaf Otter">'
        "<w:r><w:delText>not</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
    )
    comment = (
        f'<w:comments xmlns:w="{_W}"><w:comment w:author="Ann"><w:p/></w:comment></w:comments>'
    )
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{text}</w:body></w:document>',
            "word/comments.xml": comment,
            "docProps/core.xml": _CORE,
            **more,
        }
    )


def xlsx() -> bytes:
    """A workbook with a hidden sheet, a hidden column and a macro."""
    sheets = '<sheets><sheet name="Shown"/><sheet name="Cost" state="veryHidden"/></sheets>'
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{_S}">{sheets}</workbook>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_S}"><cols><col min="1" max="1" '
            'hidden="1"/></cols></worksheet>',
            "xl/vbaProject.bin": b"macro",
        }
    )


def pptx() -> bytes:
    """Slides of which one is hidden, with notes."""
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{_P}"/>',
            "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{_P}" show="0"/>',
            "ppt/notesSlides/notesSlide1.xml": f'<p:notes xmlns:p="{_P}"/>',
        }
    )


def bomb() -> bytes:
    """A Word document of some 200 kB that would unpack to 200 MB."""
    return docx(**{"word/media/filler.xml": "0" * (200 * 2**20)})


@contextmanager
def scanner(bad: bytes = b"EICAR", says: str = "") -> Iterator[str]:
    """A small clamd on loopback; gives its address.

    Args:
        bad: what a file holds in which it finds something.
        says: what it answers to everything, if anything.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()
        server.settimeout(0.2)

        def serve() -> None:
            while not done.is_set():
                try:
                    line, _ = server.accept()
                except TimeoutError:
                    continue
                with line:
                    _answer(line, bad, says)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        finally:
            done.set()
            thread.join()


def _answer(line: socket.socket, bad: bytes, says: str) -> None:
    stream = line.makefile("rb")
    assert stream.read(10) == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(stream.read(4), "big"):
        content += stream.read(size)
    found = "Test.Signature FOUND" if bad in content else "OK"
    line.sendall(f"stream: {says or found}\0".encode())
