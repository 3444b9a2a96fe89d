import errno
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import capture
from campaign.sending.capture import CaptureTransport
from campaign.sending.message import Mail, assert_wire, build
from campaign.sending.transport import Handover, Parcel, open_transport

NOW = datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC)
SENDER = "bounces+abcdefghijklmnopqrstuvwx27@ours.example"
DATA = build(
    Mail(
        from_name="Example Campaign",
        from_address="letters@ours.example",
        to_name="",
        to_address="ethics@company.example",
        reply_to="",
        subject="Äpfel",
        text="Dear Sir or Madam,\n",
        html="<p>Dear Sir or Madam,</p>",
        message_id="<one@ours.example>",
        date=NOW,
    )
)
PARCEL = Parcel(
    "<one@ours.example>", SENDER, "ethics@company.example", "archive@ours.example", DATA
)


@pytest.fixture
def boxes(tmp_path):
    return tmp_path / "outbox", tmp_path / "inbox"


def mails(box):
    return sorted(path.read_bytes() for path in (box / "new").glob("*"))


def send(boxes, parcel=PARCEL, gate=lambda: True):
    with closing(CaptureTransport(*boxes)) as transport, clock.at(NOW):
        assert transport.captured
        return transport.send(parcel, gate)


def test_a_captured_mail_is_in_the_outbox_and_its_archive_copy_in_our_inbox(boxes):
    outcome = send(boxes)
    (kept,) = (boxes[0] / "new").iterdir()
    assert (outcome.handover, outcome.code, outcome.queue_id, outcome.server) == (
        Handover.ACCEPTED,
        250,
        kept.name,
        "capture",
    )
    assert kept.name in outcome.reply
    assert mails(boxes[0]) == [
        b"Return-Path: <" + SENDER.encode() + b">\r\n"
        b"Delivered-To: ethics@company.example\r\n"
        b"X-Captured-For: ethics@company.example\r\n" + DATA
    ]
    assert mails(boxes[1]) == [
        b"Return-Path: <" + SENDER.encode() + b">\r\n"
        b"Delivered-To: archive@ours.example\r\n"
        b"X-Captured-For: ethics@company.example\r\n" + DATA
    ]


def test_captured_mail_carries_the_time_of_the_programs_clock(boxes):
    send(boxes)
    for box in boxes:
        (path,) = (box / "new").iterdir()
        assert path.stat().st_mtime == NOW.timestamp()


def test_without_an_archive_address_our_inbox_stays_empty(boxes):
    send(boxes, replace(PARCEL, archive=None))
    assert mails(boxes[1]) == []
    assert len(mails(boxes[0])) == 1


def test_the_gate_is_asked_once_and_before_anything_is_written(boxes):
    seen = []

    def gate():
        seen.append(mails(boxes[0]))
        return True

    send(boxes, gate=gate)
    assert seen == [[]]


def test_a_gate_that_says_no_leaves_nothing(boxes):
    assert send(boxes, gate=lambda: False).handover is Handover.STOPPED
    assert mails(boxes[0]) == mails(boxes[1]) == []


def full_disk(_descriptor):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_defers_the_letter_in_clear_words_and_leaves_nothing(boxes, monkeypatch):
    send(boxes)
    before = mails(boxes[0]), mails(boxes[1])
    monkeypatch.setattr(os, "fsync", full_disk)
    outcome = send(boxes)
    assert outcome.handover is Handover.DEFERRED
    assert "no room left" in outcome.reply
    assert (mails(boxes[0]), mails(boxes[1])) == before
    assert list((boxes[0] / "tmp").iterdir()) == []


def test_an_outbox_that_is_no_folder_defers_the_letter(boxes):
    boxes[0].write_text("a file")
    outcome = send(boxes)
    assert outcome.handover is Handover.DEFERRED
    assert "cannot be written" in outcome.reply
    assert mails(boxes[1]) == []


def test_a_letter_that_is_visible_but_not_confirmed_is_never_written_again_by_itself(
    boxes, monkeypatch
):
    def unsure(*_):
        raise Problem("file-unsure", path="outbox", why="input/output error")

    monkeypatch.setattr(capture, "write_maildir", unsure)
    assert send(boxes).handover is Handover.LOST_AFTER_DOT


def test_an_archive_that_takes_nothing_is_told_but_the_letter_is_out(boxes):
    boxes[1].write_text("a file")
    outcome = send(boxes)
    assert outcome.handover is Handover.ACCEPTED
    assert "archive copy was not kept" in outcome.reply
    assert len(mails(boxes[0])) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"data": b"bare\nline feed\r\n"},
        {"recipient": "a@b.example\r\nX-Evil: yes"},
        {"recipient": "a@b.example, c@d.example"},
        {"envelope_sender": "a@b.example>\r\nX: y"},
        {"archive": "nobody"},
    ],
)
def test_what_no_server_would_take_is_not_captured_either(boxes, changes):
    def gate():
        raise AssertionError("the gate is not asked for it")

    outcome = send(boxes, replace(PARCEL, **changes), gate)
    assert outcome.handover is Handover.FAILED
    assert outcome.reply
    assert mails(boxes[0]) == mails(boxes[1]) == []


@pytest.mark.parametrize(
    "recipient",
    ["ethics@bounce.company.example", "unknown-user@company.example", "Unknown-User@c.example"],
)
def test_an_address_made_to_bounce_is_accepted_and_then_bounces_home(boxes, recipient):
    outcome = send(boxes, replace(PARCEL, recipient=recipient, archive=None))
    assert outcome.handover is Handover.ACCEPTED
    assert len(mails(boxes[0])) == 1
    (raw,) = mails(boxes[1])
    assert_wire(raw)
    report = message_from_bytes(raw, policy=policy.default)
    assert not report.defects
    assert report["Return-Path"] == "<>"
    assert report["To"] == report["Delivered-To"] == SENDER
    assert report["Date"].datetime == NOW
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    text, status, headers = report.iter_parts()
    assert "550 5.1.1" in text.get_content()
    assert status.get_content_type() == "message/delivery-status"
    groups = status.get_payload()
    assert isinstance(groups, list)
    per_mail, per_recipient = (group for group in groups if isinstance(group, EmailMessage))
    assert per_mail["Reporting-MTA"] == "dns; mail.ours.example"
    assert per_recipient["Final-Recipient"] == f"rfc822; {recipient}"
    assert (per_recipient["Action"], per_recipient["Status"]) == ("failed", "5.1.1")
    assert per_recipient["Diagnostic-Code"].startswith("smtp; 550 5.1.1")
    assert headers.get_content_type() == "text/rfc822-headers"
    assert "Message-ID: <one@ours.example>" in headers.get_content()


@pytest.mark.parametrize(
    "recipient", ["ethics@company.example", "a@bouncer.example", "unknown-users@c.example"]
)
def test_other_addresses_do_not_bounce(boxes, recipient):
    send(boxes, replace(PARCEL, recipient=recipient, archive=None))
    assert mails(boxes[1]) == []


def test_the_setting_capture_opens_this_transport(boxes):
    transport = open_transport("capture:", outbox=boxes[0], inbox=str(boxes[1]))
    assert isinstance(transport, CaptureTransport)
    with pytest.raises(ValueError, match="folders"):
        open_transport("capture:")
