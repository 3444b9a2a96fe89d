"""IMAP servers that answer oddly: the reading fails as a whole, or bounds what it takes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from campaign.replies import imap
from campaign.replies.mailboxes import (
    FolderEnd,
    Found,
    MailboxTrouble,
    open_mailbox,
)
from tests.replies.odd_mail import WHEN


@contextmanager
def _scripted(answers: dict[bytes, bytes], asked: list[bytes] | None = None) -> Iterator[str]:
    """A server that answers each command as told; `TAG` stands for the command's tag."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"* OK ready\r\n")
            for line in lines:
                tag, _, command = line.strip().partition(b" ")
                if asked is not None:
                    asked.append(command or tag)  # a line of its own answers a challenge
                for start, answer in answers.items():
                    if command.startswith(start):
                        connection.sendall(answer.replace(b"TAG", tag))
                        break
                else:
                    connection.sendall(tag + b" OK done\r\n")

    def quietly() -> None:
        with suppress(OSError):
            serve()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    try:
        yield f"imap://u:geheim@127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()
        thread.join(5)


GOOD = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
    b"LIST": b'* LIST () "/" "INBOX"\r\nTAG OK done\r\n',
    b"STATUS": b'* STATUS "INBOX" (UIDNEXT 6 UIDVALIDITY 9)\r\nTAG OK done\r\n',
    b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n* OK [UIDNEXT 6] ok\r\n"
    b"TAG OK [READ-ONLY] opened\r\n",
    b"UID SEARCH": b"* SEARCH 5\r\nTAG OK done\r\n",
    b"UID FETCH 5 (UID RFC822.SIZE": b"* 1 FETCH (UID 5 RFC822.SIZE 4 INTERNALDATE "
    b'" 1-Mar-2026 11:30:00 +0100")\r\nTAG OK done\r\n',
    b"UID FETCH 5 (UID BODY": b"* 1 FETCH (BODY[] {4}\r\nabcd UID 5)\r\nTAG OK done\r\n",
}


def test_the_scripted_server_is_read_when_it_behaves() -> None:
    with _scripted(GOOD) as url:
        assert list(open_mailbox(url).read(lambda folder, validity: 0)) == [
            Found("INBOX", 9, "5", b"abcd", WHEN),
            FolderEnd("INBOX", 9),
        ]


def test_only_commands_that_change_nothing_are_sent() -> None:
    asked: list[bytes] = []
    with _scripted(GOOD, asked) as url:
        list(open_mailbox(url).read(lambda folder, validity: 0))
    assert [c.partition(b" ")[0] for c in asked if not c.startswith((b"CAPABILITY", b"UID"))] == [
        b"LOGIN",
        b"LIST",
        b"EXAMINE",
        b"LIST",
        b"EXAMINE",
    ]
    assert [c for c in asked if c.startswith(b"UID")] == [
        b"UID SEARCH UID 1:*",
        b"UID FETCH 5 (UID RFC822.SIZE INTERNALDATE)",
        b"UID FETCH 5 (UID BODY.PEEK[])",
    ]


def test_an_announcement_of_4_gib_is_refused_before_it_is_read() -> None:
    answer = b"* 1 FETCH (UID 5 BODY[] {4294967296}\r\nabcd"
    script = {**GOOD, b"UID FETCH 5 (UID BODY": answer}
    with _scripted(script) as url, pytest.raises(MailboxTrouble) as trouble:
        list(open_mailbox(url).read(lambda folder, validity: 0))
    assert "announced" in trouble.value.why


def test_a_folder_name_may_come_as_a_literal() -> None:
    listed = b'* LIST (\\Noselect) "/" "a"\r\n* LIST () "/" {5}\r\nIN"OX\r\nTAG OK done\r\n'
    with _scripted({**GOOD, b"LIST": listed}) as url:
        seen = list(open_mailbox(url).read(lambda folder, validity: 0))
    assert seen[-1] == FolderEnd('IN"OX', 9)


def test_the_last_message_given_for_an_open_range_is_not_taken_as_new() -> None:
    with _scripted(GOOD) as url:
        seen = list(open_mailbox(url).read(lambda folder, validity: 5))
    assert seen == [FolderEnd("INBOX", 9)]


