"""One server that breaks at each step of the conversation, in five ways.

`STEPS` is the table: what each fault at each step leaves a mail in. A mail is queued again and
counts no attempt where the way itself is broken; deferred where the server never had the whole;
failed where it refused; unknown from the first byte of the final dot on.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from campaign.sending import smtp
from campaign.sending.conversation import Conversation
from campaign.sending.outbox import Sender
from campaign.sending.rules import DispatchState as S
from tests.sending.smtp_server import DROP, Action, _Dropped, _Session

FAULTS: dict[str, bytes | None] = {
    "drop": DROP,
    "4xx": b"451 4.3.0 not now\r\n",
    "5xx": b"554 5.7.0 never\r\n",
    "garbage": b"\x00\xff what?\r\n",
    "silence": None,
}
_BLOCK = 2048

Q, D, F, U, A = S.QUEUED, S.DEFERRED, S.FAILED, S.UNKNOWN, S.ACCEPTED


@dataclass(frozen=True)
class Step:
    """Where the server breaks.

    Attributes:
        name: the step in the words of `smtp_server`.
        ends: the state that each of `FAULTS` leads to, in their order.
        agreed: how often the step comes and goes well before.
        tls, sign_in: whether we encrypt and sign in.
    """

    name: str
    ends: tuple[S, ...]
    agreed: int = 0
    tls: bool = False
    sign_in: bool = False


STEPS = {
    "the greeting": Step("GREETING", (Q, Q, Q, Q, Q)),
    # A server that does not know EHLO is spoken to with HELO.
    "EHLO": Step("EHLO", (Q, A, A, Q, Q)),
    "STARTTLS": Step("STARTTLS", (Q, Q, Q, Q, Q), tls=True),
    "AUTH": Step("AUTH", (Q, Q, Q, Q, Q), sign_in=True),
    "MAIL": Step("MAIL", (D, D, F, D, D)),
    "RCPT of the company": Step("RCPT", (D, D, F, D, D)),
    # A refusal for good of our own address is our own setting, the same for every letter.
    "RCPT of our archive": Step("RCPT", (D, D, Q, D, D), agreed=1),
    "DATA": Step("DATA", (D, D, F, D, D)),
    # A server that only falls silent has the whole of a short mail in its ears.
    "the text": Step("BODY", (D, D, D, D, U)),
    "our last gate": Step("BODY", (D, D, D, D, U)),
    "the final dot": Step("DOT", (U, D, F, U, U)),
    "the final dot, with the mail taken": Step("DOT", (U, D, F, U, U)),
}


@dataclass
class Meeting:
    """Lets the server act in the midst of our text, or while our last gate is asked.

    Attributes:
        here: our side has come so far.
        acted: the server has done what it does there.
    """

    here: threading.Event = field(default_factory=threading.Event)
    acted: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Our side stops here, once, until the server has acted."""
        if not self.here.is_set():
            self.here.set()
            assert self.acted.wait(10)

    def in_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Meet after the first block of the text."""
        whole: Callable[..., Any] = Conversation.send

        def send(talk: Conversation, words: Any) -> None:
            whole(talk, words)
            if len(words) == _BLOCK:
                self.wait()

        monkeypatch.setattr(smtp, "_BLOCK", _BLOCK)
        monkeypatch.setattr(Conversation, "send", send)

    def at_gate(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Meet when the last gate has let the mail through."""
        gate: Callable[..., bool] = Sender.may_leave_now

        def slow_gate(sender: Sender, row: Any) -> bool:
            passed = gate(sender, row)
            self.wait()
            return passed

        monkeypatch.setattr(Sender, "may_leave_now", slow_gate)

    def then(self, fault: str) -> Action:
        """What the server does when we have come there."""

        def act(session: _Session) -> None:
            assert self.here.wait(10)
            try:
                if fault == "drop":
                    reset(session)
                elif fault != "silence":
                    session.say(FAULTS[fault] or b"")
            finally:
                self.acted.set()
            if fault == "drop":
                raise _Dropped
            if fault == "silence":
                silence(session)

        return act


def reset(session: _Session) -> None:
    """Close the connection so that the other side hears of it at once."""
    hard = struct.pack("ii", 1, 0)
    session.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)
    session.connection.close()


def silence(session: _Session) -> None:
    """Listen and never answer, until the other side gives up."""
    with suppress(OSError):
        while session.connection.recv(65_536):
            pass
    raise _Dropped


def doing(fault: str, *, keeping: bool = False) -> bytes | Action:
    """What the server does at a step; `keeping`: it takes the mail before it breaks."""
    said = FAULTS[fault]
    if said is None and not keeping:
        return silence
    if said is not None and (not keeping or fault in ("4xx", "5xx")):
        return said

    def keep_and_break(session: _Session) -> None:
        session.keep()
        if said is None:
            silence(session)
        elif said != DROP:
            session.say(said)
        raise _Dropped

    return keep_and_break
