"""A clock in a process of its own that kills itself while it publishes.

`python -m tests.publishing.crash_runner PLACE MOMENT`: PLACE is a key of `PLACES`; MOMENT is
what the clock is set to. Settings come from the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from campaign.config import Settings
from campaign.factory import create_app
from campaign.kernel import clock
from campaign.publishing import operations
from campaign.schedule import run_pass


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(function: Callable[..., Any]) -> Callable[..., Any]:
    def done_then_dead(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)
        _die()

    return done_then_dead


# The act is: check every gate, write record and entry, note the event, commit.
PLACES: dict[str, tuple[str, Callable[..., Any]]] = {
    "before the act": ("publish_silence", lambda _: _die),
    "before the event is noted": ("note", lambda _: _die),
    "before the commit": ("add_entry", _after),
    "after the commit": ("publish_silence", _after),
}


def main(place: str, moment: str) -> None:
    """One pass at that moment, which this process does not survive."""
    name, how = PLACES[place]
    setattr(operations, name, how(getattr(operations, name)))
    app = create_app(Settings.from_env())
    with app.app_context(), clock.at(datetime.fromisoformat(moment)):
        run_pass(wait=60)


if __name__ == "__main__":
    main(*sys.argv[1:])
