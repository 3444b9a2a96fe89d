"""Pages of PDFs and pictures: looking at them, and burning boxes into them for good.

Runs in the worker process only. What is made holds pictures and nothing else: no text, no layer,
no metadata, nothing below a box.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pypdfium2
from PIL import ExifTags, Image, ImageDraw, ImageOps
from pypdf import PdfReader

from campaign.replies.file_kinds import Finding, TooMuch
from campaign.replies.file_office import Looked

PAGES_MOST = 100
TEXT_PAGES_MOST = 2_000
SIDE_MOST = 4_000
PIXELS_MOST = 60_000_000
DOTS_PER_INCH = 150
_TEXT_MOST = 2_000_000
_TAGS = {
    ExifTags.Base.Artist: Finding.AUTHOR,
    ExifTags.Base.Copyright: Finding.AUTHOR,
    ExifTags.Base.XPAuthor: Finding.AUTHOR,
    ExifTags.Base.Model: Finding.CAMERA,
    ExifTags.Base.Software: Finding.CAMERA,
}


class Box(NamedTuple):
    """A place on a page, in thousandths of its width and height from the top left; page from 1."""

    page: int
    left: int
    top: int
    width: int
    height: int


def look_at_pdf(raw: bytes) -> tuple[Looked, int]:
    """What a PDF tells besides what it shows, its text, and its number of pages."""
    looked = Looked()
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted:
        looked.tell(Finding.LOCKED)
        return looked, 0
    about: Any = reader.metadata or {}
    for name, finding in (("/Author", Finding.AUTHOR), ("/Creator", Finding.CAMERA)):
        if str(about.get(name, "")).strip():
            looked.tell(finding, str(about[name]).strip())
    for finding in _below(reader, raw):
        looked.tell(finding)
    if any(_is_comment(one) for page in reader.pages[:PAGES_MOST] for one in _notes(page)):
        looked.tell(Finding.COMMENTS)
    return looked, len(reader.pages)


def _below(reader: PdfReader, raw: bytes) -> Iterator[Finding]:
    """What lies in the file beside its pages."""
    root: Any = reader.trailer["/Root"].get_object()
    names: Any = root["/Names"].get_object() if "/Names" in root else {}
    if "/JavaScript" in names or "/AA" in root or b"/JavaScript" in raw or b"/Launch" in raw:
        yield Finding.PROGRAMS
    if "/EmbeddedFiles" in names:
        yield Finding.EMBEDDED
    if "/OCProperties" in root:
        yield Finding.LAYERS
    if raw.count(b"%%EOF") > 1 and b"/Linearized" not in raw[:2048]:
        yield Finding.REVISIONS


def _notes(page: Any) -> list[Any]:
    return list(page["/Annots"].get_object()) if "/Annots" in page else []


def _is_comment(one: Any) -> bool:
    return one.get_object().get("/Subtype") not in ("/Link", "/Widget")


def text_of_pdf(raw: bytes) -> str:
    """All text of a PDF.

    Raises:
        TooMuch: it has too many pages to be sure.
    """
    with pypdfium2.PdfDocument(raw) as document:
        if len(document) > TEXT_PAGES_MOST:
            raise TooMuch
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)[:_TEXT_MOST]


def look_at_picture(raw: bytes) -> Looked:
    """What a picture tells besides what it shows."""
    looked = Looked()
    with Image.open(io.BytesIO(raw)) as picture:
        _harmless(picture)
        tags = picture.getexif()
        if tags.get_ifd(ExifTags.IFD.GPSInfo):
            looked.tell(Finding.PLACE)
        for tag, finding in _TAGS.items():
            if tags.get(tag):
                looked.tell(finding, _words(tags[tag]))
        for name, value in picture.info.items():
            if isinstance(value, str):
                looked.text.append(value[:20_000])
                if str(name).lower() in ("author", "creator", "artist"):
                    looked.tell(Finding.AUTHOR, value)
    return looked


def _words(value: object) -> str:
    text = value.decode("utf-16-le", "replace") if isinstance(value, bytes) else str(value)
    return text.strip("\0 ")


def _harmless(picture: Image.Image) -> None:
    if picture.width * picture.height > PIXELS_MOST:
        raise TooMuch


def page_picture(raw: bytes, kind: str, number: int, side: int = 1600) -> bytes:
    """One page as a PNG, for a look at it; its longer side has at most so many pixels.

    Raises:
        IndexError: there is no such page.
    """
    image = _page(raw, kind, number, side)
    return _saved(image, "PNG")


def _page(raw: bytes, kind: str, number: int, side: int) -> Image.Image:
    if kind != "pdf":
        if number != 1:
            raise IndexError
        return _picture(raw, side)
    with pypdfium2.PdfDocument(raw) as document:
        if not 1 <= number <= len(document):
            raise IndexError
        document.init_forms()
        return _rendered(document[number - 1], side)


def _rendered(page: Any, side: int) -> Image.Image:
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, side / max(width, height, 1))
    bitmap = page.render(scale=scale, may_draw_forms=True, rev_byteorder=False)
    return bitmap.to_pil().convert("RGB")


def _picture(raw: bytes, side: int) -> Image.Image:
    with Image.open(io.BytesIO(raw)) as opened:
        _harmless(opened)
        turned = ImageOps.exif_transpose(opened)
        whole = turned.convert("RGBA")
        image = Image.new("RGB", whole.size, "white")
        image.paste(whole, mask=whole.getchannel("A"))
    image.thumbnail((side, side))
    return image


def burned(raw: bytes, kind: str, boxes: Iterable[Box]) -> tuple[bytes, int]:
    """A new file in which black boxes stand where the boxes are, and its number of pages.

    A PDF becomes a PDF of pictures of its pages in their size; a picture becomes a picture.

    Raises:
        TooMuch: more pages than can be made.
    """
    given = list(boxes)
    if kind != "pdf":
        image = _picture(raw, SIDE_MOST)
        _draw(image, given)
        return _saved(image, "PNG" if kind == "png" else "JPEG"), 1
    pages: list[tuple[bytes, tuple[int, int], tuple[float, float]]] = []
    with pypdfium2.PdfDocument(raw) as document:
        if len(document) > PAGES_MOST:
            raise TooMuch
        document.init_forms()
        for number, page in enumerate(document, start=1):
            image = _rendered(page, SIDE_MOST)
            _draw(image, [box for box in given if box.page == number])
            pages.append((_saved(image, "JPEG"), image.size, page.get_size()))
    return pdf_of_pictures(pages), len(pages)


def _draw(image: Image.Image, boxes: Sequence[Box]) -> None:
    draw = ImageDraw.Draw(image)
    for box in boxes:
        left, top = box.left * image.width // 1000, box.top * image.height // 1000
        right = -(-(box.left + box.width) * image.width // 1000)
        bottom = -(-(box.top + box.height) * image.height // 1000)
        draw.rectangle((left, top, right, bottom), fill="black")


def _saved(image: Image.Image, kind: str) -> bytes:
    clean = Image.new("RGB", image.size)
    clean.paste(image)  # a new picture: nothing that the old one carried comes along
    out = io.BytesIO()
    clean.save(out, kind, **({"quality": 82} if kind == "JPEG" else {"optimize": False}))
    return out.getvalue()


def pdf_of_pictures(
    pages: Sequence[tuple[bytes, tuple[int, int], tuple[float, float]]],
) -> bytes:
    """A PDF of JPEGs and nothing else: each its bytes, its pixels, and its page's size in points.

    Written by hand, because every library adds words of its own about program and time.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 3 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    for n, (jpeg, (across, down), (width, height)) in enumerate(pages):
        first = 3 + 3 * n
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] /Contents"
            f" {first + 1} 0 R /Resources << /XObject << /P {first + 2} 0 R >> >> >>".encode()
        )
        drawn = f"{width:.2f} 0 0 {height:.2f} 0 0 cm /P Do".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            f"<< /Type /XObject /Subtype /Image /Width {across} /Height {down} /ColorSpace"
            f" /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {len(jpeg)} >>\n".encode()
            + b"stream\n" + jpeg + b"\nendstream"
        )  # fmt: skip
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
