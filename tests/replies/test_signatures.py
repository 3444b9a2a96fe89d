"""DKIM signatures as they come, with keys from a name server of the test's own."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask import current_app

from campaign.kernel import clock
from campaign.replies import checking, operations
from campaign.replies.checking import Checker, check_in
from campaign.replies.kinds import Kind
from campaign.replies.proving import By, Caution, Check, State
from campaign.replies.signatures import Answers, Result, check, headers_of, key_names
from campaign.sending.deliverability import Names
from tests.builders import drafting, replies
from tests.sending.name_server import NameServer

DOMAIN, KEY_NAME = "larkspur-mobile.example", "s1._domainkey.larkspur-mobile.example"
SENDER = f"privacy@{DOMAIN}"


@cache
def _key() -> tuple[bytes, str]:
    """A private key, and its public record."""
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 (as short as one may be)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return private, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def _signed(raw: bytes, *, domain: str = DOMAIN, length: bool = False) -> bytes:
    """The mail with a signature on top."""
    raw = raw.replace(b"\n", b"\r\n")
    made: bytes = dkim.sign(
        raw, b"s1", domain.encode(), _key()[0], canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[b"from", b"to", b"subject"], length=length,
    )  # fmt: skip
    return made + raw


def _mail(text: str = "We keep it for three days.", more: str = "") -> bytes:
    return replies.mail(sender=f"Larkspur <{SENDER}>", text=text, more=more)


RECORDS: Answers = {KEY_NAME: [_key()[1]]}


def _results(raw: bytes, answers: Answers = RECORDS) -> list[Result]:
    return [one.result for one in check(raw, answers)]


# The rules, without a network


def test_a_right_signature_is_right_and_tells_when_and_what() -> None:
    (found,) = check(_signed(_mail()), RECORDS)
    assert (found.domain, found.result, found.partial) == (DOMAIN, Result.RIGHT, False)
    assert found.signed_at is not None
    assert abs(found.signed_at - clock.real_now().timestamp()) < 60
    assert {"from", "subject"} <= set(found.covers)


def test_line_ends_that_a_server_changed_do_not_matter() -> None:
    assert _results(_signed(_mail()).replace(b"\r\n", b"\n")) == [Result.RIGHT]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"three days", b"thirty years"),
        (b"Your letter", b"Nothing"),
        (b"a=rsa-sha256", b"a=rsa-sha1"),
        (b"bh=", b"bh=%%"),
        (b"v=1;", b"v=2;"),
        (b"s=s1;", b"s=s1.evil.example/;"),
        (b"d=lark", b"d=\xd0\xbe"),
        (b"q=dns/txt;", b"x=1000000000;"),
    ],
)
def test_a_signature_that_was_touched_is_not_right(old: bytes, new: bytes) -> None:
    raw = _signed(_mail())
    assert old in raw
    assert _results(raw.replace(old, new))[0] in (Result.WRONG, Result.UNFIT)


@pytest.mark.parametrize(
    ("records", "result"),
    [
        ({}, Result.UNANSWERED),
        ({KEY_NAME: None}, Result.UNANSWERED),
        ({KEY_NAME: []}, Result.NO_KEY),
        ({KEY_NAME: ["hello"]}, Result.NO_KEY),
        ({KEY_NAME: ["v=DKIM1; p="]}, Result.UNFIT),
        ({KEY_NAME: [f"{_key()[1]}; t=y"]}, Result.UNFIT),
        ({KEY_NAME: ["v=DKIM1; p=AAAA"]}, Result.WRONG),
        ({KEY_NAME: [_key()[1].replace("rsa", "dsa")]}, Result.WRONG),
        ({KEY_NAME: ["hello", _key()[1]]}, Result.RIGHT),
    ],
)
def test_what_the_name_server_says_decides(records: Answers, result: Result) -> None:
    found = _results(_signed(_mail()), records)
    assert found == [result] or (result is Result.WRONG and found == [Result.UNFIT])


def test_56_a_signature_of_the_beginning_says_so_and_fits_what_was_added() -> None:
    raw = _signed(_mail(), length=True) + b"And we refuse to answer.\r\n"
    (found,) = check(raw, RECORDS)
    assert (found.result, found.partial) == (Result.RIGHT, True)


def test_43_a_second_from_above_the_signed_one_is_seen_by_the_rules() -> None:
    raw = b"From: ceo@other.example\r\n" + _signed(_mail())
    assert len(headers_of(raw).all("from")) == 2


def test_no_more_than_five_signatures_are_looked_at() -> None:
    raw = _mail()
    for _ in range(8):
        raw = _signed(raw).replace(b"\r\n", b"\n")
    assert len(check(raw, RECORDS)) == 5
    assert key_names(headers_of(raw)) == [KEY_NAME]


@pytest.mark.parametrize(
    "value",
    [
        b"s=a/b; d=x.example", b"s=..; d=..", b"d=x.example", b"s=a; d=[127.0.0.1]", b"s=a; d=\0",
        b"s=" + b"a" * 300 + b"; d=x.example", b"=" * 9000, b";" * 9000,
    ],
)  # fmt: skip
def test_only_host_names_are_asked_of_a_name_server(value: bytes) -> None:
    raw = b"DKIM-Signature: " + value + b"\r\nFrom: a@b.example\r\n\r\nx\r\n"
    assert key_names(headers_of(raw)) == []
    assert _results(raw) == [Result.UNFIT]


# Read, and kept with the message


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch, ctx: None) -> Iterator[None]:
    """Checking is on, and the name server knows the company's key and its wish."""
    known = {
        (KEY_NAME, "TXT"): [_key()[1]],
        ("s1._domainkey.evil.example", "TXT"): [_key()[1]],
        (f"_dmarc.{DOMAIN}", "TXT"): ["v=DMARC1; p=reject"],
    }
    with NameServer(known) as server:
        monkeypatch.setitem(current_app.extensions, "names", Names(server.address))
        _settings(monkeypatch)
        yield


