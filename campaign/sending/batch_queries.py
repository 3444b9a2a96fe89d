"""Reading batches: what was ordered together, how far it is, and what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.sending.addresses import domain_of
from campaign.sending.models import Batch, Dispatch, DispatchAttempt
from campaign.sending.pacing import MINUTE, Pace, Speed, Taken
from campaign.sending.reasons import Group, Reason, group, reason
from campaign.sending.rules import DispatchState
from campaign.sending.standing import Facts

_S = DispatchState
WAITING = (_S.QUEUED, _S.DEFERRED, _S.CLAIMED, _S.TRANSMITTING)
_HELD = (_S.CLAIMED, _S.TRANSMITTING)
# What a report gives a reason for; of what waits to leave only what a person has to send.
NOT_WELL = (
    *(_S.DEFERRED, _S.UNKNOWN, _S.FAILED, _S.EXPIRED, _S.BOUNCED, _S.RETURNED_TO_SENDER),
    _S.WITHDRAWN,
)
_AHEAD_MOST = 20_000


def find(ref: str) -> Batch | None:
    """The batch with this opaque id."""
    return db.session.scalar(sa.select(Batch).where(Batch.ref == ref))


def pace_of(batch: Batch, server: Pace) -> Pace:
    """How fast it may leave: its own pace, never faster than the server bears."""
    return Pace(batch.per_minute or 0, batch.per_domain or 0).within(server)


def own_paces() -> dict[int, Pace]:
    """Of batches that may have mails to send: those with a pace of their own."""
    rows = db.session.execute(
        sa.select(Batch.id, Batch.per_minute, Batch.per_domain).where(
            _unread(), sa.or_(Batch.per_minute.is_not(None), Batch.per_domain.is_not(None))
        )
    )
    return {row.id: Pace(row.per_minute or 0, row.per_domain or 0) for row in rows}


def _unread() -> sa.ColumnElement[bool]:
    """SQL: a batch whose report nobody has read; nothing of the others waits any more."""
    return sa.and_(Batch.report_read_at.is_(None), Batch.taken_back_at.is_(None))


def taken(since: datetime) -> list[Taken]:
    """Mails that were tried after `since`, and those that a sender holds now."""
    tried = (
        sa.select(Dispatch.recipient, Dispatch.batch_id)
        .join(DispatchAttempt, DispatchAttempt.dispatch_id == Dispatch.id)
        .where(DispatchAttempt.at > since)
    )
    held = sa.select(Dispatch.recipient, Dispatch.batch_id).where(Dispatch.state.in_(_HELD))
    rows = db.session.execute(sa.union_all(tried, held))
    return [Taken(domain_of(row.recipient), row.batch_id) for row in rows]


def domains_ahead(leaves_at: datetime) -> list[str]:
    """Domains of the mails that wait and leave before an order for that moment."""
    rows = db.session.scalars(
        sa.select(Dispatch.recipient)
        .outerjoin(Batch, Batch.id == Dispatch.batch_id)
        .where(
            Dispatch.channel == Channel.EMAIL,
            Dispatch.state.in_(WAITING),
            Dispatch.not_before <= leaves_at,
            Batch.paused_at.is_(None),
        )
        .order_by(Dispatch.not_before, Dispatch.id)
        .limit(_AHEAD_MOST)
    )
    return [domain_of(one) for one in rows]


def waits(batch_id: int) -> bool:
    """Whether a mail of the batch still waits to leave."""
    return bool(db.session.scalar(sa.select(sa.exists().where(_waiting(batch_id)))))


def _waiting(batch_id: int) -> sa.ColumnElement[bool]:
    """SQL on `Dispatch`: a mail of this batch that waits to leave."""
    return sa.and_(
        Dispatch.batch_id == batch_id,
        Dispatch.channel == Channel.EMAIL,
        Dispatch.state.in_(WAITING),
    )


def any_ordered(campaign_id: int) -> bool:
    """Whether anything of the campaign is ordered or has left."""
    ordered = sa.exists().where(Dispatch.letter_id == Letter.id, Letter.campaign_id == campaign_id)
    return bool(db.session.scalar(sa.select(ordered)))


def facts(batches: Sequence[Batch], now: datetime) -> dict[int, Facts]:
    """How far each of these batches is; two queries, however many they are."""
    ids = [batch.id for batch in batches]
    touched = sa.func.sum(sa.case((Dispatch.attempts > 0, 1), else_=0))
    late = sa.func.sum(sa.case((Dispatch.not_after <= now, 1), else_=0))
    by_hand = Dispatch.channel != Channel.EMAIL
    rows = db.session.execute(
        sa.select(Dispatch.batch_id, Dispatch.state, by_hand, sa.func.count(), touched, late)
        .where(Dispatch.batch_id.in_(ids))
        .group_by(Dispatch.batch_id, Dispatch.state, by_hand)
    ).all()
    speeds = _speeds(ids, now)
    return {batch.id: _facts(batch, rows, speeds, now) for batch in batches}


def _facts(
    batch: Batch,
    rows: Iterable[Any],
    speeds: Mapping[int, Speed],
    now: datetime,
) -> Facts:
    groups: Counter[Group] = Counter()
    begun = late = mails = 0
    for batch_id, state, by_hand, count, touched, is_late in rows:
        if batch_id != batch.id:
            continue
        groups[group(state, by_hand=by_hand)] += count
        mails += 0 if by_hand or state is _S.WITHDRAWN else count
        begun += touched if state in (_S.QUEUED, _S.WITHDRAWN) else count
        late += is_late if not by_hand and state in WAITING else 0
    return Facts(
        groups=groups,
        mails=mails,
        begun=begun > 0,
        late=late,
        leaves_at=batch.leaves_at,
        paused=batch.paused_at is not None,
        taken_back=batch.taken_back_at is not None,
        speed=speeds.get(batch.id, Speed(0)),
        now=now,
    )


def _speeds(ids: Sequence[int], now: datetime) -> dict[int, Speed]:
    rows = db.session.execute(
        sa.select(Dispatch.batch_id, sa.func.count(), sa.func.min(DispatchAttempt.at))
        .join(DispatchAttempt, DispatchAttempt.dispatch_id == Dispatch.id)
        .where(Dispatch.batch_id.in_(ids), DispatchAttempt.at > now - MINUTE)
        .group_by(Dispatch.batch_id)
    )
    return {batch_id: Speed(count, since) for batch_id, count, since in rows if batch_id}


def waiting_domains(batch_id: int) -> list[str]:
    """Domains of the mails of a batch that wait, in the order in which they leave."""
    rows = db.session.scalars(
        sa.select(Dispatch.recipient)
        .where(_waiting(batch_id), Dispatch.state != _S.DEFERRED)
        .order_by(Dispatch.not_before, Dispatch.id)
        .limit(_AHEAD_MOST)
    )
    return [domain_of(one) for one in rows]


def of_campaign(campaign_id: int) -> sa.Select[Any]:
    """The batches of a campaign, the newest first."""
    return (
        sa.select(Batch)
        .where(Batch.campaign_id == campaign_id)
        .order_by(Batch.ordered_at.desc(), Batch.id.desc())
    )


def newest_of(campaign_id: int) -> Batch | None:
    """The newest batch of a campaign."""
    found: Batch | None = db.session.scalars(of_campaign(campaign_id).limit(1)).first()
    return found


def running(most: int) -> list[Batch]:
    """Batches of which something waits to leave, the newest first."""
    waiting = sa.select(Dispatch.batch_id).where(
        Dispatch.channel == Channel.EMAIL, Dispatch.state.in_(WAITING)
    )
    query = sa.select(Batch).where(Batch.id.in_(waiting))
    newest = query.order_by(Batch.ordered_at.desc(), Batch.id.desc()).limit(most)
    return list(db.session.scalars(newest.options(joinedload(Batch.campaign))))


class Line(NamedTuple):
    """One dispatch of a batch, as its report tells it."""

    ref: str
    company: str
    channel: Channel
    recipient: str
    state: DispatchState
    state_at: datetime
    not_before: datetime
    attempts: int
    said: str
    why: Reason
    group: Group


def lines(batch_id: int, states: Collection[DispatchState] | None = None) -> list[Line]:
    """The dispatches of a batch by company; columns only, in one query.

    Args:
        states: of these states only.
    """
    last = sa.and_(
        DispatchAttempt.dispatch_id == Dispatch.id, DispatchAttempt.number == Dispatch.attempts
    )
    query = (
        sa.select(
            Dispatch.ref,
            Company.name,
            Dispatch.channel,
            Dispatch.recipient,
            Dispatch.state,
            Dispatch.state_at,
            Dispatch.not_before,
            Dispatch.attempts,
            Dispatch.why,
            Dispatch.server_reply,
            DispatchAttempt.code,
        )
        .join(Letter, Letter.id == Dispatch.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .outerjoin(DispatchAttempt, last)
        .where(Dispatch.batch_id == batch_id)
        .order_by(Company.name, Dispatch.id)
    )
    if states is not None:
        query = query.where(Dispatch.state.in_(states))
    return [_line(*row) for row in db.session.execute(query)]


def _line(
    ref: str,
    company: str,
    channel: Channel,
    recipient: str,
    state: DispatchState,
    state_at: datetime,
    not_before: datetime,
    attempts: int,
    why: str,
    reply: str,
    code: int | None,
) -> Line:
    by_hand = channel is not Channel.EMAIL
    told = reason(state, by_hand=by_hand, code=code, words=why or reply, attempts=attempts)
    where = group(state, by_hand=by_hand)
    return Line(
        *(ref, company, channel, recipient, state, state_at, not_before, attempts),
        *(why or reply, told, where),
    )


def by_reason(told: Iterable[Line]) -> list[tuple[Reason, list[Line]]]:
    """What did not simply leave, by its reason; the most frequent first."""
    found: defaultdict[Reason, list[Line]] = defaultdict(list)
    for one in told:
        if one.why.words:
            found[one.why].append(one)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0].words))


def names(refs: Collection[str]) -> dict[str, str]:
    """Names of those among these opaque ids that are batches, for the history."""
    found = db.session.execute(
        sa.select(Batch.ref, Batch.letters, Campaign.title)
        .join(Campaign, Campaign.id == Batch.campaign_id)
        .where(Batch.ref.in_(refs))
    )
    return {
        ref: f"{'1 letter' if count == 1 else f'{count:,} letters'} of {title}"
        for ref, count, title in found
    }
