"""Importing a publisher's file: shown before it is stored, and nothing that is there is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.companies.models import Company
from campaign.database import transaction
from campaign.evidence import (
    figure_rules,
    figure_terms,
    import_microsoft,
    import_own,
    import_publishers,
    report_operations,
)
from campaign.evidence.figure_rules import SourceKind
from campaign.evidence.figure_terms import Status
from campaign.evidence.import_found import FoundFigure, FoundReport, Reading, Remark
from campaign.evidence.import_tables import Table, read_bytes
from campaign.evidence.report_models import Figure, Report
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore

Reader = Callable[[Sequence[Table], str], Reading]
LAYOUTS: Mapping[str, Reader] = {
    "microsoft": import_microsoft.read,
    "google": lambda tables, name: import_publishers.read(tables, name, import_publishers.GOOGLE),
    "apple": lambda tables, name: import_publishers.read(tables, name, import_publishers.APPLE),
    "meta": lambda tables, name: import_publishers.read(tables, name, import_publishers.META),
    "own": import_own.read,
}
SHOWN = 200  # new figures that a person is shown before they are stored
_HEADERS = 15  # lines in which a header may stand
_FACTS = {"report_note": "note"}


class Fresh(NamedTuple):
    """A figure that is new, as a person looks at it before it is stored."""

    period: str
    label: str
    value: str
    locator: str


@dataclass
class Imported:
    """What an import did, or would do.

    Attributes:
        reports: reports that have figures in the file.
        figures: figures that are new.
        refused: lines and cells that were not taken, and why.
        differences: totals that do not agree with their rows, and figures that the file states
            otherwise than we do: ours stay.
        fresh: the first of the figures that are new.
    """

    reports: int = 0
    figures: int = 0
    refused: list[Remark] = field(default_factory=list)
    differences: list[Remark] = field(default_factory=list)
    fresh: list[Fresh] = field(default_factory=list)


def layout_of(tables: Sequence[Table]) -> str:
    """The layout that a file has, by its headers.

    Raises:
        Problem: `evidence-layout`.
    """
    for table in tables:
        lines = table.lines[:_HEADERS]
        if lines and import_own.fits(lines[0].cells):
            return "own"
        words = " ".join(cell for line in lines for cell in line.cells).lower()
        for layout, wanted in _SIGNS:
            if all(one in words for one in wanted):
                return layout
    raise Problem("evidence-layout")


_SIGNS = (
    ("google", ("period ending",)),
    ("google", ("range min",)),
    ("google", ("cldr territory",)),
    ("apple", ("tr period",)),
    ("apple", ("tr date",)),
    ("microsoft", ("content", "rejected")),
    ("meta", ("country", "user data")),
    ("meta", ("country", "accounts")),
)


def import_file(
    raw: bytes,
    name: str,
    company: str,
    *,
    layout: str | None,
    files: FileStore,
    actor: User | None,
    dry_run: bool = False,
) -> Imported:
    """Read a publisher's file and store what is new in it; the file itself is kept by its hash.

    Args:
        name: the file's name; it may say the period.
        company: the company's short name.
        layout: one of `LAYOUTS`; None goes by the headers.

    Raises:
        Problem: `report-company`, `evidence-layout`, `import-unreadable`, `import-too-large`.
    """
    tables = read_bytes(raw)
    reading = LAYOUTS[layout or layout_of(tables)](tables, name)
    done = Imported(refused=reading.refused, differences=reading.differences)
    with transaction() as session:
        about = session.scalar(sa.select(Company).where(Company.slug == company).with_for_update())
        if about is None:
            raise Problem("report-company", company=company[:80])
        for found in reading.reports:
            done.reports += 1
            _report(session, about, found, _Source(raw, name, files, actor, dry_run), done)
    return done


@dataclass(frozen=True)
class _Source:
    raw: bytes
    name: str
    files: FileStore
    actor: User | None
    dry_run: bool


def _report(
    session: Session, about: Company, found: FoundReport, source: _Source, done: Imported
) -> None:
    report = session.scalar(
        sa.select(Report).where(
            Report.company_id == about.id,
            Report.period_start == found.period.start,
            Report.period_end == found.period.end,
            Report.scope == found.scope[:200],
            Report.source_kind == _source_kind(found),
        )
    )
    known = _known(session, report)
    fresh = [one for one in found.figures if not _is_there(one, known, done)]
    done.figures += len(fresh)
    for one in fresh[: SHOWN - len(done.fresh)]:
        value = figure_rules.typed(one.amount)
        done.fresh.append(Fresh(found.period.label, one.label, value, one.locator))
    if source.dry_run or not fresh:
        return
    if report is None:
        report = report_operations.add_report(session, about, _facts(about, found, source))
        session.flush()
    figures = _stored(session, report, fresh, source.actor)
    _link(fresh, figures, known)
    session.flush()
    digest = hashlib.sha256(source.raw).hexdigest()
    record("report.imported", report, actor=source.actor, figures=len(fresh), file=digest)


def _known(session: Session, report: Report | None) -> dict[str, Figure]:
    if report is None:
        return {}
    query = sa.select(Figure).where(Figure.report_id == report.id)
    return {one.slug: one for one in session.scalars(query)}


def _name(found: FoundFigure) -> str:
    return found.slug or figure_terms.slug(found.terms)


def _is_there(found: FoundFigure, known: Mapping[str, Figure], done: Imported) -> bool:
    """Whether we have it; where the file says something else, that is noted."""
    ours = known.get(_name(found))
    if ours is None:
        return False
    if (ours.value_kind, ours.low, ours.high) != (
        found.amount.kind,
        found.amount.low,
        found.amount.high,
    ):
        theirs, stored = figure_rules.typed(found.amount), figure_rules.typed(ours.amount)
        why = f"“{found.label}” is {theirs} in the file and {stored} here; ours stays"
        done.differences.append(Remark(found.locator, why))
    return True


def _source_kind(found: FoundReport) -> SourceKind:
    """What the press says of a report stands apart from what the company says in it."""
    return SourceKind(found.facts.get("source_kind") or SourceKind.PRIMARY)


def _facts(about: Company, found: FoundReport, source: _Source) -> dict[str, Any]:
    said = {_FACTS.get(name, name): words for name, words in found.facts.items()}
    published = said.pop("published_on", "")
    said.pop("source_kind", "")
    title = said.pop("title", "") or f"Transparency report of {about.name}"
    return {
        **said,
        "title": title[:200],
        "scope": found.scope[:200],
        "period_start": found.period.start,
        "period_end": found.period.end,
        "period_label": found.period.label[:80],
        "published_on": date.fromisoformat(published[:10]) if published else None,
        "source_kind": _source_kind(found),
        "file_sha256": source.files.put(source.raw),
        "file_name": source.name[:200],
        "retrieved_at": clock.now(),
    }


def _stored(
    session: Session, report: Report, fresh: Sequence[FoundFigure], actor: User | None
) -> dict[str, Figure]:
    figures = {
        _name(one): Figure(
            report_id=report.id,
            slug=_name(one),
            label=one.label[:200],
            unit=one.amount.unit,
            value_kind=one.amount.kind,
            low=one.amount.low,
            high=one.amount.high,
            decimals=one.amount.decimals,
            verbatim=one.verbatim[:500],
            locator=one.locator[:200],
            formula=one.formula[:300],
            derived=bool(one.formula),
            flag=one.flag,
            status=Status.DISPUTED if one.disputed else Status.CURRENT,
            entered_by_id=actor.id if actor else None,
            **{name: getattr(one.terms, name) for name in figure_terms.NAMES},
        )
        for one in fresh
    }
    session.add_all(figures.values())
    session.flush()
    return figures


def _link(
    fresh: Sequence[FoundFigure], figures: Mapping[str, Figure], known: Mapping[str, Figure]
) -> None:
    """Set what each figure is a part or a share of, by the short names in the file."""
    every = {**known, **figures}
    for one in fresh:
        figure, parent, base = figures[_name(one)], every.get(one.parent), every.get(one.base)
        if parent:
            figure.parent_id, figure.parent_high = parent.id, parent.high
        if base:
            figure.base_id = base.id
