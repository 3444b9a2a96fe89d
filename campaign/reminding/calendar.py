"""Calendars for subscribers: deadlines, reviews and embargoes, at an address that is a secret.

The token is shown once and stands here as its hash only; who has it reads, and nobody else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import icalendar
import sqlalchemy as sa
from flask import url_for

from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.awaiting.models import Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.database import transaction
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing.models import Record
from campaign.reminding.models import CalendarFeed

BEHIND, AHEAD = timedelta(days=30), timedelta(days=366)
MOST = 2_000  # entries of one calendar
_MANY = 20  # addresses of one person
_BYTES = 24  # of a token: 192 random bits


def make(person: User, campaign_slug: str) -> str:
    """A new address's token, for everything or for one campaign; it is never shown again.

    Raises:
        Problem: `not-there`, `calendar-many`.
    """
    token = secrets.token_urlsafe(_BYTES)
    with transaction() as session:
        campaign = None
        if campaign_slug:
            campaign = session.scalar(sa.select(Campaign).where(Campaign.slug == campaign_slug))
            if campaign is None:
                raise Problem("not-there", what="campaign")
        if len(of(person)) >= _MANY:
            raise Problem("calendar-many", most=_MANY)
        session.add(
            CalendarFeed(
                user_id=person.id,
                campaign_id=campaign.id if campaign else None,
                token_hash=_hash(token),
            )
        )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def of(person: User) -> list[CalendarFeed]:
    """A person's addresses that work, oldest first."""
    return list(
        db.session.scalars(
            sa.select(CalendarFeed)
            .where(CalendarFeed.user_id == person.id, CalendarFeed.revoked_at.is_(None))
            .order_by(CalendarFeed.id)
        )
    )


def revoke(person: User, ref: str) -> None:
    """Let an address of a person's work no more.

    Raises:
        Problem: `not-there`.
    """
    with transaction() as session:
        feed = session.scalar(sa.select(CalendarFeed).where(CalendarFeed.ref == ref))
        if feed is None or feed.user_id != person.id:
            raise Problem("not-there", what="calendar address")
        feed.revoked_at = feed.revoked_at or clock.now()


def with_token(token: str) -> CalendarFeed | None:
    """The calendar behind a token; None for one that works no more, or whose person left."""
    feed = db.session.scalar(
        sa.select(CalendarFeed).where(
            CalendarFeed.token_hash == _hash(token), CalendarFeed.revoked_at.is_(None)
        )
    )
    if feed is None or not feed.user.active or not feed.user.may(May.VIEW):
        return None
    return feed


def written(feed: CalendarFeed, *, organisation: str, base_url: str) -> bytes:
    """The calendar as iCalendar (RFC 5545)."""
    now = clock.now()
    name = f"{organisation}: {feed.campaign.title if feed.campaign else 'letters to companies'}"
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//campaign tracker//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), {"VALUE": "DURATION"})
    for uid, start, title, path in list(_entries(feed, now))[:MOST]:
        event = icalendar.Event()
        event.add("uid", f"{uid}@{base_url.split('//')[-1].split('/')[0]}")
        event.add("dtstamp", now.replace(minute=0, second=0, microsecond=0))
        event.add("dtstart", start)
        if isinstance(start, datetime):
            event.add("dtend", start + timedelta(minutes=30))
        event.add("summary", title)
        event.add("url", base_url.rstrip("/") + path)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    raw: bytes = calendar.to_ical()
    return raw


_Entry = tuple[str, date | datetime, str, str]


def _entries(feed: CalendarFeed, now: datetime) -> Iterator[_Entry]:
    only = [] if feed.campaign_id is None else [Letter.campaign_id == feed.campaign_id]
    yield from _deadlines(only, now)
    yield from _reviews(only, now)
    yield from _embargoes(feed, now)


def _deadlines(only: list[sa.ColumnElement[bool]], now: datetime) -> Iterator[_Entry]:
    query = (
        sa.select(Letter.ref, Company.name, Waiting.deadline_on, Waiting.silence_at)
        .select_from(Waiting)
        .join(Letter, Letter.id == Waiting.letter_id)
        .join(Letter.company)
        .where(
            Letter.state == LetterState.OPEN,
            Waiting.deadline_on.is_not(None),
            Waiting.deadline_at > now - BEHIND,
            Waiting.deadline_at < now + AHEAD,
            *only,
        )
        .order_by(Waiting.deadline_at, Letter.id)
        .limit(MOST)
    )
    for ref, name, deadline, silence_at in db.session.execute(query):
        assert deadline is not None
        path = url_for("drafting.letter", ref=ref)
        yield f"deadline-{ref}", deadline, f"Deadline: {name}", path
        if silence_at is not None:
            title = f"Silence of {name} can be published"
            yield f"silence-{ref}", silence_at, title, path


def _reviews(only: list[sa.ColumnElement[bool]], now: datetime) -> Iterator[_Entry]:
    today = now.date()
    query = (
        sa.select(Record.ref, Record.review_on, Letter.ref.label("letter"), Company.name)
        .join(Letter, Letter.id == Record.letter_id)
        .join(Letter.company)
        .where(Record.review_on > today - BEHIND, Record.review_on < today + AHEAD, *only)
        .order_by(Record.review_on, Record.id)
        .limit(MOST)
    )
    for ref, day, letter, name in db.session.execute(query):
        path = url_for("drafting.letter", ref=letter)
        yield f"review-{ref}", day, f"Look at the record of {name} again", path


def _embargoes(feed: CalendarFeed, now: datetime) -> Iterator[_Entry]:
    query = (
        sa.select(Campaign)
        .where(Campaign.embargo_until > now - BEHIND, Campaign.embargo_until < now + AHEAD)
        .order_by(Campaign.embargo_until)
        .limit(MOST)
    )
    if feed.campaign_id is not None:
        query = query.where(Campaign.id == feed.campaign_id)
    for one in db.session.scalars(query):
        assert one.embargo_until is not None
        path = url_for("campaigns.campaign", slug=one.slug)
        yield f"embargo-{one.ref}", one.embargo_until, f"The embargo of “{one.title}” ends", path
