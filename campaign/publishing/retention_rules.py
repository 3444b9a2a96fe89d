"""How long the words and names of those who answered are kept (fairness.md rule 26)."""

from __future__ import annotations

import calendar
from datetime import datetime

STRANGERS_MONTHS = 6
"""Mail that is nobody's reply, spam among it, is evidence of nothing and goes sooner."""


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time of day so many months earlier; the month's last day where it has none.

    Args:
        moment: aware.
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
