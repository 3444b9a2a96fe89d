from __future__ import annotations

import errno
import hashlib
import imaplib
import os
import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import write_maildir
from campaign.replies import imap
from campaign.replies.mailboxes import (
    FolderEnd,
    Found,
    MailboxTrouble,
    TooLarge,
    open_mailbox,
)
from tests.replies.dovecot import Server, dovecot
from tests.replies.odd_mail import ODD, WHEN, message

# ---- maildir --------------------------------------------------------------------------


def _read(url: str, known: object = ()) -> list[Found | TooLarge | FolderEnd]:
    return list(open_mailbox(url).read(lambda folder, validity: known))  # type: ignore[arg-type,return-value]


def test_a_delivered_message_is_found_byte_for_byte_with_its_time(tmp_path: Path) -> None:
    path = write_maildir(tmp_path / "m", ODD, WHEN)
    found, end = _read(f"maildir:{tmp_path}/m")
    assert found == Found("INBOX", 1, path.name, ODD, WHEN)
    assert end == FolderEnd("INBOX", 1)


def test_stored_messages_are_not_read_again_even_after_they_were_seen(tmp_path: Path) -> None:
    path = write_maildir(tmp_path, message(1), WHEN)
    path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    assert [type(x) for x in _read(f"maildir:{tmp_path}", {path.name})] == [FolderEnd]


def test_a_message_that_another_program_has_already_seen_is_found(tmp_path: Path) -> None:
    path = write_maildir(tmp_path, message(1), WHEN)
    path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    found = _read(f"maildir:{tmp_path}")[0]
    assert isinstance(found, Found)
    assert (found.uid, found.raw) == (path.name, message(1))


def test_subfolders_are_read_and_drafts_are_not(tmp_path: Path) -> None:
    write_maildir(tmp_path, message(1), WHEN)
    for name in (".Spam", ".Trash", ".Sent", ".Drafts"):
        write_maildir(tmp_path / name, message(2), WHEN)
    assert {x.folder for x in _read(f"maildir:{tmp_path}")} == {"INBOX", "Spam", "Trash", "Sent"}


def test_reading_leaves_the_maildir_as_it_was(tmp_path: Path) -> None:
    write_maildir(tmp_path, message(1), WHEN)
    before = sorted(p for p in tmp_path.rglob("*"))
    _read(f"maildir:{tmp_path}")
    assert sorted(p for p in tmp_path.rglob("*")) == before


def test_a_file_that_vanishes_fails_the_whole_reading(tmp_path: Path) -> None:
    first = write_maildir(tmp_path, message(1), WHEN)
    second = write_maildir(tmp_path, message(2), WHEN)
    reading = open_mailbox(f"maildir:{tmp_path}").read(lambda folder, validity: ())
    seen = next(reading)
    assert isinstance(seen, Found)
    (first if seen.uid == second.name else second).unlink()
    with pytest.raises(MailboxTrouble):
        list(reading)


def test_a_missing_maildir_is_trouble_and_not_an_empty_mailbox(tmp_path: Path) -> None:
    with pytest.raises(MailboxTrouble):
        _read(f"maildir:{tmp_path}/none")


def test_a_message_over_25_mib_is_kept_by_its_head(tmp_path: Path) -> None:
    big = write_maildir(tmp_path, b"x" * (25 * 1024 * 1024 + 1), WHEN)
    large = _read(f"maildir:{tmp_path}")[0]
    assert isinstance(large, TooLarge)
    assert (large.uid, large.size, len(large.head)) == (big.name, 25 * 1024 * 1024 + 1, 65536)


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "files-full"), (errno.EIO, "files-unwritable")],
)
def test_a_failed_delivery_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Problem) as problem:
        write_maildir(tmp_path, message(1), WHEN)
    assert problem.value.code == code
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


# ---- addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "pop3://u:geheim@h/",
        "imap://u:geheim@mail.example.org/",
        "imaps://mail.example.org/",
        "imaps://u@mail.example.org/",
        "imaps://u:geheim@/",
        "imaps://u:geheim@mail.example.org:port/",
        "imaps://u:geheim@mail.example.org/INBOX",
        "imaps://u:geheim@mail.example.org/?x=1",
        "imaps://u%0d%0a:geheim@mail.example.org/",
        "maildir:",
        "maildir:a\0b",
    ],
)
def test_a_bad_address_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(Problem) as problem:
        open_mailbox(url)
    assert problem.value.code == "bad-setting"
    assert "geheim" not in str(problem.value)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("imaps://me%40a.example:p%40ss@mail.a.example/", "imap:me@a.example@mail.a.example:993/"),
        ("imap://u:p@127.0.0.1:1143/", "imap:u@127.0.0.1:1143/"),
        ("imap://u:p@localhost/", "imap:u@localhost:143/"),
        ("maildir:/var/mail/answers", "maildir:/var/mail/answers"),
    ],
)  # fmt: skip
def test_a_mailbox_is_named_without_its_password(url: str, key: str) -> None:
    assert open_mailbox(url).key == key


# ---- a real server --------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dovecot(tmp_path_factory.mktemp("dovecot")) as running:
        yield running


