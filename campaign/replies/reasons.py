"""Why a mail was not delivered, told from what servers say; and which reasons blame the address.

The table words/reasons.toml is read from the top: the first reason that the words show is taken.
What stands further up explains away what stands below: "sender unknown" speaks of no recipient,
a full mailbox is there, whatever code goes with it.
"""

from __future__ import annotations

import re
from enum import StrEnum

from campaign.replies.phrases import table


class Reason(StrEnum):
    """Why a server did not take or keep a mail."""

    SENDER = "sender"
    FULL = "full"
    LISTED = "listed"
    UNPROVEN = "unproven"
    RELAY = "relay"
    MOVED = "moved"
    NO_HOST = "no_host"
    NO_USER = "no_user"
    DISABLED = "disabled"
    RATE = "rate"
    SIZE = "size"
    CONTENT = "content"
    LOOP = "loop"
    POLICY = "policy"
    NETWORK = "network"
    EXPIRED = "expired"
    SYSTEM = "system"


BAD_ADDRESS = frozenset({Reason.MOVED, Reason.NO_HOST, Reason.NO_USER})
"""The reasons for which writing there again can never help (contract.md: `hard`)."""


_TABLE = {Reason(name): says for name, says in table("reasons").items()}

# Only these say something whatever else is said; the rest are common words of any report.
_LOUD = (
    Reason.SENDER,
    Reason.FULL,
    Reason.LISTED,
    Reason.UNPROVEN,
    Reason.RELAY,
    Reason.MOVED,
    Reason.NO_HOST,
    Reason.DISABLED,
    Reason.NO_USER,
)


def reason_in(said: str) -> Reason | None:
    """The reason that some words of a server show; None where they show none."""
    return next((reason for reason, says in _TABLE.items() if says.search(said)), None)


def is_plain(reason: Reason | None) -> bool:
    """Whether a reason says more than that something failed, loud or not."""
    return reason is not None and reason not in (Reason.SYSTEM, Reason.NETWORK)


def is_loud(reason: Reason | None) -> bool:
    """Whether a reason is told by words that reports use for nothing else."""
    return reason in _LOUD


# ---- with the status code (RFC 3463, RFC 7505, and the codes of Exchange Online) ------------

# These blame the address, unless the words beside them plainly say something else.
_CERTAIN = frozenset(
    {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.1.351", "5.4.4", "5.4.310"}
)
# These blame the sender or his standing, the room or the time, whatever words stand beside them.
_NEVER = re.compile(
    r"5\.1\.(?:7|8|20|90)$|5\.2\.[23]$|5\.4\.7$|5\.6\.|5\.7\.(?:26|50\d|60\d|7\d\d)$"
)
# These say that something is wrong and not what: the words decide.
_GENERAL = re.compile(r"5\.(?:0\.\d{1,3}|1\.\d{1,3}|[2-6]\.0|2\.1|3\.[05]|4\.1|5\.\d{1,3})$")
# How Exchange Online says that its directory holds no such recipient.
_NOT_LISTED = re.compile(r"recipient address rejected: access denied", re.I)
_PASSING = re.compile(
    r"try (?:it )?(?:again|later)|temporar|greylist|graylist|lookup fail|timed? ?out|deferred"
    r"|unverified|verification",
    re.I,
)


class Stage(StrEnum):
    """At which step of the conversation a server said no."""

    RECIPIENT = "recipient"
    MESSAGE = "message"
    UNKNOWN = "unknown"


def is_bad_address(status: str | None, said: str, stage: Stage) -> bool:
    """Whether the address itself is bad: unknown user or host, or moved for good.

    A server that takes the address and says "user unknown" only after the message has judged
    the message, so that counts only with a status that is certain; and words that a precise
    status contradicts do not count (RFC 3463 section 3).
    """
    reason = reason_in(said)
    blames = reason in BAD_ADDRESS or bool(status == "5.4.1" and _NOT_LISTED.search(said))
    if status is None:
        return blames and stage is not Stage.MESSAGE
    if _NEVER.match(status):
        return False
    if status in _CERTAIN:
        return blames or not is_loud(reason)
    if not blames:
        return False
    if status.startswith("4"):
        return status in ("4.1.1", "4.1.6") and not _PASSING.search(said)
    if reason in (Reason.MOVED, Reason.NO_HOST) or stage is Stage.RECIPIENT:
        return True
    return stage is Stage.UNKNOWN and bool(_GENERAL.match(status))
