"""Forms about the files of a reply."""

from __future__ import annotations

from flask import Request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaign.publishing.forms import state_number
from campaign.replies import file_boxes
from campaign.replies.file_boxes import WHOLE, ReasonedBox
from campaign.replies.redaction_rules import REASONS, Reason

PERCENT = WHOLE // 100


class ApproveForm(FlaskForm):
    """Let a file be public."""

    number = HiddenField()
    name = StringField(
        "Name in public",
        description="Readers see this name, and the file is saved under it.",
        validators=[InputRequired("Give it a name."), Length(max=80)],
    )
    looked = BooleanField(
        "I have looked at every page of this version",
        validators=[InputRequired("Look at it first, then say so.")],
    )

    @property
    def chosen(self) -> int:
        """The version to approve; -1 for what is no number."""
        found = state_number(self.number.data)
        return -1 if found is None else found


class UploadForm(FlaskForm):
    """A version that somebody redacted with another program."""

    file = FileField(
        "Redacted PDF",
        description="It is published as pictures of its pages, so nothing lies below what is"
        " covered. Up to 25 MB and 100 pages.",
        validators=[FileRequired("Choose a PDF.")],
    )


class BoxesForm(FlaskForm):
    """Boxes on pages, and one more by its place."""

    boxes = HiddenField()
    seen = HiddenField()
    page = IntegerField("Page", default=1)
    left = IntegerField("From the left, in %", default=0)
    top = IntegerField("From the top, in %", default=0)
    width = IntegerField("Width, in %", default=100)
    height = IntegerField("Height, in %", default=10)
    reason = SelectField(
        "Why",
        choices=[(reason, words[0].upper() + words[1:]) for reason, words in REASONS.items()],
        validate_choice=False,
    )

    @property
    def seen_number(self) -> int:
        """The version that the person saw; -1 for what is no number."""
        found = state_number(self.seen.data)
        return -1 if found is None else found

    def given(self) -> tuple[int, int, int, int, int]:
        """The place that was typed, in thousandths."""
        page, *rest = (
            field.data or 0 for field in (self.page, self.left, self.top, self.width, self.height)
        )
        left, top, width, height = (max(0, one) * PERCENT for one in rest)
        return page, left, top, width, height


def changed(form: BoxesForm, request: Request, pages: int) -> tuple[ReasonedBox, ...]:
    """The boxes after the act whose button was pressed."""
    boxes = file_boxes.read(form.boxes.data or "", pages)
    act = request.form.get("act", "")
    if act == "drop":
        gone = file_boxes.read(" ".join(request.form.getlist("tick")), pages)
        return tuple(box for box in boxes if box not in gone)
    if act not in ("add", "whole"):
        return boxes
    reason = Reason(form.reason.data) if form.reason.data in REASONS else Reason.PERSONAL
    place = form.given() if act == "add" else (form.page.data or 0, 0, 0, WHOLE, WHOLE)
    added = file_boxes.read(file_boxes.written([ReasonedBox(*place, reason)]), pages)
    if not added:
        form.form_errors.append(f"There is no such place. The file has pages 1 to {pages}.")
    return file_boxes.read(file_boxes.written((*boxes, *added)), pages)
