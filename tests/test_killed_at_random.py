"""SIGKILL at random moments under load: two clocks, a real mail server and a real mailbox.

What the receiving server took, what lies in the mailbox, the rows and the history have to agree
afterwards. `make crash` plays many seeds; the tests play one on each database.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from itertools import repeat
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign.config import Settings
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.replies.kinds import Kind
from campaign.replies.models import IncomingMessage, IncomingPosition
from campaign.replies.rules import Triage
from campaign.sending.models import DeliveryEvidence, Dispatch
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import EvidenceKind
from tests import clock_runner
from tests.builders import sending as build
from tests.replies.dovecot import Server, dovecot
from tests.sending.smtp_server import Peer, _Session
from tests.servers.live import environment

LETTERS, STRANGERS, KILLS = 200, 40, 10
MOST = 120  # seconds for everything to come to rest afterwards
SEEDS = range(1, 1 + int(os.environ.get("CRASH_SEEDS", "1")))
_AT_WORK = (S.QUEUED, S.CLAIMED, S.TRANSMITTING, S.DEFERRED)


@dataclass
class Relay(Peer):
    """A server for any number of connections that delivers into a mailbox, and remembers."""

    mailbox: Server | None = None
    taken: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Relay:
        self.script = {"DOT": repeat(self._take)}
        super().__enter__()
        return self

    def _take(self, session: _Session) -> None:
        """The mail is here, and its copy in the mailbox, whether or not the sender hears of it."""
        assert self.mailbox is not None
        self.taken.append(session.text)
        self.mailbox.deliver(session.text)
        session.say(b"250 2.0.0 Ok: queued as 4XyZ12\r\n")

    def _talk(self, session: _Session) -> None:
        threading.Thread(target=super()._talk, args=[session]).start()


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as found:
        yield found


@pytest.fixture(scope="module")
def forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.clock_runner"])
    return context


class Clocks:
    """Two clocks at work, of which one is killed now and then, and another takes its place."""

    def __init__(self, forks: ForkServerContext, settings: Settings, seed: int) -> None:
        self.forks, self.environ = forks, environment(settings)
        self.chance = random.Random(seed)
        self.alive = [self._start(), self._start()]

    def _start(self) -> ForkServerProcess:
        process = self.forks.Process(target=clock_runner.clock, args=[self.environ])
        process.start()
        return process

    def kill_one(self) -> None:
        """After a random time, at whatever it is doing."""
        time.sleep(self.chance.uniform(0.2, 2.0))
        number = self.chance.randrange(2)
        self.alive[number].kill()
        self.alive[number].join()
        self.alive[number] = self._start()

    def end(self) -> None:
        for process in self.alive:
            process.kill()
            process.join()


def _count(table: type[Any], *where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


def _wait_until_at_rest(app: Flask, in_the_mailbox: int) -> None:
    until = time.monotonic() + MOST
    while True:
        with app.app_context():
            at_work = _count(Dispatch, Dispatch.state.in_(_AT_WORK))
            unread = _count(IncomingMessage, IncomingMessage.triage == Triage.UNREAD)
            stored = _count(IncomingPosition)
            db.session.remove()
        if (at_work, unread) == (0, 0) and stored == in_the_mailbox:
            return
        assert time.monotonic() < until, f"{at_work} at work, {stored} stored, {unread} unread"
        time.sleep(0.3)


def _raws(mailbox: Server) -> list[bytes]:
    with mailbox.client() as client:
        client.select("INBOX", readonly=True)
        numbers = client.search(None, "ALL")[1][0].split()
        found = client.fetch(b",".join(numbers).decode(), "(BODY.PEEK[])")[1]
    return [part[1] for part in found if isinstance(part, tuple)]


def _stranger(number: int) -> bytes:
    return (
        f"From: someone{number}@elsewhere.example\r\nTo: answers@letters.example.org\r\n"
        f"Message-ID: <{number}@elsewhere.example>\r\nSubject: A question\r\n\r\nHello.\r\n"
    ).encode()


@pytest.mark.parametrize("seed", SEEDS)
def test_clocks_that_are_killed_under_load_lose_nothing_and_send_nothing_twice(
    app: Flask, settings: Settings, mailbox: Server, forks: ForkServerContext, seed: int
) -> None:
    mailbox.clear()
    with app.app_context():
        wanted = {str(row.message_id) for row in build.ordered(LETTERS)}
        db.session.remove()
    with Relay(mailbox=mailbox) as relay:
        live = replace(settings, mail_url=relay.url, inbox_url=mailbox.url)
        clocks = Clocks(forks, live, seed)
        try:
            for number in range(KILLS):
                mailbox.deliver(*(_stranger(n) for n in range(number, STRANGERS, KILLS)))
                clocks.kill_one()
            _come_to_rest(app, mailbox, relay)
        finally:
            clocks.end()
        raws = _raws(mailbox)
    taken = Counter(str(message_from_bytes(raw)["Message-ID"]) for raw in relay.taken)
    assert max(taken.values()) == 1, "a letter reached the server twice"
    with app.app_context():
        rows = list(db.session.scalars(sa.select(Dispatch)))
        left = {str(row.message_id) for row in rows if row.state is S.ACCEPTED}
        doubt = {str(row.message_id) for row in rows if row.state is S.UNKNOWN}
        assert left | doubt == wanted, "a letter is neither sent nor asked about"
        assert left == set(taken), "what we say that left is not what the server has"
        _mailbox_is_kept_once(raws)
        _books_agree(rows)


def _come_to_rest(app: Flask, mailbox: Server, relay: Relay) -> None:
    """Nothing more leaves, and every message that lies in the mailbox is stored."""
    seen = -1
    while seen != len(relay.taken):
        seen = len(relay.taken)
        _wait_until_at_rest(app, len(_raws(mailbox)))


def _mailbox_is_kept_once(raws: list[bytes]) -> None:
    stored = Counter(db.session.scalars(sa.select(IncomingMessage.sha256)))
    there = {hashlib.sha256(raw).hexdigest() for raw in raws}
    assert set(stored) == there, "what lies in the mailbox is not what is stored"
    assert set(stored.values()) == {1}, "a message is stored twice"


def _books_agree(rows: list[Dispatch]) -> None:
    """Evidence, letters and history say the same as the rows."""
    kinds = sa.select(DeliveryEvidence.dispatch_id).where(
        DeliveryEvidence.kind == EvidenceKind.OWN_COPY
    )
    accepted = [row.id for row in rows if row.state is S.ACCEPTED]
    assert sorted(db.session.scalars(kinds)) == sorted(accepted)
    assert set(db.session.scalars(sa.select(Letter.state))) <= {LetterState.OPEN}
    copies = _count(IncomingMessage, IncomingMessage.kind == Kind.OWN_COPY)
    assert copies == len(accepted)
    assert history.verify()[1] is None
