"""Mail made to harm the reader: each is read within limits, or is `unreadable`, and no more."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from campaign.replies.kinds import to_dict
from campaign.replies.mime import MAX_MESSAGE
from campaign.replies.reading import Kind, ReadingProcess, from_dict, read_bytes

FROM = b"From: Ethics <ethics@company.example>\r\nTo: answers@letters.example\r\n"


def _nested(levels: int) -> bytes:
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
        for i in range(levels)
    )
    return FROM + heads + b"\r\nhello\r\n"


def _nested_messages(levels: int) -> bytes:
    return FROM + b"Content-Type: message/rfc822\r\n\r\n" * levels + b"\r\nhello\r\n"


def _parts(count: int) -> bytes:
    return FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count


def _text(content_type: bytes, body: bytes, *more: bytes) -> bytes:
    head = FROM + b"Content-Type: " + content_type + b"\r\n"
    return head + b"".join(m + b"\r\n" for m in more) + b"\r\n" + body


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (lambda: _nested(1_000), "nested"),
        (lambda: _nested(10_000), "nested"),
        (lambda: _nested_messages(2_000), "nested"),
        (lambda: _parts(100_000), "parts"),
        (lambda: FROM + b"\r\n" + b"x" * MAX_MESSAGE, "25 MiB"),
        (lambda: b"X-A: " + b"a" * (2 * 1024 * 1024), "header"),
        (lambda: b"", "empty"),
        (lambda: b"\r\n\r\n", "empty"),
    ],
    ids=["1000 levels", "10000", "2000 messages", "100000 parts", "25 MiB", "header", "0", " "],
)  # fmt: skip
def test_what_is_beyond_a_limit_is_unreadable_and_says_why(
    raw: Callable[[], bytes], why: str
) -> None:
    begun = time.monotonic()
    reading = read_bytes(raw())
    assert reading.kind is Kind.UNREADABLE
    assert why in (reading.error or "")
    assert time.monotonic() - begun < 2


READABLE: dict[str, bytes] = {
    "20 levels are enough for anybody": _nested(19),
    "200 parts": _parts(199),
    "80 kB of recipients": b"To: " + b"a," * 40_000 + b"\r\n" + FROM + b"\r\nhello",
    "a recipient of parentheses": b"To: " + b"(" * 5_000 + b"\r\n" + FROM + b"\r\nhello",
    "a sender of parentheses": b"From: " + b"(" * 5_000 + b"\r\n\r\nhello",
    "an unknown charset": _text(b"text/plain; charset=x-evil", b"hello"),
    "rot13": _text(b"text/plain; charset=rot13", b"hello"),
    "utf-7": _text(b"text/plain; charset=utf-7", b"hello +ADw-script+AD4-"),
    "a charset of nulls": _text(b"text/plain; charset=\0\0", b"hello"),
    "the wrong charset": _text(b"text/plain; charset=utf-8", b"hello caf\xe9"),
    "base64 with rubbish": _text(
        b"text/plain", b"aGVs!!bG8=\x00??", b"Content-Transfer-Encoding: base64"
    ),
    "truncated base64": _text(b"text/plain", b"aGVsbG8gd", b"Content-Transfer-Encoding: base64"),
    "a declared length of 3 GB": _text(b"text/plain", b"hello", b"Content-Length: 3221225472"),
    "an unknown encoding": _text(b"text/plain", b"hello", b"Content-Transfer-Encoding: x-y"),
    "a boundary that begins another": FROM
    + b"Content-Type: multipart/mixed; boundary=ab\r\n\r\n"
    + b"--ab\r\n\r\nhello\r\n--abc\r\nx\r\n--ab--",
    "no end boundary": FROM
    + b"Content-Type: multipart/mixed; boundary=ab\r\n\r\n--ab\r\n\r\nhello\r\n",
    "no boundary at all": FROM + b"Content-Type: multipart/mixed; boundary=ab\r\n\r\nhello\r\n",
    "a multipart without its parameter": FROM + b"Content-Type: multipart/mixed\r\n\r\nhello",
    "two content types": FROM + b"Content-Type: text/plain\r\nContent-Type: image/png\r\n\r\nhello",
    "no header": b"hello there, this is only text\r\n",
    "NUL and 8-bit header": FROM + b"Subject: \0caf\xe9\xff\r\n\r\nhello \0",
    "bare CR": FROM.replace(b"\r\n", b"\r") + b"\rhello\r",
    "an mbox line": b"From ethics@company.example Mon Mar  2 10:00:00 2026\n" + FROM + b"\r\nhello",
    "a broken encoded word": FROM + b"Subject: =?utf-8?B?////?= =?x-evil?Q?=FF?=\r\n\r\nhello",
    "a Message-ID that crashes parsers": FROM + b"Message-ID: <[>]@\xff>\r\n\r\nhello",
    "a Message-ID of 64 kB": FROM + b"Message-ID: <" + b"a" * 65536 + b"@x>\r\n\r\nhello",
    "a Message-ID with a command": FROM
    + b'Message-ID: <x@y>"\r\nZ9 STORE 1:* +FLAGS (\\Deleted)\r\nZ10 EXPUNGE\r\n\r\nhello',
    "a parameter of 1 MB": FROM
    + b'Content-Type: text/plain; name="' + b'a";"' * 10_000 + b"\r\n\r\nhello",
    "2231 with a bad charset": _text(b"text/plain; charset*=x'y'%ff", b"hello"),
    "a page that never closes": _text(b"text/html", b"hello" + b"<" * 200_000),
    "a page of comments": _text(b"text/html", b"hello" + b"<!--" * 50_000),
    "one line of a million": _text(b"text/plain", b"hello " + b"a " * 500_000),
    "a million attributions": _text(b"text/plain", b"hello\n" + b"On a b wrote:\n" * 50_000),
    "a million From lines": _text(b"text/plain", b"hello\n" + b"From: a\nSent: b\n" * 20_000),
    "a million signs": _text(b"text/plain", b"hello\n" + b">" * 900_000),
    "spaces only": _text(b"text/plain", b"hello" + b" \t" * 400_000 + b"."),
    "dashes": _text(b"text/plain", b"hello\n" + b"-" * 400_000 + b"x"),
    "1234567 dots": _text(b"text/plain", b"hello " + b"5.5." * 200_000),
    "received thousandfold": b"Received: from a for b\r\n" * 20_000 + FROM + b"\r\nhello",
}  # fmt: skip


@pytest.mark.parametrize("raw", READABLE.values(), ids=READABLE.keys())
def test_odd_mail_is_read_quickly_and_to_the_letter(raw: bytes) -> None:
    begun = time.monotonic()
    reading = read_bytes(raw)
    assert reading.kind is Kind.REPLY, reading.error
    assert "hello" in reading.full_text or raw == READABLE["200 parts"]
    assert time.monotonic() - begun < 3
    assert from_dict(json.loads(json.dumps(to_dict(reading)))) == reading
    assert "\0" not in json.dumps(to_dict(reading), ensure_ascii=False)


def test_an_address_header_over_16_kb_is_cut_and_not_parsed() -> None:
    raw = b"From: " + b"a@evil.example," * 2_000 + b"\r\n\r\nhello"
    reading = read_bytes(raw)
    assert (reading.from_address, reading.claimed_senders) == ("", ())
    to = b"To: " + b"a@evil.example," * 2_000 + b"\r\n" + FROM + b"\r\nhello"
    assert max(len(r) for r in read_bytes(to).recipients) == 16 * 1024


@pytest.mark.parametrize(
    ("sender", "claimed"),
    [
        (b"From: a@b.example\r\nFrom: c@d.example", "a@b.example c@d.example"),
        (b"From: a@b.example, c@d.example", "a@b.example c@d.example"),
        (b"From: a@b.example\r\nSender: c@d.example", "a@b.example c@d.example"),
        (b"From: a@b.example\r\nReply-To: X <c@d.example>", "a@b.example c@d.example"),
        (b'From: "ceo@company.example" <x@evil.example>', "x@evil.example ceo@company.example"),
        (b"From: a@b.example)bob@evil.example", "a@b.example bob@evil.example"),
        (b"From: =?utf-8?B?Y2VvQGMuZXhhbXBsZQ==?= <x@e.example>", "x@e.example ceo@c.example"),
        (b"From: Ethics <ETHICS@Company.Example>", "ethics@company.example"),
        (b"Subject: none", ""),
    ],
)  # fmt: skip
def test_every_address_that_a_sender_claims_is_seen(sender: bytes, claimed: str) -> None:
    reading = read_bytes(sender + b"\r\n\r\nhello")
    assert reading.from_address == claimed.partition(" ")[0]
    assert set(reading.claimed_senders) == set(claimed.split())


def test_no_command_gets_into_a_message_id() -> None:
    reading = read_bytes(READABLE["a Message-ID with a command"])
    assert reading.message_id == "<x@y>"
    assert read_bytes(READABLE["a Message-ID of 64 kB"]).message_id == ""


def test_the_token_is_found_wherever_a_server_may_have_put_it() -> None:
    raw = (
        b"Delivered-To: letters+a1@l.example\nX-Original-To: letters+a2@l.example\n"
        b"Received: from mx by host for <letters+a3@l.example>; Mon, 2 Mar 2026 10:00:00 +0000\n"
        b"Envelope-To: letters+a4@l.example\nTo: X <letters+a5@l.example>\n"
        b"Cc: letters+a6@l.example\nResent-To: letters+a7@l.example\n\nhello"
    )
    told = " ".join(read_bytes(raw).recipients)
    assert all(f"letters+a{n}@l.example" in told for n in range(1, 8))


def test_files_of_every_kind_are_listed_and_never_opened() -> None:
    raw = FROM + (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee attached.\n"
        b"--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nabc\n"
        b"--b\nContent-Type: application/pdf\nContent-Disposition: attachment;"
        b' filename="../../x.pdf"\n'
        b"Content-Transfer-Encoding: base64\n\naGVsbG8=\n"
        b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
        b"--b\n\nbegin 644 report.xls\n#86)C\nend\n--b--\n"
    )
    reading = read_bytes(raw)
    assert reading.text.startswith("See attached.")
    assert [(a.name, a.content_type, a.size) for a in reading.attachments] == [
        ("winmail.dat", "application/ms-tnef", 3),
        ("../../x.pdf", "application/pdf", 5),
        ("", "application/pgp-encrypted", 10),
        ("report.xls", "application/octet-stream", 3),
    ]


# ---- the worker process ---------------------------------------------------------------


def test_the_worker_reads_as_the_reader_itself_does() -> None:
    raws = [READABLE["the wrong charset"], _nested(1_000), _parts(150)]
    with ReadingProcess() as process:
        assert [process.read(raw) for raw in raws] == [read_bytes(raw) for raw in raws]


def test_a_worker_that_is_killed_costs_one_message() -> None:
    with ReadingProcess() as process:
        assert process.read(FROM + b"\r\nhello").kind is Kind.REPLY
        worker = process._worker
        assert worker is not None
        worker.kill()
        worker.wait()
        assert process.read(FROM + b"\r\nhello").kind is Kind.REPLY


def test_a_worker_that_is_stuck_is_ended_and_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with ReadingProcess(seconds=1) as process:
        process.read(FROM + b"\r\nhello")
        worker = process._worker
        assert worker is not None
        worker.send_signal(19)  # SIGSTOP: it neither reads nor answers
        stuck = process.read(FROM + b"\r\n" + b"x" * 1_000_000)
        assert stuck.kind is Kind.UNREADABLE
        assert "longer than 1 second" in (stuck.error or "")
        assert process.read(FROM + b"\r\nhello").kind is Kind.REPLY
        assert worker.poll() is not None


def test_a_message_that_needs_too_much_memory_is_unreadable_and_the_next_is_read() -> None:
    with ReadingProcess(memory=70 * 1024 * 1024) as process:
        assert process.read(FROM + b"\r\n" + b"x\n" * 12_000_000).kind is Kind.UNREADABLE
        assert process.read(FROM + b"\r\nhello").kind is Kind.REPLY


def test_a_message_over_25_mib_does_not_reach_the_worker() -> None:
    with ReadingProcess() as process:
        assert "25 MiB" in (process.read(b"x" * (MAX_MESSAGE + 1)).error or "")
        assert process._worker is None


def test_the_worker_loads_neither_web_nor_database() -> None:
    program = (
        "import sys, campaign.replies.worker\n"
        "print([m for m in ('flask', 'sqlalchemy', 'werkzeug', 'jinja2') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert said.stdout.strip() == b"[]"
