"""Servers that say anything at any step: a mail always ends in an outcome, and never in doubt
before our last gate was asked."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from campaign.sending.transport import Handover, Outcome, Transport, TransportTrouble, Waits
from tests.sending.mails import PARCEL, Gate, opened
from tests.sending.smtp_server import DROP, Peer

STEPS = "GREETING EHLO HELO STARTTLS AUTH MAIL RCPT DATA BODY DOT RSET".split()
EXTENSIONS = [
    ("SIZE 10485760",),
    ("DSN", "SMTPUTF8", "8BITMIME"),
    ("AUTH PLAIN LOGIN CRAM-MD5", "SIZE"),
    ("AUTH XOAUTH2",),
]
WORDS = [
    b"250 ok\r\n",
    b"250",
    b"250\n",
    b"250\r",
    b"25\r\n",
    b"2500 x\r\n",
    b"250-\r\n250 \r\n",
    b"250-ok\r\n451 z\r\n",
    b"451-x\r\n250 y\r\n",
    b"251 will forward\r\n",
    b"354 go\r\n",
    b"421 bye\r\n",
    b"535 no\r\n",
    b"552 5.3.4 big\r\n",
    b"999 a\r\n",
    b"-1 x\r\n",
    b"220 go\r\n\x16\x03\x01",
    b"250-SIZE 99999999999999999999\r\n250-AUTH=PLAIN\r\n250 AUTH CRAM-MD5\r\n",
    b"250 " + b"\xc3\xbc" * 1000 + b"\r\n",
    "250 ü\u2028\r\n".encode(),
    b"\xff\xfe\r\n",
    b"\x00" * 10,
    b"\r\n",
    b"\n\n",
]
CHALLENGES = [b"334 abc\r\n", b"334 \xff\xff\r\n", b"334 PDFAeD4=\r\n", b"334\r\n", b"334 =\r\n"]
HANDED_OVER = (Handover.ACCEPTED, Handover.LOST_AFTER_DOT, Handover.STOPPED)


def _said(step: str, rng: random.Random) -> bytes | None:
    if rng.random() < 0.4:
        return None
    if step == "AUTH" and rng.random() < 0.6:
        return rng.choice(CHALLENGES)
    return rng.choice([*WORDS, DROP, rng.randbytes(rng.randrange(1, 40)) + b"\r\n"])


@pytest.mark.parametrize("seed", range(80))
def test_a_server_that_says_anything_leaves_an_outcome(seed: int) -> None:
    rng = random.Random(seed)
    script = {step: [_said(step, rng) for _ in range(3)] for step in STEPS if rng.random() < 0.3}
    waits = Waits(connect=1, command=0.1, after_dot=0.1)
    offers = rng.choice(EXTENSIONS)
    with Peer(script, extensions=offers) as peer:
        signs_in = "AUTH" in offers[0] and rng.random() < 0.8
        url = peer.url.replace("//", "//us:word@") if signs_in else peer.url
        url += "?tls=starttls" if rng.random() < 0.2 else ""
        with opened(url, waits=waits) as way:
            for _ in range(3):
                _send_once(way)


def _send_once(way: Transport) -> None:
    gate = Gate()
    outcome: Outcome | None = None
    with suppress(TransportTrouble):  # nothing was sent
        outcome = way.send(PARCEL, gate)
    if outcome is None:
        assert gate.calls == 0
        return
    assert outcome.reply.isprintable()
    assert len(outcome.reply) <= 2000
    assert gate.calls == 1 or outcome.handover not in HANDED_OVER
