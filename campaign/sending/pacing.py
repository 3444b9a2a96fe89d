"""How fast mails leave: at most so many a minute, over all and to one domain.

A minute is any sixty seconds that end now, and what other senders have taken up counts as well:
so a rate holds across workers and restarts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
LOOK_AT = 1000
_SEEN_AT_LEAST = 5.0  # seconds, so that the first mails of all do not promise too much


class Taken(NamedTuple):
    """A mail that was tried within the last minute, or that a sender holds now."""

    domain: str
    batch: int | None = None


class Due(NamedTuple):
    """A mail that waits."""

    id: int
    domain: str
    batch: int | None = None


@dataclass(frozen=True)
class Pace:
    """At most so many mails a minute, over all and to one domain; 0 for any number."""

    per_minute: int = 300
    per_domain: int = 60

    @classmethod
    def unlimited(cls) -> Pace:
        """As fast as the server takes them."""
        return cls(0, 0)

    @property
    def limited(self) -> bool:
        """Whether it holds anything up."""
        return bool(self.per_minute or self.per_domain)

    def within(self, other: Pace) -> Pace:
        """The slower of both."""
        return Pace(
            _smaller(self.per_minute, other.per_minute), _smaller(self.per_domain, other.per_domain)
        )

    def room(
        self, limit: int, taken: Iterable[Taken], batches: Mapping[int, Pace] | None = None
    ) -> Room:
        """The room for now, given what was taken up in the last minute."""
        known = tuple(taken)
        if self.per_minute:
            limit = max(0, min(limit, self.per_minute - len(known)))
        return Room(limit, self.per_domain, known, batches or {})


def _smaller(one: int, other: int) -> int:
    return min(filter(None, (one, other)), default=0)


@dataclass(frozen=True)
class Room:
    """How many mails a sender may take up now.

    Attributes:
        limit: at most so many.
        per_domain: at most so many a minute to one domain; 0 for any number.
        taken: what was taken up in the last minute.
        batches: batches that have a pace of their own.
    """

    limit: int
    per_domain: int = 0
    taken: tuple[Taken, ...] = ()
    batches: Mapping[int, Pace] = field(default_factory=dict)

    @property
    def look_at(self) -> int:
        """How many due mails to look at, so that one busy domain does not hide the others."""
        return max(LOOK_AT, self.limit) if self.per_domain or self.batches else self.limit

    @property
    def full(self) -> list[int]:
        """Batches that have had all their mails of this minute."""
        had = Counter(one.batch for one in self.taken)
        return [
            batch
            for batch, pace in self.batches.items()
            if pace.per_minute and had[batch] >= pace.per_minute
        ]

    def choose(self, due: Iterable[Due]) -> list[int]:
        """The ids to take of `due`, in their order."""
        domains = Counter(one.domain for one in self.taken)
        batches = Counter(one.batch for one in self.taken)
        chosen: list[int] = []
        for one in due:
            if len(chosen) >= self.limit:
                break
            own = self.batches.get(one.batch or 0, Pace.unlimited())
            most = _smaller(self.per_domain, own.per_domain)
            if (most and domains[one.domain] >= most) or (
                own.per_minute and batches[one.batch] >= own.per_minute
            ):
                continue
            domains[one.domain] += 1
            batches[one.batch] += 1
            chosen.append(one.id)
        return chosen


def planned(domains: Sequence[str], start: datetime, pace: Pace) -> list[datetime]:
    """About when each of these mails leaves, in their order, if the first leaves at `start`.

    The server's own speed is not in it: it is a small part of a minute for a whole minute's mails.
    """
    used: Counter[int] = Counter()
    to_domain: dict[tuple[str, int], int] = defaultdict(int)
    first_free = 0
    domain_free: dict[str, int] = defaultdict(int)
    moments = []
    for domain in domains:
        minute = max(first_free, domain_free[domain])
        while pace.per_minute and used[minute] >= pace.per_minute:
            minute += 1
        used[minute] += 1
        to_domain[domain, minute] += 1
        full = pace.per_domain and to_domain[domain, minute] >= pace.per_domain
        domain_free[domain] = minute + 1 if full else minute
        while pace.per_minute and used[first_free] >= pace.per_minute:
            first_free += 1
        moments.append(start + minute * MINUTE)
    return moments


@dataclass(frozen=True)
class Speed:
    """How fast a batch has been leaving.

    Attributes:
        tried: mails of the last minute.
        since: aware; when the first of them was tried, None where there is none.
    """

    tried: int
    since: datetime | None = None

    def per_minute(self, now: datetime) -> int:
        """Mails a minute, of what was seen; 0 where nothing was."""
        if not self.tried or self.since is None:
            return 0
        seen = min(60.0, max(_SEEN_AT_LEAST, (now - self.since).total_seconds()))
        return max(1, round(self.tried * 60 / seen))


def time_left(waiting: Sequence[str], speed: Speed, pace: Pace, now: datetime) -> timedelta | None:
    """How long the mails that wait (their domains) still need; None where nothing shows it.

    What was seen counts, and a pace that is slower than it.
    """
    if not waiting:
        return timedelta(0)
    by_pace = planned(waiting, now, pace)[-1] - now if pace.limited else None
    seen = speed.per_minute(now)
    if seen:
        by_speed = timedelta(minutes=len(waiting) / seen)
        return max(by_speed, by_pace or by_speed)
    return by_pace
