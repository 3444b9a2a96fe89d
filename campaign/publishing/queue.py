"""The publication queue: every open letter, when silence of it may be told, and what stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from campaign.awaiting import queries as awaiting
from campaign.awaiting.models import Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.publishing import look
from campaign.publishing.look import Look
from campaign.publishing.models import Record
from campaign.publishing.rules import Gate

SOON = timedelta(days=7)
_SWEPT_AT_ONCE = 200
WHEN = ("past", "soon", "later", "none")
"""Time over; over within a week; later; no deadline runs."""


class Swept(NamedTuple):
    """A letter and the ways to answer it that the program does not read, in words."""

    letter: Letter
    doors: list[str]


class Row(NamedTuple):
    """One open letter of the queue."""

    look: Look
    silence_at: datetime | None
    by_person: bool

    @property
    def letter(self) -> Letter:
        """The letter itself."""
        return self.look.letter

    @property
    def ready(self) -> bool:
        """Whether every gate holds."""
        return not self.look.closed

    @property
    def only_time(self) -> bool:
        """Whether only time stands between the letter and a record of silence.

        Mailboxes are read again after that time, and reminders are sent before it.
        """
        waits = {Gate.PERIOD, Gate.MAILBOXES_READ, Gate.REMINDED}
        return Gate.PERIOD in self.look.shut and self.look.shut <= waits

    @property
    def standing_in_the_way(self) -> list[str]:
        """What is closed besides what time itself opens, in words."""
        skip = {Gate.PERIOD}
        if Gate.PERIOD in self.look.shut:
            # Before its time, neither can be complete: nothing is wrong yet.
            skip |= {Gate.MAILBOXES_READ, Gate.REMINDED, Gate.OTHER_DOORS_SWEPT}
        return [result.detail for result in self.look.closed if result.gate not in skip]


def waiting_letters(
    *, now: datetime, words: str = "", campaign: str = "", when: str = ""
) -> sa.Select[Any]:
    """Open letters without a record, what comes first at the top.

    Args:
        words: part of a company's name.
        campaign: short name of a campaign.
        when: one of `WHEN`, or empty for all.
    """
    query = (
        sa.select(Letter)
        .join(Letter.company)
        .join(Letter.campaign)
        .outerjoin(Waiting, Waiting.letter_id == Letter.id)
        .outerjoin(Record, Record.letter_id == Letter.id)
        .where(Letter.state == LetterState.OPEN, Record.id.is_(None))
        .options(contains_eager(Letter.company), contains_eager(Letter.campaign))
        .order_by(Waiting.silence_at.is_(None), Waiting.silence_at, Letter.id)
    )
    if words:
        query = query.where(Company.name.icontains(words, autoescape=True))
    if campaign:
        query = query.where(Campaign.slug == campaign)
    if when:
        query = query.where(_within(when, now))
    return query


def _within(when: str, now: datetime) -> sa.ColumnElement[bool]:
    soon = now + SOON
    return {
        "past": Waiting.silence_at <= now,
        "soon": sa.and_(Waiting.silence_at > now, Waiting.silence_at <= soon),
        "later": Waiting.silence_at > soon,
        "none": Waiting.silence_at.is_(None),
    }[when]


def rows(letters: Sequence[Letter]) -> list[Row]:
    """These letters with their gates, in their order, in a fixed number of queries."""
    looks = look.at(letters)
    return [
        Row(
            looks[letter.id],
            looks[letter.id].standing.silence_at,
            not letter.campaign.auto_publish,
        )
        for letter in letters
    ]


def to_sweep(now: datetime) -> list[Swept]:
    """Letters of which the time is over, and that wait for a look through other ways to answer.

    The oldest deadline first, at most 200 at a time.
    """
    query = waiting_letters(now=now).where(Waiting.deadline_at <= now).limit(_SWEPT_AT_ONCE)
    letters = db.session.scalars(query).all()
    looks = look.at(letters)
    return [
        Swept(letter, awaiting.other_doors(looks[letter.id].standing))
        for letter in letters
        if Gate.OTHER_DOORS_SWEPT in looks[letter.id].shut
    ]


def campaigns() -> list[tuple[str, str]]:
    """Short names and titles of campaigns that have open letters."""
    query = (
        sa.select(Campaign.slug, Campaign.title)
        .join(Letter, Letter.campaign_id == Campaign.id)
        .where(Letter.state == LetterState.OPEN)
        .distinct()
        .order_by(Campaign.title)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