def _settings(monkeypatch: pytest.MonkeyPatch, *, authserv_id: str = "") -> None:
    settings = replace(replies.settings(), check_senders="yes", authserv_id=authserv_id)
    monkeypatch.setitem(current_app.extensions, "settings", settings)


def _checked(raw: bytes) -> Check:
    found = check_in(replies.taken_in(raw).sender_check)
    assert found is not None
    return found


@pytest.mark.usefixtures("servers")
def test_a_signed_mail_is_proved_and_what_that_rests_on_is_kept() -> None:
    raw = _signed(_mail())
    message = replies.taken_in(raw)
    found = check_in(message.sender_check)
    assert found is not None
    assert (found.state, found.domain, found.by) == (State.PROVED, DOMAIN, By.SIGNATURE)
    # The key may be gone tomorrow: it was kept, and the proof can be made again.
    kept = json.loads(message.sender_check)["answers"]
    assert _results(replies.raw_of(message), kept) == [Result.RIGHT]


@pytest.mark.usefixtures("servers")
def test_a_mail_without_a_signature_goes_against_the_owners_wish() -> None:
    found = _checked(_mail())
    assert (found.state, found.domain) == (State.UNPROVED, "")
    assert found.cautions == (Caution.OWNER_REFUSES,)


@pytest.mark.usefixtures("servers")
def test_54_a_mail_signed_by_another_domain_is_proved_for_that_one_only() -> None:
    mine = replies.mail(sender=f'"{SENDER}" <x@evil.example>')
    found = _checked(_signed(mine, domain="evil.example"))
    assert (found.state, found.cautions) == (State.UNPROVED, (Caution.NAME_SHOWS_ADDRESS,))
    theirs = _checked(_signed(_mail(), domain="evil.example"))
    assert theirs.state is State.UNPROVED
    assert Caution.ELSEWHERE in theirs.cautions


