"""What an order would do, before it is given: who gets what when, what will not go and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from campaign.companies.rules import Channel
from campaign.drafting.composing import FrozenContact
from campaign.drafting.models import FrozenText, Letter
from campaign.extensions import db
from campaign.kernel import days
from campaign.sending import orders, planning
from campaign.sending.addresses import domain_of
from campaign.sending.orders import Look, Order
from campaign.sending.timing import Printed, shorter


class Leaving(NamedTuple):
    """One letter to one contact; `at` is about when its mail leaves, None for a person's task."""

    look: Look
    contact: FrozenContact
    at: datetime | None


@dataclass(frozen=True)
class Plan:
    """What an order would do.

    Attributes:
        rows: who gets what when.
        refused: letters that will not go, each with its problem.
        first, last: about when the first and the last mail leave; None without mails.
        fewest_days: that a letter gives by its printed day, where it leaves later than it is
            dated; -1 where none does.
        early: how many letters would leave before the day that they are dated.
    """

    rows: tuple[Leaving, ...]
    refused: tuple[Look, ...]
    first: datetime | None
    last: datetime | None
    fewest_days: int
    early: int

    @property
    def ids(self) -> list[int]:
        """Of the letters that would go."""
        return sorted({row.look.letter.id for row in self.rows})

    @property
    def mails(self) -> int:
        """How many mails would leave."""
        return sum(row.at is not None for row in self.rows)

    @property
    def tasks(self) -> int:
        """How many would wait for a person."""
        return len(self.rows) - self.mails


def plan(letter_ids: Sequence[int], order: Order) -> Plan:
    """What `orders.send` would do with these letters; makes and stores nothing."""
    looks = orders.look(letter_ids, order.leaves_at)
    refused = [look for look in looks if look.problem]
    rows, late = _timed([look for look in looks if not look.problem], order)
    moments = [row.at for row in rows if row.at is not None]
    dated = [(row.look.printed, row.at) for row in rows if row.at and row.look.printed]
    return Plan(
        rows=tuple(rows),
        refused=(*refused, *late),
        first=min(moments, default=None),
        last=max(moments, default=None),
        fewest_days=shorter(dated),
        early=sum(_is_early(printed, at) for printed, at in dated),
    )


def _is_early(printed: Printed, at: datetime) -> bool:
    return days.local_date(at, days.zone_of(printed.zone)) < printed.dated_on


def _timed(looks: Sequence[Look], order: Order) -> tuple[list[Leaving], list[Look]]:
    """Who gets what when, and what its pace would let leave too late for its printed day."""
    pairs = [(look, contact) for look in looks for contact in look.contacts]
    mails = [contact for _look, contact in pairs if contact.channel is Channel.EMAIL]
    domains = [domain_of(contact.value) for contact in mails]
    moments = iter(planning.moments(domains, order.leaves_at, order.pace))
    rows = [
        Leaving(look, contact, next(moments) if contact.channel is Channel.EMAIL else None)
        for look, contact in pairs
    ]
    late: dict[int, Look] = {}
    for row in rows:
        printed = row.look.printed
        if row.at is not None and printed is not None and printed.over_at <= row.at:
            problem = orders.too_short(row.look.letter, printed, row.at)
            late[row.look.letter.id] = replace(row.look, problem=str(problem))
    return [row for row in rows if row.look.letter.id not in late], list(late.values())


class Common(NamedTuple):
    """What letters have in common; None where they differ."""

    campaign_id: int | None
    dated_on: date | None


def common(letter_ids: Sequence[int]) -> Common:
    """The campaign of these letters and the day that they are dated."""
    rows = db.session.execute(
        sa.select(Letter.campaign_id, FrozenText.dated_on)
        .join(FrozenText, FrozenText.letter_id == Letter.id)
        .where(
            Letter.id.in_(letter_ids),
            FrozenText.voided_at.is_(None),
            FrozenText.round == Letter.round,
        )
        .distinct()
    ).all()
    campaigns, dates = {row.campaign_id for row in rows}, {row.dated_on for row in rows}
    return Common(
        campaigns.pop() if len(campaigns) == 1 else None, dates.pop() if len(dates) == 1 else None
    )
