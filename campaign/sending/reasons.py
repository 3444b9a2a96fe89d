"""What became of a dispatch in a few words, and what a person can do about it.

A mail server's own words stay beside it: these sort them, so that a report has ten lines and not
three hundred.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from campaign.sending.rules import LEFT, DispatchState

_S = DispatchState


class Group(StrEnum):
    """How a report counts dispatches."""

    LEFT = "left"
    WAITING = "waiting"
    AGAIN = "again"
    UNKNOWN = "unknown"
    NOT_GONE = "not_gone"
    CAME_BACK = "came_back"
    BY_HAND = "by_hand"
    WITHDRAWN = "withdrawn"


_GROUPS = {
    **dict.fromkeys(LEFT, Group.LEFT),
    **dict.fromkeys((_S.QUEUED, _S.CLAIMED, _S.TRANSMITTING), Group.WAITING),
    **dict.fromkeys((_S.FAILED, _S.EXPIRED), Group.NOT_GONE),
    **dict.fromkeys((_S.BOUNCED, _S.RETURNED_TO_SENDER), Group.CAME_BACK),
    _S.DEFERRED: Group.AGAIN,
    _S.UNKNOWN: Group.UNKNOWN,
    _S.WITHDRAWN: Group.WITHDRAWN,
}


def group(state: DispatchState, *, by_hand: bool) -> Group:
    """Where a report counts it; what a person sends and has not sent yet is apart."""
    if by_hand and state is _S.QUEUED:
        return Group.BY_HAND
    return _GROUPS[state]


class Reason(NamedTuple):
    """Why, in words, and what to do; `to_do` is empty where there is nothing to do."""

    words: str
    to_do: str = ""


_NEW_ROUND = (
    "then order a new round from the letter's page: it prints a new date and is approved anew."
)
_ADDRESS = Reason("The address does not exist", f"Choose another contact of theirs, {_NEW_ROUND}")
_CLOSED = Reason("The mailbox is closed", f"Choose another contact of theirs, {_NEW_ROUND}")
_FULL = Reason("Their mailbox is full", f"Wait some days or choose another contact, {_NEW_ROUND}")
_LARGE = Reason(
    "The mail is too large for their server", f"Attach less, or send it by post, {_NEW_ROUND}"
)
_POLICY = Reason(
    "Their server does not want mail from us",
    "Look at Settings, “Do our mails arrive?”, and ask whoever runs your mail server; "
    f"{_NEW_ROUND}",
)
_REFUSED = Reason("Their mail server refused it", f"Read what it said, choose a way, {_NEW_ROUND}")

# Enhanced status codes (RFC 3463 section 3), else the three digits of RFC 5321 section 4.2.
_BY_STATUS = (
    (r"1\.(?:[0-4]|6|10)|4\.4", _ADDRESS),
    (r"2\.1", _CLOSED),
    (r"2\.2", _FULL),
    (r"2\.3|3\.4", _LARGE),
    (r"7\.\d+", _POLICY),
)
_BY_CODE = {552: _LARGE, 554: _POLICY}
_STATUS = re.compile(r"(?<![\d.])[45]\.(\d{1,3}\.\d{1,3})(?![\d.])")

_AGAIN = "Nothing: it is tried again by itself, for two days."
_LATER = Reason("Their mail server asks us to come back later", _AGAIN)
_BROKEN = Reason("The connection broke off before the mail was handed over", _AGAIN)
_UNKNOWN = Reason(
    "The connection broke off after the mail was handed over",
    "Look into the mail server's log, or wait for our own copy, then decide on its page. "
    "It is never sent again by itself.",
)
_GIVEN_UP = Reason("Given up after two days", f"Choose another contact or way, {_NEW_ROUND}")
_TOO_LATE = Reason("It could not leave in time", "Order a new round: it prints a new date.")
_CAME_BACK = Reason("It came back", f"Choose another contact or way, {_NEW_ROUND}")
_WITHDRAWN = Reason("Withdrawn before it left")
_BY_HAND = Reason("A person sends it", "Fill in the form, post it, or mention them; then note it.")


def _by_status(words: str) -> Reason | None:
    found = _STATUS.search(words)
    told = (reason for pattern, reason in _BY_STATUS if found and re.fullmatch(pattern, found[1]))
    return next(told, None)


def reason(
    state: DispatchState, *, by_hand: bool, code: int | None, words: str, attempts: int
) -> Reason:
    """Why a dispatch stands where it does, and what to do; empty words where all is well.

    Args:
        code: three digits that the server gave last, None where it gave none.
        words: what the server, or the program, said about it.
    """
    where = group(state, by_hand=by_hand)
    if where is Group.BY_HAND:
        return _BY_HAND
    if where is Group.AGAIN:
        return _LATER if code else _BROKEN
    if state is _S.EXPIRED:
        return _GIVEN_UP if attempts else _TOO_LATE
    if state is _S.FAILED:
        return _by_status(words) or _BY_CODE.get(code or 0, _REFUSED)
    if state is _S.BOUNCED:
        return _by_status(words) or _CAME_BACK
    told = {Group.UNKNOWN: _UNKNOWN, Group.CAME_BACK: _CAME_BACK, Group.WITHDRAWN: _WITHDRAWN}
    return told.get(where, Reason(""))
