"""Reminding staff: looking at what waits, and mailing each person what is new, once.

That somebody is told is noted and committed before the mail is handed over: a crash in between
costs a reminder and never makes two. What Today shows is not lost by that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app, render_template, url_for

from campaign import leases
from campaign.accounts.models import User
from campaign.config import Settings
from campaign.database import new_ref, transaction
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.reminding import chat, queries, rules
from campaign.reminding.models import Reminder, ReminderChoice
from campaign.reminding.rules import Thing, Topic, Way
from campaign.sending import outbox, parcels
from campaign.sending import queries as sending
from campaign.sending.addresses import domain_of
from campaign.sending.message import Mail, build, new_message_id
from campaign.sending.transport import Handover, Outcome, Parcel, Transport, TransportTrouble

EVERY = 300
"""Seconds between two looks: what waits for people changes by their hours."""
SHOWN = 20
"""Things in one mail; the rest stands on Today."""
KEPT = timedelta(days=90)
_LEASE = "reminding"
# The mail has not left for certain, so that trying again cannot make two.
_NOT_LEFT = (Handover.DEFERRED, Handover.LOST_BEFORE_DOT, Handover.STOPPED, Handover.FAILED)


def remind_staff(*, transport: Transport | None = None, always: bool = False) -> int:
    """Look at what waits, and mail what is new; how many mails a server accepted.

    Args:
        always: look also where the last look is not `EVERY` seconds away.

    Nothing leaves while everything is halted.
    """
    if not always and not leases.take(_LEASE, EVERY, holder=new_ref()):
        return 0
    settings = _settings()
    with current_app.test_request_context(base_url=settings.base_url):
        people = queries.staff()
        look(people, clock.now())
        return _mail_all(people, settings, transport)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def look(people: Sequence[User], now: datetime) -> None:
    """Note what waits for each person now, and what waits no more."""
    found: list[tuple[User | None, list[Thing]]] = [*queries.things(people, now)]
    if _settings().staff_chat_urls:
        every = {one.key: one for _, things in found for one in things if one.topic in rules.ROOMS}
        found.append((None, list(every.values())))
    with transaction() as session:
        for person, things in found:
            known = queries.known(person)
            for thing in things:
                _note(session, person, thing, known.pop(thing.key, None), now)
            for gone in known.values():
                gone.over_at = gone.over_at or now
        old = Reminder.over_at < now - KEPT
        session.execute(sa.delete(Reminder).where(old))


def _note(
    session: sa.orm.Session,
    person: User | None,
    thing: Thing,
    known: Reminder | None,
    now: datetime,
) -> None:
    if known is None:
        known = Reminder(
            user_id=person.id if person else None,
            key=thing.key,
            seen_at=now,
            due_at=now + thing.grace,
        )
        session.add(known)
    elif known.over_at is not None:  # it has come back, and is told again
        known.over_at = known.told_at = known.again_at = None
        known.seen_at, known.due_at = now, now + thing.grace
    known.topic, known.path = thing.topic, thing.path[:400]
    known.title, known.detail = thing.title[:400], thing.detail[:400]


def _mail_all(people: Sequence[User], settings: Settings, transport: Transport | None) -> int:
    zone, now = days.zone_of(settings.timezone), clock.now()
    if not rules.is_working_time(now, zone) or sending.standing_halt() is not None:
        return 0
    _tell_rooms(settings, now)
    due = [batch for person in people for batch in _batches(person, now, zone)]
    if not due:
        return 0
    way = transport or outbox.way_of_the_settings()
    try:
        return sum(_mail(batch, way, settings) for batch in due)
    finally:
        way.close()


def _tell_rooms(settings: Settings, now: datetime) -> None:
    """Tell the chat rooms what is new, as one message; titles and addresses, and no details."""
    if not settings.staff_chat_urls:
        return
    waiting = [one for one in queries.known(None).values() if _waits(one, now)]
    base = settings.base_url.rstrip("/")
    lines = [f"{one.title} – {base}{one.path}" for one in waiting[:SHOWN]]
    if len(waiting) > SHOWN:
        lines.append(f"and {len(waiting) - SHOWN:,} more: {base}{url_for('desk.today')}")
    ids = tuple(one.id for one in waiting)
    if ids and _take(ids, in_digest=False):
        chat.tell(chat.rooms(settings.staff_chat_urls), settings.org_name, lines)


class _Batch(NamedTuple):
    """What one mail to one person tells."""

    person: User
    ids: tuple[int, ...]
    in_digest: bool


def _batches(person: User, now: datetime, zone: ZoneInfo) -> list[_Batch]:
    """The mails that a person gets now: what is told at once, and the digest of the day."""
    ways = queries.ways(person)
    waiting = [one for one in queries.known(person).values() if _waits(one, now)]
    waiting.sort(key=lambda one: (list(Topic).index(one.topic), one.seen_at, one.id))
    found = []
    last = queries.newest_told(person, in_digest=False)
    if last is None or now - last >= rules.QUIET:
        found.append((Way.AT_ONCE, False))
    digest = queries.newest_told(person, in_digest=True)
    if digest is None or digest < rules.day_opened(now, zone):
        found.append((Way.DIGEST, True))
    batches = (
        _Batch(person, tuple(one.id for one in waiting if ways[one.topic] is way), in_digest)
        for way, in_digest in found
    )
    return [batch for batch in batches if batch.ids]


def _waits(one: Reminder, now: datetime) -> bool:
    if one.told_at is not None or one.over_at is not None or one.due_at > now:
        return False
    return one.again_at is None or one.again_at <= now


def _mail(batch: _Batch, way: Transport, settings: Settings) -> bool:
    """Hand one mail over; whether the server accepted it."""
    parcel = _parcel(batch, settings)
    if not _take(batch.ids, in_digest=batch.in_digest):
        return False
    try:
        outcome = way.send(parcel, lambda: sending.standing_halt() is None)
    except Problem as problem:
        outcome = Outcome(Handover.FAILED, reply=str(problem))
    except TransportTrouble as trouble:
        outcome = Outcome(Handover.LOST_BEFORE_DOT, reply=trouble.why)
    if outcome.handover in _NOT_LEFT:
        _give_back(batch.ids)
    return outcome.handover is Handover.ACCEPTED


def _take(ids: Sequence[int], *, in_digest: bool) -> bool:
    """Note that these are told, all or none; False where another process was first."""
    with transaction() as session:
        taken = session.execute(
            sa.update(Reminder)
            .where(Reminder.id.in_(ids), Reminder.told_at.is_(None))
            .values(told_at=clock.now(), in_digest=in_digest)
        )
        if taken.rowcount == len(ids):  # type: ignore[attr-defined]
            return True
        session.rollback()
        return False


def _give_back(ids: Sequence[int]) -> None:
    with transaction() as session:
        session.execute(
            sa.update(Reminder)
            .where(Reminder.id.in_(ids))
            .values(told_at=None, again_at=clock.now() + rules.AGAIN_AFTER)
        )


def _parcel(batch: _Batch, settings: Settings) -> Parcel:
    person, number = batch.person, len(batch.ids)
    base = settings.base_url.rstrip("/")
    rows = sa.select(Reminder).where(Reminder.id.in_(batch.ids[:SHOWN]))
    shown = sorted(db.session.scalars(rows), key=lambda one: batch.ids.index(one.id))
    words = {
        "organisation": settings.org_name,
        "person": str(person),
        "topics": [
            (rules.TOPICS[topic][0], list(some))
            for topic, some in groupby(shown, key=lambda one: one.topic)
        ],
        "more": number - len(shown),
        "base": base,
        "today": base + url_for("desk.today"),
        "choose": base + url_for("reminding.page"),
    }
    count = "One thing waits" if number == 1 else f"{number:,} things wait"
    message_id = new_message_id(domain_of(settings.mail_from))
    raw = build(
        Mail(
            from_name=settings.org_name,
            from_address=settings.mail_from,
            to_name=str(person),
            to_address=person.email,
            reply_to=person.email,  # the mailbox that is read here is for companies
            subject=f"Today: {count} for you" if batch.in_digest else f"{count} for you",
            text=render_template("email/reminders.txt", **words),
            html=render_template("email/reminders.html", **words),
            message_id=message_id,
            date=clock.now(),
        )
    )
    return Parcel(message_id, settings.mail_from, person.email, None, parcels.signed(raw))


def choose(person: User, ways: Mapping[Topic, Way]) -> None:
    """Keep how a person wants to hear of each topic; what is as usual needs no row."""
    with transaction() as session:
        session.execute(sa.delete(ReminderChoice).where(ReminderChoice.user_id == person.id))
        session.add_all(
            ReminderChoice(user_id=person.id, topic=topic, way=way)
            for topic, way in ways.items()
            if way is not rules.TOPICS[topic][2]
        )
