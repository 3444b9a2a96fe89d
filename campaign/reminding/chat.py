"""Telling the chat rooms that staff use, through a library that knows a hundred services.

An address of a room holds its secret: it stands in no log, no page and no error.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import apprise

from campaign.kernel.errors import Problem

log = logging.getLogger(__name__)
logging.getLogger("apprise").setLevel(logging.CRITICAL)


def rooms(urls: str) -> apprise.Apprise:
    """The rooms at these addresses, separated by spaces.

    Raises:
        Problem: `bad-setting`: the library does not know one of them.
    """
    found = apprise.Apprise()
    for number, url in enumerate(urls.split(), 1):
        if not found.add(url):
            raise Problem(
                "bad-setting",
                name="STAFF_CHAT_URLS",
                why=f"address {number} is of no service that is known",
                fix="Write it as the list of services of Apprise shows it.",
            )
    return found


def tell(to: apprise.Apprise, title: str, lines: Sequence[str]) -> bool:
    """Tell every room; whether all of them took it. A room that did not is told to the log."""
    try:
        taken = bool(to.notify(title=title, body="\n".join(lines)))
    except Exception as error:  # a service's own fault is none of the clock's
        log.warning("a chat room could not be told: %s", type(error).__name__)
        return False
    if not taken:
        log.warning("a chat room did not take a message")
    return taken
