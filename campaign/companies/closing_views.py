"""The pages of the days on which a company is closed."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.companies import closing, queries
from campaign.companies.forms import ClosureForm
from campaign.web.acts import attempt

blueprint = Blueprint("closures", __name__, url_prefix="/staff/companies")


@blueprint.route("/<slug>/closed/new", methods=["GET", "POST"])
@staff(May.DRAFT)
def new(slug: str) -> ResponseReturnValue:
    """Say on which days the company is closed."""
    company = queries.company(slug) or abort(404)
    form = ClosureForm()
    if form.validate_on_submit() and attempt(
        lambda: closing.note_closure(
            company.id,
            first_on=form.first_on.data,
            last_on=form.last_on.data,
            why=form.why.data or "",
            actor=current_user,
        ),
        done="The days are noted. They count as no working days from now on.",
        form=form,
    ):
        return redirect(url_for("companies.company", slug=slug))
    page = render_template("companies/closure.html", form=form, company=company)
    return page, 422 if form.errors else 200


@blueprint.route("/<slug>/closed/<ref>/take-back", methods=["GET", "POST"])
@staff(May.DRAFT)
def withdraw(slug: str, ref: str) -> ResponseReturnValue:
    """Take the days back."""
    company = queries.company(slug) or abort(404)
    standing = [one for one in company.closures if one.withdrawn_at is None and one.ref == ref]
    if not standing:
        abort(404)
    if request.method == "GET":
        return render_template("companies/closure_back.html", company=company, closure=standing[0])
    attempt(
        lambda: closing.withdraw_closure(standing[0].id, actor=current_user),
        done="The days are taken back.",
    )
    return redirect(url_for("companies.company", slug=slug))
