"""What staff are reminded of, how, and when: topics, ways, and the hours in which people work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8), time(18)
_WEEKEND = 5  # Saturday, counted from Monday as 0
QUIET = timedelta(hours=1)
"""Between two mails to one person, so that a busy morning is no flood."""
AGAIN_AFTER = timedelta(minutes=15)
"""After a mail that the server did not take."""
DRAFT_OLD = timedelta(days=7)
DEADLINE_NEAR = timedelta(days=2)
PUBLICATION_NEAR = timedelta(hours=24)
EMBARGO_NEAR = timedelta(hours=24)
MAILBOX_SILENT = timedelta(hours=1)


class Topic(StrEnum):
    """What a person can choose about."""

    REPLIES = "replies"
    PUBLICATION = "publication"
    MAILBOXES = "mailboxes"
    APPROVALS = "approvals"
    SENDING = "sending"
    DEADLINES = "deadlines"
    DRAFTS = "drafts"
    REVIEWS = "reviews"
    EMBARGOES = "embargoes"


class Way(StrEnum):
    """How a person hears of a topic."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    MUTED = "muted"


TOPICS: Mapping[Topic, tuple[str, str, Way]] = {
    Topic.REPLIES: (
        "Replies and messages", "that wait for somebody to read or to publish them", Way.AT_ONCE,
    ),
    Topic.PUBLICATION: (
        "Publication", "what the program publishes within a day, and what needs your word or your "
        "look at other doors before it can", Way.AT_ONCE,
    ),
    Topic.MAILBOXES: (
        "Mailboxes", "that have not been read to their end for an hour", Way.AT_ONCE,
    ),
    Topic.APPROVALS: ("Approvals", "texts and proofs that wait for you", Way.AT_ONCE),
    Topic.SENDING: (
        "Sending", "letters to send, and mails that came back, failed or may have left",
        Way.AT_ONCE,
    ),
    Topic.DEADLINES: ("Deadlines", "of companies that have not answered, two days ahead",
                      Way.DIGEST),
    Topic.DRAFTS: ("Drafts", "that nobody has put up for a week", Way.DIGEST),
    Topic.REVIEWS: ("Reviews", "records whose day to be looked at again has come", Way.DIGEST),
    Topic.EMBARGOES: ("Embargoes", "that end within a day", Way.AT_ONCE),
}  # fmt: skip
"""By topic: its name, what it is about, and how a person hears of it who has not chosen."""


ROOMS = frozenset({Topic.REPLIES, Topic.PUBLICATION, Topic.MAILBOXES, Topic.SENDING})
"""Topics that chat rooms hear of: what any of the staff may take up."""


class Thing(NamedTuple):
    """Something that waits for one person.

    Attributes:
        key: the same as long as it is the same thing, so that it is told once.
        path: address of the page where it is done, below the site's own.
        grace: how long it may wait before anybody is reminded.
    """

    key: str
    topic: Topic
    title: str
    detail: str
    path: str
    grace: timedelta = timedelta(0)


def is_working_time(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether people are at work there: Monday to Friday, from eight to six."""
    local = moment.astimezone(zone)
    return local.weekday() < _WEEKEND and OPENS <= local.time() < CLOSES


def day_opened(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the working day of that moment began, aware; a digest goes out once after it."""
    local = moment.astimezone(zone)
    return local.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
