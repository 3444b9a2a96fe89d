"""What stands between us and a mailbox, and when staff are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.database import transaction
from campaign.kernel import clock
from campaign.replies.mailbox_words import overdue, trouble
from campaign.replies.models import MailboxReading
from tests.builders import accounts
from tests.pages import page

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)

SAID = [
    ("[AUTHENTICATIONFAILED] Authentication failed.", "refuses the user or the password"),
    ("LOGIN failed.", "refuses the user or the password"),
    ("the provider refused: invalid_grant; no token", "no leave to sign in"),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired", "does not prove"),
    ("[Errno -2] Name or service not known", "No mail server of this name"),
    ("[Errno 111] Connection refused", "does not answer"),
    ("timed out", "does not answer"),
    ("The read operation timed out", "does not answer"),
    ("command: UID => socket error: EOF", "does not answer"),
    ("Messages were added faster than the mailbox can be read.", "faster than they could"),
    ("A message vanished while the folder was read.", "was deleted while"),
    ("The maildir cannot be read: No such file or directory.", "folder of the mailbox"),
    ("There is no room left at /files.", "no room left"),
    ("The mail server's list of folders cannot be understood.", "cannot be relied on"),
]


@pytest.mark.parametrize(("error", "words"), SAID)
def test_an_error_is_told_in_words_with_what_to_do(error: str, words: str) -> None:
    told = trouble(f"The mailbox at mail.example.org:993 could not be read: {error}")
    assert told is not None
    assert words in told.words
    assert told.what_to_do.endswith(".")


def test_no_error_is_no_trouble() -> None:
    assert trouble("") is None


@pytest.mark.parametrize(
    ("read", "failing", "late"),
    [
        (timedelta(minutes=59), None, False),
        (timedelta(minutes=61), None, True),
        (timedelta(minutes=59), timedelta(minutes=58), False),
        (None, timedelta(minutes=61), True),
        (None, timedelta(minutes=59), False),
        (None, None, False),
    ],
)
def test_an_hour_without_a_complete_reading_is_an_alarm(
    read: timedelta | None, failing: timedelta | None, late: bool
) -> None:
    found = overdue(NOW - read if read else None, NOW - failing if failing else None, NOW)
    assert (found is not None) is late


def _box(ago: timedelta, **facts: object) -> None:
    with transaction() as session:
        read = clock.now() - ago
        session.add(MailboxReading(key="imap:us@mail.example:993/", watermark=read, **facts))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PUBLISHER])
def test_today_and_the_page_of_mailboxes_tell_it(
    app: Flask, client: FlaskClient, role: Role
) -> None:
    with app.app_context():
        _box(
            timedelta(minutes=61),
            error="[AUTHENTICATIONFAILED] no.",
            error_since=clock.now() - timedelta(minutes=60),
        )
        email = accounts.user("Vic", role).email
    accounts.sign_in(client, email)
    for address in ("/staff/", "/staff/mailboxes/"):
        shown = page(client.get(address)).text
        assert "us@mail.example has not been read to its end since" in shown, address
        assert "The mail server refuses the user or the password." in shown
        assert "Check both in INBOX_URL." in shown
    assert client.get("/readyz").status_code == 503


def test_before_an_hour_has_passed_only_the_page_of_mailboxes_tells_it(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        _box(timedelta(minutes=50), error="timed out", error_since=clock.now())
        email = accounts.user("Vic", Role.VIEWER).email
    accounts.sign_in(client, email)
    assert "has not been read to its end since" not in page(client.get("/staff/")).text
    shown = page(client.get("/staff/mailboxes/")).text
    assert "has not been read to its end since" not in shown
    assert "The mail server does not answer, or hung up." in shown


def test_a_mailbox_that_is_read_no_more_alarms_nobody(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        _box(timedelta(days=9), active=False)
        email = accounts.user("Vic", Role.VIEWER).email
    accounts.sign_in(client, email)
    for address in ("/staff/", "/staff/mailboxes/"):
        assert "has not been read to its end" not in page(client.get(address)).text
