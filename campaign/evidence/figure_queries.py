"""Reading figures for readers: those that a filter asks for, and what can be asked for.

Nothing here reads every figure: what figures have is found by stepping through an index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from campaign.companies.models import Company
from campaign.evidence.comparing import Break
from campaign.evidence.figure_filter import Filter
from campaign.evidence.figure_terms import Measure
from campaign.evidence.report_models import Figure, Report
from campaign.extensions import db

_AT_ONCE = 1_000  # figures read together for a download


class Disclosed(NamedTuple):
    """A company with reports: how many, and the last day of the newest one's period."""

    slug: str
    name: str
    reports: int
    newest: date


class Choices(NamedTuple):
    """What figures can be asked for by."""

    companies: tuple[Disclosed, ...]
    periods: tuple[tuple[date, date, str], ...]
    places: tuple[str, ...]
    kinds: tuple[str, ...]


def choices() -> Choices:
    """What there is to choose from; periods newest first, each with its dates and label."""
    combined = _distinct(Figure.kinds)
    kinds = {one for words in combined for one in words.split(";") if one}
    return Choices(companies(), _periods(), _distinct(Figure.requester), tuple(sorted(kinds)))


def companies() -> tuple[Disclosed, ...]:
    """Companies that have a report, by name."""
    query = (
        sa.select(
            Company.slug, Company.name, sa.func.count(Report.id), sa.func.max(Report.period_end)
        )
        .join(Report, Report.company_id == Company.id)
        .group_by(Company.id, Company.slug, Company.name)
        .order_by(sa.func.lower(Company.name))
    )
    return tuple(Disclosed(*row) for row in db.session.execute(query))


def _periods() -> tuple[tuple[date, date, str], ...]:
    query = (
        sa.select(Report.period_start, Report.period_end, sa.func.min(Report.period_label))
        .group_by(Report.period_start, Report.period_end)
        .order_by(Report.period_end.desc(), Report.period_start.desc())
    )
    return tuple((row[0], row[1], row[2]) for row in db.session.execute(query))


def _distinct(column: InstrumentedAttribute[str]) -> tuple[str, ...]:
    """The different values of an indexed column, in order, a step for each and not for each row."""
    first = sa.select(sa.func.min(column).label("value")).cte("step", recursive=True)
    following = (
        sa.select(sa.func.min(column)).where(column > first.c.value).correlate(first)
    ).scalar_subquery()
    steps = first.union_all(sa.select(following).where(first.c.value.is_not(None)))
    query = sa.select(steps.c.value).where(steps.c.value.is_not(None)).order_by(steps.c.value)
    return tuple(db.session.scalars(query))


def company(slug: str) -> Company | None:
    """The company, if there is a report on it."""
    has_report = sa.exists().where(Report.company_id == Company.id)
    return db.session.scalar(sa.select(Company).where(Company.slug == slug, has_report))


def reports_of(company_id: int) -> list[Report]:
    """All reports on a company, newest period first."""
    query = (
        sa.select(Report)
        .where(Report.company_id == company_id)
        .order_by(Report.period_end.desc(), Report.period_start.desc(), Report.id.desc())
    )
    return list(db.session.scalars(query))


def count(asked: Filter) -> int:
    """How many figures a filter asks for."""
    query = sa.select(sa.func.count(Figure.id)).select_from(Figure)
    if not asked.is_empty:
        query = query.join(Figure.report)
    return db.session.scalar(query.where(*_conditions(asked))) or 0


def shown(asked: Filter, *, limit: int, offset: int = 0) -> list[Figure]:
    """Figures with their reports and companies, those that count the same side by side."""
    query = (
        _with_report()
        .where(*_conditions(asked))
        .order_by(
            sa.func.lower(Company.name), Company.id, *_ALIKE, Report.period_end.desc(),
            Report.id.desc(), Figure.id,
        )
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return list(db.session.scalars(query))


_FIRST = {Measure.REQUESTS_RECEIVED: 0, Measure.ACCOUNTS_SPECIFIED: 1, Measure.CHANGE: 3}
_ALIKE = (
    sa.case(*((Figure.measure == one, place) for one, place in _FIRST.items()), else_=2),
    Figure.measure, Figure.kinds, Figure.requester, Figure.segment, Figure.sought,
    Figure.location, Figure.outcome, Figure.denominator, Figure.compared_end,
    Figure.compared_start, Report.scope,
)  # fmt: skip


def page(asked: Filter, *, after: int, limit: int) -> list[Figure]:
    """Figures in the order in which they came in, from the one after that number on."""
    query = (
        _with_report()
        .where(Figure.id > after, *_conditions(asked))
        .order_by(Figure.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def every(asked: Filter) -> Iterator[Figure]:
    """All that a filter asks for, a thousand in memory at a time."""
    after = 0
    while found := page(asked, after=after, limit=_AT_ONCE):
        yield from found
        after = found[-1].id
        db.session.expunge_all()


def stated(keys: Sequence[tuple[str, str]]) -> list[Figure]:
    """Figures by the short names of their reports and their own, in that order."""
    if not keys:
        return []
    query = _with_report().where(sa.tuple_(Report.slug, Figure.slug).in_(list(keys)))
    found = {(one.report.slug, one.slug): one for one in db.session.scalars(query)}
    return [found[key] for key in keys if key in found]


def breaks(company_ids: Sequence[int]) -> list[Break]:
    """From when on the figures of these companies cannot be set beside those before."""
    query = (
        sa.select(Company.name, Report.period_start, Report.series_break)
        .join(Report.company)
        .where(Report.company_id.in_(company_ids), Report.series_break != "")
        .order_by(Report.period_start)
    )
    return [Break(*row) for row in db.session.execute(query)]


def _with_report() -> sa.Select[Any]:
    return (
        sa.select(Figure)
        .join(Figure.report)
        .join(Report.company)
        .options(contains_eager(Figure.report).contains_eager(Report.company))
        .options(joinedload(Figure.parent), joinedload(Figure.base))
    )


def _conditions(asked: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if asked.company:
        about = sa.select(Company.id).where(Company.slug == asked.company).scalar_subquery()
        found.append(Report.company_id == about)
    if asked.period:
        start, end = asked.period
        found += [Report.period_start == start, Report.period_end == end]
    if asked.place:
        found.append(Figure.requester == asked.place)
    if asked.kind:
        combined = [one for one in _distinct(Figure.kinds) if asked.kind in one.split(";")]
        found.append(Figure.kinds.in_(combined))
    for column, value in (
        (Figure.segment, asked.segment),
        (Figure.outcome, asked.outcome),
        (Figure.measure, asked.measure),
    ):
        if value is not None:
            found.append(column == value)
    return found
