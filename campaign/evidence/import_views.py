"""The pages of an import of figures: choose a file, look at what it would do, do it.

Between looking and doing the file is kept by its hash, so that what was seen is what is done.
"""

from __future__ import annotations

from flask import abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.companies.forms import ConfirmImportForm
from campaign.companies.queries import names_by_slug
from campaign.evidence import import_operations
from campaign.evidence.import_operations import LAYOUTS, Imported
from campaign.evidence.report_views import blueprint
from campaign.kernel.fields import shown_name
from campaign.kernel.files import FileStore
from campaign.web.acts import attempt

BYTES_MAX = 25 * 2**20
_DAY = 24 * 60 * 60
_LAYOUTS = {
    "": "Go by its headers",
    "microsoft": "Microsoft",
    "google": "Google",
    "apple": "Apple",
    "meta": "Meta",
    "own": "Ours, as our downloads have it",
}


class FiguresForm(FlaskForm):
    """A publisher's file, and the company that it is about."""

    company = SelectField("Company", validators=[InputRequired("Choose the company.")])
    layout = SelectField(
        "Layout", choices=[SelectChoice(value, said) for value, said in _LAYOUTS.items()]
    )
    file = FileField(
        "File",
        description="CSV or XLSX, as the publisher offers it.",
        validators=[FileRequired("Choose a file.")],
    )


def _tickets() -> URLSafeTimedSerializer:
    # Signed and bound to the person, so that a hash from elsewhere opens nothing here.
    salt = f"figures {current_user.ref}"
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=salt)


def _files() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store


@blueprint.route("/import", methods=["GET", "POST"])
@staff(May.DRAFT)
def import_figures() -> ResponseReturnValue:
    """Choose a file; what it would do is shown, and nothing is stored of it yet."""
    form = FiguresForm()
    form.company.choices = [("", "Choose…"), *names_by_slug()]
    if form.validate_on_submit():
        raw = form.file.data.read(BYTES_MAX + 1)
        if len(raw) > BYTES_MAX:
            abort(413)
        name = shown_name(form.file.data.filename)
        told = (name, form.company.data, form.layout.data or None)
        looked_at = attempt(lambda: _done(raw, *told, dry_run=True), form=form)
        if looked_at:
            ticket = _tickets().dumps([_files().put(raw), *told])
            confirm = ConfirmImportForm(formdata=None, data={"ticket": ticket})
            return render_template(
                "evidence/import_preview.html",
                form=confirm,
                done=looked_at,
                name=name,
                company=form.company.data,
            )
    page = render_template("evidence/import.html", form=form)
    return (page, 422) if form.errors else page


def _done(raw: bytes, name: str, company: str, layout: str | None, *, dry_run: bool) -> Imported:
    if layout is not None and layout not in LAYOUTS:
        abort(400)
    return import_operations.import_file(
        raw, name, company, layout=layout, files=_files(), actor=current_user, dry_run=dry_run
    )


@blueprint.post("/import/confirm")
@staff(May.DRAFT)
def confirm_figures() -> ResponseReturnValue:
    """Do what was shown, and say what was done."""
    form = ConfirmImportForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        sha, name, company, layout = _tickets().loads(form.ticket.data, max_age=_DAY)
    except BadData:
        abort(400)
    raw = _files().get(sha)
    done = attempt(
        lambda: _done(raw, name, company, layout, dry_run=False),
        done="The new figures of the file are stored.",
    )
    if done is None:
        return redirect(url_for("reports.import_figures"))
    return redirect(url_for("reports.index", company=company))
