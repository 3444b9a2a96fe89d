"""Pages of a campaign's sign-off: its steps, how far letters have come, links to co-signers."""

from __future__ import annotations

from collections import Counter

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts import queries as people
from campaign.accounts.guard import staff
from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.drafting import cosigning, review, review_queries, reviewing
from campaign.drafting.review_forms import MORE, StepsForm, data_of
from campaign.drafting.review_models import CosignLink
from campaign.drafting.views import blueprint, campaign_or_404
from campaign.extensions import db
from campaign.kernel import clock
from campaign.web.acts import attempt


def _signers() -> list[User]:
    """Who of our own people can sign."""
    everybody = db.session.scalars(people.people())
    return [one for one in everybody if one.active and one.may(May.APPROVE)]


def _link(campaign: Campaign) -> CosignLink:
    found = db.session.get(CosignLink, request.form.get("link", 0, int))
    if found is None or found.campaign_id != campaign.id:
        abort(404)
    return found


@blueprint.get("/campaigns/<slug>/sign-off/")
@staff(May.VIEW)
def sign_off(slug: str) -> ResponseReturnValue:
    """The steps of a campaign, how many letters wait at each, and the links that were mailed."""
    campaign = campaign_or_404(slug)
    progress = review_queries.progress(campaign.id)
    at = Counter(step.title for one in progress for step in one.open)
    links = review_queries.links_of(campaign.id)
    return render_template(
        "drafting/sign_off.html",
        campaign=campaign,
        steps=review_queries.rows_of(campaign.id),
        in_review=len(progress),
        at=at,
        waits_for=lambda name: sum(bool(one.waits_for(name)) for one in progress),
        links=links,
        expired=lambda link: link.state is review.LinkState.ASKED and not cosigning.is_live(link),
        ends=[one.id for one in links if one.state in cosigning.LIVE],
        now=clock.now(),
    )


@blueprint.route("/campaigns/<slug>/sign-off/steps", methods=["GET", "POST"])
@staff(May.APPROVE)
def steps(slug: str) -> ResponseReturnValue:
    """Say who signs, in which order."""
    campaign = campaign_or_404(slug)
    rows = review_queries.rows_of(campaign.id)
    form = StepsForm(data=data_of(rows))
    more = "more" in request.form
    form.show(len(form.steps) + MORE if more or request.method == "GET" else 1)
    form.offer(_signers())
    if not more and form.validate_on_submit():
        days = form.link_days.data or review.LINK_DAYS
        kept = attempt(
            lambda: reviewing.set_steps(
                campaign.id, form.wanted(), actor=current_user, link_days=days
            ),
            form=form,
        )
        if kept is not None:
            return redirect(url_for("drafting.sign_off", slug=slug))
    return render_template("drafting/steps.html", campaign=campaign, form=form)


@blueprint.post("/campaigns/<slug>/sign-off/ask")
@staff(May.APPROVE)
def ask_cosigner(slug: str) -> ResponseReturnValue:
    """Order a new link to an organisation; older ones to it end."""
    campaign, name = campaign_or_404(slug), request.form.get("organisation", "")
    attempt(
        lambda: cosigning.ask_now(campaign.id, organisation=name, actor=current_user),
        done=f"{name} gets a new link within a minute. Older links to it do not work any more.",
    )
    return redirect(url_for("drafting.sign_off", slug=slug))


@blueprint.post("/campaigns/<slug>/sign-off/revoke")
@staff(May.APPROVE)
def revoke_link(slug: str) -> ResponseReturnValue:
    """Make a link useless at once."""
    campaign = campaign_or_404(slug)
    link = _link(campaign)
    attempt(
        lambda: cosigning.revoke(link.id, actor=current_user),
        done=f"The link to {link.organisation} does not work any more.",
    )
    return redirect(url_for("drafting.sign_off", slug=slug))
