"""The page on which people bring in saved mails and scans, and the files that they brought."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import DateTimeLocalField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting.models import Letter
from campaign.kernel import clock
from campaign.kernel.days import zone_of
from campaign.replies import operations, queries
from campaign.replies.uploading import Brought
from campaign.sending.proof_files import ending
from campaign.web.acts import attempt
from campaign.web.headers import download

blueprint = Blueprint("uploads", __name__, url_prefix="/staff")


class UploadForm(FlaskForm):
    """Files, and what the one who brings them knows of them."""

    files = MultipleFileField(
        "Files",
        description="Mails saved as .eml or .msg (Outlook), mailboxes saved as mbox, and scans of"
        " letters or faxes as PDF, PNG or JPEG. Up to 20 files and 40 MB together.",
        validators=[FileRequired("Choose at least one file.")],
    )
    came = DateTimeLocalField(
        "When it reached us",
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired("Give the day and the time.")],
    )
    sender = StringField(
        "Who a scanned letter is from",
        description="Such as: Pip Larch, Larkspur Mobile. Leave it empty for saved mails.",
        validators=[Length(max=300)],
    )
    text = TextAreaField(
        "What a scanned letter says",
        description="Typed off, word for word. Leave it empty for saved mails.",
        validators=[Length(max=200_000)],
    )

    def came_at(self, zone: str) -> datetime:
        """The moment that was given, on the clock of the staff's zone; aware UTC."""
        return self.came.data.replace(tzinfo=zone_of(zone)).astimezone(UTC)


def _letter() -> Letter | None:
    ref = request.args.get("letter", "")
    return (queries.letter(ref) or abort(404)) if ref else None


@blueprint.route("/inbox/bring", methods=["GET", "POST"])
@staff(May.TRIAGE)
def bring() -> ResponseReturnValue:
    """Bring in what reached us outside our mailboxes, for a letter or for triage."""
    letter, zone = _letter(), current_app.extensions["settings"].timezone
    now = clock.now().astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None)
    form = UploadForm(data={"came": now})
    if form.validate_on_submit():
        brought = attempt(
            lambda: operations.upload(
                [operations.File(f.filename or "", f.read()) for f in form.files.data if f],
                came_at=form.came_at(zone),
                sender=form.sender.data or "",
                text=form.text.data or "",
                letter_id=letter.id if letter else None,
                actor=current_user,
            ),
            form=form,
        )
        if brought:
            return _after(brought, form, letter)
    return render_template("replies/upload.html", form=form, letter=letter)


def _after(brought: Brought, form: UploadForm, letter: Letter | None) -> ResponseReturnValue:
    if not brought.messages:
        form.form_errors.extend(brought.refused)
        return render_template("replies/upload.html", form=form, letter=letter)
    new = len(brought.messages) - brought.known
    words = [f"{new} new message{'' if new == 1 else 's'} brought in."]
    if brought.known:
        words.append(f"{brought.known} had come in before.")
    if new:
        words.append("The clock's next round reads what is new.")
    flash(" ".join(words), "success")
    for refusal in brought.refused:
        flash(refusal, "warning")
    if len(brought.messages) == 1:
        return redirect(url_for("replies.message", ref=brought.messages[0].ref))
    return redirect(url_for("replies.inbox"))


@blueprint.get("/inbox/<ref>/original")
@staff(May.VIEW)
def original(ref: str) -> ResponseReturnValue:
    """The file that was brought, as a download that no browser opens by itself."""
    found = queries.message(ref) or abort(404)
    if found.original_sha256 is None:
        abort(404)
    raw = current_app.extensions["files"].get(found.original_sha256)
    kind = ending(raw) or "msg"
    answer = Response(raw, mimetype="application/octet-stream")
    return download(answer, f"{found.original_sha256[:16]}.{kind}")
