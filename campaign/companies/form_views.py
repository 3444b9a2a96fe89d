"""The page of what a company's web form takes."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.companies import form_saving, queries
from campaign.companies.forms import WebFormForm
from campaign.companies.models import WebForm
from campaign.companies.rules import Channel
from campaign.companies.web_forms import FormCount
from campaign.web.acts import attempt

blueprint = Blueprint("web_forms", __name__, url_prefix="/staff/companies")


@blueprint.route("/<slug>/contacts/<ref>/form", methods=["GET", "POST"])
@staff(May.DRAFT)
def describe(slug: str, ref: str) -> ResponseReturnValue:
    """Say how long a text the form takes, and what else it asks for."""
    contact = queries.contact(ref)
    if contact is None or contact.company.slug != slug or contact.retired_at is not None:
        abort(404)
    if contact.channel is not Channel.FORM:
        abort(404)
    known = contact.web_form or WebForm(most=None, counts=FormCount.BROWSER, notes="")
    form = WebFormForm(
        data={"most": known.most, "counts": known.counts.value, "notes": known.notes}
    )
    if form.validate_on_submit() and attempt(
        lambda: form_saving.describe_form(
            contact.id,
            most=form.most.data,
            counts=FormCount(form.counts.data),
            notes=form.notes.data or "",
            actor=current_user,
        ),
        done="It is noted. Letters that wait to be filled in are cut to it at once.",
        form=form,
    ):
        return redirect(url_for("companies.company", slug=slug))
    page = render_template("companies/form.html", form=form, contact=contact)
    return page, 422 if form.errors else 200
