"""What Today tells besides what there is to do: what happens by itself, and whether all works.

Each function asks a fixed number of queries, however many letters there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from campaign import leases
from campaign.awaiting.models import Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.leases import JobRun
from campaign.publishing import queue
from campaign.publishing.models import Record, RecordEntry, Response
from campaign.publishing.queue import Row
from campaign.replies import queries as replies
from campaign.replies.models import MailboxReading, Reply

SOON = timedelta(days=7)
COMING, OVER, UNPROVEN = 8, 25, 25
DUE_SHOWN = 10
CAMPAIGNS_SHOWN = 6
LATE_CLOCK = timedelta(minutes=2)
LATE_READING = timedelta(minutes=15)

_NO_ANSWER = {Response.NO_RESPONSE, Response.NOT_REACHED, Response.WITHDRAWN}


def looked_at(now: datetime) -> list[Row]:
    """Open letters whose gates matter today: time nearly over, over, or no proof that they arrived.

    Those whose time comes next first, then those whose time is over, the newest first.
    """
    waiting = queue.waiting_letters(now=now)
    coming = waiting.where(Waiting.silence_at > now)
    over = waiting.where(Waiting.silence_at <= now).order_by(None)
    over = over.order_by(Waiting.silence_at.desc(), Letter.id)
    unproven = waiting.where(Waiting.silence_at.is_(None))
    letters: list[Letter] = []
    for query, most in ((coming, COMING), (over, OVER), (unproven, UNPROVEN)):
        letters += db.session.scalars(query.limit(most))
    return queue.rows(letters)


def counted(now: datetime) -> tuple[int, int]:
    """How many letters' time is over within a week, and how many's is over already."""
    coming = sa.and_(Waiting.silence_at > now, Waiting.silence_at <= now + SOON)
    numbers = (
        sa.func.coalesce(sa.func.sum(sa.case((wanted, 1), else_=0)), 0)
        for wanted in (coming, Waiting.silence_at <= now)
    )
    waiting = queue.waiting_letters(now=now).order_by(None)
    found = db.session.execute(waiting.with_only_columns(*numbers)).one()
    return int(found[0]), int(found[1])


class Due(NamedTuple):
    """A step that comes next on one letter.

    Attributes:
        on: the deadline's own date in the company's zone, for a deadline.
    """

    what: str
    at: datetime
    on: date | None
    company: str
    ref: str
    timezone: str | None


def due_next(now: datetime) -> list[Due]:
    """Reminders, final notices and deadlines of the next seven days."""
    replied = sa.exists().where(Reply.letter_id == Waiting.letter_id, Reply.withdrawn_at.is_(None))
    no_day = sa.null().cast(sa.Date)
    soon = now + SOON
    steps = [
        sa.select(
            Waiting.letter_id,
            sa.literal(what).label("what"),
            moment.label("at"),
            on.label("on"),
        ).where(*when)
        for what, moment, on, when in (
            ("Reminder", Waiting.reminder_at, no_day, [Waiting.reminder_at <= soon, ~replied]),
            (
                "Final notice",
                Waiting.final_notice_at,
                no_day,
                [Waiting.final_notice_at <= soon, ~replied],
            ),
            (
                "Deadline",
                Waiting.deadline_at,
                Waiting.deadline_on,
                [Waiting.deadline_at > now, Waiting.deadline_at <= soon],
            ),
        )
    ]
    step = sa.union_all(*steps).subquery()
    query = (
        sa.select(step.c.what, step.c.at, step.c.on, Company.name, Letter.ref, Company.timezone)
        .join(Letter, Letter.id == step.c.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .where(Letter.state == LetterState.OPEN)
        .order_by(step.c.at, Company.name)
        .limit(DUE_SHOWN)
    )
    return [Due(*row) for row in db.session.execute(query)]


@dataclass
class Numbers:
    """One campaign in numbers of letters."""

    campaign: Campaign
    states: dict[LetterState, int] = field(default_factory=lambda: defaultdict(int))
    responses: dict[Response, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def letters(self) -> int:
        """Letters in all, without those that we withdrew."""
        return sum(self.states.values()) - self.states[LetterState.WITHDRAWN]

    @property
    def awaiting(self) -> int:
        """Letters that were sent and have no outcome."""
        return self.states[LetterState.SENDING] + self.states[LetterState.OPEN]

    @property
    def unsent(self) -> int:
        """Letters of which nothing has left."""
        unsent = (LetterState.DRAFT, LetterState.IN_REVIEW, LetterState.APPROVED)
        return sum(self.states[state] for state in unsent)

    @property
    def silent(self) -> int:
        """Records of silence."""
        return self.responses[Response.NO_RESPONSE]

    @property
    def answered(self) -> int:
        """Records of any kind of reply."""
        return sum(n for response, n in self.responses.items() if response not in _NO_ANSWER)


def campaigns() -> list[Numbers]:
    """The newest campaigns with their numbers."""
    newest = sa.select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id.desc())
    found = {one.id: Numbers(one) for one in db.session.scalars(newest.limit(CAMPAIGNS_SHOWN))}
    states = (
        sa.select(Letter.campaign_id, Letter.state, sa.func.count())
        .where(Letter.campaign_id.in_(found))
        .group_by(Letter.campaign_id, Letter.state)
    )
    for campaign_id, state, number in db.session.execute(states):
        found[campaign_id].states[state] = number
    responses = (
        sa.select(Letter.campaign_id, RecordEntry.response, sa.func.count())
        .join(Record, Record.id == RecordEntry.record_id)
        .join(Letter, Letter.id == Record.letter_id)
        .where(Letter.campaign_id.in_(found), is_newest_entry())
        .group_by(Letter.campaign_id, RecordEntry.response)
    )
    for campaign_id, response, number in db.session.execute(responses):
        found[campaign_id].responses[response] = number
    return list(found.values())


def is_newest_entry() -> sa.ColumnElement[bool]:
    """SQL on `RecordEntry`: no later entry of its record exists."""
    later = aliased(RecordEntry)
    return ~sa.exists().where(
        later.record_id == RecordEntry.record_id, later.number > RecordEntry.number
    )


class Health(NamedTuple):
    """Whether the clock works and the mailboxes are read.

    Attributes:
        last: end of the last job of the schedule, in real time; None if it never ran.
    """

    last: datetime | None
    clock_late: bool
    broken: list[JobRun]
    mailboxes: list[MailboxReading]


def health(real_now: datetime) -> Health:
    """How the program's own work goes; the clock's runs are in real time."""
    runs = leases.runs()
    ends = [run.ended_at for run in runs if run.ended_at is not None]
    last = max(ends, default=None)
    return Health(
        last=last,
        clock_late=last is None or real_now - last > LATE_CLOCK,
        broken=[run for run in runs if run.ended_at is not None and not run.ok],
        mailboxes=replies.active_mailboxes(),
    )
