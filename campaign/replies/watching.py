"""Threads that hear of new mail and hasten its reading. Nothing rests on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from flask import current_app

from campaign.config import Settings
from campaign.replies.imap import ImapMailbox
from campaign.replies.mailboxes import MailboxTrouble, open_mailbox

SOON, LATE = 5.0, 300.0  # seconds until a connection that ended is opened anew


def watch_mailboxes(stop: threading.Event, tell: Callable[[], None]) -> list[threading.Thread]:
    """Let `tell` be called when a mailbox of the settings gets mail, until `stop` is set.

    Where a server does not offer that, the clock's readings find the mail, as they do without.

    Raises:
        Problem: `bad-setting`, for an address that names no mailbox.
    """
    settings: Settings = current_app.extensions["settings"]
    tokens = current_app.extensions["oauth"]
    boxes = (open_mailbox(url, tokens) for url in settings.inbox_urls)
    return watch([box for box in boxes if isinstance(box, ImapMailbox)], stop, tell)


def watch(
    boxes: Iterable[ImapMailbox], stop: threading.Event, tell: Callable[[], None]
) -> list[threading.Thread]:
    """One thread for each mailbox; they end within a second or two of `stop`."""
    threads = [
        threading.Thread(target=_listen, args=(box, stop, tell), name="mailbox", daemon=True)
        for box in boxes
    ]
    for thread in threads:
        thread.start()
    return threads


def _listen(box: ImapMailbox, stop: threading.Event, tell: Callable[[], None]) -> None:
    pause = SOON

    def heard() -> None:
        nonlocal pause
        pause = SOON
        tell()

    while not stop.is_set():
        try:
            if not box.listen(stop, heard):
                return
        except MailboxTrouble:  # the readings meet it too, and tell staff
            stop.wait(pause)
            pause = min(pause * 2, LATE)
