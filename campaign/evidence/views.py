"""Pages about surveys."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts import queries as people
from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.evidence import operations, queries, rules
from campaign.evidence.forms import SurveyForm, form_of
from campaign.evidence.models import Survey
from campaign.history import queries as history
from campaign.kernel.compare import side_by_side
from campaign.web.acts import attempt
from campaign.web.lists import listed, searched

blueprint = Blueprint("evidence", __name__, url_prefix="/staff/evidence/surveys")


@blueprint.get("/")
@staff(May.VIEW)
def surveys() -> ResponseReturnValue:
    """All surveys."""
    given = searched()
    return render_template(
        "evidence/surveys.html",
        surveys=listed(queries.surveys(given)),
        q=given,
        period=rules.period,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@staff(May.DRAFT)
def new() -> ResponseReturnValue:
    """Enter a survey."""
    return _edited(None)


@blueprint.get("/<slug>/")
@staff(May.VIEW)
def survey(slug: str) -> ResponseReturnValue:
    """One survey with its questions."""
    found = queries.survey(slug) or abort(404)
    return render_template(
        "evidence/survey.html",
        survey=found,
        period=rules.period,
        source=rules.source_line(found.source),
        is_reported=rules.is_reported,
    )


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
@staff(May.DRAFT)
def edit(slug: str) -> ResponseReturnValue:
    """Change a survey."""
    return _edited(queries.survey(slug) or abort(404))


def _edited(survey: Survey | None) -> ResponseReturnValue:
    form, survey_id = form_of(survey), survey.id if survey else None
    if survey and "take" in request.form:
        form.take(survey)
    elif form.validate_on_submit():
        seen = (form.over.data or form.based_on.data or "") if survey else None
        saved = attempt(
            lambda: operations.save_survey(
                **form.facts(), survey_id=survey_id, based_on=seen, actor=current_user
            ),
            done="The survey is saved.",
            form=form,
        )
        if saved:
            return redirect(url_for("evidence.survey", slug=saved.slug))
    clash = _clash(survey, form) if survey and form.is_submitted() else None
    return render_template("evidence/edit.html", form=form, survey=survey, clash=clash)


class Clash(NamedTuple):
    """What somebody saved while another person was changing the same survey.

    Attributes:
        mark: of what they saved.
        rows: theirs and mine line by line, and whether they are the same.
    """

    who: str
    at: datetime
    mark: str
    rows: tuple[tuple[bool, str, str], ...]


def _clash(survey: Survey, form: SurveyForm) -> Clash | None:
    """What stands now where what was typed is based on another; None where it is not."""
    facts = survey.facts
    mark = rules.mark(facts)
    if form.based_on.data == mark:
        return None
    rows = side_by_side(rules.in_lines(facts), rules.in_lines(form.facts()))
    saved = history.of(survey.ref)[-1]
    who = people.names([saved.actor])[saved.actor] if saved.actor else "Somebody"
    return Clash(who, saved.at, mark, rows) if any(not same for same, *_ in rows) else None
