"""Reading for public pages: a fixed number of queries, however many letters a page shows.

What is public is decided by `queries.is_public` alone; the SQL here only narrows down before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from campaign.awaiting.models import Extension, Waiting
from campaign.campaigns.models import Campaign
from campaign.campaigns.queries import embargo_holds
from campaign.companies.models import Company
from campaign.companies.rules import is_slug
from campaign.drafting import asked
from campaign.drafting.models import FrozenText, Letter, TextKind
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import queries
from campaign.publishing.models import Record, RecordEntry, Response
from campaign.publishing.shown import Shown
from campaign.publishing.words import sort_key
from campaign.replies import file_queries, redaction_queries
from campaign.replies.models import IncomingMessage, MatchSuggestion, Reply, is_open
from campaign.sending.models import Dispatch
from campaign.sending.queries import carries_the_letter
from campaign.sending.rules import LEFT

SITEMAP_LETTERS = 20_000  # a sitemap holds 50,000 addresses (sitemaps.org)
_Printed = dict[tuple[int, int], tuple[date, asked.Differs | None]]
COMPUTED = (Response.AWAITING, Response.EXTENDED)


def open_campaigns(now: datetime) -> list[Campaign]:
    """Campaigns that no embargo hides and of which a letter is public, newest first."""
    left = sa.exists().where(Letter.campaign_id == Campaign.id, queries.has_left())
    found = db.session.scalars(
        sa.select(Campaign).where(left).order_by(Campaign.created_at.desc(), Campaign.id.desc())
    )
    return [campaign for campaign in found if not embargo_holds(campaign, now)]


def letters(*, campaign_ids: Iterable[int] | None = None) -> sa.Select[Any]:
    """Letters that may be public, with campaign and company; for a page's own conditions."""
    if campaign_ids is None:
        campaign_ids = [campaign.id for campaign in open_campaigns(clock.now())]
    return (
        sa.select(Letter)
        .join(Letter.campaign)
        .join(Letter.company)
        .options(contains_eager(Letter.campaign), contains_eager(Letter.company))
        .where(queries.has_left(), Letter.campaign_id.in_(campaign_ids))
    )


def campaign(slug: str) -> tuple[Campaign, list[Letter]] | None:
    """The campaign with its public letters by company; None for what is not public."""
    if not is_slug(slug):
        return None
    query = _one_campaign().where(Campaign.slug == slug)
    found = _public(db.session.scalars(query))
    if not found:
        return None
    return found[0].campaign, sorted(found, key=lambda one: sort_key(one.company.name))


def letter(campaign_slug: str, company_slug: str) -> Letter | None:
    """The letter at that address; None for what is not public."""
    if not (is_slug(campaign_slug) and is_slug(company_slug)):
        return None
    query = _one_campaign().where(Campaign.slug == campaign_slug, Company.slug == company_slug)
    found = _public(db.session.scalars(query))
    return found[0] if found else None


def _one_campaign() -> sa.Select[Any]:
    return (
        sa.select(Letter)
        .join(Letter.campaign)
        .join(Letter.company)
        .options(
            contains_eager(Letter.campaign).selectinload(Campaign.questions),
            contains_eager(Letter.campaign).selectinload(Campaign.signatories),
            contains_eager(Letter.company),
        )
        .where(queries.has_left())
    )


def company(slug: str) -> tuple[Company, list[Letter]] | None:
    """The company with its public letters, newest first; None for what is not public."""
    if not is_slug(slug):
        return None
    query = letters().where(Company.slug == slug).order_by(Letter.id.desc())
    found = _public(db.session.scalars(query))
    return (found[0].company, found) if found else None


def _public(found: Iterable[Letter]) -> list[Letter]:
    now = clock.now()
    return [one for one in found if queries.is_public(one, now)]


@dataclass(frozen=True)
class Part:
    """One page of a list."""

    items: Sequence[Any]
    page: int
    pages: int
    total: int


