"""A report of any content is read in little time: every pattern is bounded."""

from __future__ import annotations

import time

import pytest

from campaign.replies.kinds import Kind
from campaign.replies.reading import read_bytes

WORDS = (
    *("user ", "a@", '"a', ": ", "- ", "550-", "<<< 550 x\n", "a@b.example ", "mail from ", ">"),
    *(
        "recipient address rejected ",
        "your message to ",
        "will answer ",
        "original message ",
        "\n ",
    ),
    *("メール", "Empfänger ", "Action: failed\n", "Final-Recipient: rfc822; a@b.example\n\n"),
)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.relay.example", "postmaster@firm.example"])
def test_a_report_that_repeats_a_word_is_read_quickly(word: str, sender: str) -> None:
    head = f"From: {sender}\nReturn-Path: <>\nSubject: Undeliverable {word.strip() * 500}\n\n"
    begun = time.process_time()
    seen = read_bytes(head.encode() + (word * (200_000 // len(word))).encode())
    assert time.process_time() - begun < 3
    assert seen.kind is not Kind.REPLY


@pytest.mark.parametrize("name", ["Subject", "From", "Return-Path", "X-Failed-Recipients", "To"])
def test_a_report_with_an_endless_field_is_read_quickly(name: str) -> None:
    value = "user unknown a@b.example " * 2500
    raw = f"From: MAILER-DAEMON@mx.relay.example\n{name}: {value}\n\nnot delivered: c@d.example\n"
    begun = time.process_time()
    assert read_bytes(raw.encode()).kind is Kind.BOUNCE
    assert time.process_time() - begun < 3
