"""A real server on which things move while it is read: nothing is missed, nothing stored twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from campaign.extensions import db
from campaign.replies import imap, intake, operations, queries
from campaign.replies.mailboxes import FolderEnd, Found, MailboxTrouble, TooLarge, open_mailbox
from campaign.replies.models import IncomingMessage, IncomingPosition
from tests.builders import replies
from tests.replies.dovecot import Server, dovecot
from tests.replies.odd_mail import ODD, message


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as found:
        yield found


@pytest.fixture
def server(running: Server) -> Server:
    running.clear()
    return running


class Memory:
    """What is stored of each folder, as the database would tell."""

    def __init__(self) -> None:
        self.highest: dict[tuple[str, int], int] = {}

    def __call__(self, folder: str, validity: int) -> int:
        return self.highest.get((folder, validity), 0)

    def note(self, item: Found | TooLarge | FolderEnd) -> bytes | None:
        if isinstance(item, Found):
            self.highest[item.folder, item.uidvalidity] = int(item.uid)
            return item.raw
        return None


def _moving(server: Server, moves: int) -> tuple[set[bytes | None], list[str]]:
    """Read while a message in the last folder runs ahead: to the first, then on to the next."""
    for folder in ("Aside", "Yard", "Zoo"):
        server.append(message(1), folder)
    order = server.folders()
    server.append(ODD, order[-1])
    memory, raws, ended = Memory(), set[bytes | None](), list[str]()
    for item in open_mailbox(server.url).read(memory):
        raws.add(memory.note(item))
        if isinstance(item, FolderEnd):
            ended.append(item.folder)
            if len(ended) <= moves:
                server.move(order[-1] if len(ended) == 1 else ended[-2], ended[-1])
    return raws, ended


def test_a_message_moved_to_a_folder_that_was_read_already_is_found(server: Server) -> None:
    raws, ended = _moving(server, 1)
    assert ODD in raws
    assert len(ended) == len(set(ended)) + 1  # one folder was read again


def test_a_message_moved_twice_is_found(server: Server) -> None:
    raws, _ = _moving(server, 2)
    assert ODD in raws


def test_a_folder_made_meanwhile_is_read(server: Server) -> None:
    memory, raws = Memory(), set()
    for item in open_mailbox(server.url).read(memory):
        raws.add(memory.note(item))
        if isinstance(item, FolderEnd) and ODD not in raws:
            server.append(ODD, "Later")
    assert ODD in raws


def test_a_mailbox_that_never_stands_still_is_no_complete_reading(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "ROUNDS", 3)
    memory, raws = Memory(), []

    def read() -> None:
        for item in open_mailbox(server.url).read(memory):
            raws.append(memory.note(item))
            if isinstance(item, FolderEnd):
                server.append(message(len(raws)))

    with pytest.raises(MailboxTrouble, match="faster than the mailbox can be read"):
        read()
    assert len([raw for raw in raws if raw]) == 2  # what came meanwhile is kept all the same


def test_a_mailbox_at_rest_is_asked_only_how_far_it_has_come(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.append(message(1), "Spam")
    server.append(message(2))
    opened: list[str] = []
    real = imap.examine

    def counted(client: object, quoted: str) -> object:
        opened.append(quoted)
        return real(client, quoted)  # type: ignore[arg-type]

    monkeypatch.setattr(imap, "examine", counted)
    memory = Memory()
    for item in open_mailbox(server.url).read(memory):
        memory.note(item)
    # Each once, and the one that is open then is opened anew instead of asked about.
    assert (len(opened), len(set(opened))) == (3, 2)


# Through the database


@pytest.fixture
def reads(app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with app.app_context():
        wanted = replace(replies.settings(), inbox_url=server.url)
        monkeypatch.setitem(current_app.extensions, "settings", wanted)
        yield


def _count(what: type[IncomingMessage] | type[IncomingPosition]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(what)) or 0


@pytest.mark.usefixtures("reads")
def test_a_folder_made_anew_is_read_from_the_start(server: Server) -> None:
    """Row 70: UIDVALIDITY changed, and UIDs are used again."""
    for number in range(3):
        server.append(message(number), "Aside")
    assert operations.read_mailboxes() == 3
    server.make_anew("Aside")
    server.append(ODD, "Aside")
    server.append(message(1), "Aside")
    assert operations.read_mailboxes() == 1
    assert (_count(IncomingMessage), _count(IncomingPosition)) == (4, 5)
    assert queries.mailbox_watermark() is not None


def test_two_clocks_that_read_at_once_store_each_message_once(
    app: Flask, server: Server, reads: None
) -> None:
    for number in range(30):
        server.append(message(number))
    both = threading.Barrier(2)

    def read() -> None:
        with app.app_context():
            both.wait()
            operations.read_mailboxes()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (_count(IncomingMessage), _count(IncomingPosition)) == (30, 30)
    (box,) = queries.active_mailboxes()
    assert (box.error, box.watermark is not None) == ("", True)


def test_a_mailbox_that_two_clocks_meet_first_gets_one_row(
    app: Flask, server: Server, reads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second clock begins its act while the first has written its row and not committed."""
    both = threading.Barrier(2)
    troubles: list[BaseException] = []
    real = intake.record

    def slowly(kind: str, *args: object, **details: object) -> object:
        if kind == "mailbox.used":
            time.sleep(0.3)
        return real(kind, *args, **details)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "record", slowly)

    def read() -> None:
        with app.app_context():
            both.wait()
            try:
                operations.read_mailboxes()
            except BaseException as trouble:
                troubles.append(trouble)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(queries.active_mailboxes()) == 1


@pytest.mark.usefixtures("reads")
def test_a_message_deleted_between_search_and_fetch_is_told_and_the_rest_kept(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 70: expunged between SEARCH and FETCH; the watermark stays, the next reading ends."""
    for number in range(2):
        server.append(message(number))
    real = imap._sizes

    def sizes(client: object, uids: list[int]) -> object:
        monkeypatch.setattr(imap, "_sizes", real)
        with server.client() as other:
            other.select("INBOX")
            other.store("1", "+FLAGS", r"(\Deleted)")
            other.expunge()
        return real(client, uids)  # type: ignore[arg-type]

    monkeypatch.setattr(imap, "_sizes", sizes)
    operations.read_mailboxes()
    (box,) = queries.active_mailboxes()
    assert box.error
    assert queries.mailbox_watermark() is None
    assert operations.read_mailboxes() == 1
    assert queries.mailbox_watermark() is not None
