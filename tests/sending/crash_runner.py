"""A sender in a process of its own that kills itself where it is told.

`python -m tests.sending.crash_runner PLACE SECONDS`: PLACE is a key of `PLACES`, or `nowhere`;
leases run for so many seconds. Settings come from the environment.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask

from campaign.config import Settings
from campaign.extensions import db
from campaign.factory import create_app
from campaign.sending import operations, smtp
from campaign.sending.conversation import Conversation
from campaign.sending.models import Dispatch
from campaign.sending.outbox import Leases, Sender
from campaign.sending.pacing import Pace
from campaign.sending.rules import DispatchState as S
from tests.servers.programs import dies_with_us

READY = "ready to send"


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(function: Callable[..., Any]) -> Callable[..., Any]:
    return _die


def _after(function: Callable[..., Any]) -> Callable[..., Any]:
    def done_then_dead(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)
        _die()

    return done_then_dead


def _halfway(function: Callable[..., None]) -> Callable[..., None]:
    """The second mail's text ends in its middle: the server could be too slow to kill us there."""
    mails = count(1)

    def send_text(talk: Conversation, data: bytes) -> None:
        if next(mails) == 2:
            talk.send(data[: len(data) // 2])
            _die()
        function(talk, data)

    return send_text


# Where the process kills itself; in the other places the server does it.
PLACES: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "after the claim": (Sender, "claim", _after),
    "during the text": (smtp, "_send_text", _halfway),
    "before the last gate": (Sender, "may_leave_now", _before),
    "between the last gate and the dot": (Sender, "may_leave_now", _after),
    "after the answer": (Sender, "record", _before),
    "after the record": (Sender, "record", _after),
}


def main(place: str, seconds: float) -> None:
    """Send until nothing waits; rows of a dead sender are waited for.

    Says `ready` once it could begin, and begins with the next line, or the end, of its input.
    """
    with _ready_to_die_at(place).app_context():
        _something_waits()  # connected, so that a start together is one
        print(READY, flush=True)
        sys.stdin.readline()
        _send_all(seconds)


def forked(environ: dict[str, str], place: str, seconds: float) -> None:
    """The same in a process that was forked from one with everything imported already."""
    dies_with_us()
    os.environ.update(environ)
    with _ready_to_die_at(place).app_context():
        _send_all(seconds)


def _ready_to_die_at(place: str) -> Flask:
    if place in PLACES:
        owner, name, how = PLACES[place]
        setattr(owner, name, how(getattr(owner, name)))
    return create_app(Settings.from_env())


def _something_waits() -> bool:
    waiting = sa.exists().where(
        Dispatch.state.in_((S.QUEUED, S.CLAIMED, S.TRANSMITTING, S.DEFERRED))
    )
    found = bool(db.session.scalar(sa.select(waiting)))
    db.session.rollback()
    return found


def _send_all(seconds: float) -> None:
    leases = Leases(timedelta(seconds=seconds), timedelta(seconds=seconds))
    end = time.monotonic() + 30
    while _something_waits():
        assert time.monotonic() < end, "something never left the queue"
        operations.send_due(leases=leases, batch=4, pace=Pace.unlimited())
        db.session.rollback()
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
