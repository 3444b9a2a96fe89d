"""What tests of public pages look at, and when they look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from campaign.kernel import clock
from tests.builders import publishing as build

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def later() -> Iterator[datetime]:
    """24 November 2026, for the whole test."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def larkfield(app: Flask, later: datetime) -> int:
    """Id of a letter to Larkfield Home that left on 2 November."""
    with app.app_context():
        return build.sent(build.campaign()).id
