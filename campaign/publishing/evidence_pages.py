"""Public pages of evidence: what companies disclose, exact and with its source (evidence.md).

What a source has published is public here at once; a figure says whether a second person has held
it against its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts.guard import public
from campaign.companies.models import Company
from campaign.evidence import (
    comparing,
    completeness,
    figure_filter,
    figure_queries,
    figure_sheets,
    figure_words,
    report_forms,
    series,
)
from campaign.evidence.figure_filter import Filter
from campaign.evidence.figure_rules import ValueKind
from campaign.evidence.report_models import Figure
from campaign.kernel.errors import Problem
from campaign.publishing.answers import absolute, blueprint, json_answer, revalidated
from campaign.web.lists import Listed, csv_file
from campaign.web.sheets import xlsx_file

FIGURES_A_PAGE = 300
MOST_UNASKED = 1_000
"""Figures that are shown without a filter; sorting more would read all of them."""
MOST_COMPARED = 12
SHEET_LIMIT = 200_000
"""Rows of a download: more would not fit into the memory of a small server."""


@blueprint.get("/evidence/")
@public
@revalidated
def evidence() -> ResponseReturnValue:
    """Companies that disclose figures, and the figures that a filter asks for."""
    asked = _asked()
    return _page("publishing/public/evidence.html", asked, url_for("publishing.evidence"))


@blueprint.get("/evidence/<slug>/")
@public
@revalidated
def evidence_company(slug: str) -> ResponseReturnValue:
    """What one company discloses, period by period."""
    about = figure_queries.company(slug) or abort(404)
    asked = _asked(slug)
    reports = figure_queries.reports_of(about.id)
    return _page(
        "publishing/public/evidence_company.html",
        asked,
        url_for("publishing.evidence_company", slug=slug),
        company=about,
        reports=reports,
        checklist=completeness.checklist(reports[0].figures),
        newest=reports[0],
        sources=report_forms.SOURCES,
    )


def _asked(company: str | None = None) -> Filter:
    """The filter of the address; 404 for a word that nothing can be asked for by."""
    given = request.args.to_dict()
    try:
        return figure_filter.read({**given, "company": company} if company else given)
    except Problem:
        abort(404)


def _asked_words() -> dict[str, Any]:
    """The filter of the address as words; nothing else of the address goes into another."""
    return dict(_asked().query())


def _page(
    template: str, asked: Filter, url: str, company: Company | None = None, **more: Any
) -> str:
    total = figure_queries.count(asked)
    too_many = asked.is_empty and total > MOST_UNASKED
    part = _part(0 if too_many else total)
    offset = (part.page - 1) * FIGURES_A_PAGE
    figures = [] if too_many else figure_queries.shown(asked, limit=FIGURES_A_PAGE, offset=offset)
    breaks = figure_queries.breaks(sorted({one.report.company_id for one in figures}))
    return render_template(
        template,
        asked=asked,
        query=_query(asked, company),
        url=url,
        companies=() if company else figure_queries.companies(),
        options=_options(with_company=company is None),
        part=part,
        total=total,
        lines=series.by_company(series.lines(figures, breaks)),
        meanings=_meanings(figures),
        unchecked=sum(one.checked_at is None for one in figures),
        company=company,
        **more,
    )


def _options(*, with_company: bool) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The lists of the filter: name, label, and each value with its words."""
    found = figure_queries.choices()
    lists = [
        ("period", "Period", [
            (figure_filter.period_words(start, end), said) for start, end, said in found.periods
        ]),
        ("place", "Who asked", [(one, figure_words.place(one)) for one in found.places]),
        ("kind", "Kind of request", [(one, figure_words.kinds(one)) for one in found.kinds]),
        ("segment", "Whose data", _named(figure_words.SEGMENTS)),
        ("outcome", "What came of it", _named(figure_words.OUTCOMES)),
        ("measure", "What is counted", _named(figure_words.MEASURES)),
    ]  # fmt: skip
    companies = ("company", "Company", [(one.slug, one.name) for one in found.companies])
    return [companies, *lists] if with_company else lists


def _named(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(key.value, said) for key, said in words.items()]


