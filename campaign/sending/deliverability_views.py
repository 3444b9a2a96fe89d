"""The page that says whether our mails arrive: records of our domain, a test to oneself."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.sending import deliverability, parcels
from campaign.web.acts import attempt

blueprint = Blueprint("deliverability", __name__, url_prefix="/staff/settings/deliverability")


@blueprint.get("/")
@staff(May.VIEW)
def page() -> ResponseReturnValue:
    """What is looked at, and the buttons: opening the page asks nobody."""
    return _page(None)


@blueprint.post("/look")
@staff(May.ADMIN)
def look() -> ResponseReturnValue:
    """Look the records up and explain them."""
    return _page(deliverability.look(current_app.extensions["names"]))


@blueprint.post("/test")
@staff(May.ADMIN)
def test() -> ResponseReturnValue:
    """Send the person who asks a mail."""
    outcome = attempt(lambda: deliverability.send_test(actor=current_user))
    if outcome is not None:
        said = f" It said: {outcome.reply}" if outcome.reply else ""
        flash(f"The test went to {current_user.email}; the server took it.{said}", "success")
    return redirect(url_for("deliverability.page"))


def _page(found: deliverability.Look | None) -> str:
    return render_template("sending/deliverability.html", found=found, settings=parcels.settings())
