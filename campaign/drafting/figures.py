"""Figures of transparency reports in letters, inline: `((figure: report/short-name))`.

With `company` in place of the report each letter prints the newest figure of the company that it
goes to. `((figure: … period))` and `((figure: … source))` print the period and the source of the
same figure in words. What is printed is frozen with the letter: a later change of the report makes
the text stale and changes nothing in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from campaign.companies.models import Company
from campaign.drafting import markdown, placeholders
from campaign.drafting.placeholders import FigureKey
from campaign.evidence import figure_rules, report_queries, rules
from campaign.evidence.figure_rules import OTHERS, OWN
from campaign.evidence.report_models import Figure, Report
from campaign.kernel.errors import Problem

UNKNOWN = "no report has a figure with these short names"
UNKNOWN_OWN = "no report of any company has a figure with this short name"
NONE_OF_ITS_OWN = "no report of its own has it"
UNREPORTED = "the report says nothing about it, which is not zero"


class Looked(NamedTuple):
    """The figures that texts print, as the reports are now.

    Attributes:
        stated: by the short names of a report and of a figure.
        newest: by a company's id and the short name of a figure.
    """

    stated: Mapping[tuple[str, str], Figure]
    newest: Mapping[tuple[int, str], Figure]

    def find(self, key: FigureKey, company: Company) -> Figure | None:
        """The figure that a letter to that company prints."""
        if key.report == OWN:
            return self.newest.get((company.id, key.figure))
        return self.stated.get((key.report, key.figure))


class Offered(NamedTuple):
    """A figure that texts may print: its short name, what it counts, and how it is printed."""

    name: str
    label: str
    printed: str
    period: str
    report: Report


def used(source: str) -> dict[str, FigureKey]:
    """What a text prints of figures, by the name of the placeholder as it is written."""
    found = {
        mark.name: placeholders.figure_key(mark.name)
        for mark in markdown.marks(source)
        if not mark.why
    }
    return {name: key for name, key in found.items() if key}


def looked(sources: Iterable[str], company: Company | None = None) -> Looked:
    """Every figure that these texts print, read at once.

    Args:
        company: the one that the letter goes to; all of them where none is given.
    """
    keys = {key for source in sources for key in used(source).values()}
    return Looked(
        report_queries.stated({(key.report, key.figure) for key in keys if key.report != OWN}),
        report_queries.newest(
            {key.figure for key in keys if key.report == OWN}, company.id if company else None
        ),
    )


def values(source: str, known: Looked, company: Company, language: str) -> dict[str, str]:
    """What a text prints, by the placeholder's name; without what cannot be printed."""
    printed = {}
    for name, key in used(source).items():
        figure = known.find(key, company)
        if figure is not None and not _why_not(figure):
            printed[name] = _printed(figure, key.part, language)
    return printed


def problems(source: str, known: Looked, company: Company) -> list[Problem]:
    """What a text asks for of figures and cannot print, each once."""
    found = {}
    for key in used(source).values():
        why = _why_not(known.find(key, company))
        told = f"{key.report}/{key.figure}"
        if why and key.report == OWN:
            why = why if why == UNREPORTED else NONE_OF_ITS_OWN
            found[told] = Problem(
                "figure-own-missing", company=company.name, field=key.figure, why=why
            )
        elif why:
            found[told] = Problem("figure-unusable", figure=told, why=why)
    return list(found.values())


def faults(source: str) -> list[markdown.Fault]:
    """Every place where a text asks for a figure that it cannot print for anybody."""
    return [
        markdown.Fault(
            *markdown.position(source, mark.start),
            source[mark.start : mark.end],
            f"The figure cannot be printed: {why}.",
        )
        for mark, why in _wrong(source)
    ]


def _wrong(source: str) -> Iterator[tuple[markdown.Mark, str]]:
    keys = used(source)
    known = report_queries.stated({(key.report, key.figure) for key in keys.values()})
    for mark in markdown.marks(source):
        key = keys.get(mark.name)
        if mark.why or key is None:
            continue
        if key.report == OWN:
            why = "" if report_queries.exists(key.figure) else UNKNOWN_OWN
        else:
            why = _why_not(known.get((key.report, key.figure)))
        if why:
            yield mark, why


def offered(company: Company) -> tuple[Offered, ...]:
    """The newest figures of a company, by their short names."""
    found = sorted(report_queries.of_company(company.id).items())
    return tuple(
        Offered(
            name, one.label, figure_rules.words(one.amount), one.report.period_label, one.report
        )
        for (_, name), one in found
    )


def _why_not(figure: Figure | None) -> str:
    """Why a figure cannot be printed; empty where it can."""
    if figure is None:
        return UNKNOWN
    return "" if figure_rules.words(figure.amount) else UNREPORTED


def _printed(figure: Figure, part: str, language: str) -> str:
    if part == "period":
        return _period(figure.report, language)
    if part == "source":
        return _source(figure, language)
    return figure_rules.words(figure.amount, language)


def _period(report: Report, language: str) -> str:
    if language.startswith("en"):
        return rules.period(report.period_start, report.period_end)
    days = (report.period_start, report.period_end)
    return " – ".join(placeholders.date_words(day, language) for day in days)


def _source(figure: Figure, language: str) -> str:
    """Where a figure stands, so that a reader finds it; what others report is said to be theirs."""
    report = figure.report
    who = report.company.name
    if report.source_kind in OTHERS:
        by = "reported by " if language.startswith("en") else ""
        who = f"{by}{report.publisher}"
    parts = (who, f"“{report.title}”", report.period_label, figure.locator, report.source_url)
    said = ", ".join(filter(None, parts))
    return f"Invented for this demonstration: {said}" if report.invented else said
