"""When a letter's deadline ends, and which reminder is due.

Dates are days on the company's calendar; moments are aware UTC. The law is fairness.md
rules 2, 5, 8, 11 and 13 and its gate "period".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from campaign.kernel import days

AFTER_A_LATE_REMINDER = 3
"""Working days that remain at least after a reminder that was missed (rule 11)."""

FINAL_NOTICE_BEFORE = 2
"""Working days from the final notice to the deadline (rule 11)."""

_OFFICE_OPENS = time(9)
_LAST_DAY_SLACK = timedelta(hours=1)


@dataclass(frozen=True)
class Policy:
    """What a campaign promises: days to answer, in their unit, and working days of grace."""

    response_days: int = 14
    grace_working_days: int = 1
    reminders: bool = True
    unit: days.Unit = days.Unit.CALENDAR


@dataclass(frozen=True)
class Place:
    """Where a company's calendar hangs.

    Attributes:
        country: ISO 3166 alpha-2; None counts Monday to Friday.
        region: a part of the country with holidays of its own.
        zone: IANA name; None means the latest zone on Earth (rule 2).
        closed: further days on which the company does not work.
    """

    country: str | None
    region: str | None
    zone: str | None
    closed: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        """Whether the office is closed on `day`, weekends and public holidays apart.

        A day that the zone left out when it crossed the date line gave nobody time to work.
        """
        return isinstance(day, date) and (
            day in self.closed or not days.day_exists(day, self.calendar_zone)
        )

    @property
    def calendar_zone(self) -> ZoneInfo:
        """The zone in which the company's days begin and end."""
        return days.zone_of(self.zone)

    def date_at(self, moment: datetime) -> date:
        """The company's date at that moment."""
        return days.local_date(moment, self.calendar_zone)

    def opening(self, day: date) -> datetime:
        """09:00 on the company's clock on that day."""
        return days.at_time(day, _OFFICE_OPENS, self.calendar_zone)

    def works_on(self, day: date) -> bool:
        """Whether it is a working day there."""
        return days.is_working_day(day, self.country, self.region, self)

    def working_day(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it."""
        return days.add_working_days(day, n, self.country, self.region, self)

    def period_end(self, day: date, policy: Policy) -> date:
        """The last day to answer, where the time to answer begins on `day`."""
        return days.period_end(
            day, policy.response_days, policy.unit, self.country, self.region, self
        )

    def working_days(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        return days.working_days_between(start, end, self.country, self.region, self)


class Due(NamedTuple):
    """What has to be sent now; when `late`, the deadline moves (rule 11)."""

    kind: Literal["reminder", "final_notice"]
    late: bool


def binding_deadline(
    printed: date,
    proof_at: datetime | None,
    policy: Policy,
    place: Place,
    *,
    granted: Sequence[date] = (),
    late_reminders: Sequence[datetime] = (),
    earlier: date | None = None,
) -> date | None:
    """The day on whose end the company's time is over; None without adequate proof.

    Args:
        printed: the date in the letter.
        proof_at: the event that gave adequate proof (rule 8), None while there is none.
        granted: new dates of the extensions (rule 13).
        late_reminders: when each reminder that had been missed was sent (rule 11).
        earlier: what was binding before. A deadline never moves back (rule 2).
    """
    if proof_at is None:
        return None
    full_period = place.period_end(place.date_at(proof_at), policy)
    after_reminders = [
        place.working_day(place.date_at(sent_at), AFTER_A_LATE_REMINDER)
        for sent_at in late_reminders
    ]
    promised = [] if earlier is None else [earlier]
    return max([printed, full_period, *granted, *after_reminders, *promised])


def deadline_at(deadline: date, place: Place) -> datetime:
    """The UTC moment at which the deadline's day is over in the company's zone (rule 2)."""
    return days.end_of_day(deadline, place.calendar_zone)


def never_before(promised: datetime | None, computed: datetime) -> datetime:
    """The later moment: a zone, a country or a policy that was changed moves none back (rule 2)."""
    return max(promised, computed) if promised else computed


def silence_at(deadline: date, policy: Policy, place: Place) -> datetime:
    """The UTC moment from which silence may be told: deadline and grace are over (gate "period").

    The grace days are the working days after the deadline, which may be a holiday itself.
    """
    return deadline_at(place.working_day(deadline, policy.grace_working_days), place)


def reminder_at(started_at: datetime, deadline: date, place: Place) -> datetime:
    """The UTC moment of the reminder: 09:00 on a working day at half the period (rule 11).

    Moved to the next working day where that is still before the day of the final notice, else
    to the one before. Always after `started_at`, when the period began.
    """
    start = place.date_at(started_at)
    if start >= deadline:
        return _half_way(started_at, deadline_at(deadline, place))
    first = days.plus_days(start, 1)
    half = max(first, days.plus_days(start, (deadline - start).days // 2))
    last = days.plus_days(place.date_at(final_notice_at(deadline, place)), -1)
    return place.opening(_near(half, first, min(last, deadline), deadline, place))


def _near(wanted: date, first: date, last: date, deadline: date, place: Place) -> date:
    """The working day in first..last next to the wanted one: later if possible, else earlier."""
    later = wanted if place.works_on(wanted) else place.working_day(wanted, 1)
    if later <= last:
        return later
    before = place.working_day(days.plus_days(min(later, last), 1), -1)
    if first <= before:
        return before
    # No room before the final notice: a short period, in which that one waits for this.
    return later if later <= deadline else wanted


def final_notice_at(
    deadline: date, place: Place, *, after_reminder: datetime | None = None
) -> datetime:
    """The UTC moment of the final notice: 09:00, 2 working days before the deadline (rule 11).

    Args:
        after_reminder: the reminder that it follows. In a period too short for both, it comes
            on the next working day, or half way between the reminder and the deadline.
    """
    planned = place.opening(place.working_day(deadline, -FINAL_NOTICE_BEFORE))
    if after_reminder is None or place.date_at(planned) > place.date_at(after_reminder):
        return planned
    following = place.working_day(place.date_at(after_reminder), 1)
    if following <= deadline:
        return place.opening(following)
    return _half_way(after_reminder, deadline_at(deadline, place))


def _half_way(start: datetime, end: datetime) -> datetime:
    return start + max(end - start, timedelta()) / 2


def due_now(
    now: datetime,
    started_at: datetime,
    deadline: date,
    place: Place,
    policy: Policy,
    *,
    reminder_sent: bool,
    final_sent: bool,
    last_reminder_at: datetime | None,
) -> Due | None:
    """What is due and not done at `now`, never a window of time (rule 11).

    The reminder goes first. What was missed goes at once, also after the deadline, and is
    `late` where that leaves fewer than 3 working days or it is more than one working day
    behind; the caller passes its time to `binding_deadline`, and the final notice follows
    the new deadline. A notice sent on the day it was due is not late, except that on the
    deadline's own day (in very short periods) it may be an hour behind only.

    Args:
        deadline: the binding deadline as it stands.
        last_reminder_at: when the reminder left, None if it has not.
    """
    if not policy.reminders:
        return None
    if not reminder_sent:
        at = reminder_at(started_at, deadline, place)
        return Due("reminder", _is_late(at, now, deadline, place)) if now >= at else None
    if final_sent:
        return None
    reminded_at = last_reminder_at or reminder_at(started_at, deadline, place)
    at = final_notice_at(deadline, place, after_reminder=reminded_at)
    return Due("final_notice", _is_late(at, now, deadline, place)) if now >= at else None


def _is_late(due_at: datetime, now: datetime, deadline: date, place: Place) -> bool:
    due_on, today = place.date_at(due_at), place.date_at(now)
    if today <= due_on:
        # On the deadline's own day an evening is no substitute for the morning.
        return today >= deadline and now - due_at > _LAST_DAY_SLACK
    too_little_left = place.working_days(today, deadline) < AFTER_A_LATE_REMINDER
    return too_little_left or place.working_days(due_on, today) > 1