def _client(server: Server) -> imaplib.IMAP4:
    client = imaplib.IMAP4(server.host, server.imap_port, timeout=20)
    client.login(server.user, server.password)
    return client


@pytest.fixture
def empty(server: Server) -> Server:
    client = _client(server)
    for folder in ("Spam", "Drafts", "&ZeVnLIqe-"):
        client.delete(folder)
    if client.select("INBOX")[1] != [b"0"]:
        client.store("1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()
    client.logout()
    return server


def _append(server: Server, raw: bytes, folder: str = "INBOX", when: datetime = WHEN) -> None:
    client = _client(server)
    client.create(folder)
    assert client.append(folder, "", imaplib.Time2Internaldate(when), raw)[0] == "OK"
    client.logout()


def _all(server: Server, highest: int = 0) -> list[Found | TooLarge | FolderEnd]:
    return list(open_mailbox(server.url).read(lambda folder, validity: highest))


def test_mail_through_lmtp_arrives_with_the_time_of_the_server(empty: Server) -> None:
    before = clock.real_now() - timedelta(seconds=2)
    with smtplib.LMTP(empty.host, empty.lmtp_port, local_hostname="localhost") as lmtp:
        lmtp.sendmail("ceo@company.example", [empty.user], message(7))
    found = _all(empty)[0]
    assert isinstance(found, Found)
    assert found.raw.endswith(message(7))
    assert before <= found.arrived_at <= clock.real_now() + timedelta(seconds=2)


def test_every_folder_is_read_with_its_end_and_drafts_are_not(empty: Server) -> None:
    for folder in ("INBOX", "Spam", "&ZeVnLIqe-", "Drafts"):
        _append(empty, ODD, folder)
    seen = _all(empty)
    assert {(x.folder, type(x)) for x in seen} == {
        (name, kind) for name in ("INBOX", "Spam", "日本語") for kind in (Found, FolderEnd)
    }
    raws = {x.raw for x in seen if isinstance(x, Found)}
    assert {hashlib.sha256(r).digest() for r in raws} == {hashlib.sha256(ODD).digest()}
    assert {x.arrived_at for x in seen if isinstance(x, Found)} == {WHEN}


def test_only_messages_above_the_stored_uid_come_and_the_last_is_not_repeated(
    empty: Server,
) -> None:
    for number in range(3):
        _append(empty, message(number))
    uids = [int(x.uid) for x in _all(empty) if isinstance(x, Found)]
    assert len(uids) == 3
    assert [x.uid for x in _all(empty, uids[1]) if isinstance(x, Found)] == [str(uids[2])]
    assert [x for x in _all(empty, uids[2]) if isinstance(x, Found)] == []


def test_more_than_one_batch_is_read(empty: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "BATCH", 3)
    for number in range(7):
        _append(empty, message(number))
    assert [x.raw for x in _all(empty) if isinstance(x, Found)] == [message(n) for n in range(7)]


def test_reading_marks_and_deletes_nothing(empty: Server) -> None:
    _append(empty, ODD)
    _append(empty, message(1))
    _all(empty)
    client = _client(empty)
    client.select("INBOX", readonly=True)
    flags = client.fetch("1:*", "(FLAGS)")[1]
    client.logout()
    assert len(flags) == 2
    assert not any(b"\\Seen" in f or b"\\Deleted" in f for f in flags if isinstance(f, bytes))


def test_a_large_message_is_kept_by_its_head_between_the_others(
    empty: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MAX_MESSAGE", 100_000)
    for raw in (message(1), b"Subject: big\r\n\r\n" + b"x" * 150_000, message(2)):
        _append(empty, raw)
    one, large, two, _ = _all(empty)
    assert [type(x) for x in (one, large, two)] == [Found, TooLarge, Found]
    assert isinstance(large, TooLarge)
    assert large.size > 150_000
    assert large.head.startswith(b"Subject: big")
    assert len(large.head) == 65536


def test_a_message_deleted_between_listing_and_fetching_fails_the_reading(empty: Server) -> None:
    for number in range(2):
        _append(empty, message(number))
    known_asked = []

    def known(folder: str, validity: int) -> int:
        known_asked.append(folder)
        return 0

    mailbox = open_mailbox(empty.url)
    real = imap._sizes

    def delete_first(client: imaplib.IMAP4, uids: list[int]) -> list[imap._About]:
        other = _client(empty)
        other.select("INBOX")
        other.store("1", "+FLAGS", r"(\Deleted)")
        other.expunge()
        other.logout()
        return real(client, uids)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imap, "_sizes", delete_first)
        with pytest.raises(MailboxTrouble):
            list(mailbox.read(known))


def test_a_wrong_password_is_trouble_that_does_not_tell_it(empty: Server) -> None:
    url = empty.url.replace(":secret@", ":geheim@")
    with pytest.raises(MailboxTrouble) as trouble:
        list(open_mailbox(url).read(lambda folder, validity: 0))
    assert "geheim" not in trouble.value.why
    assert "\n" not in trouble.value.why


def test_a_server_without_tls_is_refused_by_imaps(empty: Server) -> None:
    url = empty.url.replace("imap://", "imaps://")
    with pytest.raises(MailboxTrouble):
        list(open_mailbox(url).read(lambda folder, validity: 0))
