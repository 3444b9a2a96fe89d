"""Reading reports and their figures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from campaign.companies.models import Company
from campaign.evidence.report_models import Figure, Report
from campaign.extensions import db


def reports(words: str = "", company: str = "") -> sa.Select[Any]:
    """Reports by company, newest period first.

    Args:
        words: only those whose title or company holds them.
        company: only those on the company with this short name.
    """
    query = (
        sa.select(Report)
        .join(Report.company)
        .options(contains_eager(Report.company))
        .order_by(sa.func.lower(Company.name), Report.period_end.desc(), Report.id.desc())
    )
    if words:
        found = [name.icontains(words, autoescape=True) for name in (Report.title, Company.name)]
        query = query.where(sa.or_(*found))
    return query.where(Company.slug == company) if company else query


def report(slug: str) -> Report | None:
    """The report with that short name."""
    return db.session.scalar(sa.select(Report).where(Report.slug == slug))


def short_names() -> list[str]:
    """The short names of figures that are in use, at most 60."""
    return list(
        db.session.scalars(sa.select(Figure.slug).distinct().order_by(Figure.slug).limit(60))
    )


def stated(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Figure]:
    """Figures by the short names of their reports and their own, read at once."""
    if not keys:
        return {}
    query = _figures().where(sa.tuple_(Report.slug, Figure.slug).in_(list(keys)))
    return {(one.report.slug, one.slug): one for one in db.session.scalars(query)}


def newest(slugs: Collection[str], company_id: int | None = None) -> dict[tuple[int, str], Figure]:
    """By company and short name, the figure of its newest report that has one; read at once.

    A newest report that says “not reported” counts: no older figure stands in for it.

    Args:
        company_id: the one company that it is about; all companies where none is given.
    """
    if not slugs:
        return {}
    query = _figures().where(Figure.slug.in_(list(slugs)))
    return _by_company(query, company_id)


def of_company(company_id: int) -> dict[tuple[int, str], Figure]:
    """All newest figures of a company, as `newest` gives them."""
    return _by_company(_figures(), company_id)


def exists(slug: str) -> bool:
    """Whether a report of any company has a figure with that short name."""
    return db.session.scalar(sa.select(Figure.id).where(Figure.slug == slug).limit(1)) is not None


def names(refs: Collection[str]) -> dict[str, str]:
    """Titles of reports by their opaque ids."""
    query = sa.select(Report.ref, Report.title).where(Report.ref.in_(refs))
    return {row.ref: row.title for row in db.session.execute(query)}


def _figures() -> sa.Select[Any]:
    return (
        sa.select(Figure)
        .join(Figure.report)
        .join(Report.company)
        .options(contains_eager(Figure.report).contains_eager(Report.company))
    )


def _by_company(query: sa.Select[Any], company_id: int | None) -> dict[tuple[int, str], Figure]:
    if company_id is not None:
        query = query.where(Report.company_id == company_id)
    # The last one wins: the latest period, of two reports on it the one that came in last.
    rows = db.session.scalars(query.order_by(Report.period_end, Report.id))
    return {(one.report.company_id, one.slug): one for one in rows}
