"""smtplib's conversation with a server, bounded: what it says, how long, and when.

A reply ends after so many bytes, lines and seconds; it must be SMTP; and it must come after its
question.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from time import monotonic
from typing import Any

from campaign.sending.transport import printable

_LINE_MAX = 8192
_REPLY_LINES_MAX = 200
_REPLY_BYTES_MAX = 65_536


class Conversation(smtplib.SMTP):
    """smtplib with replies bounded in length and time, and nothing read ahead of its turn."""

    _heard = b""

    def __init__(self, *args: Any, seconds: float, **options: Any) -> None:
        """Connect within `timeout` and wait so many `seconds` for each reply, the first too."""
        self.reply_seconds = self.send_seconds = seconds
        super().__init__(*args, **options)
        self.command_encoding = "utf-8"  # ASCII but for an address where SMTPUTF8 is offered

    def getreply(self) -> tuple[int, bytes]:
        """Code and text of one reply; the connection is closed when it is not a reply.

        Raises:
            smtplib.SMTPServerDisconnected: closed, too slow, too long or no SMTP.
        """
        deadline = monotonic() + self.reply_seconds
        lines: list[bytes] = []
        size = 0
        while True:
            line = self._read_line(deadline)
            size += len(line)
            if len(lines) >= _REPLY_LINES_MAX or size > _REPLY_BYTES_MAX:
                raise self._hang_up("the server's reply is too long")
            if not re.match(rb"[2-5]\d\d(?:[ -]|$)", line):
                raise self._hang_up("the server's reply is not SMTP")
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)

    def _read_line(self, deadline: float) -> bytes:
        while b"\n" not in self._heard:
            if len(self._heard) > _LINE_MAX:
                raise self._hang_up("the server's reply has a line without end")
            left = deadline - monotonic()
            if left <= 0 or self.sock is None:
                raise self._hang_up("the server did not answer in time")
            try:
                self.sock.settimeout(left)
                chunk = self.sock.recv(4096)
            except OSError as error:
                raise self._hang_up(f"the connection broke: {error}") from error
            if not chunk:
                raise self._hang_up("the server closed the connection")
            self._heard += chunk
        line, _, self._heard = self._heard.partition(b"\n")
        return line.rstrip(b"\r")

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.send_seconds)
        super().send(s)

    def starttls(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        answer = super().starttls(*args, **kwargs)
        if self._heard:
            # Words from before the encryption must not count as said within it.
            raise self._hang_up("the server, or somebody between, spoke before TLS began")
        return answer

    def ask(self, command: str) -> tuple[int, bytes]:
        """One command and its reply; a reply that came before its question ends the talk."""
        if self._heard:
            raise self._hang_up("the server answers what was not asked")
        return self.docmd(command)

    def spoke_unasked(self) -> bool:
        """Whether the server said something, or left, while it was our turn."""
        if self.sock is None:
            return True
        try:
            self.sock.settimeout(0)
            self._heard += self.sock.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return bool(self._heard)
        except OSError:
            return True
        return True

    def hold_the_floor(self) -> None:
        """End the talk where the server did not wait for the end of the mail."""
        if self.spoke_unasked():
            raise self._hang_up("the server did not wait for the end of the mail")

    def _hang_up(self, why: str) -> smtplib.SMTPServerDisconnected:
        words = f" ({printable(self._heard[:500])})" if self._heard else ""
        self.close()
        return smtplib.SMTPServerDisconnected(why + words)

    def close(self) -> None:
        self._heard = b""
        super().close()


class TlsConversation(Conversation, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""
