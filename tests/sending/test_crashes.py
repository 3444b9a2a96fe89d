"""SIGKILL at every step of sending, in real processes (reliability.md, "Sending")."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes
from itertools import repeat

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign.config import ROOT, Settings
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.sending.models import DeliveryEvidence, Dispatch, DispatchAttempt
from campaign.sending.rules import DispatchState as S
from tests.builders import sending as build
from tests.sending.crash_runner import READY
from tests.sending.smtp_server import Peer, _Dropped, _Session
from tests.servers.live import environment
from tests.servers.programs import dies_with_us

LEASE = "1.5"
NUMBER = 3


class Killer:
    """What a server does that kills the sender, once, at the second mail."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.mails = 0

    def at_dot(self, session: _Session) -> None:
        """The whole mail is there, and the server takes it: nobody ever hears of it."""
        self.mails += 1
        if self.mails == 2:
            session.keep()
            self._kill()
            raise _Dropped
        session.say(b"250 2.0.0 Ok: queued as 4X\r\n")

    def _kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _start(settings: Settings, place: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sending.crash_runner", place, LEASE],
        cwd=ROOT,
        env=environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=dies_with_us,
    )


def _after_a_moment(session: _Session) -> None:
    time.sleep(0.03)
    session.say(b"250 2.0.0 Ok: queued as 4X\r\n")


def _start_together(senders: Sequence[subprocess.Popen[bytes]]) -> None:
    """Let them begin at one moment: alone for a second, one would empty the queue."""
    for sender in senders:
        assert sender.stdout
        said = iter(sender.stdout.readline, b"")
        assert any(line.strip().decode() == READY for line in said), "it ended before it began"
    for sender in senders:
        assert sender.stdin
        sender.stdin.write(b"go\n")
        sender.stdin.flush()


def _finish(process: subprocess.Popen[bytes], status: int) -> None:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == status, said.decode(errors="replace")[-4000:]


@contextmanager
def _crash_then_go_on(app: Flask, settings: Settings, place: str) -> Iterator[Peer]:
    """Send to a server, die at `place`, and let a new process go on until nothing waits."""
    killer = Killer()
    script = {"DOT": [killer.at_dot] * 9} if place == "after the dot" else {}
    with Peer(script) as peer:
        live = replace(settings, mail_url=peer.url, inbox_url=f"maildir:{settings.captured_inbox}")
        first = killer.process = _start(live, place)
        _finish(first, -signal.SIGKILL)
        _finish(_start(live, "nowhere"), 0)
        yield peer


def _message_ids(peer: Peer) -> Counter[str]:
    return Counter(str(message_from_bytes(mail.data)["Message-ID"]) for mail in peer.mails)


# Where it died: how many mails are then `unknown`, and how many of these the server has.
CASES = {
    "after the claim": (0, 0),
    "before the last gate": (0, 0),
    "during the text": (0, 0),
    "between the last gate and the dot": (1, 0),
    "after the dot": (1, 1),
    "after the answer": (1, 1),
    "after the record": (0, 0),
}


@pytest.mark.parametrize("place", CASES, ids=lambda place: place.replace(" ", "-"))
def test_a_sender_killed(app: Flask, settings: Settings, place: str) -> None:
    unknown, unknown_there = CASES[place]
    with app.app_context():
        build.ordered(NUMBER)
        db.session.remove()
    with _crash_then_go_on(app, settings, place) as peer, app.app_context():
        rows = list(db.session.scalars(sa.select(Dispatch)))
        by_state = {state: {str(r.message_id) for r in rows if r.state is state} for state in S}
        taken = _message_ids(peer)
        assert max(taken.values()) == 1, "a mail reached the server twice"
        assert by_state[S.ACCEPTED] | by_state[S.UNKNOWN] == {str(r.message_id) for r in rows}
        assert by_state[S.ACCEPTED] <= set(taken), "a mail that never arrived counts as accepted"
        assert len(by_state[S.UNKNOWN]) == unknown
        assert len(by_state[S.UNKNOWN] & set(taken)) == unknown_there
        _books_agree(rows)


def _books_agree(rows: list[Dispatch]) -> None:
    """Attempts, evidence, letters and history say the same as the rows."""
    accepted = {row.id for row in rows if row.state is S.ACCEPTED}
    assert set(db.session.scalars(sa.select(DeliveryEvidence.dispatch_id))) == accepted
    assert set(db.session.scalars(sa.select(DispatchAttempt.dispatch_id))) == accepted
    assert {row.state for row in db.session.scalars(sa.select(Letter))} == {LetterState.OPEN}
    events = [event.kind for row in rows for event in history.of(row.ref)]
    assert events.count("dispatch.accepted") == len(accepted)
    assert events.count("dispatch.unknown") == len(rows) - len(accepted)
    assert history.verify()[1] is None


def test_two_processes_at_once_hand_each_of_fifty_over_once(app: Flask, settings: Settings) -> None:
    with app.app_context():
        wanted = sorted(str(row.message_id) for row in build.ordered(50))
        db.session.remove()
    # Each has a server of its own, since this one serves one connection at a time.
    # As real servers do, each takes a moment for a mail: at full speed one sender can hold SQLite's
    # one lock so often that the other gets no turn before the queue is empty.
    slow = {"DOT": repeat(_after_a_moment)}
    with Peer(slow) as one, Peer(slow) as other:
        inbox = f"maildir:{settings.captured_inbox}"
        senders = [
            _start(replace(settings, mail_url=peer.url, inbox_url=inbox), "nowhere")
            for peer in (one, other)
        ]
        _start_together(senders)
        for sender in senders:
            _finish(sender, 0)
        assert sorted([*_message_ids(one).elements(), *_message_ids(other).elements()]) == wanted
        assert one.mails, "only one of them worked"
        assert other.mails, "only one of them worked"
    with app.app_context():
        assert set(db.session.scalars(sa.select(Dispatch.state))) == {S.ACCEPTED}
        assert history.verify()[1] is None
