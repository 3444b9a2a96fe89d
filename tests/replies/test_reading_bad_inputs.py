"""Bad inputs 31 to 50: read within limits, kept byte for byte, and never silently settled."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from campaign.replies import queries
from campaign.replies.kinds import Kind, Oddity
from campaign.replies.reading import read_bytes
from campaign.replies.rules import Triage
from tests.builders import drafting, replies
from tests.replies.bad_inputs import BAD, Bad


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_it_is_read_within_limits_and_shows_its_words_or_why_not(bad: Bad) -> None:
    begun = time.monotonic()
    reading = read_bytes(bad.make())
    assert time.monotonic() - begun < 3
    if bad.unreadable:
        assert reading.kind is Kind.UNREADABLE
        assert bad.unreadable in (reading.error or "")
    else:
        assert reading.kind is Kind.REPLY
        assert bad.shown in reading.full_text


def test_no_row_is_missing() -> None:
    assert {bad.row for bad in BAD} == set(range(31, 51))


def test_each_is_kept_byte_for_byte_waits_and_blocks(app: Flask) -> None:
    with app.app_context():
        letter = replies.sent(drafting.staff())
        replies.take_in()  # the copy of our own letter
        raws = [bad.make() for bad in BAD]
        for raw in raws:
            replies.arrives(raw)
        before = {message.id for message in replies.stored()}
        found = [message for message in replies.take_in() if message.id not in before]
        assert sorted(replies.raw_of(message) for message in found) == sorted(raws)
        assert {message.triage for message in found} == {Triage.WAITING}
        assert {message.id for message in queries.blocking(letter)} >= {m.id for m in found}


def test_48_the_time_of_arrival_counts_and_never_the_date_that_a_mail_claims(app: Flask) -> None:
    came = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    with app.app_context(), time_machine.travel(came, tick=False):
        for bad in (each for each in BAD if each.row == 48):
            message = replies.taken_in(bad.make(), came)
            assert message.arrived_at == came


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("charset x-evil", [Oddity.CHARSET_UNKNOWN]),
        ("charset utf-7", [Oddity.CHARSET_UNKNOWN]),
        ("charset wrong", [Oddity.CHARSET_WRONG]),
        ("base64 with rubbish", [Oddity.CODING_BROKEN]),
        ("base64 cut off", [Oddity.CODING_BROKEN]),
        ("no end boundary", [Oddity.STRUCTURE_BROKEN]),
        ("no header", [Oddity.NO_HEADER]),
        ("uuencode", [Oddity.UUENCODE]),
        ("yEnc", [Oddity.YENC]),
        ("winmail.dat", [Oddity.TNEF]),
        ("S/MIME signed", [Oddity.SMIME_SIGNED]),
        ("S/MIME encrypted", [Oddity.SMIME_ENCRYPTED]),
        ("S/MIME rubbish", [Oddity.SMIME_OTHER]),
        ("PGP encrypted", [Oddity.PGP_ENCRYPTED]),
        ("two From", []),
    ],
)
def test_what_is_unusual_is_said(name: str, odd: list[Oddity]) -> None:
    raw = next(bad.make() for bad in BAD if bad.name == name)
    assert list(read_bytes(raw).oddities) == odd
