"""What the editor's script asks to keep, and the page of what was kept."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import unsaved_editing, unsaved_keeping, unsaved_texts
from campaign.drafting.changes import changes
from campaign.drafting.forms import TemplateForm
from campaign.drafting.template_views import which_or_404
from campaign.drafting.views import campaign_or_404
from campaign.drafting.which import text_in_use
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt

blueprint = Blueprint("unsaved", __name__, url_prefix="/staff")

_TOO_SOON = "unsaved-too-soon"


@blueprint.route("/campaigns/<slug>/templates/<kind>/unsaved/now", methods=["GET", "POST"])
@staff(May.DRAFT)
def now(slug: str, kind: str) -> ResponseReturnValue:
    """Keep what is typed (POST), and tell where things stand, for the editor's script."""
    campaign = campaign_or_404(slug)
    which = which_or_404(campaign, kind)
    form = TemplateForm(request.values)
    status, problem = 200, None
    if request.method == "POST":
        try:
            unsaved_editing.keep(campaign, which, form.typed, by_script=True)
        except Problem as caught:
            status, problem = 429 if caught.code == _TOO_SOON else 422, caught
    page = render_template(
        "drafting/_unsaved_now.html",
        unsaved=unsaved_editing.told(
            campaign, which, form, text_in_use(which, campaign.id).version
        ),
        problem=problem,
        campaign=campaign,
        kind=which,
    )
    return page, status


@blueprint.get("/campaigns/<slug>/templates/<kind>/unsaved/")
@staff(May.DRAFT)
def kept(slug: str, kind: str) -> ResponseReturnValue:
    """What the person's own text looked like before, and how one state differs from the version
    in use."""
    campaign = campaign_or_404(slug)
    which = which_or_404(campaign, kind)
    states = unsaved_texts.states(campaign.id, which.value, current_user.id)
    asked = request.args.get("show", states[0].row.ref if states else "")
    shown = unsaved_texts.one(campaign.id, which.value, current_user.id, asked)
    if shown is None and states:
        abort(404)
    in_use = text_in_use(which, campaign.id)
    return render_template(
        "drafting/unsaved.html",
        campaign=campaign,
        kind=which,
        name=which.name,
        states=states,
        shown=shown,
        in_use=in_use,
        subject=changes(in_use.subject, shown.subject) if shown else (),
        body=changes(in_use.body, shown.body) if shown else (),
        now=clock.now(),
    )


@blueprint.post("/campaigns/<slug>/templates/<kind>/unsaved/<ref>/drop")
@staff(May.DRAFT)
def drop(slug: str, kind: str, ref: str) -> ResponseReturnValue:
    """Let unsaved text go; the page of what was kept brings it back."""
    campaign = campaign_or_404(slug)
    which = which_or_404(campaign, kind)
    attempt(
        lambda: unsaved_keeping.drop(unsaved_editing.place_of(campaign, which), ref),
        done="The unsaved text is dropped. For 30 days it can be brought back from “What was "
        "kept of your text”.",
    )
    return redirect(url_for("drafting.template", slug=slug, kind=kind))
