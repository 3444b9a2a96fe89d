"""Pages about surveys."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.evidence import operations, queries, rules
from campaign.evidence.forms import form_of
from campaign.evidence.models import Survey
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
    if form.validate_on_submit():
        saved = attempt(
            lambda: operations.save_survey(**form.facts(), survey_id=survey_id, actor=current_user),
            done="The survey is saved.",
            form=form,
        )
        if saved:
            return redirect(url_for("evidence.survey", slug=saved.slug))
    return render_template("evidence/edit.html", form=form, survey=survey)
