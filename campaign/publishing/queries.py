"""Reading records and what leads to them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from campaign.awaiting import queries as awaiting
from campaign.awaiting.models import Waiting
from campaign.campaigns.queries import embargo_holds
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.publishing import rules
from campaign.publishing.models import Record, RecordEntry, Response
from campaign.replies import queries as replies
from campaign.replies.models import Reply
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch
from campaign.sending.rules import NOT_REACHED

CHANNEL_WORDS = {
    "email": "by e-mail",
    "form": "through its contact form",
    "post": "by post",
    "mention": "by a public mention",
}


def to_look_at(now: datetime, limit: int) -> list[int]:
    """Open letters, without a record, of which the gate is looked at now; oldest deadline first."""
    return list(
        db.session.scalars(
            sa.select(Waiting.letter_id)
            .join(Letter, Letter.id == Waiting.letter_id)
            .outerjoin(Record, Record.letter_id == Letter.id)
            .where(Letter.state == LetterState.OPEN, Record.id.is_(None), Waiting.look_from <= now)
            .order_by(Waiting.look_from, Waiting.letter_id)
            .limit(limit)
        )
    )


def record_of(letter_id: int) -> Record | None:
    """The letter's public record, if it has one."""
    return db.session.scalar(sa.select(Record).where(Record.letter_id == letter_id))


def newest_entry(letter_id: int) -> RecordEntry | None:
    """What the letter's record says now, if it has one."""
    return db.session.scalar(
        sa.select(RecordEntry)
        .join(Record, Record.id == RecordEntry.record_id)
        .where(Record.letter_id == letter_id)
        .order_by(RecordEntry.number.desc())
        .limit(1)
    )


def reply(ref: str) -> Reply | None:
    """The item of a thread with this opaque id."""
    return db.session.scalar(sa.select(Reply).where(Reply.ref == ref))


def published_replies(ids: Collection[int]) -> frozenset[int]:
    """Those of these replies (ids) that stand in a record."""
    query = sa.select(RecordEntry.reply_id).where(RecordEntry.reply_id.in_(ids))
    return frozenset(found for found in db.session.scalars(query) if found is not None)


def told(letter: Letter, as_of: datetime, acknowledged_on: date | None = None) -> rules.Told:
    """What a statement about the letter is made of."""
    waiting = awaiting.waiting_of(letter)
    frozen = awaiting.standing(letter).frozen
    deadline = waiting.deadline_on if waiting and waiting.deadline_on else None
    told = told_from(
        letter,
        sending.dispatches_of(letter.id, letter.round),
        deadline=deadline or (frozen.deadline_on if frozen else None),
        as_of=as_of,
    )
    return replace(told, acknowledged_on=acknowledged_on)


def told_from(
    letter: Letter, dispatches: Sequence[Dispatch], *, deadline: date | None, as_of: datetime
) -> rules.Told:
    """The same from what was read already: `dispatches` are those of the letter's round."""
    sent = [
        d
        for d in dispatches
        if d.kind is TextKind.LETTER and d.state.value not in ("withdrawn", "queued")
    ]
    left = [d for d in sent if d.state not in NOT_REACHED] or sent
    zone = days.zone_of(letter.company.timezone)
    first = min((d.accepted_at or d.state_at for d in left), default=as_of)
    channels = list(dict.fromkeys(CHANNEL_WORDS[d.channel.value] for d in left))
    return rules.Told(
        company=letter.company.name,
        office=next((d.contact.office for d in left if d.contact.office), ""),
        sent_on=days.local_date(first, zone),
        channels=channels,
        deadline=deadline,
        as_of=as_of,
        zone=letter.company.timezone,
    )


def is_public(letter: Letter, now: datetime | None = None) -> bool:
    """The one visibility check of everything about a letter, used by every output.

    A letter is public once it left and while its campaign is under no embargo
    (fairness.md rule 24).
    """
    if embargo_holds(letter.campaign, now or clock.now()):
        return False
    return letter.state in (LetterState.OPEN, LetterState.CONCLUDED)


@dataclass(frozen=True)
class Outcome:
    """What is public about one letter now.

    Attributes:
        response: published, or the computed label `awaiting`, `extended`.
        in_touch: a possible reply arrived after publication and waits for a person.
        hidden_reply: the newest entry's reply may not be shown.
    """

    letter: Letter
    response: str
    entry: RecordEntry | None
    record: Record | None
    deadline: date | None
    in_touch: bool

    @property
    def basis(self) -> list[dict[str, Any]]:
        """How we know, gate by gate; empty while nothing is published."""
        return json.loads(self.entry.basis) if self.entry else []


def outcome(letter: Letter) -> Outcome:
    """What is public about the letter; ask `is_public` first."""
    record = record_of(letter.id)
    waiting = awaiting.waiting_of(letter)
    deadline = waiting.deadline_on if waiting else None
    if record is None:
        extended = any(not extension.own for extension in awaiting.extensions_of(letter))
        label = Response.EXTENDED if extended else Response.AWAITING
        return Outcome(letter, label.value, None, None, deadline, False)
    entry = record.entries[-1]
    in_touch = bool(replies.possible_after(letter, record.published_at))
    return Outcome(letter, entry.response.value, entry, record, entry.deadline_on, in_touch)
