"""Putting the real program into the made-up world: clock, chance, sockets, commits.

Nothing of what is simulated is changed but what would reach out of the process, or take long and
decide nothing: PDFs are one line, no TLS is made ready, and mail is read in this process.
"""

from __future__ import annotations

import imaplib
import secrets
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign import leases
from campaign.drafting import rendering
from campaign.kernel import clock
from campaign.reminding import operations as reminding
from campaign.replies import sorting
from campaign.replies.kinds import Reading
from campaign.replies.reading import read_bytes
from campaign.sending.deliverability import Names
from campaign.simulation.turns import Turns
from campaign.simulation.world import World


class _Reader:
    """Reads mail here and now; how it is bounded is tested elsewhere."""

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to end."""

    def read(self, raw: bytes) -> Reading:
        return read_bytes(raw)

    def close(self) -> None:
        """Nothing to end here either."""


@contextmanager
def set_to(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Let something be something else within the block."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def wired(world: World, turns: Turns) -> Iterator[None]:
    """The program lives in this world within the block."""
    chance = Random(f"{world.plan.seed} bytes")
    with ExitStack() as stack:
        stack.enter_context(clock.simulated(turns.clock))
        for owner, name, value in (
            (secrets, "token_bytes", lambda size=32: chance.randbytes(size)),
            (secrets, "randbelow", chance.randrange),
            (smtplib.SMTP, "_get_socket", lambda *_about: world.relay.connect()),
            (imaplib.IMAP4, "_create_socket", lambda *_about: world.mailserver.connect()),
            (Names, "texts", lambda *_about: []),  # nobody here publishes keys or policies
            (sorting, "ReadingProcess", _Reader),
            (leases, "take", _held(leases.take, turns)),
            (leases, "give_back", _held(leases.give_back, turns)),
            (reminding, "remind_staff", lambda: 0),  # about people, not about letters
            (Session, "connection", _begins(turns)),
            (Session, "commit", _commits(turns)),
            (ssl, "create_default_context", lambda: None),
            (rendering, "as_pdf", lambda *_about, **_more: b"%PDF-1.7\r\n"),
        ):
            stack.enter_context(set_to(owner, name, value))
        yield


def _held(act: Callable[..., Any], turns: Turns) -> Callable[..., Any]:
    """Leases are held by actors, since all of them are one process here."""

    def held(*about: Any) -> Any:
        return act(*about, holder=turns.running.name if turns.running else "nobody")

    return held


def _begins(turns: Turns) -> Callable[..., sa.Connection]:
    """Every act is a step before it begins, when it holds no lock yet."""
    connection = Session.connection

    def begins(session: Session, *about: Any, **how: Any) -> sa.Connection:
        if (how.get("execution_options") or {}).get("writes"):
            turns.step("an act begins")
        return connection(session, *about, **how)

    return begins


def _commits(turns: Turns) -> Callable[[Session], None]:
    """Every act is a step just before and just after its commit."""
    commit = Session.commit

    def commits(session: Session) -> None:
        # No other is let in before it: the database holds its lock until the commit is done.
        turns.step("an act is about to be committed", may_wait=False)
        commit(session)
        turns.dirty = True
        if turns.running is not None:
            turns.running.committed = turns.steps
            turns.running.committed_at = turns.clock()
        turns.step("an act was committed")

    return commits