def _part(total: int) -> Listed:
    asked = request.args.get("page", "1")
    pages = max(1, -(-total // FIGURES_A_PAGE))
    if not asked.isascii() or not asked.isdecimal() or not 1 <= int(asked[:6]) <= pages:
        abort(404)
    return Listed([], int(asked), pages, total)


def _query(asked: Filter, company: Company | None) -> dict[str, str]:
    """The words of the address, without the company that is in its path."""
    query = asked.query()
    if company:
        query.pop("company", None)
    return query


def _meanings(figures: Sequence[Figure]) -> dict[str, str]:
    kinds = {one.value_kind for one in figures}
    return figure_words.meanings(
        (one.terms for one in figures if one.terms),
        bands=ValueKind.BAND in kinds,
        blanks=ValueKind.NOT_REPORTED in kinds,
    )


@blueprint.get("/evidence/compare/")
@public
@revalidated
def evidence_compare() -> ResponseReturnValue:
    """Figures side by side, or why they may not stand so."""
    keys = [_key(one) for one in request.args.getlist("figure")]
    if len(keys) > MOST_COMPARED:
        abort(404)
    figures = figure_queries.stated(list(dict.fromkeys(keys)))
    if len(figures) < len(set(keys)):
        abort(404)
    figures.sort(key=lambda one: (one.report.period_start, one.report.company.name, one.id))
    breaks = figure_queries.breaks(sorted({one.report.company_id for one in figures}))
    why = comparing.reasons([series.side(one) for one in figures], breaks)
    return render_template(
        "publishing/public/evidence_compare.html",
        figures=figures,
        why=why,
        points=[series.points([one])[0] for one in figures] if why else series.points(figures),
        changes=[] if why else _changes(figures, breaks),
        meanings=_meanings(figures),
    )


def _key(words: str) -> tuple[str, str]:
    report, slash, figure = words.partition("/")
    if not slash:
        abort(404)
    return report, figure


def _changes(
    figures: Sequence[Figure], breaks: Sequence[comparing.Break]
) -> list[tuple[Figure, Figure, str, tuple[str, ...]]]:
    """From each figure to the next of its company: the change, or why none is computed."""
    found = []
    for old, new in pairwise(figures):
        if old.report.company_id != new.report.company_id:
            continue
        why = comparing.no_change(series.side(old), series.side(new), breaks)
        said = "" if why else f"{comparing.change(old.amount, new.amount):+}%"
        found.append((old, new, said, why))
    return found


@blueprint.get("/evidence.csv", defaults={"form": "csv"})
@blueprint.get("/evidence.xlsx", defaults={"form": "xlsx"})
@blueprint.get("/evidence.json", defaults={"form": "json"})
@public
@revalidated
def evidence_file(form: str) -> Response:
    """The figures that a filter asks for, as a file."""
    return _file(form, _asked(), "figures")


@blueprint.get("/evidence/<slug>.csv", defaults={"form": "csv"})
@blueprint.get("/evidence/<slug>.xlsx", defaults={"form": "xlsx"})
@blueprint.get("/evidence/<slug>.json", defaults={"form": "json"})
@public
@revalidated
def evidence_company_file(slug: str, form: str) -> Response:
    """The figures of one company, as a file."""
    figure_queries.company(slug) or abort(404)
    return _file(form, _asked(slug), f"figures-{slug}")


@blueprint.get("/evidence/.csv", defaults={"form": "csv"})
@blueprint.get("/evidence/.xlsx", defaults={"form": "xlsx"})
@blueprint.get("/evidence/.json", defaults={"form": "json"})
@public
def evidence_file_below(form: str) -> ResponseReturnValue:
    """The same file, below the list's own address."""
    return redirect(url_for("publishing.evidence_file", form=form, **_asked_words()), 308)


@blueprint.get("/evidence/<slug>/.csv", defaults={"form": "csv"})
@blueprint.get("/evidence/<slug>/.xlsx", defaults={"form": "xlsx"})
@blueprint.get("/evidence/<slug>/.json", defaults={"form": "json"})
@public
def evidence_company_file_below(slug: str, form: str) -> ResponseReturnValue:
    """The same file, below the page's own address."""
    there = url_for("publishing.evidence_company_file", slug=slug, form=form, **_asked_words())
    return redirect(there, 308)


@blueprint.get("/evidence/columns.json")
@public
@revalidated
def evidence_columns() -> Response:
    """What the columns of the files mean, and the licence."""
    return json_answer(
        {
            "licence": figure_sheets.LICENCE,
            "columns": [{"name": name, "means": figure_sheets.MEANINGS[name]}
                        for name in figure_sheets.HEADER],
        }
    )  # fmt: skip


def _file(form: str, asked: Filter, name: str) -> Response:
    if figure_queries.count(asked) > SHEET_LIMIT:
        abort(413)
    every = figure_queries.every(asked)
    if form == "json":
        return json_answer(
            {
                "licence": figure_sheets.LICENCE,
                "columns": absolute(url_for("publishing.evidence_columns")),
                "items": [figure_sheets.item(one) for one in every],
                "next": None,
            }
        )
    rows = (figure_sheets.row(one) for one in every)
    return (csv_file if form == "csv" else xlsx_file)(name, figure_sheets.HEADER, rows)
