"""What tests of public pages look at, and when they look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from campaign.kernel import clock

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def later() -> Iterator[datetime]:
    """24 November 2026, for the whole test."""
    with clock.at(NOW):
        yield NOW