def part(query: sa.Select[Any], page: int, per_page: int) -> Part | None:
    """That page of what a query selects; None after the last one."""
    counted = sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    pages = max(1, -(-total // per_page))
    if page > pages:
        return None
    rows = db.session.scalars(query.limit(per_page).offset((page - 1) * per_page))
    return Part(list(rows), page, pages, total)


def companies(page: int, per_page: int) -> Part | None:
    """Companies with a public letter, by name: (slug, name, number of letters) each."""
    ids = [campaign.id for campaign in open_campaigns(clock.now())]
    count = (
        sa.select(Letter.company_id, sa.func.count().label("letters"))
        .where(queries.has_left(), Letter.campaign_id.in_(ids))
        .group_by(Letter.company_id)
        .subquery()
    )
    query = sa.select(Company.slug, Company.name, count.c.letters)
    rows = db.session.execute(query.join(count, count.c.company_id == Company.id)).all()
    # Databases disagree on the order of names, and about Å most of all.
    every = sorted(rows, key=lambda row: (sort_key(row.name), row.slug))
    return cut(every, page, per_page)


def cut(every: Sequence[Any], page: int, per_page: int) -> Part | None:
    """That page of a list that was read whole; None after the last one."""
    pages = max(1, -(-len(every) // per_page))
    if page > pages:
        return None
    return Part(every[(page - 1) * per_page : page * per_page], page, pages, len(every))


def _newest_entry() -> sa.ColumnElement[bool]:
    newest = (
        sa.select(sa.func.max(RecordEntry.number))
        .where(RecordEntry.record_id == Record.id)
        .correlate(Record)
        .scalar_subquery()
    )
    return RecordEntry.number == newest


def newest_letters(limit: int, *, campaign: str = "", company: str = "") -> list[Letter]:
    """Public letters whose records changed last, newest first.

    Args:
        campaign, company: short name of the one that they are of; empty for all.
    """
    only = [
        column == slug
        for column, slug in ((Campaign.slug, campaign), (Company.slug, company))
        if slug
    ]
    query = (
        letters()
        .join(Record, Record.letter_id == Letter.id)
        .join(RecordEntry, RecordEntry.record_id == Record.id)
        .where(_newest_entry(), *only)
        .order_by(RecordEntry.at.desc(), RecordEntry.id.desc())
        .limit(limit)
    )
    return _public(db.session.scalars(query))


def with_response(query: sa.Select[Any], response: Response | None) -> sa.Select[Any]:
    """`letters()` narrowed to one response, stored or computed."""
    if response is None:
        return query
    if response in COMPUTED:
        given = sa.exists().where(
            Extension.letter_id == Letter.id,
            Extension.round == Letter.round,
            Extension.own.is_(False),
        )
        nothing = ~sa.exists().where(Record.letter_id == Letter.id)
        return query.where(nothing, given if response is Response.EXTENDED else ~given)
    return query.where(
        sa.exists()
        .where(Record.letter_id == Letter.id, RecordEntry.record_id == Record.id)
        .where(RecordEntry.response == response, _newest_entry())
    )


def outcomes(campaign_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many letters of each campaign stand at each outcome; two queries."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    left = sa.and_(Letter.campaign_id.in_(campaign_ids), queries.has_left())
    told = (
        sa.select(Letter.campaign_id, RecordEntry.response, sa.func.count())
        .join(Record, Record.letter_id == Letter.id)
        .join(RecordEntry, RecordEntry.record_id == Record.id)
        .where(left, _newest_entry())
        .group_by(Letter.campaign_id, RecordEntry.response)
    )
    for campaign_id, response, count in db.session.execute(told):
        found[campaign_id][response.value] = count
    waiting = (
        sa.select(Letter.campaign_id, sa.func.count())
        .where(left, ~sa.exists().where(Record.letter_id == Letter.id))
        .group_by(Letter.campaign_id)
    )
    for campaign_id, count in db.session.execute(waiting):
        found[campaign_id]["awaiting"] = count
    return found


def shown(found: Sequence[Letter]) -> list[Shown]:
    """What is public about these letters, in their order; the number of queries is fixed."""
    ids = [one.id for one in found]
    if not ids:
        return []
    records = _records(ids)
    replies = _replies(records)
    waiting = {row.letter_id: row for row in _rows(Waiting, Waiting.letter_id, ids)}
    printed = _printed(ids)
    extensions = _grouped(_rows(Extension, Extension.letter_id, ids, Extension.id))
    dispatches = _grouped(_dispatches(ids))
    arrivals = _arrivals(ids)
    redactions = redaction_queries.versions(replies) if replies else {}
    files = file_queries.published(replies) if replies else {}
    found_for = (
        _one(
            letter,
            records.get(letter.id),
            replies,
            waiting.get(letter.id),
            printed,
            extensions[letter.id],
            dispatches[letter.id],
            arrivals.get(letter.id),
        )
        for letter in found
    )
    return [replace(one, redactions=redactions, files=files) for one in found_for]


def _one(
    letter: Letter,
    record: Record | None,
    replies: dict[int, Reply],
    waiting: Waiting | None,
    printed: _Printed,
    extensions: Sequence[Extension],
    dispatches: Sequence[Dispatch],
    arrival: datetime | None,
) -> Shown:
    entries = record.entries if record else []
    told = dict.fromkeys(e.reply_id for e in entries if e.reply_id is not None)
    sent_round = _sent_round(letter, dispatches)
    current = waiting if waiting and waiting.round == sent_round else None
    deadline, differs = printed.get((letter.id, sent_round), (None, None))
    return Shown(
        letter=letter,
        round=sent_round,
        record=record,
        entries=entries,
        replies=sorted((replies[one] for one in told), key=lambda r: (r.received_at, r.id)),
        dispatches=dispatches,
        extensions=[e for e in extensions if e.round == sent_round],
        promised=current.deadline_on if current else None,
        promised_until=current.deadline_at if current else None,
        printed=deadline,
        started_at=current.started_at if current else None,
        in_touch=bool(record and arrival and arrival > record.published_at),
        differs=differs,
    )


def _sent_round(letter: Letter, dispatches: Sequence[Dispatch]) -> int:
    """The newest round that left: a resend is public once it leaves, not while it is written."""
    tried = {d.round for d in dispatches if d.kind is TextKind.LETTER and d.attempts}
    by_hand = {d.round for d in dispatches if d.kind is TextKind.LETTER and d.state in LEFT}
    return max(tried | by_hand, default=letter.round)


def _rows(model: Any, column: Any, ids: Sequence[int], *order: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(column.in_(ids)).order_by(*order)))


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.letter_id].append(row)
    return found


def _records(ids: Sequence[int]) -> dict[int, Record]:
    query = sa.select(Record).where(Record.letter_id.in_(ids)).options(selectinload(Record.entries))
    return {record.letter_id: record for record in db.session.scalars(query)}


def _replies(records: dict[int, Record]) -> dict[int, Reply]:
    told = {entry.reply_id for record in records.values() for entry in record.entries}
    query = sa.select(Reply).where(Reply.id.in_(told - {None}))
    query = query.options(selectinload(Reply.verdicts))
    return {reply.id: reply for reply in db.session.scalars(query)}


def _printed(ids: Sequence[int]) -> _Printed:
    """The deadline in each letter's text, and how it differs, without reading the texts."""
    query = sa.select(
        FrozenText.letter_id, FrozenText.round, FrozenText.deadline_on, FrozenText.own
    ).where(FrozenText.letter_id.in_(ids), FrozenText.voided_at.is_(None))
    return {
        (row.letter_id, row.round): (row.deadline_on, asked.differs(row.own))
        for row in db.session.execute(query)
    }


def _dispatches(ids: Sequence[int]) -> list[Dispatch]:
    return list(
        db.session.scalars(
            sa.select(Dispatch)
            .where(Dispatch.letter_id.in_(ids), carries_the_letter())
            .options(joinedload(Dispatch.known_contact))
            .order_by(Dispatch.created_at, Dispatch.id)
        )
    )


def _arrivals(ids: Sequence[int]) -> dict[int, datetime]:
    """When the newest message that is or may be theirs, and is not published, came; by letter."""
    unseen = is_open()
    columns: tuple[Any, ...] = (IncomingMessage.arrived_at, IncomingMessage.stored_at)
    matched: sa.Select[Any] = sa.select(IncomingMessage.letter_id, *columns).where(
        unseen, IncomingMessage.letter_id.in_(ids)
    )
    suggested: sa.Select[Any] = (
        sa.select(MatchSuggestion.letter_id, *columns)
        .join(IncomingMessage, IncomingMessage.id == MatchSuggestion.message_id)
        .where(unseen, MatchSuggestion.letter_id.in_(ids))
    )
    told = sa.exists().where(RecordEntry.reply_id == Reply.id)
    came: tuple[Any, ...] = (Reply.received_at, Reply.filed_at)
    filed: sa.Select[Any] = sa.select(Reply.letter_id, *came).where(
        Reply.letter_id.in_(ids), Reply.withdrawn_at.is_(None), ~told
    )
    found: dict[int, datetime] = {}
    every = matched.union_all(suggested, filed)
    for letter_id, arrived_at, stored_at in db.session.execute(every):
        found[letter_id] = max(arrived_at, stored_at, found.get(letter_id, arrived_at))
    return found


def every_letter() -> list[Letter]:
    """All public letters by campaign and company, at most as many as a sitemap holds."""
    query = letters().order_by(Letter.campaign_id.desc(), Letter.id).limit(SITEMAP_LETTERS)
    return _public(db.session.scalars(query))
