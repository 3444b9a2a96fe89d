"""The page on which a person says how to hear of what waits."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.reminding import operations, queries, rules
from campaign.reminding.forms import WAYS, ChoiceForm
from campaign.reminding.rules import Way

blueprint = Blueprint("reminding", __name__, url_prefix="/staff/reminders")


@blueprint.route("/", methods=["GET", "POST"])
@staff(May.VIEW)
def page() -> ResponseReturnValue:
    """What I am reminded of, and how."""
    now = queries.ways(current_user)
    form = ChoiceForm(data={topic.value: way.value for topic, way in now.items()})
    if form.validate_on_submit():
        operations.choose(current_user, form.ways())
        flash("Your reminders are saved.", "success")
        return redirect(url_for("reminding.page"))
    waiting = [one for one in queries.known(current_user).values() if one.over_at is None]
    return render_template(
        "reminding/page.html",
        form=form,
        topics=rules.TOPICS,
        ways=WAYS,
        muted=[rules.TOPICS[topic][0] for topic, way in now.items() if way is Way.MUTED],
        waiting=sorted(waiting, key=lambda one: one.seen_at, reverse=True),
    )
