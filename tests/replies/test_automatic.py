"""Automatic mail: told from reports of a delivery, and from what persons write."""

from __future__ import annotations

import pytest

from campaign.replies.reading import AutoNote, Kind, read_bytes
from tests.replies.table_automatic import DISPOSITIONS, FEEDBACK, READ, ROWS, Row, disposition
from tests.replies.test_text_reports import written


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_automatic_mail_is_told_and_what_it_says(row: Row) -> None:
    _name, sender, subject, more, body, note = row
    seen = read_bytes(written(sender, subject, body, more))
    assert (seen.kind, seen.auto_note) == (Kind.AUTO_REPLY, note)


def test_a_complaint_shows_no_failure() -> None:
    seen = read_bytes(FEEDBACK)
    assert (seen.kind, seen.auto_note) == (Kind.AUTO_REPLY, AutoNote.OTHER)


@pytest.mark.parametrize("said", DISPOSITIONS)
@pytest.mark.parametrize("report", ["disposition-notification", '""'])
def test_a_disposition_is_a_receipt_whatever_became_of_the_mail(said: str, report: str) -> None:
    seen = read_bytes(disposition(said, report=report))
    assert (seen.kind, seen.hard) == (Kind.DELIVERY_RECEIPT, None)


@pytest.mark.parametrize(("subject", "body"), READ)
def test_a_receipt_that_is_only_text_is_a_receipt(subject: str, body: str) -> None:
    assert read_bytes(written("ethics@firm.example", subject, body)).kind is Kind.DELIVERY_RECEIPT
