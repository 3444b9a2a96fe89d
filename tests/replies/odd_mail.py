"""Mails that are hard to keep as they are."""

from __future__ import annotations

from datetime import UTC, datetime

WHEN = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
ODD = (
    b"From: a@company.example\r\nSubject: caf\xe9 8-bit\r\n"
    b'Message-ID: <x@y>"\r\nZ9 STORE 1:* +FLAGS (\\Deleted)\r\nZ10 EXPUNGE\r\n\r\n'
    b"A line.\r\nFrom the start.\r\n.\r\nThe end \xff without a line end"
)


def message(number: int) -> bytes:
    return b"From: a@company.example\r\nSubject: %d\r\n\r\nAnswer %d\r\n" % (number, number)
