"""Boxes on pages, with a reason each: as a form carries them and the database holds them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from campaign.replies.redaction_rules import REASONS, Reason

BOXES_MOST = 500
WHOLE = 1000


class ReasonedBox(NamedTuple):
    """A black box: page from 1, the rest in thousandths of the page from its top left."""

    page: int
    left: int
    top: int
    width: int
    height: int
    reason: Reason

    @property
    def place(self) -> tuple[int, int, int, int, int]:
        """Where it is."""
        return self.page, self.left, self.top, self.width, self.height

    @property
    def in_words(self) -> str:
        """Where it is, for a list."""
        if (self.left, self.top, self.width, self.height) == (0, 0, WHOLE, WHOLE):
            return f"All of page {self.page}"
        across, down = self.left // 10, self.top // 10
        return f"Page {self.page}: {across} % from the left, {down} % from the top"

    def covers(self, other: ReasonedBox) -> bool:
        """Whether nothing of the other is seen beside this one."""
        return (
            self.page == other.page
            and self.left <= other.left
            and self.top <= other.top
            and self.left + self.width >= other.left + other.width
            and self.top + self.height >= other.top + other.height
        )


_WRITTEN = re.compile(r"(\d{1,4})-(\d{1,4})-(\d{1,4})-(\d{1,4})-(\d{1,4})-([a-z]{1,20})")


def box(given: str, pages: int) -> ReasonedBox | None:
    """A box as a form has it, cut to its page; None for what is none."""
    match = _WRITTEN.fullmatch(given)
    if match is None or match.group(6) not in REASONS:
        return None
    page, left, top, width, height = (int(one) for one in match.groups()[:5])
    width, height = min(width, WHOLE - left), min(height, WHOLE - top)
    if not 1 <= page <= pages or width <= 0 or height <= 0:
        return None
    return ReasonedBox(page, left, top, width, height, Reason(match.group(6)))


def read(given: str, pages: int) -> tuple[ReasonedBox, ...]:
    """Boxes as a form brought them back, in order, each once."""
    found = (box(one, pages) for one in given.split()[:BOXES_MOST])
    return tuple(sorted({one for one in found if one is not None}))


def written(boxes: Iterable[ReasonedBox]) -> str:
    """Boxes as a form carries them."""
    return " ".join("-".join(str(part) for part in one) for one in boxes)


def to_json(boxes: Iterable[ReasonedBox]) -> str:
    """Boxes as the database holds them."""
    return json.dumps([list(one) for one in boxes])


def from_json(stored: str) -> tuple[ReasonedBox, ...]:
    """Boxes from the database."""
    return tuple(
        ReasonedBox(page, left, top, width, height, Reason(reason))
        for page, left, top, width, height, reason in json.loads(stored)
    )


def reveals(before: Iterable[ReasonedBox], after: Iterable[ReasonedBox]) -> bool:
    """Whether a place that was covered may be seen now."""
    now = list(after)
    return any(not any(new.covers(old) for new in now) for old in before)
