"""Pages of notes of calls and meetings."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import attachment_rules
from campaign.drafting.attached import size_words
from campaign.kernel.days import zone_of
from campaign.replies import note_queries, notes, queries
from campaign.replies.note_models import Note
from campaign.replies.notes import Said, Upload
from campaign.replies.rules import ItemKind
from campaign.web.acts import attempt
from campaign.web.headers import download

blueprint = Blueprint("notes", __name__, url_prefix="/staff")

_LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class NoteForm(FlaskForm):
    """What was said in a call or a meeting."""

    kind = RadioField(
        "What it was",
        choices=[
            (ItemKind.PHONE_NOTE.value, "A telephone call"),
            (ItemKind.MEETING_NOTE.value, "A meeting"),
        ],
        validators=[InputRequired("Choose one.")],
    )
    happened = DateTimeLocalField(
        "When", format=_LOCAL, validators=[InputRequired("Give the day and the time.")]
    )
    ours = StringField(
        "Who of us", validators=[InputRequired("Say who of us it was."), Length(max=300)]
    )
    theirs = StringField(
        "Who of them",
        description="Such as: Pip Larch, press office; or: nobody answered.",
        validators=[InputRequired("Say whom it was with."), Length(max=300)],
    )
    text = TextAreaField(
        "What was said",
        description="As exactly as you remember it. Never shown in public.",
        validators=[InputRequired("Write down what was said."), Length(max=50_000)],
    )
    heard = RadioField(
        "Did they say anything about our letter?",
        choices=[
            ("yes", "Yes, or perhaps: no silence is published and no reminder leaves meanwhile"),
            ("no", "No: nobody answered, or it was about something else"),
        ],
        validators=[InputRequired("Choose one.")],
    )
    files = MultipleFileField(
        "Files",
        description="Minutes, slides, pictures: PDF, PNG, JPEG, text or office files, up to 25 MB "
        "together.",
    )

    def said(self) -> Said:
        """What an operation takes."""
        zone = zone_of(_zone())
        return Said(
            self.happened.data.replace(tzinfo=zone).astimezone(UTC),
            self.ours.data or "",
            self.theirs.data or "",
            self.text.data or "",
            self.heard.data == "yes",
        )

    def uploads(self) -> list[Upload]:
        """The files that were chosen."""
        return [
            Upload(one.filename, one.read(attachment_rules.BYTES_MOST + 1))
            for one in self.files.data or []
            if one and one.filename
        ]


class ChangeForm(NoteForm):
    """A note is changed; a call does not become a meeting."""

    kind = HiddenField()
    based_on = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class WithdrawForm(FlaskForm):
    """A note is taken back."""

    why = TextAreaField(
        "Why", validators=[InputRequired("Say why, in a few words."), Length(max=2000)]
    )


def _zone() -> str:
    zone: str = current_app.extensions["settings"].timezone
    return zone


def _note(ref: str) -> Note:
    return note_queries.note(ref) or abort(404)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(zone_of(_zone())).replace(tzinfo=None)


@blueprint.route("/letters/<ref>/notes/new", methods=["GET", "POST"])
@staff(May.TRIAGE)
def new(ref: str) -> ResponseReturnValue:
    """Take a call or a meeting down."""
    letter = queries.letter(ref) or abort(404)
    form = NoteForm(data={"ours": current_user.name})
    if form.validate_on_submit():
        made = attempt(
            lambda: notes.add_note(
                letter.id,
                ItemKind(form.kind.data),
                form.said(),
                files=form.uploads(),
                actor=current_user,
            ),
            done="The note is kept. It is no answer by itself; an answer is logged as a reply.",
            form=form,
        )
        if made:
            return redirect(url_for("notes.note", ref=made.ref))
    page = render_template("replies/note_edit.html", letter=letter, form=form, note=None)
    return page, 422 if form.errors else 200


@blueprint.get("/notes/<ref>/")
@staff(May.VIEW)
def note(ref: str) -> ResponseReturnValue:
    """One note, with what it said before."""
    return _page(_note(ref), WithdrawForm(formdata=None))


def _page(found: Note, form: WithdrawForm) -> str:
    return render_template("replies/note.html", note=found, form=form, size_words=size_words)


@blueprint.route("/notes/<ref>/edit", methods=["GET", "POST"])
@staff(May.TRIAGE)
def edit(ref: str) -> ResponseReturnValue:
    """Change what a note says."""
    found = _note(ref)
    now = found.now
    form = ChangeForm(
        data={
            "kind": found.kind.value,
            "happened": _local(now.happened_at),
            "ours": now.ours,
            "theirs": now.theirs,
            "text": now.text,
            "heard": "yes" if now.heard else "no",
            "based_on": now.version,
        }
    )
    if form.validate_on_submit():
        changed = attempt(
            lambda: notes.change_note(
                found.id,
                form.said(),
                based_on=form.based_on.data,
                files=form.uploads(),
                actor=current_user,
            ),
            done="The note is changed; what it said before is kept.",
            form=form,
        )
        if changed:
            return redirect(url_for("notes.note", ref=ref))
        found = _note(ref)
    page = render_template("replies/note_edit.html", letter=found.letter, form=form, note=found)
    return page, 422 if form.errors else 200


@blueprint.post("/notes/<ref>/withdraw")
@staff(May.TRIAGE)
def withdraw(ref: str) -> ResponseReturnValue:
    """Take a note back."""
    found, form = _note(ref), WithdrawForm()
    if form.validate_on_submit() and attempt(
        lambda: notes.withdraw_note(found.id, why=form.why.data or "", actor=current_user),
        done="The note is taken back. It is kept, and counts no more.",
        form=form,
    ):
        return redirect(url_for("notes.note", ref=ref))
    return _page(_note(ref), form), 422


@blueprint.get("/notes/<ref>/files/<file>")
@staff(May.VIEW)
def fetch(ref: str, file: str) -> ResponseReturnValue:
    """A file of a note, as a download."""
    note = _note(ref)
    if note.erased_at is not None:
        abort(404)
    found = next((one for one in note.files if one.ref == file), None) or abort(404)
    raw = current_app.extensions["files"].get(found.sha256)
    return download(Response(raw, mimetype="application/octet-stream"), found.name)


@blueprint.post("/notes/<ref>/files/<file>/remove")
@staff(May.TRIAGE)
def remove_file(ref: str, file: str) -> ResponseReturnValue:
    """Take a file out of a note."""
    found = _note(ref)
    attempt(
        lambda: notes.remove_file(found.id, file, actor=current_user),
        done="The file is taken out of the note.",
    )
    return redirect(url_for("notes.note", ref=ref))
