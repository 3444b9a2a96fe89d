"""What a person typed, made fit to be stored: trimmed, bounded, without hidden characters."""

from __future__ import annotations

import re

from campaign.kernel.errors import Problem
from campaign.kernel.text import one_line

# Controls other than tab and line feed, DEL, C1, Unicode line breaks, half characters.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def line(value: str | None, *, name: str, limit: int, required: bool = False) -> str:
    """`value` as one line of at most `limit` characters.

    Args:
        name: what the person who reads the error calls this field.

    Raises:
        Problem: `control-character`, `field-too-long`; `field-empty` where it is required.
    """
    return _bounded(one_line(value or "", name=name), name, limit, required)


def text(value: str | None, *, name: str, limit: int, required: bool = False) -> str:
    """`value` as text of several lines; line ends become `\\n`, the rest stays as typed.

    Raises:
        Problem: as `line`.
    """
    lines = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    found = _HIDDEN.search(lines)
    if found:
        raise Problem("control-character", name=name, character=f"U+{ord(found.group()):04X}")
    return _bounded(lines.strip(), name, limit, required)


def _bounded(value: str, name: str, limit: int, required: bool) -> str:
    if required and not value:
        raise Problem("field-empty", name=name)
    if len(value) > limit:
        raise Problem("field-too-long", name=name, limit=f"{limit:,}", length=f"{len(value):,}")
    return value


def shown_name(value: str | None) -> str:
    """A file name as it is told to people: one short line, never used as a path."""
    plain = "".join(c for c in (value or "") if c.isprintable())
    return plain.replace("\\", "/").rpartition("/")[2][:200] or "a file without a name"
