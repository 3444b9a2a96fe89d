"""A clock in a process of its own, as `flask clock` is, with leases that end within a test.

Forked from a process that has imported everything, so that many can live and die in a minute.
"""

from __future__ import annotations

import logging
import os
import threading
from datetime import timedelta

from campaign import schedule
from campaign.config import Settings
from campaign.factory import create_app
from campaign.sending import outbox
from tests.servers.programs import dies_with_us

LEASE = 2  # seconds

_real = outbox.Leases


def _short() -> outbox.Leases:
    return _real(timedelta(seconds=LEASE), timedelta(seconds=LEASE))


def clock(environ: dict[str, str]) -> None:
    """Work until killed; nobody asks it to stop."""
    dies_with_us()
    os.environ.update(environ)
    logging.disable(logging.CRITICAL)  # what a killed neighbour leaves behind is no news
    outbox.Leases = _short  # type: ignore[assignment,misc]
    schedule.EVERY, schedule.LEASE_SECONDS = 1, LEASE
    schedule.run_for_ever(create_app(Settings.from_env()), threading.Event())
