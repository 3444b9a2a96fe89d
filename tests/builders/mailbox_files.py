"""What happens to mails behind the program's back: bounces, lost copies, changed files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from campaign.database import transaction
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter
from campaign.sending.models import Dispatch
from tests.builders import replies as incoming

_BOUNCE = """From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {sender}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

A report about your mail.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {recipient}

--b--
"""


def bounces(dispatch: Dispatch, status: str = "5.1.1", action: str = "failed") -> None:
    """The mail comes back, or a server says otherwise of it: a report in the captured inbox."""
    raw = _BOUNCE.format(
        status=status,
        action=action,
        sender=dispatch.envelope_sender,
        recipient=dispatch.recipient,
        message_id=dispatch.message_id,
    )
    incoming.arrives(raw.encode())


def own_copy(dispatch: Dispatch) -> None:
    """The archive copy of a mail arrives after all."""
    incoming.arrives(current_app.extensions["files"].get(dispatch.file_sha256))


def lose_new_mail() -> None:
    """What has just arrived in the captured inbox is gone before anybody read it."""
    for path in (incoming.settings().captured_inbox / "new").iterdir():
        path.unlink()


@contextmanager
def altered(dispatch: Dispatch, old: bytes, new: bytes) -> Iterator[None]:
    """Within the block the kept bytes of a mail hold other words than those that were signed."""
    files = current_app.extensions["files"]
    signed = dispatch.file_sha256 or ""
    raw = files.get(signed)
    assert old in raw
    _set_file(dispatch, files.put(raw.replace(old, new)))
    yield
    _set_file(dispatch, signed)


def _set_file(dispatch: Dispatch, sha256: str) -> None:
    with transaction() as session:
        session.get_one(Dispatch, dispatch.id).file_sha256 = sha256


@contextmanager
def rewritten(letter: Letter) -> Iterator[None]:
    """Within the block the frozen text holds other words than those that were signed."""
    frozen = drafting.current_frozen(letter)
    assert frozen is not None
    signed = frozen.bundle
    _set_bundle(letter, signed.replace("location", "vacation"))
    yield
    _set_bundle(letter, signed)


def _set_bundle(letter: Letter, bundle: str) -> None:
    with transaction():
        frozen = drafting.current_frozen(letter)
        assert frozen is not None
        frozen.bundle = bundle
