"""Being told of new mail at once, where a server offers it (IMAP IDLE, RFC 2177).

What is heard here only hastens the next reading. Whether a mailbox was read to its end is known
from readings alone.
"""

from __future__ import annotations

import imaplib
import re
import socket
import threading
from time import monotonic

RENEW = 9 * 60.0  # seconds; servers may hang up after half an hour, and routers forget sooner
_SECONDS = 60.0
_LOOK_UP = 1.0  # seconds until a wait that is to end has ended
_LINE_MAX = 65_536
_TAG = b"NEWS"
_NEWS = re.compile(rb"\* \d{1,10} (?:EXISTS|RECENT)\b", re.IGNORECASE)


class _Lines:
    """Lines from a connection on which nothing else reads meanwhile."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._rest = b""

    def next(self, seconds: float) -> bytes | None:
        """The next line; None where none came in time."""
        until = monotonic() + seconds
        while b"\n" not in self._rest:
            if len(self._rest) > _LINE_MAX:
                raise ValueError("the server sent a line without an end")
            left = until - monotonic()
            if left <= 0:
                return None
            self._connection.settimeout(left)
            try:
                piece = self._connection.recv(4096)
            except TimeoutError:
                continue
            if not piece:
                raise EOFError("the server ended the connection")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        if line.upper().startswith(b"* BYE"):
            raise EOFError("the server ended the connection")
        return line.strip()


def offers(client: imaplib.IMAP4) -> bool:
    """Whether the server tells of new mail; asked after signing in, since many say more then."""
    status, said = client.capability()
    words = b" ".join(line for line in said if isinstance(line, bytes)).upper().split()
    return status == "OK" and b"IDLE" in words


def news(client: imaplib.IMAP4, stop: threading.Event, seconds: float = RENEW) -> bool:
    """Wait until the open folder has grown; whether it has, before `stop` or the end of the time.

    Raises:
        OSError, EOFError, ValueError: the connection is of no use any more.
    """
    lines = _Lines(client.socket())
    client.send(_TAG + b" IDLE\r\n")
    grown = _until(lines, b"+")
    until = monotonic() + seconds
    while not grown and not stop.is_set() and monotonic() < until:
        line = lines.next(_LOOK_UP)
        grown = line is not None and _NEWS.match(line) is not None
    client.send(b"DONE\r\n")
    return _until(lines, _TAG + b" OK") or grown


def _until(lines: _Lines, start: bytes) -> bool:
    """Pass over lines to one that starts so; whether one before it tells of news."""
    grown = False
    while True:
        line = lines.next(_SECONDS)
        if line is None:
            raise TimeoutError("the server fell silent")
        if line.upper().startswith(start):
            return grown
        if line.startswith(_TAG):
            raise ValueError("the server refused to tell of new mail")
        grown = grown or _NEWS.match(line) is not None