def test_uids_given_out_anew_without_a_word_hide_no_message() -> None:
    """Row 70: after a restored backup the server counts below what is stored."""
    with _scripted(GOOD) as url:
        seen = list(open_mailbox(url).read(lambda folder, validity: 900))
    assert seen == [Found("INBOX", 9, "5", b"abcd", WHEN), FolderEnd("INBOX", 9)]


TWO = {
    b"LIST": b'* LIST () "/" "A"\r\n* LIST () "/" "B"\r\nTAG OK done\r\n',
    b"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\nTAG OK opened\r\n",
}


@pytest.mark.parametrize("said", [b"", b'* STATUS "A" (UIDVALIDITY 9)\r\n'])
def test_a_server_that_does_not_tell_how_far_it_has_come_is_searched_twice(said: bytes) -> None:
    asked: list[bytes] = []
    stored = dict.fromkeys("AB", 0)

    def known(folder: str, validity: int) -> int:
        highest, stored[folder] = stored[folder], 5
        return highest

    with _scripted({**GOOD, **TWO, b"STATUS": said + b"TAG OK done\r\n"}, asked) as url:
        seen = list(open_mailbox(url).read(known))
    assert [x.folder for x in seen if isinstance(x, Found)] == ["A", "B"]
    searches = [c for c in asked if c.startswith(b"UID SEARCH")]
    assert searches == [b"UID SEARCH UID 1:*"] * 2 + [b"UID SEARCH UID 6:*"] * 2


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b"LIST", b"TAG OK done\r\n"),
        (b"LIST", b"* LIST nonsense\r\nTAG OK done\r\n"),
        (b"LIST", b"TAG NO not now\r\n"),
        (b"LIST", b"* BYE going down\r\n"),
        (b"EXAMINE", b"TAG NO no such folder\r\n"),
        (b"EXAMINE", b"* 1 EXISTS\r\nTAG OK no validity\r\n"),
        (b"EXAMINE", b"* 1 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\n* OK [UIDNEXT x] ok\r\nTAG OK\r\n"),
        (b"UID SEARCH", b"TAG OK nothing said\r\n"),
        (b"UID SEARCH", b"* SEARCH five\r\nTAG OK done\r\n"),
        (b"UID SEARCH", b"* SEARCH 5 6\r\nTAG OK done\r\n"),
        (b"UID FETCH 5 (UID RFC822.SIZE", b"TAG OK expunged\r\n"),
        (b"UID FETCH 5 (UID RFC822.SIZE", b"* 1 FETCH (UID 5 RFC822.SIZE 4)\r\nTAG OK done\r\n"),
        (b"UID FETCH 5 (UID RFC822.SIZE", b"* 1 FETCH (UID 5 RFC822.SIZE NIL)\r\nTAG OK done\r\n"),
        (b"UID FETCH 5 (UID BODY", b"* 1 FETCH (UID 5 BODY[] NIL)\r\nTAG OK done\r\n"),
        (b"UID FETCH 5 (UID BODY", b"TAG OK gone\r\n"),
        (b"UID FETCH 5 (UID BODY", b"TAG BAD what\r\n"),
        (b"UID FETCH 5 (UID BODY", b"* 1 EXPUNGE\r\n" + GOOD[b"UID FETCH 5 (UID BODY"]),
        (b"UID FETCH 5 (UID BODY", b"* 1 FETCH (UID 5 BODY[] {4294967296}\r\nabcd"),
        (b"UID FETCH 5 (UID BODY", b"* 1 FETCH (UID 6 BODY[] {4}\r\nabcd)\r\nTAG OK done\r\n"),
        (b"UID FETCH 5 (UID BODY", b"* 1 FETCH (UID 5 BODY[] {4}\r\nab"),
        (b"UID FETCH 5 (UID BODY", b"* BYE geheim\r\n"),
        (b"UID FETCH 5 (UID BODY", b"x" * 2_000_000 + b"\r\nTAG OK done\r\n"),
    ],
)  # fmt: skip
def test_an_odd_answer_fails_the_whole_reading(
    command: bytes, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "SECONDS", 2)
    with _scripted({**GOOD, command: answer}) as url, pytest.raises(MailboxTrouble) as trouble:
        list(open_mailbox(url).read(lambda folder, validity: 0))
    assert "geheim" not in trouble.value.why
