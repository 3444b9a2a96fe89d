"""A mail server on loopback that fails at each step of the conversation as it is told.

`Peer(script)` maps a step (`GREETING`, `EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`,
`BODY`, `DOT`, `RSET`, `NOOP`, `QUIT`) to what it does there instead of agreeing, one entry for
each time the step comes, None for the usual answer.
"""

from __future__ import annotations

import base64
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.programs import needs

Action = Callable[["_Session"], None]
DROP = b""  # as a reply: close the connection

_USUAL = {
    "GREETING": b"220 peer.example ESMTP\r\n",
    "STARTTLS": b"220 2.0.0 go ahead\r\n",
    "AUTH": b"235 2.7.0 welcome\r\n",
    "MAIL": b"250 2.1.0 ok\r\n",
    "RCPT": b"250 2.1.5 ok\r\n",
    "DATA": b"354 go ahead\r\n",
    "DOT": b"250 2.0.0 Ok: queued as 4XyZ12\r\n",
    "RSET": b"250 2.0.0 ok\r\n",
    "NOOP": b"250 2.0.0 ok\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
}


@dataclass
class Received:
    """A mail that the peer has taken."""

    sender: str
    recipients: list[str]
    data: bytes


@dataclass
class Peer:
    """See the module. Use it as a context manager; `url` is its `MAIL_URL`."""

    script: Mapping[str, Iterable[bytes | Action | None]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("SIZE 10485760", "8BITMIME")
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    commands: list[str] = field(default_factory=list)
    mails: list[Received] = field(default_factory=list)
    unfinished: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Peer:
        self._steps = {step: iter(actions) for step, actions in self.script.items()}
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def verbs(self) -> list[str]:
        """The commands without their arguments."""
        return [command.split(" ")[0].upper() for command in self.commands]

    def action(self, step: str) -> bytes | Action | None:
        return next(self._steps.get(step, iter(())), None)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self.connections += 1
            self._talk(_Session(self, connection))

    def _talk(self, session: _Session) -> None:
        """One at a time: the client under test has one connection."""
        with suppress(OSError, _Dropped):
            session.run()
        with suppress(OSError):
            session.connection.close()


class _Dropped(Exception):
    pass


class _Session:
    def __init__(self, peer: Peer, connection: socket.socket) -> None:
        self.peer = peer
        self.connection: Any = connection
        self.connection.settimeout(10)
        self.buffer = b""
        self.sender = ""
        self.recipients: list[str] = []
        self.text = b""

    def run(self) -> None:
        if self.peer.implicit_tls:
            self._encrypt()
        self.do("GREETING")
        while True:
            line = self.read_line().decode()
            self.peer.commands.append(line)
            verb = line.split(" ")[0].upper()
            self._command(verb, line)
            if verb == "QUIT":
                return

    def _command(self, verb: str, line: str) -> None:
        before = len(self.recipients)
        if verb == "MAIL":
            self.sender, self.recipients = _path(line), []
        elif verb == "RCPT":
            self.recipients.append(_path(line))
        agreed = self.do(verb)
        if verb == "RCPT" and not agreed:
            del self.recipients[before:]
        elif verb == "STARTTLS" and agreed:
            self._encrypt()
        elif verb == "DATA" and agreed:
            self._text()

    def do(self, step: str) -> bool:
        """Answer; whether the answer was the usual one."""
        action = self.peer.action(step)
        if action is None:
            self.say(
                self._ehlo() if step in ("EHLO", "HELO") else _USUAL.get(step, b"500 what\r\n")
            )
            return True
        if callable(action):
            action(self)
            return True
        if action == DROP:
            raise _Dropped
        self.say(action)
        if action.startswith(b"421"):
            raise _Dropped
        return False

    def say(self, raw: bytes) -> None:
        self.connection.sendall(raw)

    def read_line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self._more()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def _more(self) -> None:
        chunk = self.connection.recv(65_536)
        if not chunk:
            raise _Dropped
        self.buffer += chunk

    def _text(self) -> None:
        try:
            if self.peer.script.get("BODY") and (action := self.peer.action("BODY")) is not None:
                while len(self.buffer) < 100:
                    self._more()
                if callable(action):
                    action(self)
                elif action == DROP:
                    raise _Dropped
                else:
                    self.say(action)
            # The client waits for the answer to its dot: nothing follows it.
            while self.buffer != b".\r\n" and not self.buffer.endswith(b"\r\n.\r\n"):
                self._more()
        except (_Dropped, OSError):
            self.peer.unfinished.append(self.buffer)
            raise
        stuffed, _, self.buffer = (b"\r\n" + self.buffer).partition(b"\r\n.\r\n")
        self.text = (stuffed + b"\r\n").replace(b"\r\n.", b"\r\n")[2:]
        if self.do("DOT"):
            self.keep()

    def keep(self) -> None:
        self.peer.mails.append(Received(self.sender, self.recipients, self.text))

    def _ehlo(self) -> bytes:
        extensions = list(self.peer.extensions)
        if self.peer.tls and not self.peer.implicit_tls and not self._encrypted():
            extensions.append("STARTTLS")
        lines = ["peer.example", *extensions]
        marks = ["-"] * (len(lines) - 1) + [" "]
        return "".join(
            f"250{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True)
        ).encode()

    def _encrypted(self) -> bool:
        return isinstance(self.connection, ssl.SSLSocket)

    def _encrypt(self) -> None:
        assert self.peer.tls is not None
        self.connection = self.peer.tls.wrap_socket(self.connection, server_side=True)


def _path(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


def after(seconds: float, then: bytes = b"") -> Action:
    """Wait, then answer; the mail is kept if the step is the dot and the answer agrees."""

    def act(session: _Session) -> None:
        time.sleep(seconds)
        session.say(then)
        if then.startswith(b"250") and session.text:
            session.keep()

    return act


def say_then_drop(raw: bytes) -> Action:
    """Answer and close at once."""

    def act(session: _Session) -> None:
        session.say(raw)
        raise _Dropped

    return act


def keep_then_drop(session: _Session) -> None:
    """Take the mail and close without a word: what nobody can know at the other end."""
    session.keep()
    raise _Dropped


def flood(chunk: bytes) -> Action:
    """Say `chunk` for up to 100 MB or until nobody listens."""

    def act(session: _Session) -> None:
        for _ in range(100_000_000 // len(chunk)):
            session.say(chunk)
        raise _Dropped

    return act


def drip(raw: bytes, seconds: float) -> Action:
    """Say `raw` byte by byte, slowly."""

    def act(session: _Session) -> None:
        for number in range(len(raw)):
            session.say(raw[number : number + 1])
            time.sleep(seconds)

    return act


def plain_login(username: str, password: str) -> str:
    """The AUTH command of a client that signs in with PLAIN."""
    secret = base64.b64encode(f"\0{username}\0{password}".encode()).decode()
    return f"AUTH PLAIN {secret}"


def make_certificate(folder: Path, *, days: int, name: str) -> ssl.SSLContext:
    """A server's TLS context with a self-made certificate, `cert.pem` in `folder`.

    A negative number of days makes one that has expired.
    """
    openssl = needs("openssl")
    key, request, cert = folder / "key.pem", folder / "request.pem", folder / "cert.pem"
    extension = folder / "extension.cnf"
    extension.write_text(f"subjectAltName={name}\nbasicConstraints=critical,CA:TRUE\n")

    def run(*arguments: str | Path) -> None:
        subprocess.run([openssl, *map(str, arguments)], check=True, capture_output=True)

    run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    run("req", "-new", "-key", key, "-out", request, "-subj", "/CN=peer.example")
    run(
        "x509", "-req", "-in", request, "-signkey", key, "-out", cert,
        "-days", str(days), "-extfile", extension,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def trusting(folder: Path) -> ssl.SSLContext:
    """A client's context that trusts the certificate in `folder`, and checks it."""
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))
