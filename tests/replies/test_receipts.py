"""What a mail server's receipt proves, and of whose copy a report speaks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app

from campaign.config import Settings
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import Triage
from campaign.sending import queries as outbox
from campaign.sending.rules import DispatchState, EvidenceKind, Proof
from tests.builders import companies, drafting, replies

pytestmark = pytest.mark.usefixtures("ctx")

_REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {sender}
Subject: {subject}
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

{subject}.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--b--
"""


@pytest.fixture
def letter() -> Letter:
    """A letter that has left to a contact that nobody verified."""
    people = drafting.staff()
    company = companies.company("Larkspur Mobile")
    companies.contact(company, "privacy@larkspur-mobile.example", verified=False)
    sent = replies.send(people, drafting.approved(people, drafting.draft(people, company)))
    replies.take_in()
    return sent


def _reported(letter: Letter, action: str, recipient: str = "") -> IncomingMessage:
    mail = replies.mail_of(letter)
    raw = _REPORT.format(
        sender=mail.envelope_sender,
        subject="Delivery report",
        recipient=recipient or mail.recipient,
        action=action,
        status="5.2.2" if action == "failed" else "2.0.0",
        message_id=mail.message_id,
    )
    return replies.taken_in(raw.encode())


def _proof(letter: Letter) -> Proof:
    db.session.expire_all()
    return outbox.proof(letter, mailbox_read_at=clock.now() + timedelta(hours=1)).grade


@pytest.mark.parametrize(
    ("action", "state", "proof"),
    [
        ("delivered", DispatchState.DELIVERED, Proof.ADEQUATE),
        ("relayed", DispatchState.ACCEPTED, Proof.WEAK),
        ("expanded", DispatchState.ACCEPTED, Proof.WEAK),
        ("relayed (to a server that reports nothing)", DispatchState.ACCEPTED, Proof.WEAK),
    ],
)
def test_only_a_receipt_of_delivery_proves_delivery(
    letter: Letter, action: str, state: DispatchState, proof: Proof
) -> None:
    assert _proof(letter) is Proof.WEAK
    assert _reported(letter, action).triage is Triage.SETTLED
    assert _proof(letter) is proof
    assert replies.mail_of(letter).state is state


@pytest.mark.parametrize("action", ["delivered", "failed", "relayed", "delayed"])
def test_a_report_about_our_own_archive_copy_says_nothing_of_the_company(
    letter: Letter, action: str
) -> None:
    settings: Settings = current_app.extensions["settings"]
    before = {item.kind for item in replies.mail_of(letter).evidence}
    message = _reported(letter, action, recipient=settings.archive)
    assert message.triage is Triage.WAITING  # somebody has to see that our archive is in trouble
    db.session.expire_all()
    mail = replies.mail_of(letter)
    assert mail.state is DispatchState.ACCEPTED
    assert {item.kind for item in mail.evidence} == before
    assert mail.contact.usable
    assert EvidenceKind.BOUNCE not in before


def test_staff_read_the_words_of_the_server_that_refused_not_the_reports_manners(
    letter: Letter,
) -> None:
    manners = "This is the mail system.\n\nI'm sorry to have to inform you that it failed.\n" * 9
    said = "550 5.1.1 <x@larkspur.example>: No such user here"
    mail = replies.mail_of(letter)
    raw = _REPORT.format(
        sender=mail.envelope_sender,
        subject=manners,
        recipient=mail.recipient,
        action="failed",
        status=f"5.1.1\nDiagnostic-Code: smtp; {said}",
        message_id=mail.message_id,
    ).replace(f"Subject: {manners}", "Subject: Undelivered")
    assert replies.taken_in(raw.encode()).triage is Triage.SETTLED
    db.session.expire_all()
    assert replies.mail_of(letter).why == f"5.1.1: {mail.recipient}: {said}"
