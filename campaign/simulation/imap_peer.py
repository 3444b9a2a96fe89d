"""An IMAP server (RFC 3501) that serves a made-up mailbox, or fails as told at every step."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from random import Random

from campaign.simulation.mailbox import Box, Folder, Mail
from campaign.simulation.sockets import Wire
from campaign.simulation.turns import Turns

REFUSE, DENY, DROP, HALF, VANISH, WRONG = (
    "imap refuses", "imap denies", "imap drops", "imap breaks off", "imap forgets", "imap says no",
)  # fmt: skip
FAULTS = (REFUSE, DENY, DROP, HALF, VANISH, WRONG)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass
class Mailserver:
    """The server of our mailboxes.

    Attributes:
        away: whether nobody answers at all now.
        between: told of each command in a mailbox, so that others can change it meanwhile.
    """

    turns: Turns
    boxes: dict[str, Box]
    faults: frozenset[str]
    away: Callable[[], bool]
    between: Callable[[Box], None] = field(default=lambda box: None)
    calm: bool = False

    def connect(self) -> Wire:
        """A new connection.

        Raises:
            OSError: nobody answers.
        """
        self.turns.step("IMAP connect")
        running = self.turns.running
        chance = running.chance if running else Random(0)
        if self.away() or self.fails(REFUSE, 0.15, chance):
            raise ConnectionRefusedError("connection refused")
        wire = Wire()
        wire.peer = _Session(self, wire, chance)
        wire.says(b"* OK IMAP4rev1 ready\r\n")
        return wire

    def fails(self, kind: str, rate: float, chance: Random) -> bool:
        """Whether a fault of this kind strikes now."""
        return not self.calm and kind in self.faults and chance.random() < rate


class _Session:
    """One connection as the server sees it."""

    def __init__(self, server: Mailserver, wire: Wire, chance: Random) -> None:
        self.server, self.wire, self.chance = server, wire, chance
        self.box: Box | None = None
        self.began = 0
        self.folder: Folder | None = None

    def hears(self, data: bytes) -> None:
        for line in data.decode("ascii").splitlines():
            tag, verb, *rest = line.split(" ", 2)
            self._command(tag, verb.upper(), rest[0] if rest else "")

    def waits(self) -> None:
        """It has said all it has to say."""

    def _command(self, tag: str, verb: str, rest: str) -> None:
        self.server.turns.step(f"IMAP {verb} {rest[:24]}".strip())
        self._may_be_gone()
        if verb == "UID":
            verb, _, rest = rest.partition(" ")
        if self.box is not None:
            self.server.between(self.box)
        if verb not in ("CAPABILITY", "LOGIN") and self.server.fails(WRONG, 0.03, self.chance):
            self._says(f"{tag} NO not now")
            return
        getattr(self, f"_{verb.lower()}")(tag, rest)

    def _may_be_gone(self) -> None:
        thrown_out = self.box is not None and self.box.sessions != self.began
        if thrown_out or self.server.away() or self.server.fails(DROP, 0.03, self.chance):
            self.wire.hang_up()
            raise ConnectionResetError("connection reset by peer")

    def _says(self, words: str, literal: bytes = b"", after: str = "") -> None:
        self.wire.says(words.encode("ascii") + b"\r\n")
        if literal or after:
            self.wire.says(literal + after.encode("ascii") + b"\r\n")

    def _capability(self, tag: str, rest: str) -> None:
        self._says(f"* CAPABILITY IMAP4rev1\r\n{tag} OK done")

    def _login(self, tag: str, rest: str) -> None:
        user = rest.split(" ")[0].strip('"')
        box = self.server.boxes.get(user)
        if box is None or self.server.fails(DENY, 0.05, self.chance):
            self._says(f"{tag} NO sign-in failed")
            return
        self.box, self.began = box, box.sessions
        self._says(f"{tag} OK signed in")

    def _list(self, tag: str, rest: str) -> None:
        assert self.box is not None
        for name in self.box.folders:
            flags = {"Drafts": r"\Drafts", "Junk": r"\Junk"}.get(name, "")
            self._says(f'* LIST ({flags}) "/" "{name}"')
        self._says(f"{tag} OK done")

    def _examine(self, tag: str, rest: str) -> None:
        assert self.box is not None
        self.folder = self.box.folders[rest.strip('"')]
        self._says(f"* {len(self.folder.mails)} EXISTS")
        self._says(f"* OK [UIDVALIDITY {self.folder.validity}] valid")
        self._says(f"* OK [UIDNEXT {self.folder.next_uid}] next")
        self._says(f"{tag} OK [READ-ONLY] opened")

    def _status(self, tag: str, rest: str) -> None:
        assert self.box is not None
        name = rest.split(" ")[0].strip('"')
        folder = self.box.folders[name]
        stands = f"UIDVALIDITY {folder.validity} UIDNEXT {folder.next_uid}"
        self._says(f'* STATUS "{name}" ({stands})')
        self._says(f"{tag} OK done")

    def _search(self, tag: str, rest: str) -> None:
        assert self.folder is not None
        low = int(re.search(r"UID (\d+):", rest)[1])  # type: ignore[index]
        found = [uid for uid in self.folder.mails if uid >= low]
        if not found and self.folder.mails:
            found = [max(self.folder.mails)]  # RFC 3501: n:* always holds the last one
        self._says("* SEARCH " + " ".join(map(str, found)))
        self._says(f"{tag} OK done")

    def _fetch(self, tag: str, rest: str) -> None:
        assert self.folder is not None
        numbers, _, what = rest.partition(" ")
        for place, number in enumerate(numbers.split(","), 1):
            uid = int(number)
            mail = self.folder.mails.get(uid)
            if mail is None or self.server.fails(VANISH, 0.02, self.chance):
                continue
            if "BODY.PEEK" in what:
                self._body(place, uid, mail)
            else:
                size, at = len(mail.raw), _internal(mail)
                self._says(f'* {place} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "{at}")')
        self._says(f"{tag} OK done")

    def _body(self, place: int, uid: int, mail: Mail) -> None:
        head = f"* {place} FETCH (UID {uid} BODY[] {{{len(mail.raw)}}}"
        if self.server.fails(HALF, 0.04, self.chance):
            self.wire.says(head.encode() + b"\r\n" + mail.raw[: len(mail.raw) // 2])
            self.wire.hang_up()
            return
        self._says(head, mail.raw, ")")

    def _logout(self, tag: str, rest: str) -> None:
        self._says(f"* BYE\r\n{tag} OK done")


def _internal(mail: Mail) -> str:
    at = mail.at.astimezone(UTC)
    return f"{at.day:2d}-{_MONTHS[at.month - 1]}-{at.year} {at:%H:%M:%S} +0000"
