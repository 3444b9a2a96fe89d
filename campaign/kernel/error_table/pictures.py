"""Errors of pictures that people upload."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "picture-type": Advice(
        "This file is no picture that can be printed.",
        "Save the picture as PNG or JPEG and choose it again.",
    ),
    "picture-large": Advice(
        "The picture is too large: {why}.",
        "Save it smaller: up to 5 MB and 40 million pixels are taken; a width of 1,000 pixels is "
        "plenty.",
    ),
    "picture-broken": Advice(
        "The picture cannot be read to its end.",
        "Open it in a picture program, save it anew as PNG or JPEG and choose that file.",
    ),
    "picture-blank": Advice(
        "The picture shows nothing but white.",
        "Choose one with dark lines on white, or on nothing.",
    ),
    "picture-missing": Advice("No picture was chosen.", "Choose a PNG or JPEG file."),
}
