"""Reports of a sending service as JSON in a mail, plain or wrapped in another notice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from campaign.replies.kinds import Kind
from campaign.replies.reading import read_bytes
from tests.replies.test_text_reports import FAILED, US, written

SENDER = "Notifications <no-reply@notices.relay.example>"
MAIL = {"source": US, "commonHeaders": {"messageId": "<open-letter-1@letters.example.org>"}}


def _bounced(status: str, said: str) -> dict[str, Any]:
    person = {"emailAddress": FAILED, "status": status, "diagnosticCode": f"smtp; {said}"}
    return {"bounce": {"bouncedRecipients": [person]}, "mail": MAIL}


PEOPLE = [{"emailAddress": FAILED}]
ROWS: list[tuple[str, dict[str, Any], Kind, bool | None, str | None]] = [
    ("Bounce", _bounced("5.1.1", "550 5.1.1 user unknown"), Kind.BOUNCE, True, FAILED),
    ("Bounce", _bounced("5.2.2", "552 5.2.2 mailbox full"), Kind.BOUNCE, False, FAILED),
    ("DeliveryDelay", {"deliveryDelay": {"delayedRecipients": PEOPLE}}, Kind.DELAY, None, FAILED),
    ("Delivery", {"delivery": {"recipients": [FAILED]}}, Kind.DELIVERY_RECEIPT, None, FAILED),
    ("Complaint", {"complaint": {"complainedRecipients": PEOPLE}}, Kind.AUTO_REPLY, None, None),
]


@pytest.mark.parametrize("key", ["notificationType", "eventType"])
@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row[0]}" for n, row in enumerate(ROWS)])
def test_a_sending_services_notice_is_read_like_a_report(
    row: tuple[str, dict[str, Any], Kind, bool | None, str | None], key: str
) -> None:
    event, values, kind, hard, recipient = row
    notice = json.dumps({key: event, **values})
    for body in (notice + "\n\n--\nTo stop these, visit:\nhttps://x.example/", _wrapped(notice)):
        seen = read_bytes(written(SENDER, "Notification Message", body))
        assert (seen.kind, seen.hard, seen.recipient) == (kind, hard, recipient)


def _wrapped(notice: str) -> str:
    return json.dumps({"Type": "Notification", "Message": notice}, indent=1)


def test_a_sending_services_notice_names_the_letter() -> None:
    notice = json.dumps({"notificationType": "Bounce", **_bounced("5.1.1", "550 unknown")})
    seen = read_bytes(written(SENDER, "Notification Message", notice))
    assert "<open-letter-1@letters.example.org>" in seen.reported_ids
    assert US in seen.reported_strings


@pytest.mark.parametrize(
    "broken", ['"bounce": {', '"bounce": 1}', '"bounce": {"bouncedRecipients": 7}}', "\ud800}"]
)
def test_a_broken_notice_is_still_no_reply(broken: str) -> None:
    raw = written(
        SENDER, "Notice", '{"notificationType": "Bounce", ' + broken.replace("\ud800", "\\ud800")
    )
    assert read_bytes(raw).kind is Kind.BOUNCE


def test_an_answer_that_brings_json_along_stays_an_answer() -> None:
    body = 'Hello,\n\nour machine said {"notificationType": "Bounce"} to you.\n\nMary'
    assert read_bytes(written("mary@firm.example", "Re: An open letter", body)).kind is Kind.REPLY
