"""Moments in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaign.web.moments import relative

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(), "just now"),
        (timedelta(milliseconds=-900), "just now"),
        (timedelta(seconds=1), "in 1 second"),
        (timedelta(seconds=-14), "14 seconds ago"),
        (timedelta(seconds=119), "in 1 minute"),
        (timedelta(hours=9, minutes=59), "in 9 hours"),
        (timedelta(hours=-25), "1 day ago"),
        (timedelta(days=11, hours=23), "in 11 days"),
        (timedelta(days=12), "in 12 days"),
        (timedelta(days=-1200), "1,200 days ago"),
    ],
)
def test_a_moment_is_told_in_whole_units_and_never_in_weeks(apart: timedelta, words: str) -> None:
    assert relative(NOW + apart, NOW) == words
