"""Forms of sending."""

from __future__ import annotations

from datetime import datetime

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateTimeLocalField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from campaign.kernel.days import zone_of
from campaign.sending.parcels import settings
from campaign.sending.proof_files import BYTES_MOST, ending

_PICTURE = "A screenshot, photograph or PDF, up to 10 MB. Never shown in public by itself."


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
        return aware(self.at.data)


def aware(local: datetime | None) -> datetime | None:
    """A time as it was typed, in the zone in which staff read times."""
    return local and local.replace(tzinfo=zone_of(settings().timezone))


class _WithFile(_WithMoment):
    """Has a file that shows what a person says; it stays with staff."""

    picture = FileField("Picture", description=_PICTURE)

    def file(self) -> bytes | None:
        """The bytes of the file, None where none was given."""
        return self.picture.data.read() if self.picture.data else None

    def validate_picture(self, field: FileField) -> None:
        """A file that can be kept as evidence."""
        if not field.data:
            return
        raw = field.data.read(BYTES_MOST + 1)
        field.data.seek(0)
        if len(raw) > BYTES_MOST:
            raise ValidationError("The file is larger than 10 MB.")
        if not ending(raw):
            raise ValidationError("The file is no PNG, JPEG or PDF. Save it as one of these.")


class FormSubmittedForm(_WithFile):
    """A person filled the company's form in."""

    reference = StringField(
        "Reference",
        validators=[Length(max=300)],
        description="The number or words that the form gave as a receipt. Without one, the proof"
        " of delivery stays weak.",
    )
    picture = FileField("Picture of the confirmation", description=_PICTURE)


class PostedForm(_WithFile):
    """A person posted the letter."""

    tracking = StringField(
        "Tracking number",
        validators=[Length(max=200)],
        description="Without one, the proof of delivery stays weak.",
    )
    picture = FileField("Picture of the post's receipt", description=_PICTURE)


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


class DeliveredForm(_WithFile):
    """The post says that it was delivered."""

    detail = StringField(
        "What the tracking says, or who signed",
        validators=[InputRequired("Write what the tracking says."), Length(max=500)],
    )
    signed = BooleanField("Somebody there signed for it")
    picture = FileField("Picture of the tracking or the signature", description=_PICTURE)


class ReturnedForm(_WithFile):
    """The post brought it back."""

    detail = StringField(
        "What the post wrote on it",
        validators=[InputRequired("Write what the post wrote on it."), Length(max=500)],
    )
    picture = FileField("Picture of the envelope", description=_PICTURE)


class MentionedForm(_WithFile):
    """We mentioned the company in public."""

    link = StringField(
        "Address of the post",
        validators=[InputRequired("Give the address of what we posted."), Length(max=1000)],
        description="Copy it from the network: “Copy link to post”.",
    )
    picture = FileField("Picture of the post", description=_PICTURE)


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
