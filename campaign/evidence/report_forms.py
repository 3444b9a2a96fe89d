"""Forms about reports and their figures."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from campaign.evidence import figure_rules
from campaign.evidence.figure_rules import Denominator, SourceKind
from campaign.evidence.report_models import Figure, Report

_REPORT = (
    "title", "scope", "period_start", "period_end", "period_label", "published_on", "publisher",
    "source_url", "archive_url", "invented", "note",
)  # fmt: skip
SOURCES = {
    SourceKind.PRIMARY: "The company's own report",
    SourceKind.COMPANY_BLOG: "The company's blog",
    SourceKind.PRESS: "The press",
    SourceKind.NGO_DATASET: "An organisation's data",
}
SHARES = {
    Denominator.REQUESTS_RECEIVED: "requests received",
    Denominator.REQUESTS_WITH_DISCLOSURE: "requests in which something was disclosed",
    Denominator.ACCOUNTS_SPECIFIED: "accounts that requests named",
    Denominator.OTHER: "something else, which the label says",
}


class ReportForm(FlaskForm):
    """A report on one company for one period."""

    company = SelectField("Company")
    title = StringField(
        "Title",
        description="As the source prints it.",
        validators=[InputRequired(), Length(max=200)],
    )
    scope = StringField(
        "Service",
        description="Where the report is about one service only.",
        validators=[Length(max=200)],
    )
    period_start = DateField(
        "First day of the period", validators=[InputRequired("Give the day, as 2017-01-01.")]
    )
    period_end = DateField(
        "Last day of the period", validators=[InputRequired("Give the day, as 2017-05-31.")]
    )
    period_label = StringField(
        "Period",
        description="As the source prints it, such as “January–June 2017”.",
        validators=[InputRequired("Say which period it covers."), Length(max=80)],
    )
    published_on = DateField("Published on", validators=[Optional()])
    source_kind = SelectField(
        "Where the figures come from",
        choices=[SelectChoice(kind.value, said) for kind, said in SOURCES.items()],
    )
    publisher = StringField(
        "Publisher",
        description="Who published it, where that is not the company: texts say “reported by …”.",
        validators=[Length(max=200)],
    )
    source_url = StringField("Address of the source", validators=[Length(max=500)])
    archive_url = StringField("Address of an archived copy", validators=[Length(max=500)])
    invented = BooleanField(
        "Invented for a demonstration", description="What cites its source says so."
    )
    note = TextAreaField("Note", validators=[Length(max=2_000)])

    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of `report_operations.save_report`."""
        facts = {name: self[name].data for name in _REPORT}
        return {**facts, "source_kind": SourceKind(self.source_kind.data)}


def report_form(report: Report | None, companies: list[tuple[str, str]], asked: str) -> ReportForm:
    """The form, filled with a report where there is one.

    Args:
        companies: short names and names to choose from, for a new report.
        asked: the short name of the company that the page was asked for.
    """
    if report is None:
        form = ReportForm(data={"company": asked})
        form.company.choices = [SelectChoice(slug, name) for slug, name in companies]
        return form
    given = {name: getattr(report, name) for name in _REPORT}
    form = ReportForm(data={**given, "source_kind": report.source_kind.value})
    del form.company
    return form


class FigureForm(FlaskForm):
    """One figure of a report."""

    short_name = StringField(
        "Short name",
        description="Stands in texts, such as search-warrants. Give the same figure the same "
        "short name in every report: then one text cites each company's own.",
        validators=[InputRequired("Give it a short name."), Length(max=60)],
    )
    label = StringField(
        "What it counts",
        description="In the source's own words.",
        validators=[InputRequired("Say what it counts."), Length(max=200)],
    )
    value = StringField(
        "Figure",
        description="1,618 or 42% or 0-249 or at least 10 or fewer than 10 or about 33%. Write "
        "not reported where the source says nothing: that is not zero.",
        validators=[InputRequired("Enter the figure, or: not reported."), Length(max=80)],
    )
    denominator = SelectField(
        "Percent of what",
        choices=[
            SelectChoice("", "It is no percent"),
            *(SelectChoice(share.value, said) for share, said in SHARES.items()),
        ],
    )
    verbatim = StringField(
        "The source's words",
        description="The sentence or the cell that states it.",
        validators=[Length(max=500)],
    )
    locator = StringField(
        "Where it stands",
        description="Page, sheet, cell or paragraph, such as “page 3”.",
        validators=[Length(max=200)],
    )

    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of `report_operations.save_figure`."""
        share = self.denominator.data
        return {
            "short_name": self.short_name.data if "short_name" in self else "",
            "label": self.label.data,
            "value": self.value.data,
            "denominator": Denominator(share) if share else None,
            "verbatim": self.verbatim.data,
            "locator": self.locator.data,
        }


def figure_form(figure: Figure | None) -> FigureForm:
    """The form, filled with a figure where there is one."""
    if figure is None:
        return FigureForm()
    form = FigureForm(
        data={
            "label": figure.label,
            "value": figure_rules.typed(figure.amount),
            "denominator": figure.denominator.value if figure.denominator else "",
            "verbatim": figure.verbatim,
            "locator": figure.locator,
        }
    )
    del form.short_name
    return form
