"""The gate of many letters at once, for lists: a fixed number of queries, the same results.

Lists only show what this says; an act that publishes asks `gate.check` within itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from campaign.awaiting import queries as awaiting
from campaign.awaiting.models import Hold, Sweep
from campaign.awaiting.queries import Standing
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.publishing import gate, rules
from campaign.replies import queries as replies
from campaign.replies.kinds import Kind
from campaign.replies.models import (
    IncomingMessage,
    IncomingPosition,
    MailboxReading,
    MatchSuggestion,
    Reply,
    is_open,
)
from campaign.replies.rules import NOTES, ItemKind, Triage
from campaign.sending import queries as sending
from campaign.sending.rules import Proof

BARE = frozenset({ItemKind.ACKNOWLEDGEMENT, ItemKind.EXTENSION_REQUEST})


@dataclass(frozen=True)
class Look:
    """One letter as staff see it: its waiting, every gate, and what stands on it.

    Attributes:
        thread: kinds of the items that the company sent.
    """

    standing: Standing
    facts: rules.Facts
    results: tuple[rules.Result, ...]
    holds: tuple[Hold, ...]
    thread: tuple[ItemKind, ...]

    @property
    def letter(self) -> Letter:
        """The letter itself."""
        return self.standing.letter

    @property
    def closed(self) -> tuple[rules.Result, ...]:
        """The gates that do not hold."""
        return rules.closed(self.results)

    @property
    def shut(self) -> frozenset[rules.Gate]:
        """Which gates do not hold."""
        return frozenset(result.gate for result in self.closed)

    @property
    def weak_unsigned(self) -> bool:
        """Whether only a second person's word would make the proof suffice."""
        return self.standing.proof.grade is Proof.WEAK and self.standing.signed is None

    @property
    def acknowledged_only(self) -> bool:
        """Whether they acknowledged it or asked for time, and nothing else came."""
        theirs = set(self.thread) - NOTES
        return bool(theirs) and theirs <= BARE


def at(letters: Sequence[Letter]) -> dict[int, Look]:
    """Look at these letters; their companies and campaigns should be loaded already."""
    standings = awaiting.standings(letters)
    shared = _Shared(letters, list(standings.values()))
    looks = {}
    for letter in letters:
        standing = standings[letter.id]
        facts = gate.gather(standing, shared.around(standing))
        looks[letter.id] = Look(
            standing,
            facts,
            rules.gate(facts),
            tuple(shared.holds(letter)),
            tuple(shared.threads[letter.id]),
        )
    return looks


class _Waiting(NamedTuple):
    """An untriaged message, as far as the gate asks."""

    letters: frozenset[int]
    could_be_anybodys: bool


class _Shared:
    """What is read once for all letters of a list."""

    def __init__(self, letters: Sequence[Letter], standings: Sequence[Standing]) -> None:
        self._mailboxes = replies.active_mailboxes()
        halt = sending.standing_halt()
        self._halt = halt.why if halt else ""
        self._holds = _standing_holds(letters)
        ids = [letter.id for letter in letters]
        self._swept = _swept(ids)
        self.threads = _threads(ids)
        self._waiting = _waiting()
        arrived = [box.own_copy_at for box in self._mailboxes if box.own_copy_at is not None]
        self._newest_copy = max(arrived, default=None)
        self._copied = _copied(standings)

    def holds(self, letter: Letter) -> list[Hold]:
        """Standing holds on the letter, its company or its campaign."""
        return [
            hold
            for hold in self._holds
            if letter.id == hold.letter_id
            or letter.company_id == hold.company_id
            or letter.campaign_id == hold.campaign_id
        ]

    def around(self, standing: Standing) -> gate.Around:
        letter = standing.letter
        here = [m for m in self._waiting if letter.id in m.letters]
        anywhere = [m for m in self._waiting if m.could_be_anybodys and letter.id not in m.letters]
        return gate.Around(
            mailboxes=self._mailboxes,
            halt=self._halt,
            holds=[hold.why for hold in self.holds(letter)],
            swept_at=self._swept.get(letter.id),
            here=len(here),
            anywhere=len(anywhere),
            own_copy=self._own_copy(standing),
            replies=len(self.threads[letter.id]),
        )

    def _own_copy(self, standing: Standing) -> bool:
        """As `replies.queries.own_copy_since`."""
        firsts = [d.first_attempt_at or d.state_at for d in standing.sent]
        if not firsts:
            return False
        if self._newest_copy and self._newest_copy >= min(firsts).replace(microsecond=0):
            return True
        return any(d.id in self._copied for d in standing.dispatches)


def _standing_holds(letters: Sequence[Letter]) -> list[Hold]:
    about = sa.or_(
        Hold.letter_id.in_({letter.id for letter in letters}),
        Hold.company_id.in_({letter.company_id for letter in letters}),
        Hold.campaign_id.in_({letter.campaign_id for letter in letters}),
    )
    query = sa.select(Hold).where(Hold.released_at.is_(None), about).order_by(Hold.id)
    return list(db.session.scalars(query))


def _swept(ids: Sequence[int]) -> dict[int, datetime]:
    query = sa.select(Sweep.letter_id, sa.func.max(Sweep.at)).where(Sweep.letter_id.in_(ids))
    rows = db.session.execute(query.group_by(Sweep.letter_id))
    return {row[0]: row[1] for row in rows}


def _threads(ids: Sequence[int]) -> dict[int, list[ItemKind]]:
    found: dict[int, list[ItemKind]] = defaultdict(list)
    items = sa.select(Reply.letter_id, Reply.kind).where(
        Reply.letter_id.in_(ids), Reply.withdrawn_at.is_(None)
    )
    for letter_id, kind in db.session.execute(items):
        found[letter_id].append(kind)
    return found


def _waiting() -> list[_Waiting]:
    """As `replies.queries.blocking`, for whichever letter."""
    open_ = is_open()
    suggested: dict[int, set[int]] = defaultdict(set)
    pairs = sa.select(MatchSuggestion.message_id, MatchSuggestion.letter_id)
    for message_id, letter_id in db.session.execute(pairs.join(IncomingMessage).where(open_)):
        suggested[message_id].add(letter_id)
    found = []
    facts = sa.select(
        IncomingMessage.id, IncomingMessage.letter_id, IncomingMessage.triage, IncomingMessage.kind
    )
    for message_id, matched, triage, kind in db.session.execute(facts.where(open_)):
        nobodys = matched is None and not suggested[message_id]
        unread = triage is Triage.UNREAD or kind in (None, Kind.UNREADABLE)
        letters = suggested[message_id] | ({matched} if matched is not None else set())
        found.append(_Waiting(frozenset(letters), nobodys or unread))
    return found


def _copied(standings: Sequence[Standing]) -> set[int]:
    """Dispatches of which our own copy is in a mailbox that is read now."""
    ids = [d.id for standing in standings for d in standing.dispatches]
    copied = (
        sa.select(IncomingMessage.dispatch_id)
        .join(IncomingPosition, IncomingPosition.message_id == IncomingMessage.id)
        .join(MailboxReading, MailboxReading.id == IncomingPosition.mailbox_id)
        .where(
            IncomingMessage.kind == Kind.OWN_COPY,
            MailboxReading.active,
            IncomingMessage.dispatch_id.in_(ids),
        )
    )
    return {number for number in db.session.scalars(copied) if number is not None}
