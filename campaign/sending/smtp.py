"""Handing mails to an SMTP server, over Flask-Mail's connection.

Flask-Mail 0.10 keeps the settings and opens the connection; what it lacks is added here: checked
certificates, time-outs, one connection for many mails, and a DATA step written out by hand, so
that our last gate stands right before the final dot.
"""

from __future__ import annotations

import binascii
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask_mail import Connection
from flask_mail import Mail as FlaskMail

from campaign.kernel.oauth import Tokens
from campaign.sending.conversation import Conversation, TlsConversation
from campaign.sending.sign_in import sign_in
from campaign.sending.transport import (
    Handover,
    MailServer,
    Outcome,
    Parcel,
    TransportTrouble,
    Waits,
    printable,
    why_unfit,
)

_BLOCK = 65_536
_QUIT_SECONDS = 5.0
_OUR_FAULT = {530, 534, 535, 538}  # we must sign in, or sign in better (RFC 4954 section 6)
_CLOSING = 421
# RFC 3461: told of success too, since a report of delivery is proof; nothing about our own copy,
# whose arrival we see ourselves.
_WANTED_REPORTS = " NOTIFY=SUCCESS,FAILURE,DELAY"
_NO_REPORTS = " NOTIFY=NEVER"
_BEYOND_ASCII = "smtputf8"
_ONLY_ASCII = "the server takes no address beyond ASCII (it does not offer SMTPUTF8)"
_QUEUE_ID = re.compile(
    r"queued (?:mail )?as ([\w.:-]+)|\bid=([\w.:-]+)|InternalId=(\d+)|^(?:2\.\d\.\d )?OK:? +"
    r"(?:id )?([\w.:-]*\d[\w.:-]*)",
    re.IGNORECASE,
)


