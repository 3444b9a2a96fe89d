"""The pages of an import: choose a file, look at what it would do, do it.

Between looking and doing the file is kept by its hash, so that what was seen is what is done.
"""

from __future__ import annotations

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.companies import operations
from campaign.companies.forms import ConfirmImportForm, ImportForm
from campaign.companies.importing import Report
from campaign.companies.reading import BYTES_MAX, read_csv, too_large
from campaign.companies.views import blueprint
from campaign.kernel.fields import shown_name
from campaign.kernel.files import FileStore
from campaign.web.acts import attempt

_SHOWN = 300
_DAY = 24 * 60 * 60


def _tickets() -> URLSafeTimedSerializer:
    # Signed and bound to the person, so that a hash from elsewhere opens nothing here.
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"import {current_user.ref}")


def _files() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store


@blueprint.route("/import", methods=["GET", "POST"])
@staff(May.DRAFT)
def choose_file() -> ResponseReturnValue:
    """Choose a file; a file sent is shown line by line, and nothing is stored of it yet."""
    form = ImportForm()
    if form.validate_on_submit():
        upload = form.file.data
        raw = upload.read(BYTES_MAX + 1)
        name = shown_name(upload.filename)
        report = attempt(lambda: _looked_at(raw, name), form=form)
        if report:
            ticket = _tickets().dumps([_files().put(raw), name])
            return _preview(ConfirmImportForm(formdata=None, data={"ticket": ticket}), report, name)
    return render_template("companies/import.html", form=form)


def _looked_at(raw: bytes, name: str) -> Report:
    if len(raw) > BYTES_MAX:
        raise too_large("it has more than 10 MB")
    return operations.import_sheet(read_csv(raw), actor=current_user, dry_run=True, source=name)


def _preview(form: ConfirmImportForm, report: Report, name: str) -> ResponseReturnValue:
    return render_template(
        "companies/import_preview.html", form=form, report=report, name=name, shown=_SHOWN
    )


@blueprint.post("/import/confirm")
@staff(May.DRAFT)
def import_file() -> ResponseReturnValue:
    """Do what was shown, and say what was done."""
    form = ConfirmImportForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        sha, name = _tickets().loads(form.ticket.data, max_age=_DAY)
    except BadData:
        abort(400)
    sheet = read_csv(_files().get(sha))
    report = attempt(
        lambda: operations.import_sheet(sheet, actor=current_user, source=name), form=form
    )
    if report is None:
        looked_at = operations.import_sheet(sheet, actor=current_user, dry_run=True)
        return _preview(form, looked_at, name)
    return render_template("companies/import_report.html", report=report, name=name, shown=_SHOWN)
