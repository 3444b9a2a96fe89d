"""Pages about campaigns."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts import queries as people
from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns import operations, queries, rules
from campaign.campaigns.forms import QUESTIONS_MORE, CampaignForm, ChangeForm, EmbargoForm
from campaign.campaigns.models import Campaign
from campaign.history import queries as history
from campaign.history import words
from campaign.history.views import names_of
from campaign.kernel import clock
from campaign.web.acts import attempt
from campaign.web.lists import listed, searched
from campaign.web.panels import panels

blueprint = Blueprint("campaigns", __name__, url_prefix="/staff/campaigns")

_EVENTS = 20


def campaign_or_404(slug: str) -> Campaign:
    """The campaign of a page."""
    return queries.campaign(slug) or abort(404)


def _to(campaign: Campaign) -> ResponseReturnValue:
    return redirect(url_for("campaigns.campaign", slug=campaign.slug))


def _wants_more(form: ChangeForm) -> bool:
    """Whether the button for more question fields was pressed; nothing is stored then."""
    if "more" not in request.form or form.fixed:
        return False
    form.show_questions(len(form.questions) + QUESTIONS_MORE)
    return True


@blueprint.get("/")
@staff(May.VIEW)
def index() -> ResponseReturnValue:
    """All campaigns."""
    given = searched()
    return render_template(
        "campaigns/index.html",
        campaigns=listed(queries.campaigns(given)),
        q=given,
        now=clock.now(),
        embargo_holds=queries.embargo_holds,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@staff(May.DRAFT)
def new() -> ResponseReturnValue:
    """Create a campaign."""
    form = CampaignForm()
    if not _wants_more(form) and form.validate_on_submit():
        created = attempt(
            lambda: operations.create_campaign(
                **form.facts(),
                slug=form.slug.data or None,
                embargoed=form.embargoed.data,
                embargo_until=form.until if form.embargoed.data else None,
                actor=current_user,
            ),
            done="The campaign is created.",
            form=form,
        )
        if created:
            return _to(created)
    return render_template("campaigns/edit.html", form=form, campaign=None)


@blueprint.get("/<slug>/")
@staff(May.VIEW)
def campaign(slug: str) -> ResponseReturnValue:
    """One campaign: questions, policy, signatories, embargo, what happened."""
    found = campaign_or_404(slug)
    events = history.of(found.ref)[: -_EVENTS - 1 : -1]
    return render_template(
        "campaigns/campaign.html",
        campaign=found,
        policy=rules.policy_in_words(
            response_days=found.response_days,
            response_unit=found.response_unit,
            grace_working_days=found.grace_working_days,
            reminders=found.reminders,
            auto_publish=found.auto_publish,
        ),
        embargo_holds=queries.embargo_holds(found, clock.now()),
        events=words.lines(events, names_of(events, people.names)),
        panels=panels("campaign", found),
    )


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
@staff(May.DRAFT)
def edit(slug: str) -> ResponseReturnValue:
    """Change a campaign."""
    found = campaign_or_404(slug)
    form = ChangeForm(found)
    if not _wants_more(form) and form.validate_on_submit():
        changed = attempt(
            lambda: operations.change_campaign(found.id, actor=current_user, **form.facts()),
            done="The campaign is saved.",
            form=form,
        )
        if changed:
            return _to(changed)
    return render_template("campaigns/edit.html", form=form, campaign=found)


@blueprint.route("/<slug>/embargo", methods=["GET", "POST"])
@staff(May.PUBLISH)
def embargo(slug: str) -> ResponseReturnValue:
    """Set an embargo, or look at what lifting it would do."""
    found, form = campaign_or_404(slug), EmbargoForm()
    if form.validate_on_submit() and attempt(
        lambda: operations.set_embargo(found.id, until=form.until, actor=current_user),
        done="The embargo is set: nothing of the campaign is public.",
        form=form,
    ):
        return _to(found)
    return render_template(
        "campaigns/embargo.html",
        form=form,
        campaign=found,
        holds=queries.embargo_holds(found, clock.now()),
    )


@blueprint.post("/<slug>/embargo/lift")
@staff(May.PUBLISH)
def lift_embargo(slug: str) -> ResponseReturnValue:
    """Let the campaign be public."""
    found = campaign_or_404(slug)
    attempt(
        lambda: operations.lift_embargo(found.id, actor=current_user),
        done="The embargo is lifted.",
    )
    return _to(found)
