"""Posting a mention by our account, and asking whether one is there."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.sending import mention_posting
from campaign.sending.views import dispatch_or_404
from campaign.web.acts import attempt

blueprint = Blueprint("mention_posts", __name__, url_prefix="/staff/dispatches")


@blueprint.post("/<ref>/mention/post")
@staff(May.SEND)
def post(ref: str) -> ResponseReturnValue:
    """Post it now."""
    found = dispatch_or_404(ref)
    attempt(
        lambda: mention_posting.post(found.id, actor=current_user),
        done="It is posted, and its address is kept below.",
    )
    return redirect(url_for("sending.dispatch", ref=ref))


@blueprint.post("/<ref>/mention/look")
@staff(May.SEND)
def look(ref: str) -> ResponseReturnValue:
    """Ask the network whether it is there."""
    found = dispatch_or_404(ref)
    there = attempt(lambda: mention_posting.look(found.id, actor=current_user))
    if there is not None:
        said = "It is there, and its address is kept below." if there else "It is not there."
        flash(said, "success")
    return redirect(url_for("sending.dispatch", ref=ref))
