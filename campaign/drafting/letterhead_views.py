"""Pages of the letterhead, and the pictures of letters for staff."""

from __future__ import annotations

from flask import Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns import pictures
from campaign.drafting import letterhead_saving, letterheads
from campaign.drafting.letterhead_forms import HeadForm
from campaign.drafting.views import blueprint
from campaign.kernel.pictures import BYTES_MOST
from campaign.web.acts import attempt


@blueprint.route("/settings/letterhead", methods=["GET", "POST"])
@staff(May.ADMIN)
def letterhead() -> ResponseReturnValue:
    """Change what stands at the top of letters."""
    head = letterheads.head()
    form = HeadForm(address=head.address, phone=head.phone, website=head.website)
    if form.validate_on_submit():
        logo = form.logo.data.read(BYTES_MOST + 1) if form.logo.data else b""
        saved = attempt(
            lambda: letterhead_saving.save_head(
                address=form.address.data or "",
                phone=form.phone.data or "",
                website=form.website.data or "",
                logo=logo,
                without_logo=form.without_logo.data,
                actor=current_user,
            ),
            done="The letterhead is saved. Letters that wait for approval or sending need it anew.",
            form=form,
        )
        if saved:
            return redirect(url_for("desk.settings"))
    return render_template("drafting/letterhead.html", form=form, head=head)


@blueprint.get("/pictures/<sha256>")
@staff(May.VIEW)
def letter_picture(sha256: str) -> ResponseReturnValue:
    """A logo or a signature."""
    found = pictures.known(sha256) or abort(404)
    raw = current_app.extensions["files"].get(found.sha256)
    return Response(raw, mimetype=found.media_type)
