"""Ordinary mail is no bounce, whatever words it holds; and what a person wrote is a reply."""

from __future__ import annotations

import pytest

from campaign.replies.reading import Kind, read_bytes
from tests.replies.table_field_reports import built
from tests.replies.table_ordinary import ATTACHED, ROWS, Row
from tests.replies.test_text_reports import written

REPORTS = (Kind.BOUNCE, Kind.DELAY, Kind.DELIVERY_RECEIPT)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_ordinary_mail_is_no_report(row: Row) -> None:
    _name, sender, subject, more, body, by_a_person = row
    seen = read_bytes(written(sender, subject, body, more))
    assert seen.kind not in REPORTS
    assert seen.kind is Kind.REPLY or not by_a_person


@pytest.mark.parametrize(("name", "kind", "inner"), ATTACHED, ids=[a[0] for a in ATTACHED])
@pytest.mark.parametrize(
    "subject", ["Your letter", "Fwd: failure notice", "Undeliverable: what is this?"]
)
@pytest.mark.parametrize("sender", ["Mary Larch <ethics@firm.example>", "postmaster@firm.example"])
def test_a_report_that_a_person_attaches_makes_no_bounce(
    name: str, kind: str, inner: str, subject: str, sender: str
) -> None:
    bounce = built(status="5.1.1").decode()
    raw = (
        f"From: {sender}\nTo: letters+b7c1@letters.example.org\nSubject: {subject}\n"
        "Content-Type: multipart/mixed; boundary=outer\n\n"
        "--outer\n\nHello, we got this. What does it mean?\n\nMary Larch\n"
        f"--outer\nContent-Type: {kind}\n\n{inner.replace('{inner}', bounce)}\n--outer--\n"
    )
    assert read_bytes(raw.encode()).kind is Kind.REPLY
