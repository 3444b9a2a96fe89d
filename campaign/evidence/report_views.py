"""Pages about reports and their figures."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts import queries as people
from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.companies.models import Company
from campaign.companies.queries import names_by_slug
from campaign.evidence import (
    figure_rules,
    figure_words,
    report_operations,
    report_queries,
    rules,
    series,
)
from campaign.evidence.report_forms import SHARES, SOURCES, figure_form, report_form
from campaign.evidence.report_models import Figure, Report
from campaign.extensions import db
from campaign.history import queries as history
from campaign.history import words
from campaign.history.views import names_of
from campaign.web.acts import attempt
from campaign.web.lists import listed, searched

blueprint = Blueprint("reports", __name__, url_prefix="/staff/evidence/reports")

_EVENTS = 30


def _report(slug: str) -> Report:
    return report_queries.report(slug) or abort(404)


@blueprint.get("/")
@staff(May.VIEW)
def index() -> ResponseReturnValue:
    """All reports, or those on one company."""
    given, company = searched(), request.args.get("company", "")
    about = db.session.scalar(sa.select(Company).where(Company.slug == company))
    if company and about is None:
        abort(404)
    return render_template(
        "evidence/reports.html",
        reports=listed(report_queries.reports(given, company)),
        q=given,
        company=about,
        sources=SOURCES,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@staff(May.DRAFT)
def new() -> ResponseReturnValue:
    """Enter a report."""
    return _edited(None)


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
@staff(May.DRAFT)
def edit(slug: str) -> ResponseReturnValue:
    """Change what is said about a report."""
    return _edited(_report(slug))


def _edited(report: Report | None) -> ResponseReturnValue:
    choices = [] if report else names_by_slug()
    form = report_form(report, choices, request.args.get("company", ""))
    if form.validate_on_submit():
        company = report.company.slug if report else form.company.data
        saved = attempt(
            lambda: report_operations.save_report(
                **form.facts(),
                company=company,
                report_id=report.id if report else None,
                actor=current_user,
            ),
            done="The report is saved." if report else "The report is saved. Add its figures now.",
            form=form,
        )
        if saved:
            return redirect(url_for("reports.report", slug=saved.slug))
    page = render_template("evidence/report_edit.html", form=form, report=report, choices=choices)
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/<slug>/", methods=["GET"])
@staff(May.VIEW)
def report(slug: str) -> ResponseReturnValue:
    """One report with its figures."""
    return _page(_report(slug), None)


def _page(report: Report, form: Any) -> str:
    return render_template(
        "evidence/report.html",
        report=report,
        form=form or figure_form(None),
        period=rules.period,
        said=series.words,
        counts=_counts,
        sources=SOURCES,
        shares=SHARES,
        own=figure_rules.OWN,
        short_names=report_queries.short_names(),
        events=_happened(report),
    )


def _counts(figure: Figure) -> str:
    """What a figure counts, in words; empty where nobody has said."""
    terms = figure.terms
    return f"{figure_words.heading(terms)}. {figure_words.details(terms)}" if terms else ""


def _happened(report: Report) -> list[words.Line]:
    """What was done to a report, newest first; with each figure as it was saved."""
    events = history.of(report.ref)[: -_EVENTS - 1 : -1]
    told = []
    for line in words.lines(events, names_of(events, people.names)):
        known = dict(line.details)
        what = f"{known['Label']}: {known['Value']}" if "Value" in known else ""
        told.append(line._replace(about=what))
    return told


@blueprint.post("/<slug>/")
@staff(May.DRAFT)
def add_figure(slug: str) -> ResponseReturnValue:
    """Add a figure to a report."""
    report, form = _report(slug), figure_form(None)
    if form.validate_on_submit() and attempt(
        lambda: report_operations.save_figure(report.id, **form.facts(), actor=current_user),
        done="The figure is saved.",
        form=form,
    ):
        return redirect(url_for("reports.report", slug=slug))
    return _page(report, form), 422


def _figure(report: Report, short: str) -> Figure:
    found = next((one for one in report.figures if one.slug == short), None)
    return found or abort(404)


@blueprint.route("/<slug>/<short>/edit", methods=["GET", "POST"])
@staff(May.DRAFT)
def edit_figure(slug: str, short: str) -> ResponseReturnValue:
    """Change a figure: letters that print it and have not left are to be approved anew."""
    report = _report(slug)
    figure = _figure(report, short)
    form = figure_form(figure)
    if form.validate_on_submit() and attempt(
        lambda: report_operations.save_figure(
            report.id, **form.facts(), figure_id=figure.id, actor=current_user
        ),
        done="The figure is saved.",
        form=form,
    ):
        return redirect(url_for("reports.report", slug=slug))
    page = render_template("evidence/figure_edit.html", report=report, figure=figure, form=form)
    return (page, 422) if request.method == "POST" else page


@blueprint.post("/<slug>/<short>/check")
@staff(May.DRAFT)
def check_figure(slug: str, short: str) -> ResponseReturnValue:
    """Say that I have held a figure against its source."""
    report = _report(slug)
    figure = _figure(report, short)
    attempt(
        lambda: report_operations.check_figure(report.id, figure.id, actor=current_user),
        done="The figure is checked.",
    )
    return redirect(url_for("reports.report", slug=slug))


@blueprint.post("/<slug>/<short>/remove")
@staff(May.DRAFT)
def remove_figure(slug: str, short: str) -> ResponseReturnValue:
    """Take a figure out of a report."""
    report = _report(slug)
    figure = _figure(report, short)
    attempt(
        lambda: report_operations.remove_figure(report.id, figure.id, actor=current_user),
        done="The figure is taken out.",
    )
    return redirect(url_for("reports.report", slug=slug))


def company_panel(company: Company) -> tuple[str, dict[str, Any]]:
    """The reports on a company, newest period first, for its page."""
    found = db.session.scalars(report_queries.reports(company=company.slug)).all()
    return "evidence/_of_company.html", {"reports": found}
