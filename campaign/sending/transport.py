"""What every way of handing a mail over has in common, and the choice between them."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from campaign.kernel.errors import Problem
from campaign.kernel.mail_names import ANY_LOCAL
from campaign.kernel.oauth import Tokens
from campaign.kernel.text import has_control, shorten
from campaign.sending.message import assert_wire

if TYPE_CHECKING:
    from flask import Flask

_REPLY_MAX = 2000
_ENVELOPE = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")
_RECIPIENT = re.compile(rf"{ANY_LOCAL}@[A-Za-z0-9.-]{{1,253}}")
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_PORTS = {"smtps": 465, "smtp": 25}
_SUBMISSION_PORT = 587


@dataclass(frozen=True)
class Parcel:
    """One mail for one company recipient, and for our archive in the same transaction.

    Attributes:
        message_id: with angle brackets, as in `data`.
        envelope_sender: gets the bounce (VERP).
        archive: our own archive address or None.
        data: the exact bytes, see `message.build`.
        beyond_ascii: recipient and header may hold any letters; the server must offer SMTPUTF8.
    """

    message_id: str
    envelope_sender: str
    recipient: str
    archive: str | None
    data: bytes
    beyond_ascii: bool = False


class Handover(StrEnum):
    """How an attempt ended (reliability.md, Sending 3)."""

    ACCEPTED = "accepted"  # the server answered for it
    DEFERRED = "deferred"  # not taken now, nothing was handed over
    FAILED = "failed"  # refused for good, nothing was handed over
    LOST_BEFORE_DOT = "lost_before_dot"  # connection lost, the mail was incomplete
    LOST_AFTER_DOT = "lost_after_dot"  # nobody knows; never sent again by itself
    STOPPED = "stopped"  # our own last gate said no


@dataclass(frozen=True)
class Outcome:
    """The result of one attempt.

    Attributes:
        code: the server's three digits, None where it gave none.
        reply: the server's words or ours, printable, at most 2000 characters.
        queue_id: under which the server's log knows the mail, or empty.
        server: host and port, or `capture`.
    """

    handover: Handover
    code: int | None = None
    reply: str = ""
    queue_id: str = ""
    server: str = ""


class Transport(Protocol):
    """A way to hand mails over. Not for several threads at once."""

    @property
    def captured(self) -> bool:
        """Whether every mail stays on this machine."""
        ...

    def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
        """Hand one mail over.

        `before_dot` is the last gate: called at most once, when all but the final dot is
        written. If it says False or raises, the mail stays incomplete and is dropped.

        Raises:
            TransportTrouble: nothing was sent, and nothing else can be sent either.
        """
        ...

    def close(self) -> None:
        """End the connection politely; `send` would open a new one."""
        ...


class TransportTrouble(Exception):
    """The way itself is broken: nothing was sent, the run stops with an alarm.

    Attributes:
        why: words for the alarm, without passwords.
    """

    def __init__(self, why: str) -> None:
        self.why = printable(why)
        super().__init__(self.why)


@dataclass(frozen=True)
class Waits:
    """Seconds to wait for the server (RFC 5321 section 4.5.3.2).

    `command` is also how long the greeting may take, and each block of the text.
    """

    connect: float = 30.0
    command: float = 300.0
    after_dot: float = 600.0


PAGE_WAITS = Waits(connect=10.0, command=20.0, after_dot=60.0)
"""For what a page asks of the server while a person waits before it."""


@dataclass(frozen=True)
class MailServer:
    """What a `MAIL_URL` for SMTP says.

    `tls` is `none`, `starttls` or `implicit`; `by_token`: we sign in by XOAUTH2.
    """

    host: str
    port: int
    tls: str
    username: str = ""
    password: str = field(default="", repr=False)
    by_token: bool = False

    def flask_mail_config(self) -> dict[str, object]:
        """The same in Flask-Mail's words."""
        return {
            "MAIL_SERVER": self.host,
            "MAIL_PORT": self.port,
            "MAIL_USE_TLS": self.tls == "starttls",
            "MAIL_USE_SSL": self.tls == "implicit",
            "MAIL_USERNAME": self.username or None,
            "MAIL_PASSWORD": self.password or None,
        }


