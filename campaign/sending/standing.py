"""How far letters that were ordered together are, as staff are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaign.sending.pacing import Speed
from campaign.sending.reasons import Group


class Standing(StrEnum):
    """What a batch does now."""

    TAKEN_BACK = "taken_back"
    PLANNED = "planned"
    LEAVING = "leaving"
    PAUSED = "paused"
    AGAIN = "again"
    OVER = "over"


LIVE = frozenset({Standing.PLANNED, Standing.LEAVING, Standing.PAUSED, Standing.AGAIN})
"""While one of these holds the page looks again by itself."""


@dataclass(frozen=True)
class Facts:
    """A batch in numbers.

    Attributes:
        groups: dispatches by how a report counts them.
        mails: all but what goes by hand or was withdrawn.
        begun: anything of it was tried, held by a sender, or done by a person.
        late: mails that wait and have too little time left to leave.
        leaves_at, now: aware.
    """

    groups: Mapping[Group, int]
    mails: int
    begun: bool
    late: int
    leaves_at: datetime
    paused: bool
    taken_back: bool
    speed: Speed
    now: datetime

    @property
    def waiting(self) -> int:
        """Mails that wait for their first or next attempt."""
        return self.groups.get(Group.WAITING, 0) + self.groups.get(Group.AGAIN, 0)

    @property
    def done(self) -> int:
        """Mails about which nothing more happens by itself."""
        return self.mails - self.waiting

    @property
    def can_be_taken_back(self) -> bool:
        """Whether all of it can be: nothing has begun."""
        return not (self.begun or self.taken_back)

    @property
    def standing(self) -> Standing:
        """What it does now."""
        if self.taken_back:
            return Standing.TAKEN_BACK
        if not self.waiting:
            return Standing.OVER
        if self.paused:
            return Standing.PAUSED
        if self.now < self.leaves_at and not self.begun:
            return Standing.PLANNED
        return Standing.LEAVING if self.groups.get(Group.WAITING, 0) else Standing.AGAIN

    @property
    def live(self) -> bool:
        """Whether it changes by itself."""
        return self.standing in LIVE