class SmtpConnection(Connection):
    """Flask-Mail's connection with what it lacks; never falls back to plain text."""

    def __init__(
        self,
        mail: Any,
        *,
        ehlo_name: str,
        waits: Waits,
        context: ssl.SSLContext,
        tokens: Tokens | None,
    ) -> None:
        super().__init__(mail)
        self._tokens = tokens
        self._ehlo_name = ehlo_name
        self._waits = waits
        self._context = context

    def configure_host(self) -> Conversation:
        """Connect, encrypt, sign in.

        Raises:
            TransportTrouble: any of them failed.
        """
        where = f"{self.mail.server}:{self.mail.port}"
        talk: Conversation | None = None
        try:
            talk = self._connect()
            self._prepare(talk)
        except BaseException as error:
            if talk is not None:
                talk.close()
            # smtplib's own errors are OSErrors; what it cannot decode is a ValueError.
            if isinstance(error, (OSError, ValueError)):
                raise TransportTrouble(f"{where}: {_words(error)}") from error
            raise
        return talk

    def _connect(self) -> Conversation:
        to = (self.mail.server, self.mail.port, self._ehlo_name)
        waits: dict[str, float] = {
            "timeout": self._waits.connect,
            "seconds": self._waits.command,
        }
        if self.mail.use_ssl:
            return TlsConversation(*to, **waits, context=self._context)
        return Conversation(*to, **waits)

    def _prepare(self, talk: Conversation) -> None:
        if self.mail.use_tls:
            talk.starttls(context=self._context)
        talk.ehlo_or_helo_if_needed()
        sign_in(talk, self.mail.username or "", self.mail.password or "", self._tokens)
        # The dot follows the body at once, not after the acknowledgement of its last packet.
        assert talk.sock is not None
        talk.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class SmtpTransport:
    """Sends over one SMTP connection, opened when needed and used for many mails."""

    captured = False

    def __init__(
        self,
        server: MailServer,
        *,
        state: Any = None,
        ehlo_name: str | None = None,
        waits: Waits | None = None,
        context: ssl.SSLContext | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        self._server = f"{server.host}:{server.port}"
        self._waits = waits or Waits()
        self._connection = SmtpConnection(
            state or FlaskMail().init_mail(server.flask_mail_config()),
            ehlo_name=ehlo_name or _own_name(),
            waits=self._waits,
            context=context or ssl.create_default_context(),
            tokens=tokens,
        )
        self._talk: Conversation | None = None

    def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
        """See `Transport.send`.

        Where our archive address is refused, nothing is sent: its copy is what proves the
        sending and settles `unknown` (reliability.md, Sending 4), and a letter that went
        without it can never be sent again to make up for it. A 4xx is tried again later; a
        5xx is our own setting, the same for every letter, so the run stops with an alarm.
        """
        unfit = why_unfit(parcel)
        if unfit:
            return self._outcome(Handover.FAILED, words=unfit)
        try:
            answer = self._offer_to_a_live_server(parcel)
            return answer or self._hand_over(parcel.data, before_dot)
        except BaseException:
            self._drop()
            raise

    def takes_beyond_ascii(self) -> bool:
        """Whether the server offers SMTPUTF8 (RFC 6531); connects where it is not yet known.

        Raises:
            TransportTrouble: it cannot be asked.
        """
        if self._talk is None:
            self._talk = self._connection.configure_host()
        return self._talk.has_extn(_BEYOND_ASCII)

    def close(self) -> None:
        """Say goodbye where the server still listens."""
        talk = self._talk
        if talk is not None:
            talk.reply_seconds = talk.send_seconds = _QUIT_SECONDS
            with suppress(OSError):
                talk.quit()
        self._drop()

    def _offer_to_a_live_server(self, parcel: Parcel) -> Outcome | None:
        """Offer on the open connection, and once more on a new one if that one is dead."""
        while True:
            used_before = self._talk is not None
            if self._talk is None:
                self._talk = self._connection.configure_host()
            try:
                answer = self._offer(self._talk, parcel)
            except OSError as error:
                self._drop()
                if not used_before:
                    return self._outcome(Handover.LOST_BEFORE_DOT, words=_words(error))
                continue
            if answer is not None and answer.code == _CLOSING:
                self._drop()
                if used_before:
                    continue
            return answer

    def _offer(self, talk: Conversation, parcel: Parcel) -> Outcome | None:
        """Everything up to the server's go for the text; None means go."""
        if talk.spoke_unasked():
            raise smtplib.SMTPServerDisconnected("the server closed the idle connection")
        size = len(parcel.data)
        limit = _size_limit(talk)
        if limit and size > limit:
            too_big = f"the server takes mails up to {limit} bytes, this one has {size}"
            return self._outcome(Handover.FAILED, words=too_big)
        if parcel.beyond_ascii and not talk.has_extn(_BEYOND_ASCII):
            return self._outcome(Handover.FAILED, words=_ONLY_ASCII)
        reports = talk.has_extn("dsn")
        about = f" SIZE={size}" if talk.has_extn("size") else ""
        about += " RET=HDRS" if reports else ""
        about += " BODY=8BITMIME SMTPUTF8" if parcel.beyond_ascii else ""
        for command in (
            f"MAIL FROM:<{parcel.envelope_sender}>{about}",
            f"RCPT TO:<{parcel.recipient}>{_WANTED_REPORTS if reports else ''}",
        ):
            code, words = talk.ask(command)
            if not 200 <= code < 300:
                return self._refused(talk, code, words)
        if parcel.archive and parcel.archive.lower() != parcel.recipient.lower():
            refused = self._offer_archive(talk, parcel.archive, _NO_REPORTS if reports else "")
            if refused:
                return refused
        code, words = talk.ask("DATA")
        return None if 300 <= code < 400 else self._refused(talk, code, words)

    def _offer_archive(self, talk: Conversation, archive: str, notify: str) -> Outcome | None:
        code, words = talk.ask(f"RCPT TO:<{archive}>{notify}")
        if 200 <= code < 300:
            return None
        said = f"our archive address {archive} was refused: {code} {printable(words)}"
        if code >= 500:
            raise TransportTrouble(f"{self._server}: {said}")
        return self._refused(talk, code, said)

    def _refused(self, talk: Conversation, code: int, words: bytes | str) -> Outcome:
        """Note a refusal before the text; the connection is made ready for the next mail."""
        if code in _OUR_FAULT:
            raise TransportTrouble(
                f"{self._server}: the server wants more first: {code} {printable(words)}"
            )
        if code < 400:
            raise smtplib.SMTPServerDisconnected(f"the server answered {code} out of place")
        if code != _CLOSING:
            try:
                ready = talk.ask("RSET")[0] == 250
            except OSError:
                ready = False
            if not ready:
                self._drop()
        return self._outcome(_by_code(code), code, words)

    def _hand_over(self, data: bytes, before_dot: Callable[[], bool]) -> Outcome:
        talk = self._talk
        assert talk is not None
        try:
            _send_text(talk, data)
            talk.hold_the_floor()
        except OSError as error:
            return self._lost(Handover.LOST_BEFORE_DOT, error)
        if not before_dot():
            self._drop()
            return self._outcome(Handover.STOPPED, words="our own last check stopped it")
        try:
            # The check may have taken its time: a server that left meanwhile has half a mail, and
            # one that spoke meanwhile did not speak of the whole.
            talk.hold_the_floor()
        except OSError as error:
            return self._lost(Handover.LOST_BEFORE_DOT, error)
        # From the first byte of the dot on, nobody but the server knows.
        try:
            talk.send(b"\r\n.\r\n")
            talk.reply_seconds = self._waits.after_dot
            code, words = talk.getreply()
        except OSError as error:
            return self._lost(Handover.LOST_AFTER_DOT, error)
        talk.reply_seconds = self._waits.command
        if code == _CLOSING or 300 <= code < 400:
            self._drop()
        return self._outcome(_by_code(code), code, words)

    def _lost(self, handover: Handover, error: OSError) -> Outcome:
        self._drop()
        return self._outcome(handover, words=_words(error))

    def _drop(self) -> None:
        """Close without a word; an unfinished mail is discarded by the server."""
        if self._talk is not None:
            self._talk.close()
            self._talk = None

    def _outcome(
        self, handover: Handover, code: int | None = None, words: bytes | str = ""
    ) -> Outcome:
        reply = printable(words)
        queue_id = _queue_id(reply) if handover is Handover.ACCEPTED else ""
        return Outcome(handover, code, reply, queue_id, self._server)


def _send_text(talk: Conversation, data: bytes) -> None:
    """All of the text but its last line end, with dots doubled (RFC 5321 section 4.5.2)."""
    stuffed = data.removesuffix(b"\r\n").replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    for start in range(0, len(stuffed), _BLOCK):
        talk.send(stuffed[start : start + _BLOCK])


def _by_code(code: int) -> Handover:
    """What a reply means; 3xx after the dot says nothing that we understand."""
    if code >= 500:
        return Handover.FAILED
    if code >= 400:
        return Handover.DEFERRED
    return Handover.ACCEPTED if code < 300 else Handover.LOST_AFTER_DOT


def _size_limit(talk: Conversation) -> int:
    """The largest mail the server takes, in bytes; 0 where it does not say (RFC 1870)."""
    stated = talk.esmtp_features.get("size", "").strip()
    return int(stated) if re.fullmatch(r"[0-9]{1,15}", stated) else 0


def _queue_id(reply: str) -> str:
    found = _QUEUE_ID.search(reply)
    return next((part for part in found.groups() if part), "")[:100] if found else ""


def _own_name() -> str:
    """A name for EHLO without asking a name server (RFC 5321 section 4.1.4)."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) else "[127.0.0.1]"


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate was refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"sign-in was refused: {error.smtp_code} {printable(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"the server does not offer what MAIL_URL asks for: {error}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code} {printable(error.smtp_error)}"
    if isinstance(error, binascii.Error):
        return "sign-in failed: the server asks in words that are not base64"
    if isinstance(error, UnicodeError):
        return "there can be no host of that name"
    return str(error) or type(error).__name__
