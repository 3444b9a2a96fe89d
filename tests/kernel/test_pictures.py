"""Uploaded pictures: what is taken, what becomes of it, what is refused and how."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from campaign.kernel.errors import Problem
from campaign.kernel.pictures import BYTES_MOST, clean

MOST = (400, 200)


def drawn(size: tuple[int, int] = (300, 100), mode: str = "RGB", ground: Any = "white") -> Any:
    image = Image.new(mode, size, ground)
    dark: Any = {"RGBA": (10, 20, 90, 255), "LA": (10, 255), "L": 10, "I;16": 2000}.get(
        mode, "navy"
    )
    ImageDraw.Draw(image).rectangle((size[0] // 3, size[1] // 4, size[0] // 2, size[1] // 2), dark)
    return image


def file_of(image: Any, kind: str = "PNG", **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A file of some bytes that claims to be a picture of that size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def words_bomb() -> bytes:
    """A picture whose comment unfolds to 100 MB."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 100_000_000, zip=True)
    return file_of(drawn(), pnginfo=info)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "a drawing": (SVG, "picture-type"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "picture-type"),
    "a PDF": (b"%PDF-1.7\n", "picture-type"),
    "a GIF": (file_of(drawn(), "GIF"), "picture-type"),
    "a TIFF": (file_of(drawn(), "TIFF"), "picture-type"),
    "nothing": (b"", "picture-type"),
    "half a PNG": (file_of(Image.effect_noise((200, 200), 90))[:9000], "picture-broken"),
    "half a JPEG": (file_of(Image.effect_noise((200, 200), 90), "JPEG")[:900], "picture-broken"),
    "a PNG in its first bytes": (b"\x89PNG\r\n\x1a\n" + SVG, "picture-broken"),
    "a JPEG in its first bytes": (b"\xff\xd8\xff" + SVG, "picture-broken"),
    "a comment that unfolds": (words_bomb(), "picture-broken"),
    "a bomb": (bomb(60_000, 60_000), "picture-large"),
    "a smaller bomb": (bomb(12_000, 12_000), "picture-large"),
    "one pixel too wide": (bomb(40_000_001, 1), "picture-large"),
    "too many bytes": (file_of(drawn()) + b"\0" * BYTES_MOST, "picture-large"),
    "white": (file_of(Image.new("RGB", (50, 50), "white")), "picture-blank"),
    "nothing but transparent": (
        file_of(Image.new("RGBA", (50, 50), (0, 0, 0, 0))),
        "picture-blank",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_safe_picture_is_refused_with_what_to_do(name: str) -> None:
    raw, code = REFUSED[name]
    with pytest.raises(Problem) as told:
        clean(raw, MOST)
    assert told.value.code == code
    assert told.value.what_to_do


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "L", "P", "1", "I;16", "CMYK", "YCbCr"])
def test_a_picture_of_any_kind_becomes_dark_on_white_without_its_margins(mode: str) -> None:
    light: Any = {"RGBA": (255, 255, 255, 0), "LA": (255, 0), "I;16": 65535}.get(mode, "white")
    first = drawn(mode="RGB" if mode in ("P", "1", "CMYK", "YCbCr") else mode, ground=light)
    if first.mode != mode:
        first = first.convert(mode)
    raw = file_of(first, "JPEG", quality=95) if mode in ("CMYK", "YCbCr") else file_of(first)
    found = clean(raw, MOST)
    assert abs(found.width - 51) <= 2
    assert abs(found.height - 26) <= 2
    image = Image.open(io.BytesIO(found.raw))
    assert (image.size, image.mode) == ((found.width, found.height), "RGB")
    assert sum(image.getpixel((25, 12))) < 250  # type: ignore[arg-type]


def test_half_transparent_ink_is_laid_on_white() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 128))
    found = Image.open(io.BytesIO(clean(file_of(image), MOST).raw))
    assert found.getpixel((5, 5)) == (127, 127, 127)


def test_a_picture_is_made_to_fit_and_never_enlarged() -> None:
    wide = clean(file_of(Image.new("RGB", (4000, 100), "navy")), MOST)
    assert (wide.width, wide.height) == (400, 10)
    high = clean(file_of(Image.new("RGB", (100, 2000), "navy")), MOST)
    assert (high.width, high.height) == (10, 200)
    small = clean(file_of(Image.new("RGB", (30, 20), "navy")), MOST)
    assert (small.width, small.height) == (30, 20)


def test_a_turned_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = clean(file_of(Image.new("RGB", (80, 20), "navy"), "JPEG", exif=exif), MOST)
    assert (found.width, found.height) == (20, 80)


def test_nothing_else_of_the_file_is_kept() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "a name that nobody should read")
    exif = Image.Exif()
    exif[0x010E] = "a place that nobody should read"
    for raw in (
        file_of(drawn(), pnginfo=info) + b"PK\x03\x04 an archive behind it",
        file_of(drawn(), "JPEG", exif=exif, comment=b"that nobody should read"),
    ):
        assert b"nobody should read" in raw or b"archive" in raw
        kept = clean(raw, MOST).raw
        assert b"nobody" not in kept
        assert b"archive" not in kept


def test_a_moving_picture_shows_its_first_page_only() -> None:
    frames = [Image.new("RGB", (20, 20), one) for one in ("navy", "maroon")]
    found = clean(file_of(frames[0], save_all=True, append_images=frames[1:]), MOST)
    image = Image.open(io.BytesIO(found.raw))
    assert getattr(image, "n_frames", 1) == 1
    assert image.getpixel((5, 5)) == (0, 0, 128)


def test_a_photograph_becomes_a_small_jpeg_and_a_drawing_a_png() -> None:
    noise = file_of(Image.effect_noise((600, 300), 90).convert("RGB"))
    photograph, drawing = clean(noise, (600, 300)), clean(file_of(drawn()), MOST)
    assert (photograph.media_type, drawing.media_type) == ("image/jpeg", "image/png")
    assert photograph.raw.startswith(b"\xff\xd8\xff")
    assert len(photograph.raw) < len(noise)


def test_the_same_file_twice_is_the_same_picture() -> None:
    assert clean(file_of(drawn()), MOST) == clean(file_of(drawn()), MOST)
