"""Forms about reports and their figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from campaign.evidence import figure_rules, figure_terms, figure_words
from campaign.evidence.figure_rules import Denominator, SourceKind
from campaign.evidence.figure_terms import (
    EVERYWHERE,
    Kind,
    Location,
    Measure,
    Result,
    Segment,
    Sought,
    Status,
    Terms,
)
from campaign.evidence.figure_words import SHARES
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
NOT_SAID = "Nobody has said yet"
STATUSES = {
    Status.CURRENT: "Stands",
    Status.CORRECTED: "Corrected: an earlier figure was wrong",
    Status.DISPUTED: "In dispute: sources do not agree",
}


def _choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    return [SelectChoice(one.value, said) for one, said in words.items()]


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

    measure = SelectField(
        "What is counted",
        choices=[SelectChoice("", NOT_SAID), *_choices(figure_words.MEASURES)],
        description="Until somebody says it, the figure is compared with nothing.",
    )
    requester = StringField(
        "Who asked",
        default="all",
        description="Two letters of a country, non_us, or all.",
        validators=[Length(max=10)],
    )
    kinds = SelectMultipleField(
        "Kinds of request",
        choices=_choices(figure_words.KINDS),
        default=[Kind.ALL_LEGAL_PROCESS.value],
        description="Several where the source counts them together.",
    )
    outcome = SelectField(
        "What came of them", choices=_choices(figure_words.OUTCOMES), default=Result.NONE.value
    )
    segment = SelectField(
        "Whose data",
        choices=_choices(figure_words.SEGMENTS),
        default=Segment.UNSPECIFIED.value,
    )
    sought = SelectField(
        "Which data", choices=_choices(figure_words.SOUGHT), default=Sought.UNSPECIFIED.value
    )
    location = SelectField(
        "Kept where", choices=_choices(figure_words.LOCATIONS), default=Location.ANY.value
    )
    compared_start = DateField("Of a change: against the time from", validators=[Optional()])
    compared_end = DateField("until", validators=[Optional()])
    parent = StringField(
        "Part of",
        description="Short name of the figure of this report that it is a part of.",
        validators=[Length(max=40)],
    )
    base = StringField(
        "Share of",
        description="Of a percent: short name of the figure of this report.",
        validators=[Length(max=40)],
    )
    formula = StringField(
        "Computed how",
        description="Where no source states it and we computed it.",
        validators=[Length(max=300)],
    )
    flag = TextAreaField(
        "What is unclear in print",
        description="Readers see it beside the figure.",
        validators=[Length(max=1_000)],
    )
    status = SelectField("Does it stand", choices=_choices(STATUSES), default=Status.CURRENT.value)

    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of `report_operations.save_figure`.

        Raises:
            Problem: `figure-term`.
        """
        share = self.denominator.data
        return {
            "terms": self._terms(Denominator(share) if share else None),
            "parent": self.parent.data or "",
            "base": self.base.data or "",
            "formula": self.formula.data or "",
            "flag": self.flag.data or "",
            "status": Status(self.status.data),
            "short_name": self.short_name.data if "short_name" in self else "",
            "label": self.label.data,
            "value": self.value.data,
            "denominator": Denominator(share) if share else None,
            "verbatim": self.verbatim.data,
            "locator": self.locator.data,
        }

    def _terms(self, denominator: Denominator | None) -> Terms | None:
        if not self.measure.data:
            return None
        return Terms(
            measure=Measure(self.measure.data),
            requester=figure_terms.requester(self.requester.data or EVERYWHERE),
            kinds=figure_terms.kinds(";".join(self.kinds.data or [])),
            outcome=Result(self.outcome.data),
            segment=Segment(self.segment.data),
            sought=Sought(self.sought.data),
            location=Location(self.location.data),
            denominator=denominator,
            compared_start=self.compared_start.data,
            compared_end=self.compared_end.data,
        )


def figure_form(figure: Figure | None) -> FigureForm:
    """The form, filled with a figure where there is one."""
    if figure is None:
        return FigureForm()
    form = FigureForm(
        data={
            "label": figure.label,
            "value": figure_rules.typed(figure.amount, signed=figure.measure is Measure.CHANGE),
            **_terms_of(figure),
            "denominator": figure.denominator.value if figure.denominator else "",
            "verbatim": figure.verbatim,
            "locator": figure.locator,
        }
    )
    del form.short_name
    return form


def _terms_of(figure: Figure) -> dict[str, Any]:
    """What the form says of the terms of a figure that stands."""
    return {
        "measure": figure.measure.value if figure.measure else "",
        "requester": figure.requester,
        "kinds": figure.kinds.split(";") if figure.kinds else [Kind.ALL_LEGAL_PROCESS.value],
        "outcome": figure.outcome.value,
        "segment": figure.segment.value,
        "sought": figure.sought.value,
        "location": figure.location.value,
        "compared_start": figure.compared_start,
        "compared_end": figure.compared_end,
        "parent": figure.parent.slug if figure.parent else "",
        "base": figure.base.slug if figure.base else "",
        "formula": figure.formula,
        "flag": figure.flag,
        "status": figure.status.value,
    }
