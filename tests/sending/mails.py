"""A mail to hand over, our last gate, and the way to a scripted server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from campaign.sending.transport import (
    Outcome,
    Parcel,
    Transport,
    Waits,
    open_transport,
)
from tests.sending.smtp_server import (
    Peer,
)

DATA = (
    b"From: letters@ours.example\r\nTo: ethics@company.example\r\nMessage-ID: <1@ours.example>\r\n"
    b"\r\n.\r\n..two\r\n.starts\r\nends\r\n\r\n" + b"more text\r\n" * 40
)
PARCEL = Parcel(
    message_id="<1@ours.example>",
    envelope_sender="bounces+abcdefghijklmnopqrstuvwx27@ours.example",
    recipient="ethics@company.example",
    archive="archive@ours.example",
    data=DATA,
)
PATIENT = Waits(connect=10, command=10, after_dot=10)
HASTY = Waits(connect=2, command=0.4, after_dot=1.2)


class Gate:
    """Our own last check, counted."""

    def __init__(self, answer: bool = True) -> None:
        self.calls = 0
        self.answer = answer

    def __call__(self) -> bool:
        self.calls += 1
        return self.answer


@contextmanager
def opened(url: str, **options: Any) -> Iterator[Transport]:
    transport = open_transport(url, **{"waits": PATIENT, "ehlo_name": "ours.example", **options})
    try:
        yield transport
    finally:
        transport.close()


def sent(peer: Peer, parcel: Parcel = PARCEL, **options: Any) -> tuple[Outcome, int]:
    """One mail sent to `peer`: the outcome and how often the gate was asked."""
    gate = Gate()
    with opened(peer.url, **options) as transport:
        return transport.send(parcel, gate), gate.calls


def say_and_go_on(raw: bytes) -> Any:
    def act(session: Any) -> None:
        session.say(raw)
        time.sleep(0.05)

    return act
