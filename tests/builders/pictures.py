"""Files of pictures, as people upload them."""

from __future__ import annotations

import io

from PIL import Image


def picture_file(
    colour: str = "navy", size: tuple[int, int] = (300, 100), kind: str = "PNG"
) -> bytes:
    """A plain area of a colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()
