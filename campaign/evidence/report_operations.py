"""What is done to reports and their figures."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.companies.models import Company
from campaign.database import new_ref, transaction
from campaign.evidence import figure_rules, figure_terms
from campaign.evidence.figure_rules import Denominator, SourceKind, Unit, ValueKind
from campaign.evidence.figure_terms import Measure, Status, Terms
from campaign.evidence.operations import address
from campaign.evidence.report_models import Figure, Report
from campaign.history.operations import record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem
from campaign.kernel.text import slugify


def save_report(
    *,
    company: str,
    title: str,
    period_start: date | None,
    period_end: date | None,
    period_label: str,
    source_kind: SourceKind,
    actor: User | None,
    report_id: int | None = None,
    scope: str = "",
    published_on: date | None = None,
    publisher: str = "",
    source_url: str = "",
    archive_url: str = "",
    invented: bool = False,
    note: str = "",
) -> Report:
    """Add a report on a company, or change one; its short name and its company stay.

    Args:
        company: the company's short name.
        report_id: the report to change; None for a new one.

    Raises:
        Problem: `report-dates`, `report-publisher`, `report-company`, `survey-address`,
            `not-there`, or that a field is empty or too long.
    """
    facts = {
        "title": fields.line(title, name="Title", limit=200, required=True),
        "scope": fields.line(scope, name="Service", limit=200),
        **_period(period_start, period_end),
        "period_label": fields.line(period_label, name="Period", limit=80, required=True),
        "published_on": published_on,
        "source_kind": source_kind,
        "publisher": fields.line(publisher, name="Publisher", limit=200),
        "source_url": address(source_url),
        "archive_url": address(archive_url),
        "invented": invented,
        "note": fields.text(note, name="Note", limit=2_000),
    }
    if source_kind in figure_rules.OTHERS and not facts["publisher"]:
        raise Problem("report-publisher")
    with transaction() as session:
        if report_id is None:
            report = _new(session, company, facts)
        else:
            report = _one(session, report_id)
            for name, value in facts.items():
                setattr(report, name, value)
        session.flush()
        told = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in facts.items()
        }
        record("report.saved", report, actor=actor, company=report.company.name, facts=told)
        return report


def _new(session: Session, company: str, facts: dict[str, Any]) -> Report:
    # Locked, so that two reports that come at once do not take one short name.
    about = session.scalar(sa.select(Company).where(Company.slug == company).with_for_update())
    if about is None:
        raise Problem("report-company", company=company[:80])
    return add_report(session, about, facts)


def add_report(session: Session, about: Company, facts: dict[str, Any]) -> Report:
    """Add a report with checked facts, within the caller's act; the company's row is locked."""
    stem = slugify(f"{about.slug} {facts['period_label']}")[:110].strip("-")
    taken = set(session.scalars(sa.select(Report.slug).where(Report.slug.startswith(stem))))
    slug = next(one for n in count(1) if (one := f"{stem}-{n}" if n > 1 else stem) not in taken)
    report = Report(ref=new_ref(), slug=slug, company=about, **facts)
    session.add(report)
    return report


def _period(start: date | None, end: date | None) -> dict[str, date]:
    if start is None or end is None or start > end:
        raise Problem("report-dates")
    return {"period_start": start, "period_end": end}


def save_figure(
    report_id: int,
    *,
    short_name: str,
    label: str,
    value: str,
    actor: User | None,
    figure_id: int | None = None,
    denominator: Denominator | None = None,
    verbatim: str = "",
    locator: str = "",
    terms: Terms | None = None,
    parent: str = "",
    base: str = "",
    formula: str = "",
    flag: str = "",
    status: Status = Status.CURRENT,
) -> Figure:
    """Add a figure to a report, or change one; its short name stays.

    A figure that is changed has to be held against its source anew.

    Args:
        terms: what exactly it counts; None where nobody has said.
        parent, base: short names of figures of the same report: what it is a part, and a share, of.
        formula: how it was computed, where no source states it.
        value: as typed, see `figure_rules.read`.
        denominator: of a percent: what it is a share of.
        figure_id: the figure to change; None for a new one.

    Raises:
        Problem: `person-needed`, `figure-short-name`, `figure-value`, `figure-denominator`,
            `figure-exists`, `figure-part`, `figure-compared`, `not-there`, or that a field is
            empty or too long.
    """
    if actor is None:
        raise Problem("person-needed")
    facts = {
        "label": fields.line(label, name="Label", limit=200, required=True),
        **_amount(value, denominator, signed=bool(terms and terms.measure is Measure.CHANGE)),
        **_counted(terms),
        "formula": fields.line(formula, name="Computed how", limit=300),
        "derived": bool(formula.strip()),
        "flag": fields.text(flag, name="What is unclear in print", limit=1_000),
        "status": status,
        "checked_by_id": None,
        "checked_at": None,
        "verbatim": fields.line(verbatim, name="The source's words", limit=500),
        "locator": fields.line(locator, name="Where it stands", limit=200),
        "entered_by_id": actor.id,
    }
    name = figure_rules.short_name(short_name) if figure_id is None else ""
    try:
        with transaction() as session:
            report = _one(session, report_id)
            if figure_id is None:
                figure = Figure(report=report, slug=name)
                session.add(figure)
            else:
                figure = _figure(session, report, figure_id)
            whole, of = (_named(session, report, figure, one) for one in (parent, base))
            for key, fact in facts.items():
                setattr(figure, key, fact)
            figure.parent_id, figure.parent_high = (whole.id, whole.high) if whole else (None, None)
            figure.base_id = of.id if of else None
            session.flush()
            record(
                "report.figure_saved", report, actor=actor, figure=figure.slug, label=figure.label,
                value=figure_rules.typed(figure.amount), denominator=figure.denominator,
                verbatim=figure.verbatim, locator=figure.locator,
            )  # fmt: skip
            return figure
    except IntegrityError as error:
        if "figure_part" in str(error.orig):
            raise Problem("figure-part", name=parent) from None
        raise Problem("figure-exists", name=name) from None


def _counted(terms: Terms | None) -> dict[str, Any]:
    """The columns of what a figure counts, but the denominator, which goes with its amount."""
    if terms is None:
        return {"measure": None}
    start, end = terms.compared_start, terms.compared_end
    is_change = terms.measure is Measure.CHANGE
    if is_change != bool(start and end) or (start and end and start > end):
        raise Problem("figure-compared")
    return {name: getattr(terms, name) for name in figure_terms.NAMES if name != "denominator"}


def _named(session: Session, report: Report, figure: Figure, name: str) -> Figure | None:
    """The other figure of the report with that short name; None where no name is given."""
    if not name.strip():
        return None
    with session.no_autoflush:
        found = session.scalar(
            sa.select(Figure).where(Figure.report_id == report.id, Figure.slug == name.strip())
        )
    if found is None or found is figure:
        raise Problem("not-there", what=f"figure “{name[:40]}” in this report")
    return found


def check_figure(report_id: int, figure_id: int, *, actor: User) -> Figure:
    """Note that a second person has held a figure against its source.

    Raises:
        Problem: `figure-own` for who entered it, `not-there`.
    """
    with transaction() as session:
        report = _one(session, report_id)
        figure = _figure(session, report, figure_id)
        if figure.entered_by_id == actor.id:
            raise Problem("figure-own")
        figure.checked_by_id, figure.checked_at = actor.id, clock.now()
        record(
            "report.figure_checked", report, actor=actor, figure=figure.slug, label=figure.label,
            value=figure_rules.typed(figure.amount),
        )  # fmt: skip
        return figure


def _amount(typed: str, denominator: Denominator | None, *, signed: bool = False) -> dict[str, Any]:
    amount = figure_rules.read(typed, signed=signed)
    unit = amount.unit
    if amount.kind is ValueKind.NOT_REPORTED and denominator:
        unit = Unit.PERCENT
    if (unit is Unit.PERCENT) != (denominator is not None):
        raise Problem("figure-denominator")
    return {
        "unit": unit,
        "denominator": denominator,
        "value_kind": amount.kind,
        "low": amount.low,
        "high": amount.high,
        "decimals": amount.decimals,
    }


def remove_figure(report_id: int, figure_id: int, *, actor: User | None) -> None:
    """Take a figure out of a report; texts that cite it are told so.

    Raises:
        Problem: `not-there`.
    """
    with transaction() as session:
        report = _one(session, report_id)
        figure = _figure(session, report, figure_id)
        record(
            "report.figure_removed", report, actor=actor, figure=figure.slug, label=figure.label,
            value=figure_rules.typed(figure.amount),
        )  # fmt: skip
        report.figures.remove(figure)


def _one(session: Session, report_id: int) -> Report:
    found = session.scalar(sa.select(Report).where(Report.id == report_id).with_for_update())
    if found is None:
        raise Problem("not-there", what="report")
    return found


def _figure(session: Session, report: Report, figure_id: int) -> Figure:
    found = session.get(Figure, figure_id)
    if found is None or found.report_id != report.id:
        raise Problem("not-there", what="figure")
    return found
