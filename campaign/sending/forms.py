"""Forms of sending."""

from __future__ import annotations

from datetime import datetime

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateTimeLocalField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from campaign.kernel.days import zone_of
from campaign.sending.parcels import settings

_PICTURE_MAX = 10 * 2**20


def _reason(
    label: str = "Reason", words: str = "Write the reason in a few words."
) -> TextAreaField:
    return TextAreaField(label, validators=[InputRequired(words), Length(max=2000)])


class _WithMoment(FlaskForm):
    """Has a time of day in the zone in which staff read times."""

    at = DateTimeLocalField(
        "When", validators=[Optional()], description="Leave it empty for this moment."
    )

    def moment(self) -> datetime | None:
        """The time given, aware; None for now."""
        return _aware(self.at.data)


def _aware(local: datetime | None) -> datetime | None:
    return local and local.replace(tzinfo=zone_of(settings().timezone))


class FormSubmittedForm(_WithMoment):
    """A person filled the company's form in."""

    reference = StringField(
        "Reference",
        validators=[Length(max=300)],
        description="The number or words that the form gave as a receipt. Without one, the proof"
        " of delivery stays weak.",
    )
    picture = FileField(
        "Picture of the confirmation", description="A screenshot or a PDF, up to 10 MB."
    )

    def file(self) -> bytes | None:
        """The bytes of the picture, None where none was given."""
        return self.picture.data.read() if self.picture.data else None

    def validate_picture(self, field: FileField) -> None:
        """A file of a size that can be kept."""
        if field.data:
            field.data.seek(0, 2)
            size = field.data.tell()
            field.data.seek(0)
            if size > _PICTURE_MAX:
                raise ValueError("The file is larger than 10 MB.")


class PostedForm(_WithMoment):
    """A person posted the letter."""

    tracking = StringField(
        "Tracking number",
        validators=[Length(max=200)],
        description="Without one, the proof of delivery stays weak.",
    )


class PostingListForm(FlaskForm):
    """A posting list comes back, filled in."""

    text = TextAreaField(
        "The list, filled in",
        validators=[Length(max=1_000_000)],
        description="Paste it with its first line, or choose the file.",
    )
    file = FileField("Or the CSV file")

    def sheet(self) -> str:
        """The list as text; a file stands before what was pasted."""
        raw: bytes = self.file.data.read(2**20) if self.file.data else b""
        return raw.decode("utf-8-sig", "replace") or self.text.data or ""


class DeliveredForm(_WithMoment):
    """The post says that it was delivered."""

    detail = StringField(
        "What the tracking says, or who signed",
        validators=[InputRequired("Write what the tracking says."), Length(max=500)],
    )
    signed = BooleanField("Somebody there signed for it")


class ReturnedForm(_WithMoment):
    """The post brought it back."""

    detail = StringField(
        "What the post wrote on it",
        validators=[InputRequired("Write what the post wrote on it."), Length(max=500)],
    )


class MentionedForm(_WithMoment):
    """We mentioned the company in public."""

    link = StringField(
        "Link to what we posted",
        validators=[InputRequired("Give the link to what we posted."), Length(max=1000)],
    )


class SettleForm(FlaskForm):
    """A person decides whether a mail left."""

    left = RadioField(
        "What do you know?",
        choices=[
            ("yes", "Yes: our mail server's log or the company shows that it was taken"),
            ("no", "No: it was never taken; a new round can be ordered"),
        ],
        validators=[InputRequired("Choose one.")],
    )
    why = _reason("How do you know?", "Write how you know.")


class WithdrawForm(FlaskForm):
    """Something is not to leave."""

    why = _reason()


class HaltForm(FlaskForm):
    """Everything is to stop."""

    why = _reason("Why does everything have to stop?")


class SendForm(FlaskForm):
    """Letters are to be sent."""

    not_before = DateTimeLocalField(
        "Not before",
        validators=[Optional()],
        description="Leave it empty to let them leave with the next round of the clock.",
    )

    def moment(self) -> datetime | None:
        """The time given, aware; None for now."""
        return _aware(self.not_before.data)
