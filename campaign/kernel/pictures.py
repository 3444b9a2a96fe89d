"""Pictures that people upload: decoded, freed of their margins, made small and written anew.

Nothing of the file itself is kept: no metadata, no hidden second picture, no script. Only PNG and
JPEG are decoded; a drawing such as SVG could hold scripts and addresses and is refused.
"""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, ImageOps

from campaign.kernel.errors import Problem

BYTES_MOST = 5 * 2**20
PIXELS_MOST = 40_000_000
"""A bomb of some kilobytes can unfold to gigabytes: asked before a pixel is decoded."""

_PNG_MOST = 150_000  # bytes; a photograph is smaller as JPEG
_WHITE = 232  # of 255: paper that was scanned is not quite white
_ODD = 16  # bits; modes of that depth lose their upper bits when they are converted


class Picture(NamedTuple):
    """A picture as it is kept; width and height in pixels."""

    raw: bytes
    media_type: str
    width: int
    height: int


def clean(raw: bytes, most: tuple[int, int]) -> Picture:
    """The picture in an uploaded file, on white, without empty margins.

    Args:
        most: width and height in pixels that it is made to fit in.

    Raises:
        Problem: `picture-large`, `picture-type`, `picture-broken` or `picture-blank`.
    """
    if len(raw) > BYTES_MOST:
        raise Problem("picture-large", why=f"it has more than {BYTES_MOST // 2**20} MB")
    if not raw.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise Problem("picture-type")
    try:
        with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG")) as opened:
            width, height = opened.size
            if width * height > PIXELS_MOST:
                raise Problem("picture-large", why=f"it has {width:,} by {height:,} pixels")
            plain = _on_white(ImageOps.exif_transpose(opened))
    except Problem:
        raise
    except Image.DecompressionBombError:
        raise Problem("picture-large", why="it unfolds to too many pixels") from None
    except Exception as error:  # whatever a decoder stumbles over in a broken file
        raise Problem("picture-broken") from error
    plain = _trimmed(plain)
    plain.thumbnail(most, Image.Resampling.LANCZOS)
    return _written(plain)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 2 ** (_ODD - 8)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("RGB")


def _trimmed(image: Image.Image) -> Image.Image:
    dark = image.convert("L").point(lambda value: 255 if value < _WHITE else 0)
    box = dark.getbbox()
    if box is None:
        raise Problem("picture-blank")
    return image.crop(box)


def _written(image: Image.Image) -> Picture:
    out, kind = io.BytesIO(), "image/png"
    image.save(out, "PNG", optimize=True)
    if len(out.getvalue()) > _PNG_MOST:
        out, kind = io.BytesIO(), "image/jpeg"
        image.save(out, "JPEG", quality=88)
    return Picture(out.getvalue(), kind, *image.size)
