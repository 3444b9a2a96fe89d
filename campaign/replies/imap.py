"""A mailbox on an IMAP server (RFC 3501), read without leaving a trace.

Folders are opened with EXAMINE and messages fetched with BODY.PEEK. No string from a
message is ever part of a command: commands hold UIDs as numbers and folder names that the
server itself listed, quoted.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from campaign.kernel.oauth import Tokens, xoauth2
from campaign.replies.imap_folders import Standing, checked, examine, folders, standing
from campaign.replies.imap_idling import news, offers
from campaign.replies.mailboxes import (
    HEAD,
    MAX_MESSAGE,
    FolderEnd,
    Found,
    Known,
    MailboxTrouble,
    SeesMoves,
    TooLarge,
)

SECONDS = 60
BATCH = 50
ROUNDS = 10  # a folder that grows in every one of them is read again with the next reading
_BATCH_OCTETS = 32 * 1024 * 1024
_MAX_LITERAL = MAX_MESSAGE + 1024 * 1024
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(
    rb'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"'
)


class _Bounded:
    """No answer may announce or send more than a message can be."""

    def read(self, size: int) -> bytes:
        if size > _MAX_LITERAL:
            raise imaplib.IMAP4.abort("the server announced more than a message can hold")
        data: bytes = super().read(size)  # type: ignore[misc]
        if len(data) < size:
            raise imaplib.IMAP4.abort("the connection ended within a message")
        return data


class _Plain(_Bounded, imaplib.IMAP4):
    pass


class _Secure(_Bounded, imaplib.IMAP4_SSL):
    pass


class _About(NamedTuple):
    uid: int
    size: int
    arrived_at: datetime


class ImapMailbox(SeesMoves):
    """All folders of one account, drafts excepted."""

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        *,
        secure: bool,
        tokens: Tokens | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._user, self._password = user, password
        self._secure, self._tokens = secure, tokens
        self.key = f"imap:{user}@{host}:{port}/"

    def read(self, known: Known) -> Iterator[Found | TooLarge | FolderEnd]:
        """See `Mailbox.read`; and once more whatever grew meanwhile, until nothing does.

        All folders are read, then each is asked how far it has come. Where nothing was added to
        any folder between its reading and that question, every message lay at one moment, the
        one between the two, in a folder whose reading shows it: a message that was moved
        meanwhile is not missed.
        """
        client = self._connect()
        read: dict[str, Standing] = {}
        opened = ""
        try:
            for _ in range(ROUNDS):
                with self._trouble():
                    listed = folders(client)
                grown = {name for _, name in listed} != set(read)
                for quoted, name in listed:
                    before = read.get(name)
                    if not self._stands_as_read(client, quoted, before, opened == quoted):
                        opened = quoted
                        read[name], more = yield from self._folder(client, quoted, name, known)
                        grown = grown or more or read[name] != before
                if not grown:
                    return
                read = {name: read[name] for _, name in listed}
            raise MailboxTrouble("Messages were added faster than the mailbox can be read.")
        finally:
            with suppress(Exception):
                client.shutdown()

    def listen(self, stop: threading.Event, tell: Callable[[], None]) -> bool:
        """Call `tell` each time that the inbox has grown, until `stop` is set.

        Returns:
            False where the server does not offer to tell.

        Raises:
            MailboxTrouble: the connection ended, or there was none.
        """
        client = self._connect()
        try:
            with self._trouble():
                if not offers(client):
                    return False
                examine(client, "INBOX")
                while not stop.is_set():
                    if news(client, stop):
                        tell()
                return True
        finally:
            with suppress(Exception):
                client.shutdown()

    def _stands_as_read(
        self, client: imaplib.IMAP4, quoted: str, before: Standing | None, is_open: bool
    ) -> bool:
        """Whether nothing was added since a folder was read; False where nobody can tell."""
        if before is None or before.uidnext is None:
            return False
        with self._trouble():
            # A server need not tell anything new of the folder that is open.
            now = examine(client, quoted)[0] if is_open else standing(client, quoted)
        return now == before

    def _folder(
        self, client: imaplib.IMAP4, quoted: str, name: str, known: Known
    ) -> Generator[Found | TooLarge | FolderEnd, None, tuple[Standing, bool]]:
        """What is new in a folder; then how far it had come, and whether anything was new."""
        with self._trouble():
            stands, exists = examine(client, quoted)
        highest = known(name, stands.validity)
        if not isinstance(highest, int):
            raise TypeError("an IMAP folder is asked with the highest stored UID")
        if stands.uidnext is not None and stands.uidnext <= highest:
            highest = 0  # a server that gives UIDs out anew and does not say so
        with self._trouble():
            uids = _new_uids(client, highest) if exists else []
        for start in range(0, len(uids), BATCH):
            with self._trouble():
                sizes = _sizes(client, uids[start : start + BATCH])
            yield from self._bodies(client, name, stands.validity, sizes)
        yield FolderEnd(name, stands.validity)
        return stands, bool(uids)

    def _connect(self) -> imaplib.IMAP4:
        with self._trouble():
            if self._secure:
                context = ssl.create_default_context()
                client: imaplib.IMAP4 = _Secure(
                    self._host, self._port, ssl_context=context, timeout=SECONDS
                )
            else:
                client = _Plain(self._host, self._port, timeout=SECONDS)
            try:
                self._sign_in(client)
            except BaseException:
                with suppress(Exception):
                    client.shutdown()
                raise
            return client

    def _sign_in(self, client: imaplib.IMAP4) -> None:
        if self._tokens is not None:
            said = [xoauth2(self._user, self._tokens()).encode()]
            try:
                # A refusal comes with its reason as a challenge, which wants an empty answer.
                client.authenticate("XOAUTH2", lambda _: said.pop() if said else b"")
            except imaplib.IMAP4.error:
                self._tokens.forget()
                raise
        elif self._user.isascii() and self._password.isascii():
            client.login(self._user, self._password)
        else:
            secret = f"\0{self._user}\0{self._password}".encode()
            client.authenticate("PLAIN", lambda _: secret)

    def _bodies(
        self, client: imaplib.IMAP4, name: str, validity: int, sizes: list[_About]
    ) -> Iterator[Found | TooLarge]:
        for batch in _batches(sizes):
            large = batch[0].size > MAX_MESSAGE
            with self._trouble():
                raws = _fetch_bodies(client, [a.uid for a in batch], head_only=large)
            for about in batch:
                raw, uid = raws[about.uid], str(about.uid)
                if large:
                    yield TooLarge(name, validity, uid, about.size, about.arrived_at, raw[:HEAD])
                else:
                    yield Found(name, validity, uid, raw, about.arrived_at)

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """Turn whatever goes wrong on the connection into one line without the password."""
        try:
            yield
        except MailboxTrouble:
            raise
        except (imaplib.IMAP4.error, OSError, EOFError, ValueError, KeyError, TypeError,
                IndexError, AttributeError) as error:  # fmt: skip
            said = str(error) or type(error).__name__
            if self._password:
                said = said.replace(self._password, "…")
            where = f"{self._host}:{self._port}"
            raise MailboxTrouble(f"The mailbox at {where} could not be read: {said}") from None


def _batches(sizes: list[_About]) -> Iterator[list[_About]]:
    """Large messages alone, the others together while they fit in memory."""
    batch: list[_About] = []
    for about in sizes:
        total = sum(a.size for a in batch) + about.size
        if batch and (total > _BATCH_OCTETS or about.size > MAX_MESSAGE):
            yield batch
            batch = []
        batch.append(about)
        if about.size > MAX_MESSAGE:
            yield batch
            batch = []
    if batch:
        yield batch


def _new_uids(client: imaplib.IMAP4, highest: int) -> list[int]:
    """UIDs above the highest stored one; `n:*` alone always matches the last message."""
    answer = checked(client.uid("SEARCH", f"UID {highest + 1}:*"), "to search a folder")
    if not answer or answer[0] is None:
        raise MailboxTrouble("The mail server gave no answer to a search.")
    found = {int(word) for line in answer if isinstance(line, bytes) for word in line.split()}
    return sorted(uid for uid in found if uid > highest)


class _Item(NamedTuple):
    text: bytes
    literal: bytes | None


def _joined(answer: list[object]) -> list[_Item]:
    """The pieces that imaplib returns, one item a message; attributes may follow a literal."""
    items: list[_Item] = []
    for piece in answer:
        if isinstance(piece, tuple):
            items.append(_Item(piece[0], piece[1]))
        elif isinstance(piece, bytes) and re.match(rb"\d+ \(", piece):
            items.append(_Item(piece, None))
        elif isinstance(piece, bytes) and items:
            items[-1] = _Item(items[-1].text + b" " + piece, items[-1].literal)
    return items


def _items(client: imaplib.IMAP4, uids: list[int], what: str) -> dict[int, _Item]:
    """The FETCH answers by UID; one for each, or the reading fails."""
    command = ",".join(str(int(u)) for u in uids)
    answer = checked(client.uid("FETCH", command, what), "to hand out messages")
    if client.untagged_responses.get("EXPUNGE"):
        raise MailboxTrouble("Messages were deleted while the folder was read.")
    found = {}
    for item in _joined(answer):
        uid = re.search(rb"\bUID (\d{1,10})\b", item.text)
        if uid:
            found[int(uid.group(1))] = item
    if any(u not in found for u in uids):
        raise MailboxTrouble("A message vanished while the folder was read.")
    return found


def _sizes(client: imaplib.IMAP4, uids: list[int]) -> list[_About]:
    items = _items(client, uids, "(UID RFC822.SIZE INTERNALDATE)")
    found = []
    for uid in uids:
        size = re.search(rb"RFC822\.SIZE (\d{1,15})", items[uid].text)
        if size is None:
            raise MailboxTrouble("The mail server gives a message no size.")
        found.append(_About(uid, int(size.group(1)), _arrival(items[uid].text)))
    return found


def _arrival(text: bytes) -> datetime:
    """INTERNALDATE as aware UTC: when the server got the message."""
    match = _DATE.search(text)
    if match is None:
        raise MailboxTrouble("The mail server gives a message no time of arrival.")
    day, month, year, hour, minute, second, sign, east, rest = (
        g.decode("ascii").strip() for g in match.groups()
    )
    offset = timedelta(hours=int(east), minutes=int(rest)) * (-1 if sign == "-" else 1)
    number = _MONTHS.index(month.title()) + 1
    told = datetime(
        int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=timezone(offset)
    )
    return told.astimezone(UTC)


def _fetch_bodies(client: imaplib.IMAP4, uids: list[int], *, head_only: bool) -> dict[int, bytes]:
    part = f"BODY.PEEK[]<0.{HEAD}>" if head_only else "BODY.PEEK[]"
    items = _items(client, uids, f"(UID {part})")
    found = {}
    for uid in uids:
        text, literal = items[uid]
        if literal is None and not re.search(rb'BODY\[\](?:<0>)? ""', text):
            raise MailboxTrouble("The mail server gave a message without its content.")
        found[uid] = literal or b""
    return found
