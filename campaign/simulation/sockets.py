"""Connections within the process: what mail clients take for a socket."""

from __future__ import annotations

from typing import Any, Protocol


class Peer(Protocol):
    """The other end. Every call is a step at which anything may happen."""

    def hears(self, data: bytes) -> None:
        """Take what the client sends; what it answers goes to `Wire.says`."""
        ...

    def waits(self) -> None:
        """The client waits for an answer."""
        ...


class Wire:
    """The client's end of a connection: as much of a socket as smtplib and imaplib use."""

    def __init__(self) -> None:
        self.peer: Peer | None = None
        self.open = True
        self._heard = b""
        self._timeout: float | None = None

    def says(self, data: bytes) -> None:
        """What the other end sends."""
        self._heard += data

    def hang_up(self) -> None:
        """The other end is gone."""
        self.open = False

    # -- what a socket has ----------------------------------------------------------------

    def sendall(self, data: Any) -> None:
        """Send all of it.

        Raises:
            ConnectionResetError: nobody is there any more.
        """
        if not self.open or self.peer is None:
            raise ConnectionResetError("connection reset by peer")
        self.peer.hears(bytes(data))

    def recv(self, size: int) -> bytes:
        """What has come; b"" when the other end has hung up and nothing more comes."""
        if not self._heard and self.open:
            if self._timeout == 0:
                raise BlockingIOError
            if self.peer is not None:
                self.peer.waits()
        if not self._heard and self.open:
            raise TimeoutError("timed out")
        data, self._heard = self._heard[:size], self._heard[size:]
        return data

    def makefile(self, _mode: str = "rb", *_more: Any) -> Wire:
        """Itself: it can be read like a file too."""
        return self

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.recv(size - len(data))
            if not piece:
                break
            data += piece
        return data

    def readline(self, limit: int = -1) -> bytes:
        data = b""
        while not data.endswith(b"\n") and (limit < 0 or len(data) < limit):
            if b"\n" in self._heard:
                end = self._heard.index(b"\n") + 1
                data, self._heard = data + self._heard[:end], self._heard[end:]
                break
            piece = self.recv(65536)
            if not piece:
                break
            if b"\n" in piece:
                end = piece.index(b"\n") + 1
                data, self._heard = data + piece[:end], piece[end:] + self._heard
                break
            data += piece
        return data

    def flush(self) -> None:
        """Nothing is kept back."""

    def settimeout(self, seconds: float | None) -> None:
        self._timeout = seconds

    def setsockopt(self, *_about: Any) -> None:
        """Nothing to set."""

    def shutdown(self, _how: int) -> None:
        self.open = False

    def close(self) -> None:
        self.open = False
        self._heard = b""