@pytest.mark.usefixtures("servers")
def test_57_an_old_mail_that_is_sent_again_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = _signed(_mail())
    with clock.at(clock.real_now() + timedelta(days=20)):
        found = _checked(raw)
    assert (found.state, Caution.OLD in found.cautions) == (State.UNPROVED, True)


@pytest.mark.usefixtures("servers")
def test_59_a_forged_word_of_our_server_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = f"Authentication-Results: mx.us.example; dmarc=pass header.from={DOMAIN};"
    forged += f" spf=pass smtp.mailfrom={SENDER}\n"
    assert _checked(_mail(more=forged)).state is State.UNPROVED  # nobody was named
    _settings(monkeypatch, authserv_id="mx.us.example")
    ours = "Authentication-Results: mx.us.example; dmarc=fail\n"
    below = _checked(_mail(text="Another.", more=ours + forged))
    assert (below.state, Caution.SERVER_REFUSES in below.cautions) == (State.UNPROVED, True)
    assert _checked(_mail(text="A third.", more=forged)).by is By.SERVER


def test_without_name_servers_nothing_is_checked_and_nothing_failed(
    ctx: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settings(monkeypatch)
    monkeypatch.setattr("campaign.sending.deliverability._SECONDS", 0.3)
    with NameServer({}, silent=True) as server:
        monkeypatch.setitem(current_app.extensions, "names", Names(server.address))
        found = _checked(_signed(_mail()))
    assert (found.state, found.why_not) == (State.NOT_CHECKED, checking.SILENT)


def test_silent_name_servers_hold_up_a_pass_for_a_bounded_time(
    ctx: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settings(monkeypatch)
    monkeypatch.setattr("campaign.sending.deliverability._SECONDS", 0.3)
    monkeypatch.setattr(checking, "SECONDS_A_PASS", 0.5)
    with NameServer({}, silent=True) as server, Checker() as checker:
        monkeypatch.setitem(current_app.extensions, "names", Names(server.address))
        checker._names = Names(server.address)
        began = time.monotonic()
        for number in range(20):
            name = f"company-{number}.example"
            checker.check(replies.mail(sender=f"a@{name}"), clock.now())
        assert time.monotonic() - began < 5


def test_while_mail_is_captured_nobody_is_asked(ctx: None) -> None:
    found = _checked(_signed(_mail()))
    assert (found.state, found.why_not) == (State.NOT_CHECKED, checking.OFF)


@pytest.mark.usefixtures("servers")
def test_a_mail_that_takes_too_long_to_check_is_read_and_not_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checking.SignatureProcess, "ask", lambda *_: None)
    message = replies.taken_in(_signed(_mail()))
    found = check_in(message.sender_check)
    assert found is not None
    assert (message.kind, found.state) == (Kind.REPLY, State.NOT_CHECKED)


@pytest.mark.usefixtures("servers")
@pytest.mark.parametrize(
    "raw",
    [
        b"DKIM-Signature: " + b"v=1; " * 10_000 + b"\r\nFrom: a@b.example\r\n\r\nHello\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=s; h=from; bh=a; b=a\r\n" * 500
        + b"From: a@b.example\r\n\r\nHello\r\n",
        b"From: " + b"a@b.example, " * 9000 + b"\r\n\r\nHello\r\n",
        _signed(_mail()) + b"\r\n" * 200_000 + b"x",
    ],
    ids=["tags", "signatures", "senders", "empty lines"],
)
def test_hostile_headers_are_checked_within_seconds(raw: bytes) -> None:
    with Checker() as checker:
        began = time.monotonic()
        found = checker.check(raw, clock.now())
    assert time.monotonic() - began < 25
    assert found.check.state is not State.PROVED


@pytest.mark.usefixtures("servers")
def test_60_a_proof_publishes_nothing_by_itself() -> None:
    letter = replies.sent(drafting.staff())
    replies.take_in()
    raw = _signed(_mail(more=f"In-Reply-To: {replies.mail_of(letter).message_id}\n"))
    message = replies.taken_in(raw)
    assert (message.letter_id, message.triage.value) == (letter.id, "waiting")
    assert operations.read_stored() == 0
