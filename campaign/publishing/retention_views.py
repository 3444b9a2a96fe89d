"""Staff pages of how long the words and names of those who answered are kept."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import queries as drafting
from campaign.kernel import clock
from campaign.publishing import retention, retention_queries
from campaign.publishing.retention_rules import STRANGERS_MONTHS, months_before
from campaign.web.acts import attempt

blueprint = Blueprint("retention", __name__, url_prefix="/staff")


class KeepForm(FlaskForm):
    """Until when a letter's correspondence is needed, and why."""

    until = DateField("Needed until", validators=[InputRequired("Give a day.")])
    why = TextAreaField(
        "Why",
        description="Such as: the company disputes the record; a case is before a court.",
        validators=[InputRequired("Write why."), Length(max=2000)],
    )


@blueprint.get("/settings/personal-data/")
@staff(May.VIEW)
def page() -> ResponseReturnValue:
    """What is erased next, and what a person has kept longer."""
    months = current_app.extensions["settings"].retention_months
    letters = retention_queries.soon()
    return render_template(
        "publishing/staff/retention.html",
        letters=letters,
        holds=retention_queries.holds([one.letter.id for one in letters]),
        goes=lambda last: months_before(last, -months),
        months=months,
        strangers=STRANGERS_MONTHS,
        today=clock.now().date(),
    )


@blueprint.route("/letters/<ref>/keep", methods=["GET", "POST"])
@staff(May.PUBLISH)
def keep(ref: str) -> ResponseReturnValue:
    """Keep a letter's correspondence longer."""
    letter = drafting.letter(ref) or abort(404)
    form = KeepForm()
    if form.validate_on_submit():
        kept = attempt(
            lambda: retention.keep_longer(
                letter.id, until=form.until.data, why=form.why.data or "", actor=current_user
            ),
            done=f"The correspondence with {letter.company.name} is kept.",
            form=form,
        )
        if kept:
            return redirect(url_for("retention.page"))
    return render_template("publishing/staff/keep.html", letter=letter, form=form)
