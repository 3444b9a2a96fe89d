"""Moments as people say them."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_timedelta


def relative(moment: datetime, now: datetime) -> str:
    """How far a moment lies from now: “in 9 hours”, “2 days ago”, “just now”. Both are aware."""
    apart = moment - now
    if abs(apart.total_seconds()) < 1:
        return "just now"
    return format_timedelta(apart, add_direction=True, locale="en", threshold=1.5)