def open_transport(
    mail_url: str,
    *,
    app: Flask | None = None,
    outbox: str | os.PathLike[str] | None = None,
    inbox: str | os.PathLike[str] | None = None,
    ehlo_name: str | None = None,
    waits: Waits | None = None,
    context: ssl.SSLContext | None = None,
    tokens: Tokens | None = None,
) -> Transport:
    """The transport that `mail_url` names; connects only when the first mail is sent.

    Args:
        app: its Flask-Mail state is used where it names the same server.
        outbox, inbox: maildirs, needed for `capture:` only.
        ehlo_name: our name in the conversation, else the machine's.
        waits: time-outs, else those of RFC 5321.
        context: TLS with other authorities than the system's.
        tokens: where `mail_url` says `auth=xoauth2`.

    Raises:
        Problem: `bad-setting`.
    """
    server = parse_mail_url(mail_url)
    if server is None:
        from campaign.sending.capture import CaptureTransport

        if outbox is None or inbox is None:
            raise ValueError("capture: needs the folders of its outbox and inbox")
        return CaptureTransport(Path(outbox), Path(inbox))

    from campaign.sending.smtp import SmtpTransport

    state = app.extensions.get("mail") if app is not None else None
    if state is not None and (state.server, state.port) != (server.host, server.port):
        state = None
    return SmtpTransport(
        server,
        state=state,
        ehlo_name=ehlo_name,
        waits=waits or Waits(),
        context=context,
        tokens=tokens if server.by_token else None,
    )


def check_mail_url(url: str) -> None:
    """Raise `Problem("bad-setting")` where `url` is no usable `MAIL_URL`."""
    parse_mail_url(url)


def parse_mail_url(url: str) -> MailServer | None:
    """The server in `url`, None for `capture:`.

    TLS is `starttls` unless the host is this machine; `smtps://` speaks TLS from the first
    byte. A password never goes to another machine in the clear.

    Raises:
        Problem: `bad-setting`; its words never hold the password.
    """
    if url == "capture:":
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _bad("it is not a URL with a port between 1 and 65535") from error
    if parts.scheme not in _PORTS:
        raise _bad("it starts neither with capture: nor with smtp:// or smtps://")
    if not _HOST.fullmatch(host) or port == 0:
        raise _bad("it names no host and port that could be a mail server")
    if parts.path not in ("", "/") or parts.fragment:
        raise _bad("it goes on after the host (in a password, write / as %2F and # as %23)")
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    auth = options.pop("auth", None)
    by_token = auth == "xoauth2"
    if auth is not None and not by_token:
        raise _bad("the only auth known is xoauth2")
    _check_sign_in(username, password, by_token=by_token)
    tls = _tls(parts.scheme, options, host)
    if tls == "none" and username and not _is_loopback(host):
        raise _bad("it would send the password to another machine without TLS")
    default = _SUBMISSION_PORT if username and parts.scheme == "smtp" else _PORTS[parts.scheme]
    return MailServer(host, port or default, tls, username, password, by_token)


def _check_sign_in(username: str, password: str, *, by_token: bool) -> None:
    if has_control(username + password):
        raise _bad("user name and password cannot hold control characters")
    if by_token and (password or not username):
        raise _bad("with auth=xoauth2 it needs a user name and no password")
    if not by_token and bool(username) != bool(password):
        raise _bad("it needs both a user name and a password, or neither")


def _tls(scheme: str, options: Mapping[str, str], host: str) -> str:
    if set(options) - {"tls"}:
        raise _bad("the only options known after ? are tls and auth")
    wanted = options.get("tls")
    if scheme == "smtps":
        if wanted is not None:
            raise _bad("smtps:// has TLS from the start and takes no tls option")
        return "implicit"
    if wanted is None:
        return "none" if _is_loopback(host) else "starttls"
    if wanted not in ("starttls", "none"):
        raise _bad("tls is starttls or none")
    return wanted


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bad(why: str) -> Problem:
    return Problem(
        "bad-setting",
        name="MAIL_URL",
        why=why,
        fix="Write capture:, smtp://user:password@host:587?tls=starttls or smtps://….",
    )


def printable(words: str | bytes) -> str:
    """A server's words as one printable line of at most 2000 characters."""
    if isinstance(words, bytes):
        words = words[: 4 * _REPLY_MAX].decode("utf-8", "replace")
    line = "".join(" " if has_control(c) or not c.isprintable() else c for c in words)
    return shorten(" ".join(line.split()), _REPLY_MAX)


def why_unfit(parcel: Parcel) -> str:
    """Why no server could be given this parcel, or empty."""
    addresses = [parcel.envelope_sender]
    if parcel.archive:
        addresses.append(parcel.archive)
    recipient = _RECIPIENT if parcel.beyond_ascii else _ENVELOPE
    plain = all(_ENVELOPE.fullmatch(address) for address in addresses)
    if not plain or not recipient.fullmatch(parcel.recipient):
        return "an address of the envelope is not one plain ASCII address"
    try:
        assert_wire(parcel.data, beyond_ascii=parcel.beyond_ascii)
    except Problem as problem:
        return str(problem)
    return ""
