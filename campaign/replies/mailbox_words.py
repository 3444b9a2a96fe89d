"""What stands between us and a mailbox, in words for staff, with what to do; pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

ALARM_AFTER = timedelta(hours=1)
"""Without a complete reading for so long, staff are told wherever they look (issue 5, point 1)."""


class Trouble(NamedTuple):
    """What is wrong, and what to do about it."""

    words: str
    what_to_do: str


_ASK = "If it goes on, ask whoever runs the mail server."
# By words in what the connection or the server said; the first that fits.
_TROUBLES: tuple[tuple[str, Trouble], ...] = (
    (
        r"no room left|ENOSPC|No space",
        Trouble(
            "There is no room left for what comes in.",
            "Make room on this machine. Nothing is lost: the mail stays in the mailbox.",
        ),
    ),
    (
        r"\btoken\b|XOAUTH2|OAUTH",
        Trouble(
            "The mail provider gives no leave to sign in.",
            "Sign in anew at the provider and set OAUTH_REFRESH_TOKEN, or check the other OAUTH_"
            " settings.",
        ),
    ),
    (
        r"AUTHENTICATIONFAILED|authentication|credential|password|login (?:failed|invalid)",
        Trouble(
            "The mail server refuses the user or the password.",
            "Check both in INBOX_URL. Large providers want a password made for programs, or"
            " ?auth=xoauth2 in place of one.",
        ),
    ),
    (
        r"certificate|SSL|TLS",
        Trouble(
            "The mail server does not prove that it is the right one, or offers no encryption.",
            "Check the name of the server in INBOX_URL. If it is right, ask whoever runs it to"
            " renew its certificate.",
        ),
    ),
    (
        r"Name or service|getaddrinfo|name resolution|nodename",
        Trouble(
            "No mail server of this name can be found.",
            "Check the name in INBOX_URL, and whether this machine is on the network.",
        ),
    ),
    (
        r"refused: |Connection refused|timed? ?out|unreachable|reset by peer|Broken pipe|ended the"
        r" connection|connection ended|EOF|BYE|silent",
        Trouble(
            "The mail server does not answer, or hung up.",
            f"It is tried again every few seconds. {_ASK}",
        ),
    ),
    (
        r"faster than the mailbox",
        Trouble(
            "Messages came in faster than they could be read.",
            "It is tried again by itself. If it goes on, see who sends so many.",
        ),
    ),
    (
        r"vanished|deleted while",
        Trouble(
            "A message was deleted while the mailbox was read.",
            "It is read again by itself. Let nobody delete mail from this mailbox.",
        ),
    ),
    (
        r"maildir",
        Trouble(
            "The folder of the mailbox cannot be read.",
            "Check that the folder in INBOX_URL is there and that the program may read it.",
        ),
    ),
)
_OTHER = Trouble(
    "The mail server gave an answer that cannot be relied on.",
    f"It is tried again by itself. {_ASK}",
)


def trouble(error: str) -> Trouble | None:
    """What an error of a reading means for staff; None where there is none."""
    if not error:
        return None
    fits = (told for words, told in _TROUBLES if re.search(words, error, re.IGNORECASE))
    return next(fits, _OTHER)


def overdue(
    watermark: datetime | None, error_since: datetime | None, now: datetime
) -> datetime | None:
    """Since when no reading reached the end, if that is more than an hour; None where all is well.

    Args:
        watermark: start of the last complete reading.
        error_since: first of the readings that failed one after another.
    """
    since = watermark or error_since
    return since if since is not None and now - since > ALARM_AFTER else None
