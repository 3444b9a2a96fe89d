"""The report of a batch as a table to download."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from campaign.kernel import days
from campaign.sending.batch_queries import Line
from campaign.sending.parcels import settings
from campaign.sending.reasons import Group

HEADER = (
    "Company",
    "By",
    "To",
    "What became of it",
    "State",
    "Since",
    "Attempts",
    "Why",
    "What to do",
    "What the server said",
)

WORDS = {
    Group.LEFT: "Has left",
    Group.WAITING: "Waits to leave",
    Group.AGAIN: "Is tried again",
    Group.UNKNOWN: "Not known whether it left",
    Group.NOT_GONE: "Did not go",
    Group.CAME_BACK: "Came back",
    Group.BY_HAND: "For a person to send",
    Group.WITHDRAWN: "Withdrawn before it left",
}


def rows_of(told: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    """One row for each letter and contact; times in the zone in which staff read them."""
    zone = settings().timezone
    for one in told:
        yield (
            one.company,
            one.channel.value,
            ", ".join(one.recipient.splitlines()),
            WORDS[one.group],
            one.state.value.replace("_", " "),
            days.in_words(one.state_at, zone),
            str(one.attempts),
            one.why.words,
            one.why.to_do,
            one.said,
        )
