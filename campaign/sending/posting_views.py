"""The page of what is to be posted: one bundle to print, one list to bring back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.kernel import clock
from campaign.sending import posting, queries
from campaign.sending.forms import PostingListForm
from campaign.web.acts import attempt

blueprint = Blueprint("posting", __name__, url_prefix="/staff/sending/posting")


@blueprint.get("/")
@staff(May.VIEW)
def page() -> ResponseReturnValue:
    """What waits to be posted."""
    return _page(PostingListForm(formdata=None))


@blueprint.get("/to-print.zip")
@staff(May.SEND)
def to_print() -> ResponseReturnValue:
    """Letters, labels and the posting list."""
    made = attempt(lambda: posting.bundle(posting.waiting()))
    if made is None:
        return redirect(url_for("posting.page"))
    response = Response(made, mimetype="application/zip")
    name = f"to-post-{clock.now():%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/")
@staff(May.SEND)
def note() -> ResponseReturnValue:
    """Note what the list says was posted."""
    form = PostingListForm()
    if form.validate_on_submit():
        count = attempt(lambda: posting.note(form.sheet(), actor=current_user), form=form)
        if count is not None:
            said = "1 letter is" if count == 1 else f"{count:,} letters are"
            flash(f"{said} noted as posted.", "success")
            return redirect(url_for("posting.page"))
    return _page(form), 422


def _page(form: PostingListForm) -> str:
    return render_template(
        "sending/posting.html", tasks=posting.waiting(), form=form, halt=queries.standing_halt()
    )
