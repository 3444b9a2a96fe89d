"""What servers answer to RCPT TO, each as three mail systems report it to us."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from campaign.replies.kinds import Kind
from campaign.replies.reading import read_bytes
from tests.replies.table_field_reports import built
from tests.replies.test_text_reports import FAILED, filled, written

_TABLE = tomllib.loads((Path(__file__).parent / "mail" / "refusals.toml").read_text())
ROWS = [(said, True) for said in _TABLE["bad_address"]] + [
    (said, False) for said in _TABLE["other"]
]
DAEMON = "MAILER-DAEMON@mx.relay.example"


def _with_fields(said: str) -> bytes:
    status = re.search(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]|\w)", said)
    general = "4.0.0" if said.startswith("4") else "5.0.0"
    text = f"<{FAILED}>: {said}"
    if said.startswith(("4", "5")):
        text = f"<{FAILED}>: host mx[192.0.2.3] said: {said} (in reply to\n    RCPT TO command)"
    return built(status=status.group() if status else general, said=f"smtp; {said}", text=text)


def _as_exim(said: str) -> bytes:
    body = (
        "This message was created automatically by mail delivery software.\n\nA message that you "
        "sent could not be delivered to one or more of its\nrecipients. This is a permanent error. "
        f"The following address(es) failed:\n\n  {FAILED}\n    SMTP error from remote mail server "
        f"after RCPT TO:<{FAILED}>:\n    host mx.firm.example [192.0.2.3]: {said}\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n{original}"
    )
    return written(DAEMON, "Mail delivery failed: returning message to sender", filled(body))


def _as_qmail(said: str) -> bytes:
    body = (
        "Hi. This is the qmail-send program at mx.relay.example.\nI'm afraid I wasn't able to "
        "deliver your message to the following addresses.\nThis is a permanent error; I've given "
        f"up. Sorry it didn't work out.\n\n<{FAILED}>:\n192.0.2.3 does not like recipient.\n"
        f"Remote host said: {said}\nGiving up on 192.0.2.3.\n\n"
        "--- Below this line is a copy of the message.\n\n{original}"
    )
    return written(DAEMON, "failure notice", filled(body))


@pytest.mark.parametrize(("said", "hard"), ROWS, ids=[said[:60] for said, _ in ROWS])
def test_a_refusal_is_told_alike_whoever_reports_it(said: str, hard: bool) -> None:
    for report in (_with_fields, _as_exim, _as_qmail):
        seen = read_bytes(report(filled(said)))
        told = (seen.kind, seen.hard, seen.recipient)
        assert told == (Kind.BOUNCE, hard, FAILED), report.__name__
