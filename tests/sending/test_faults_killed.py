"""A sender that is killed at each step of the conversation, and the one that starts after it.

Never twice, never lost: what had not reached the dot goes again, what may have is `unknown`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign.config import Settings
from campaign.database import transaction
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.sending import operations
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from campaign.sending.transport import open_transport
from tests.builders import sending as build
from tests.sending import crash_runner
from tests.sending.smtp_server import Peer, _Dropped, _Session, make_certificate
from tests.servers.live import environment

LONG, SHORT = 60.0, 3.0  # seconds that leases run for
GONE = -signal.SIGKILL

C, T = S.CLAIMED, S.TRANSMITTING
# step of the server, how often it goes well before, what its mail is in after the kill, whether
# the server has the mail
AT_THE_SERVER = {
    "the greeting": ("GREETING", 0, C, False),
    "EHLO": ("EHLO", 0, C, False),
    "STARTTLS": ("STARTTLS", 0, C, False),
    "AUTH": ("AUTH", 0, C, False),
    "MAIL": ("MAIL", 0, C, False),
    "RCPT of the company": ("RCPT", 0, C, False),
    "RCPT of our archive": ("RCPT", 1, C, False),
    "DATA": ("DATA", 0, C, False),
    "the final dot": ("DOT", 0, T, False),
    "the final dot, with the mail taken": ("DOT", 0, T, True),
    "RSET after a refusal": ("RSET", 0, C, False),
}
# place of `crash_runner`
AT_OUR_SIDE = {
    "after the claim": (C, False),
    "before the last gate": (C, False),
    "between the last gate and the dot": (T, False),
    "after the answer": (T, True),
    "after the record": (S.ACCEPTED, True),
}


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    """Starts senders in a moment: they are forked from a process that has imported everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.sending.crash_runner"])
    return context


class Killed:
    """A sender's life: killed where the server says, or where it kills itself."""

    def __init__(self, forks: ForkServerContext, settings: Settings, tmp_path: Path) -> None:
        self.forks, self.settings = forks, settings
        self.trust = tmp_path / "cert.pem"
        self.process: ForkServerProcess | None = None
        self.taking = False

    def start(self, url: str, place: str, seconds: float) -> ForkServerProcess:
        live = replace(
            self.settings, mail_url=url, inbox_url=f"maildir:{self.settings.captured_inbox}"
        )
        environ = environment(live) | {"SSL_CERT_FILE": str(self.trust)}
        self.process = self.forks.Process(
            target=crash_runner.forked, args=(environ, place, seconds)
        )
        self.process.start()
        return self.process

    def at_server(self, session: _Session) -> None:
        """The server has heard us, and we hear nothing any more."""
        if self.taking:
            session.keep()
        assert self.process is not None
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        wait([self.process.sentinel], 10)
        raise _Dropped


def _ended(process: ForkServerProcess, status: int) -> None:
    process.join(40)
    assert process.exitcode == status


def _peer(where: str, killed: Killed, tmp_path: Path) -> Peer:
    step, agreed, _state, taken = AT_THE_SERVER[where]
    killed.taking = taken
    script = {step: [*[None] * agreed, killed.at_server]}
    if step == "RSET":
        script["RCPT"] = [lambda session: session.say(b"450 4.2.1 later\r\n")]
    tls = make_certificate(tmp_path, days=2, name="IP:127.0.0.1") if step == "STARTTLS" else None
    return Peer(script, extensions=("SIZE 10485760", "AUTH PLAIN"), tls=tls)


def _url(peer: Peer, where: str) -> str:
    url = peer.url.replace("//", "//us:word@") if where == "AUTH" else peer.url
    return url + "?tls=starttls" if where == "STARTTLS" else url


@pytest.mark.parametrize("where", [*AT_THE_SERVER, *AT_OUR_SIDE])
def test_a_sender_that_is_killed_at(
    where: str, app: Flask, settings: Settings, forks: ForkServerContext, tmp_path: Path
) -> None:
    killed = Killed(forks, settings, tmp_path)
    with app.app_context():
        first, second = (row.id for row in build.ordered(2))
        db.session.remove()
    if where in AT_OUR_SIDE:
        peer, (state, taken) = Peer(), AT_OUR_SIDE[where]
    else:
        peer, (_, _, state, taken) = _peer(where, killed, tmp_path), AT_THE_SERVER[where]
    with peer:
        _ended(killed.start(_url(peer, where), where, LONG), GONE)
        with app.app_context():
            assert _states(first, second) == (state, C)
            assert len(peer.mails) == taken
            _leases_end()
            db.session.remove()
        _ended(killed.start(_url(peer, where), "nowhere", SHORT), 0)
        with app.app_context():
            doubtful = state is T
            assert _states(first, second) == (S.UNKNOWN if doubtful else S.ACCEPTED, S.ACCEPTED)
            ids = Counter(str(message_from_bytes(m.data)["Message-ID"]) for m in peer.mails)
            assert max(ids.values()) == 1, "the server has a mail twice"
            assert len(ids) == (1 if doubtful and not taken else 2)
            assert history.verify()[1] is None
            _nothing_follows(peer)


def _states(*ids: int) -> tuple[S, ...]:
    rows = db.session.execute(sa.select(Dispatch.id, Dispatch.state)).all()
    found = {row.id: row.state for row in rows}
    return tuple(found[one] for one in ids)


def _leases_end() -> None:
    """What was claimed for a minute is free: a minute has passed."""
    with transaction() as session:
        held = sa.update(Dispatch).where(Dispatch.lease_holder.is_not(None))
        session.execute(held.values(lease_until=clock.real_now()))


def _nothing_follows(peer: Peer) -> None:
    before = peer.connections
    for later in (timedelta(minutes=2), timedelta(days=3)):
        with clock.at(clock.now() + later):
            assert operations.send_due(transport=open_transport(peer.url)) == 0
    assert peer.connections == before
