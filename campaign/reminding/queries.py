"""What waits for whom, and how each person wants to hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for

from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.awaiting.models import Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.desk import queries as desk
from campaign.desk import todo
from campaign.desk.items import Item, Rows
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import queue
from campaign.publishing.models import Record
from campaign.reminding import rules
from campaign.reminding.models import Reminder, ReminderChoice
from campaign.reminding.rules import Thing, Topic, Way
from campaign.replies import queries as replies
from campaign.replies.models import Reply

_MOST = 20  # things of one kind in one look
_HOUR = timedelta(hours=1)
# What Today shows under a name: the topic, and how long it may wait before anybody is reminded.
_TODO: dict[str, tuple[Topic, timedelta]] = {
    "came_back": (Topic.SENDING, timedelta(0)),
    "in_touch": (Topic.REPLIES, timedelta(0)),
    "messages": (Topic.REPLIES, 4 * _HOUR),
    "responses": (Topic.REPLIES, 24 * _HOUR),
    "persons_word": (Topic.PUBLICATION, timedelta(0)),
    "acknowledged": (Topic.PUBLICATION, 24 * _HOUR),
    "sweeps": (Topic.PUBLICATION, timedelta(0)),
    "approvals": (Topic.APPROVALS, 24 * _HOUR),
    "weak_proof": (Topic.APPROVALS, 24 * _HOUR),
    "to_agree": (Topic.APPROVALS, 4 * _HOUR),
    "not_gone": (Topic.SENDING, timedelta(0)),
    "unknown": (Topic.SENDING, timedelta(0)),
    "failed": (Topic.SENDING, timedelta(0)),
    "tasks": (Topic.SENDING, 24 * _HOUR),
    "to_send": (Topic.SENDING, 48 * _HOUR),
    "reports": (Topic.SENDING, timedelta(0)),
}


def staff() -> list[User]:
    """People who can sign in."""
    return list(db.session.scalars(sa.select(User).where(User.active).order_by(User.id)))


def things(people: Iterable[User], now: datetime) -> Iterator[tuple[User, list[Thing]]]:
    """Everything that waits for each of these people; what is common to all is looked at once."""
    rows = desk.looked_at(now)
    common = [(may, list(look)) for may, look in _common(now)]
    for person in people:
        mine = [thing for may, found in common if person.may(may) for thing in found]
        for name, kind in todo.by_name(person, rows, now).items():
            topic, grace = _TODO[name]
            mine += [_of_item(item, topic, grace) for item in kind.items]
        yield person, list({thing.key: thing for thing in mine}.values())


def _of_item(item: Item, topic: Topic, grace: timedelta) -> Thing:
    words = "&".join(f"{name}={value}" for name, value in sorted(item.values.items()))
    path = url_for(item.endpoint, **item.values)
    return Thing(f"{item.endpoint}?{words}"[:200], topic, item.title, item.detail, path, grace)


def _common(now: datetime) -> Iterator[tuple[May, Iterator[Thing]]]:
    yield May.DRAFT, _drafts(now)
    yield May.PUBLISH, _deadlines(now)
    yield May.PUBLISH, _publications(now)
    yield May.PUBLISH, _reviews(now)
    yield May.PUBLISH, _embargoes(now)
    yield May.ADMIN, _mailboxes()


def _drafts(now: datetime) -> Iterator[Thing]:
    query = (
        sa.select(
            Campaign.slug,
            Campaign.ref,
            Campaign.title,
            sa.func.count().label("letters"),
            sa.func.max(Letter.id).label("newest"),
        )
        .join(Letter, Letter.campaign_id == Campaign.id)
        .where(Letter.state == LetterState.DRAFT, Letter.created_at <= now - rules.DRAFT_OLD)
        .group_by(Campaign.id, Campaign.slug, Campaign.ref, Campaign.title)
        .order_by(Campaign.id)
        .limit(_MOST)
    )
    for row in db.session.execute(query):
        yield Thing(
            f"draft:{row.ref}:{row.newest}",
            Topic.DRAFTS,
            f"{_letters(row.letters)} of “{row.title}” not put up for a week",
            "Put them up for approval, or withdraw them.",
            url_for("drafting.letters", slug=row.slug, state="draft"),
        )


def _letters(count: int) -> str:
    return "One letter" if count == 1 else f"{count:,} letters"


def _open_letters() -> Rows:
    answered = sa.exists().where(Reply.letter_id == Letter.id, Reply.withdrawn_at.is_(None))
    return (
        sa.select(
            Campaign.slug,
            Campaign.ref,
            Campaign.title,
            sa.func.count().label("letters"),
            sa.func.min(Company.name).label("one"),
        )
        .select_from(Waiting)
        .join(Letter, Letter.id == Waiting.letter_id)
        .join(Letter.campaign)
        .join(Letter.company)
        .where(Letter.state == LetterState.OPEN, ~answered)
        .limit(_MOST)
    )


def _deadlines(now: datetime) -> Iterator[Thing]:
    soon = now + rules.DEADLINE_NEAR
    query = (
        _open_letters()
        .add_columns(Waiting.deadline_on.label("on"))
        .where(Waiting.deadline_at > now, Waiting.deadline_at <= soon)
        .group_by(Campaign.id, Campaign.slug, Campaign.ref, Campaign.title, Waiting.deadline_on)
        .order_by(Waiting.deadline_on, Campaign.id)
    )
    for row in db.session.execute(query):
        yield Thing(
            f"deadline:{row.ref}:{row.on}",
            Topic.DEADLINES,
            f"{_who(row)} to answer by {row.on:%-d %B %Y}",
            f"“{row.title}”: nothing came yet.",
            url_for("desk.board", slug=row.slug),
        )


def _who(row: Any) -> str:
    return f"{row.one} has" if row.letters == 1 else f"{row.letters:,} companies have"


def _publications(now: datetime) -> Iterator[Thing]:
    waiting = queue.waiting_letters(now=now)
    soon = waiting.where(
        Waiting.silence_at > now, Waiting.silence_at <= now + rules.PUBLICATION_NEAR
    )
    for row in queue.rows(list(db.session.scalars(soon.limit(_MOST)))):
        if not row.only_time or row.silence_at is None:
            continue
        yield Thing(
            f"publication:{row.letter.ref}:{row.silence_at.isoformat()}",
            Topic.PUBLICATION,
            f"“{row.letter.company.name} did not respond” is published within a day",
            "Put it on hold, or sweep the other doors, if anything speaks against it.",
            url_for("publishing_staff.publication_queue"),
        )


def _reviews(now: datetime) -> Iterator[Thing]:
    query = (
        sa.select(Record.ref, Record.review_on, Letter.ref.label("letter"), Company.name)
        .join(Letter, Letter.id == Record.letter_id)
        .join(Letter.company)
        .where(Record.review_on <= now.date())
        .order_by(Record.review_on.desc(), Record.id)
        .limit(_MOST)
    )
    for row in db.session.execute(query):
        yield Thing(
            f"review:{row.ref}:{row.review_on}",
            Topic.REVIEWS,
            f"Look at the record of {row.name} again",
            "Its day came: does it still say what is so?",
            url_for("drafting.letter", ref=row.letter),
        )


def _embargoes(now: datetime) -> Iterator[Thing]:
    query = (
        sa.select(Campaign)
        .where(Campaign.embargo_until > now, Campaign.embargo_until <= now + rules.EMBARGO_NEAR)
        .order_by(Campaign.embargo_until)
        .limit(_MOST)
    )
    for one in db.session.scalars(query):
        yield Thing(
            f"embargo:{one.ref}:{one.embargo_until}",
            Topic.EMBARGOES,
            f"The embargo of “{one.title}” ends within a day",
            "Everything about it becomes public then.",
            url_for("campaigns.campaign", slug=one.slug),
        )


def _mailboxes() -> Iterator[Thing]:
    now = clock.real_now()
    for box in replies.active_mailboxes():
        read = box.watermark or box.started_at
        if read is not None and now - read >= rules.MAILBOX_SILENT:
            yield Thing(
                f"mailbox:{box.ref}:{read.isoformat(timespec='minutes')}",
                Topic.MAILBOXES,
                f"The mailbox “{box.name}” is not read",
                box.error
                or "For an hour it was not read to its end: no silence is told meanwhile.",
                url_for("desk.settings"),
            )


def ways(person: User) -> dict[Topic, Way]:
    """How a person hears of each topic: as they chose, else as usual."""
    chosen = db.session.execute(
        sa.select(ReminderChoice.topic, ReminderChoice.way).where(
            ReminderChoice.user_id == person.id
        )
    )
    usual = {topic: way for topic, (_, _, way) in rules.TOPICS.items()}
    return usual | {row.topic: row.way for row in chosen}


def known(person: User | None) -> dict[str, Reminder]:
    """What a person, or the chat rooms, were or will be reminded of, by its key."""
    whose = Reminder.user_id.is_(None) if person is None else Reminder.user_id == person.id
    found = db.session.scalars(sa.select(Reminder).where(whose))
    return {one.key: one for one in found}


def newest_told(person: User, *, in_digest: bool) -> datetime | None:
    """When the person was last told of anything, at once or in a digest."""
    return db.session.scalar(
        sa.select(sa.func.max(Reminder.told_at)).where(
            Reminder.user_id == person.id, Reminder.in_digest.is_(in_digest)
        )
    )
