"""How long the words and names of those who answered are kept (fairness.md rule 26)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

STRANGERS_MONTHS = 6
"""Mail that is nobody's reply, spam among it, is evidence of nothing and goes sooner."""


class Term(NamedTuple):
    """What is over by now.

    Attributes:
        before: aware; a letter is silent when nothing has come, gone or been published since.
        today: on the calendar of UTC.
    """

    before: datetime
    today: date


def term(now: datetime, months: int) -> Term:
    """The term that ends at an aware moment."""
    return Term(months_before(now, months), now.date())


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time of day so many months earlier; the month's last day where it has none.

    Args:
        moment: aware.
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def without_names(text: str, names: Iterable[str], *, company: str) -> str:
    """A text of ours without the names and addresses of people, and without parts of their names.

    Words of the company's own name stay: they name nobody.
    """
    known = {name for name in names if name}
    own = set(re.findall(r"\w+", company))
    parts = {part for name in known if "@" not in name for part in re.findall(r"\w{2,}", name)}
    for words in sorted(known | (parts - own), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "[name]", text)
    return text
