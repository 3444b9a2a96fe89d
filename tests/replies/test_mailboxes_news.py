"""Hearing of new mail (IMAP IDLE), beside the readings that everything rests on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from campaign import schedule
from campaign.replies import imap_idling, operations, watching
from campaign.replies.imap import ImapMailbox
from campaign.replies.mailboxes import MailboxTrouble, open_mailbox
from tests.builders import replies
from tests.replies.dovecot import Server, dovecot
from tests.replies.odd_mail import message

SOON = 5.0  # seconds


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as found:
        yield found


@pytest.fixture
def server(running: Server) -> Server:
    running.clear()
    return running


def _box(url: str) -> ImapMailbox:
    box = open_mailbox(url)
    assert isinstance(box, ImapMailbox)
    return box


@contextmanager
def _watched(url: str) -> Iterator[threading.Event]:
    """A watch over a mailbox; the event is set when it tells."""
    stop, told = threading.Event(), threading.Event()
    threads = watching.watch([_box(url)], stop, told.set)
    try:
        yield told
    finally:
        stop.set()
        for thread in threads:
            thread.join(5)
        assert not any(thread.is_alive() for thread in threads)


def _until(holds: Callable[[], object], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_new_mail_is_heard_of_each_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    idles = []
    real = imap_idling._until

    def until(lines: imap_idling._Lines, start: bytes) -> bool:
        grown = real(lines, start)
        idles.append(start)
        return grown

    monkeypatch.setattr(imap_idling, "_until", until)
    with _watched(server.url) as told:
        for number in range(3):
            assert _until(lambda n=number: len(idles) > 2 * n)  # type: ignore[misc]
            server.deliver(message(number))
            assert told.wait(SOON)
            told.clear()


def test_a_wait_is_renewed_on_the_same_connection(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = []
    real = imap_idling.news

    def short(client: object, stop: threading.Event) -> bool:
        waits.append(client)
        return real(client, stop, 0.2)  # type: ignore[arg-type]

    monkeypatch.setattr("campaign.replies.imap.news", short)
    with _watched(server.url) as told:
        assert _until(lambda: len(waits) > 2)
        server.deliver(message(1))
        assert told.wait(SOON)
    assert len(set(map(id, waits))) == 1


@contextmanager
def _peer(*scripts: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that plays one script a connection: a line is asked, and what follows is said."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def serve() -> None:
        for script in scripts:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"* OK ready\r\n")
                for said in script:
                    line = lines.readline()
                    tag, _, command = line.strip().partition(b" ")
                    asked.append(command or tag)
                    connection.sendall(said.replace(b"TAG", tag))

    def quietly() -> None:
        with suppress(OSError):
            serve()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    try:
        yield f"imap://u:geheim@127.0.0.1:{listener.getsockname()[1]}/", asked
    finally:
        listener.close()
        thread.join(5)


CAPABLE = b"* CAPABILITY IMAP4rev1 IDLE\r\nTAG OK done\r\n"
OPENED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\nTAG OK opened\r\n"
OK = b"TAG OK done\r\n"
SIGNED_IN = [CAPABLE, OK, CAPABLE, OPENED]


def test_a_connection_that_ends_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SOON", 0.1)
    hangs_up = [*SIGNED_IN, b"+ idling\r\n* BYE shutting down\r\n"]
    works = [*SIGNED_IN, b"+ idling\r\n* 2 EXISTS\r\n", b"NEWS OK done\r\n", b"+ idling\r\n", b""]
    with _peer([b"* BYE busy\r\n"], hangs_up, works) as (url, _), _watched(url) as told:
        assert told.wait(SOON)


def test_what_is_said_between_two_waits_is_heard() -> None:
    before = [*SIGNED_IN, b"* 2 EXISTS\r\n+ idling\r\n", b"NEWS OK done\r\n", b"+ idling\r\n", b""]
    with _peer(before) as (url, asked), _watched(url) as told:
        assert told.wait(SOON)
    assert b"DONE" in asked


def test_a_server_that_only_says_that_it_lives_has_no_news() -> None:
    still = [*SIGNED_IN, b"+ idling\r\n* OK Still here\r\n* 1 EXPUNGE\r\n", b"NEWS OK done\r\n"]
    with _peer(still) as (url, asked):
        with _watched(url) as told:
            assert _until(lambda: b"IDLE" in [a.partition(b" ")[2] or a for a in asked])
            assert not told.wait(0.5)
        assert asked[-1] == b"DONE"


def test_where_a_server_does_not_offer_it_nobody_waits() -> None:
    plain = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
    with _peer([plain, OK, plain]) as (url, asked):
        assert _box(url).listen(threading.Event(), lambda: None) is False
    assert asked[-1] == b"CAPABILITY"


@pytest.mark.parametrize(
    "odd",
    [b"TAG BAD no\r\n", b"NEWS NO not now\r\n", b"x" * 200_000, b"+ idling\r\n* BYE geheim\r\n"],
    ids=["bad tag", "refused", "endless line", "bye"],
)
def test_an_odd_server_ends_the_wait_and_tells_no_password(
    odd: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_idling, "_SECONDS", 1.0)
    with _peer([*SIGNED_IN, odd]) as (url, _), pytest.raises(MailboxTrouble) as trouble:
        _box(url).listen(threading.Event(), lambda: None)
    assert "geheim" not in str(trouble.value)


def test_the_clock_reads_new_mail_within_seconds(
    app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(schedule, "EVERY", 3600)
    monkeypatch.setattr(watching, "SOON", 0.1)
    with app.app_context():
        wanted = replace(replies.settings(), inbox_url=server.url)
    monkeypatch.setitem(app.extensions, "settings", wanted)
    listening = threading.Event()
    real = imap_idling.news

    def news(client: object, stop: threading.Event) -> bool:
        listening.set()
        return real(client, stop)  # type: ignore[arg-type]

    monkeypatch.setattr("campaign.replies.imap.news", news)
    stop = threading.Event()
    clock = threading.Thread(target=schedule.run_for_ever, args=(app, stop))
    clock.start()

    def stored() -> int:
        with app.app_context():
            return len([m for m in replies.stored() if m.triage.value == "waiting"])

    try:
        assert listening.wait(20)
        for number in (1, 2):
            server.deliver(message(number))
            assert _until(lambda n=number: stored() == n, SOON)  # type: ignore[misc]
    finally:
        stop.set()
        clock.join(20)
    assert not clock.is_alive()


def test_the_captured_inbox_needs_no_watch(app: Flask) -> None:
    with app.app_context():
        assert operations.watch_mailboxes(threading.Event(), lambda: None) == []
