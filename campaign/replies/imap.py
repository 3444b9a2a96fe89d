"""A mailbox on an IMAP server (RFC 3501), read without leaving a trace.

Folders are opened with EXAMINE and messages fetched with BODY.PEEK. No string from a
message is ever part of a command: commands hold UIDs as numbers and folder names that the
server itself listed, quoted.
"""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from campaign.kernel.oauth import Tokens, xoauth2
from campaign.replies.mailboxes import (
    HEAD,
    MAX_MESSAGE,
    FolderEnd,
    Found,
    Known,
    MailboxTrouble,
    TooLarge,
    is_drafts,
)

SECONDS = 60
BATCH = 50
_BATCH_OCTETS = 32 * 1024 * 1024
_MAX_LITERAL = MAX_MESSAGE + 1024 * 1024
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LISTED = re.compile(rb'^\(([^)]*)\) (?:"(?:\\.|[^"\\])*"|NIL) (.*)$', re.S)
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


class ImapMailbox:
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
        client = self._connect()
        try:
            with self._trouble():
                folders = _folders(client)
            for quoted, name in folders:
                with self._trouble():
                    validity, exists = _examine(client, quoted)
                highest = known(name, validity)
                if not isinstance(highest, int):
                    raise TypeError("an IMAP folder is asked with the highest stored UID")
                with self._trouble():
                    uids = _new_uids(client, highest) if exists else []
                for start in range(0, len(uids), BATCH):
                    with self._trouble():
                        sizes = _sizes(client, uids[start : start + BATCH])
                    yield from self._bodies(client, name, validity, sizes)
                yield FolderEnd(name, validity)
        finally:
            with suppress(Exception):
                client.shutdown()

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


def _checked(answer: tuple[str, list[object]], what: str) -> list[object]:
    if answer[0] != "OK":
        raise MailboxTrouble(f"The mail server refused {what}.")
    return answer[1]


def _folders(client: imaplib.IMAP4) -> list[tuple[str, str]]:
    """Quoted and readable names of all folders that hold mail."""
    found = []
    for line in _checked(client.list('""', '"*"'), "to list its folders"):  # type: ignore[arg-type]
        if line in (None, b""):
            continue
        head, literal = line if isinstance(line, tuple) else (line, None)
        match = _LISTED.match(head) if isinstance(head, bytes) else None
        if match is None:
            raise MailboxTrouble("The mail server's list of folders cannot be understood.")
        flags = match.group(1).lower().split()
        raw = literal if literal is not None else _unquoted(match.group(2))
        name = _readable(raw)
        drafts = rb"\drafts" in flags or is_drafts(name)
        if rb"\noselect" in flags or rb"\nonexistent" in flags or drafts:
            continue
        found.append((_quoted(raw), name))
    if not found:
        raise MailboxTrouble("The mail server lists no folder at all.")
    return found


def _unquoted(name: bytes) -> bytes:
    name = name.strip()
    if name.startswith(b'"') and name.endswith(b'"') and len(name) > 1:
        return re.sub(rb"\\(.)", rb"\1", name[1:-1])
    return name


def _quoted(name: bytes) -> str:
    text = name.decode("ascii")  # RFC 3501: modified UTF-7; anything else is trouble
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise MailboxTrouble("The mail server lists a folder with control characters.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _readable(name: bytes) -> str:
    """A folder name from modified UTF-7 (RFC 3501 section 5.1.3)."""

    def plain(match: re.Match[str]) -> str:
        coded = match.group(1).replace(",", "/")
        if not coded:
            return "&"
        padded = coded + "=" * (-len(coded) % 4)
        return base64.b64decode(padded).decode("utf-16-be", "replace")

    return re.sub(r"&([A-Za-z0-9+,]*)-", plain, name.decode("ascii"))


def _examine(client: imaplib.IMAP4, quoted: str) -> tuple[int, int]:
    answer = _checked(client.select(quoted, readonly=True), "to open a folder")  # type: ignore[arg-type]
    exists = int(answer[0])  # type: ignore[call-overload]
    validity = client.response("UIDVALIDITY")[1]
    if not validity or validity[0] is None:
        raise MailboxTrouble("The mail server gives a folder no UIDVALIDITY.")
    return int(validity[0]), exists


def _new_uids(client: imaplib.IMAP4, highest: int) -> list[int]:
    """UIDs above the highest stored one; `n:*` alone always matches the last message."""
    answer = _checked(client.uid("SEARCH", f"UID {highest + 1}:*"), "to search a folder")
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
    answer = _checked(client.uid("FETCH", command, what), "to hand out messages")
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
