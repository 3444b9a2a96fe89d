"""What the editor's script asks for while somebody types; nothing of it is stored."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import sources
from campaign.drafting.forms import TemplateForm
from campaign.drafting.previewing import Preview
from campaign.drafting.template_views import faults_of, shown_as_typed, which_or_404
from campaign.drafting.views import blueprint, campaign_or_404
from campaign.web.headers import framed


@blueprint.post("/campaigns/<slug>/templates/<kind>/preview")
@staff(May.DRAFT)
def live_preview(slug: str, kind: str) -> ResponseReturnValue:
    """The part of the editor's page that follows what is typed."""
    campaign = campaign_or_404(slug)
    which, form = which_or_404(campaign, kind), TemplateForm()
    found = faults_of(campaign, which, form)
    shown = shown_as_typed(campaign, which, form, found, sources.all_texts(campaign.id))
    return render_template("drafting/_preview.html", **shown, live=True)


@blueprint.post("/campaigns/<slug>/templates/<kind>/email.html")
@staff(May.DRAFT)
def typed_email(slug: str, kind: str) -> ResponseReturnValue:
    """The typed text as an HTML mail, for a frame that can do nothing."""
    campaign = campaign_or_404(slug)
    which, form = which_or_404(campaign, kind), TemplateForm()
    found = faults_of(campaign, which, form)
    shown = shown_as_typed(campaign, which, form, found, sources.all_texts(campaign.id))
    preview: Preview = shown["preview"]
    return framed(Response(preview.html or abort(404), mimetype="text/html"))
