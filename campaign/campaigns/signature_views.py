"""Pages of the pictures of signatures."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns import signatures
from campaign.campaigns.forms import SignatureForm
from campaign.campaigns.models import Campaign, Signatory
from campaign.campaigns.views import blueprint, campaign_or_404
from campaign.kernel.pictures import BYTES_MOST
from campaign.web.acts import attempt


def _signatory_or_404(campaign: Campaign, number: int) -> Signatory:
    return next((one for one in campaign.signatories if one.id == number), None) or abort(404)


@blueprint.route("/<slug>/signatures/<int:number>", methods=["GET", "POST"])
@staff(May.DRAFT)
def signature(slug: str, number: int) -> ResponseReturnValue:
    """Set the picture of a signature."""
    campaign, form = campaign_or_404(slug), SignatureForm()
    who = _signatory_or_404(campaign, number)
    if form.validate_on_submit():
        raw = form.picture.data.read(BYTES_MOST + 1)
        done = attempt(
            lambda: signatures.set_signature(number, raw=raw, actor=current_user),
            done="The signature is kept and stands above the name from now on.",
            form=form,
        )
        if done:
            return redirect(url_for("campaigns.campaign", slug=slug))
    return render_template("campaigns/signature.html", form=form, campaign=campaign, who=who)


@blueprint.post("/<slug>/signatures/<int:number>/remove")
@staff(May.DRAFT)
def remove_signature(slug: str, number: int) -> ResponseReturnValue:
    """Take the picture of a signature away."""
    _signatory_or_404(campaign_or_404(slug), number)
    attempt(
        lambda: signatures.remove_signature(number, actor=current_user),
        done="The picture of the signature is removed.",
    )
    return redirect(url_for("campaigns.campaign", slug=slug))
