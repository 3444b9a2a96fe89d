"""Forms about letters."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from campaign.database import new_ref
from campaign.drafting.composing import Text
from campaign.drafting.unsaved_keeping import Typed


class TemplateForm(FlaskForm):
    """One text of a campaign."""

    subject = StringField(
        "Subject",
        description="One line. It may hold fields, such as ((company.name)).",
        validators=[InputRequired("Write a subject."), Length(max=300)],
    )
    name = StringField(
        "Name of this version",
        description="For our own lists, such as “Shorter, after the lawyers”. May stay empty.",
        validators=[Length(max=120)],
    )
    body = TextAreaField(
        "Text",
        description="Markdown: an empty line begins a paragraph, **bold**, [words](https://…).",
        validators=[InputRequired("Write the text."), Length(max=50_000)],
    )
    based_on = IntegerField(widget=HiddenInput(), default=0)
    # The newer version that a person has read and still wants to save over.
    over = IntegerField(validators=[Optional()], widget=HiddenInput())
    put_aside = TextAreaField("What you had written", validators=[Optional(), Length(max=51_000)])

    # What keeps it before it is a version: campaign/drafting/unsaved_keeping.py.
    sitting = HiddenField(default=new_ref)
    step = IntegerField(validators=[Optional()], widget=HiddenInput(), default=0)
    goes_on = HiddenField()

    @property
    def typed(self) -> Typed:
        """What is to be kept of the form before it is a version."""
        return Typed(
            self.subject.data or "",
            self.body.data or "",
            based_on=self.based_on.data or 0,
            sitting=self.sitting.data or "",
            step=self.step.data or 0,
            goes_on=self.goes_on.data or "",
        )

    @property
    def words(self) -> tuple[str, str]:
        """The subject and the text as typed."""
        return self.subject.data or "", self.body.data or ""

    def take(self, theirs: Text) -> None:
        """Put another text into the form; what was typed is kept beside it."""
        # A sitting of its own, so that nothing takes the place of what was typed.
        self.sitting.data, self.goes_on.data = new_ref(), ""
        self.put_aside.data = f"{self.subject.data or ''}\n\n{self.body.data or ''}"
        self.subject.data, self.body.data = theirs.subject, theirs.body
        # What was sent goes before `data` when the field is written out again.
        self.based_on.data, self.based_on.raw_data = theirs.version, None


class MentionForm(FlaskForm):
    """What a campaign writes where a company is mentioned in public."""

    body = TextAreaField(
        "Text",
        description="Plain words and fields. It has to hold ((handle)).",
        validators=[InputRequired("Write the text."), Length(max=5_000)],
    )
    based_on = IntegerField(widget=HiddenInput(), default=0)


class SubmitForm(FlaskForm):
    """Which day the letters print."""

    dated_on = DateField(
        "Dated",
        description="The day printed in the letter. The deadline counts from it.",
        validators=[InputRequired("Choose the day that the letter prints.")],
    )


class ReasonForm(FlaskForm):
    """Why."""

    why = TextAreaField(
        "Reason",
        validators=[InputRequired("Write the reason in a few words."), Length(max=2000)],
    )


class FieldForm(FlaskForm):
    """A field that a campaign adds."""

    name = StringField(
        "Name",
        description="Small letters, digits and _, such as uses_cloud. "
        "Texts write it as ((custom.uses_cloud)).",
        validators=[InputRequired("Write a name."), Length(max=50)],
    )
    label = StringField(
        "What it means",
        description="For those who enter the values, such as “Keeps recordings in a cloud”.",
        validators=[InputRequired("Say what it means."), Length(max=200)],
    )
    kind = RadioField(
        "What it holds",
        choices=[SelectChoice("text", "Words, one line"), SelectChoice("yes_no", "Yes or no")],
        default="text",
    )


class ValuesForm(FlaskForm):
    """The values of many letters as one sheet."""

    sheet = TextAreaField(
        "Values",
        description="One line for each company; the first line names the columns. Cells are "
        "separated by commas, semicolons or tabs, so that lines from a spreadsheet can be pasted. "
        "An empty cell takes the value away.",
    )
    file = FileField("Or a CSV file in their place")


class ApproveForm(FlaskForm):
    """The word of a second person on the text that stood before them."""

    text = HiddenField()
    sha256 = HiddenField()
    note = StringField("Note", validators=[Length(max=2000)])
