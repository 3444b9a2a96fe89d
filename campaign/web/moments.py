"""Moments as people say them.

Not Babel's: it calls 11 days “2 weeks”, which is no word for a deadline.
"""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def relative(moment: datetime, now: datetime) -> str:
    """How far a moment lies from now: “in 9 hours”, “2 days ago”, “just now”. Both are aware.

    Only whole units count, so that nobody is told of more time than there is.
    """
    apart = int((moment - now).total_seconds())
    for unit, seconds in _UNITS:
        number = abs(apart) // seconds
        if number:
            words = f"{number:,} {unit}{'' if number == 1 else 's'}"
            return f"in {words}" if apart > 0 else f"{words} ago"
    return "just now"


def lasting(span: timedelta) -> str:
    """About how long something takes: “under a minute”, “about 3 minutes”, “about 2 hours”."""
    seconds = span.total_seconds()
    if seconds < 60:
        return "under a minute"
    for unit, length in _UNITS:
        number = round(seconds / length)
        if number >= 2 or unit == "minute":
            return f"about {number:,} {unit}{'' if number == 1 else 's'}"
    return "under a minute"
