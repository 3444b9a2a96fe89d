"""A mail server that takes our mails, or fails as told, at every step of the conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from campaign.simulation.sockets import Wire
from campaign.simulation.turns import Turns

IDLE = timedelta(minutes=5)
ANSWER_WITHIN = timedelta(minutes=11)  # longer than a client has to wait for it

# At which of a server's steps each kind of fault strikes, and how often there.
REFUSE, BUSY, DROP, LOSE, SLOW, ARCHIVE = (
    "smtp refuses", "smtp is busy", "smtp drops", "smtp loses", "smtp is slow", "archive refused",
)  # fmt: skip
FAULTS = (REFUSE, BUSY, DROP, LOSE, SLOW, ARCHIVE)


class Taken(NamedTuple):
    """A mail that the server answers for, to one company."""

    envelope_sender: str
    recipients: tuple[str, ...]
    data: bytes


@dataclass
class Relay:
    """The server: its moods, and whom it knows not.

    Attributes:
        faults: kinds of faults that happen in this run.
        away: whether nobody answers at all now.
        refuses: what is answered for a recipient: 0 for yes, else a code.
        takes: told of each mail at the moment at which the server answers for it.
        dot: told when the end of a mail arrives, before anything is decided.
    """

    turns: Turns
    faults: frozenset[str]
    away: Callable[[], bool]
    refuses: Callable[[str], int]
    takes: Callable[[Taken], None]
    dot: Callable[[bytes], None]
    calm: bool = False
    numbers: int = 0

    def connect(self) -> Wire:
        """A new connection.

        Raises:
            OSError: nobody answers.
        """
        self.turns.step("SMTP connect")
        chance = self._chance()
        if self.away() or self._fails(REFUSE, 0.15, chance):
            raise ConnectionRefusedError("connection refused")
        wire = Wire()
        wire.peer = _Session(self, wire, chance)
        wire.says(b"220 relay.example ESMTP\r\n")
        return wire

    def _chance(self) -> Random:
        running = self.turns.running
        return running.chance if running else Random(0)

    def _fails(self, kind: str, rate: float, chance: Random) -> bool:
        return not self.calm and kind in self.faults and chance.random() < rate


class _Session:
    """One connection as the server sees it."""

    def __init__(self, relay: Relay, wire: Wire, chance: Random) -> None:
        self.relay, self.wire, self.chance = relay, wire, chance
        self.sender = ""
        self.recipients: list[str] = []
        self.text: bytes | None = None
        self.last: datetime = relay.turns.now

    def hears(self, data: bytes) -> None:
        if self.text is not None:
            self._hears_text(data)
            return
        verb = data[:4].decode("ascii").strip().upper()
        self._passes(f"SMTP {verb}")
        getattr(self, f"_{verb.lower()}", self._unknown)(data.decode("ascii").strip())

    def waits(self) -> None:
        """It has said all it has to say; a client that waits here is answered never."""

    def _passes(self, what: str) -> None:
        """A step; the server does not wait for ever, and may be gone."""
        self.relay.turns.step(what)
        idle = self.relay.turns.now - self.last > IDLE
        self.last = self.relay.turns.now
        if idle or self.relay.away() or self.relay._fails(DROP, 0.04, self.chance):
            self._hang_up()

    def _hang_up(self) -> None:
        self.wire.hang_up()
        raise ConnectionResetError("connection reset by peer")

    def _says(self, words: str) -> None:
        self.wire.says(words.encode("ascii") + b"\r\n")

    def _busy(self) -> bool:
        if self.relay._fails(BUSY, 0.06, self.chance):
            self._says(self.chance.choice(("451 4.3.0 try again later", "452 4.2.2 no room")))
            return True
        return False

    def _unknown(self, line: str) -> None:
        self._says("500 5.5.2 what?")

    def _ehlo(self, line: str) -> None:
        self._says("250-relay.example\r\n250-SIZE 26214400\r\n250 DSN")

    def _mail(self, line: str) -> None:
        if not self._busy():
            self.sender, self.recipients = _address(line), []
            self._says("250 2.1.0 Ok")

    def _rcpt(self, line: str) -> None:
        recipient = _address(line)
        code = self.relay.refuses(recipient)
        second = bool(self.recipients)
        if second and self.relay._fails(ARCHIVE, 0.1, self.chance):
            code = self.chance.choice((450, 550))
        if code:
            self._says(f"{code} {code // 100}.1.1 <{recipient}>: not taken")
        elif not self._busy():
            self.recipients.append(recipient)
            self._says("250 2.1.5 Ok")

    def _data(self, line: str) -> None:
        if not self._busy():
            self.text = b""
            self._says("354 go on")

    def _rset(self, line: str) -> None:
        self.sender, self.recipients = "", []
        self._says("250 2.0.0 Ok")

    def _quit(self, line: str) -> None:
        self._says("221 2.0.0 Bye")

    def _hears_text(self, data: bytes) -> None:
        assert self.text is not None
        ends = data == b"\r\n.\r\n"
        if ends:
            self.relay.dot(self.text)
        self._passes("SMTP the final dot" if ends else "SMTP text")
        self.text += data
        if ends:
            text, self.text = self.text.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."), None
            self._answers_for(text)

    def _answers_for(self, text: bytes) -> None:
        if self.relay._fails(LOSE, 0.04, self.chance):
            self._hang_up()  # it never had it, and nobody knows
        if self._busy():
            return
        self.relay.numbers += 1
        taken = Taken(self.sender, tuple(self.recipients), text)
        self.relay.takes(taken)
        self.relay.turns.step("SMTP the mail was taken")
        if self.relay._fails(LOSE, 0.06, self.chance):
            self._hang_up()  # it has it, and nobody knows
        if self.relay._fails(SLOW, 0.05, self.chance):
            self.relay.turns.sleep(ANSWER_WITHIN)
            return
        self._says(f"250 2.0.0 Ok: queued as Q{self.relay.numbers}")


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
