"""When a letter may leave: its printed day must leave the company time enough (fairness.md rule 2).

The deadline that binds moves with the proof of delivery (rule 5), the printed one does not: a
letter that leaves later than it is dated gives the company fewer days in its own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaign.campaigns.rules import SHORT_PERIOD
from campaign.drafting.rules import Calendar
from campaign.kernel import days


@dataclass(frozen=True)
class Printed:
    """The dates in a letter, on the company's calendar; `zone` is the one that the text names."""

    dated_on: date
    deadline_on: date
    zone: str
    calendar: Calendar

    @property
    def last_day(self) -> date:
        """The last day on which it may leave: as many working days are left as rule 2 asks for.

        A period that was approved although it is shorter must not get shorter still.
        """
        count = self.calendar.working_days
        needed = min(SHORT_PERIOD, count(self.dated_on, self.deadline_on))
        day = self.deadline_on
        while count(day, self.deadline_on) < needed:
            day -= timedelta(days=1)
        return day

    @property
    def over_at(self) -> datetime:
        """From this moment on it must not be ordered to leave."""
        return self._end_of(self.last_day)

    @property
    def not_after(self) -> datetime:
        """From this moment on what was ordered in time must not leave any more.

        One working day later: a server that says “try later” shortly before midnight shall not
        cost the letter, and the deadline that binds is later in any case (rule 5).
        """
        over = self._end_of(self.deadline_on)
        return min(over, self._end_of(self.calendar.working_day(self.last_day, 1)))

    def days_given(self, leaves_at: datetime) -> int:
        """Calendar days from the day on which it leaves to the printed one."""
        return (self.deadline_on - days.local_date(leaves_at, days.zone_of(self.zone))).days

    def _end_of(self, day: date) -> datetime:
        return days.end_of_day(day, days.zone_of(self.zone))


def shorter(printed: Sequence[tuple[Printed, datetime]]) -> int:
    """The fewest days that any of these letters gives by its own words; -1 where none gives less.

    Args:
        printed: letters, each with the moment at which it is to leave.
    """
    fewer = [
        one.days_given(leaves_at)
        for one, leaves_at in printed
        if one.days_given(leaves_at) < (one.deadline_on - one.dated_on).days
    ]
    return min(fewer, default=-1)
