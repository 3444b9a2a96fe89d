"""Forms about waiting: more time, holds, sweeps, weak proof."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

_WHY = "Write the reason in a few words."


class ExtendForm(FlaskForm):
    """More time for one company."""

    new_deadline = DateField(
        "New deadline",
        description="The last day on which they can answer, to its end in their time zone.",
        validators=[InputRequired("Choose the new date, as 2026-11-30.")],
    )
    asked_by = StringField(
        "Who asked",
        description="Shown in public, so name the office rather than a person.",
        validators=[InputRequired("Say who asked for more time."), Length(max=200)],
    )
    why = TextAreaField(
        "Why",
        description="Shown in public.",
        validators=[InputRequired(_WHY), Length(max=1000)],
    )


class ExtendManyForm(ExtendForm):
    """The same new date for several letters of a campaign."""

    letters = SelectMultipleField("Letters", validate_choice=False)


class HoldForm(FlaskForm):
    """Stop every automatic step."""

    what = RadioField("What to hold", validators=[InputRequired("Choose what to hold.")])
    why = TextAreaField(
        "Why",
        description="Staff see it wherever the hold stops something.",
        validators=[InputRequired(_WHY), Length(max=1000)],
    )


class HoldManyForm(FlaskForm):
    """Stop every automatic step on several letters of a campaign."""

    letters = SelectMultipleField("Letters", validate_choice=False)
    why = TextAreaField("Why", validators=[InputRequired(_WHY), Length(max=1000)])


class SweepForm(FlaskForm):
    """A person looked through the doors that the program does not read."""

    note = TextAreaField(
        "Where you looked, and when",
        description="Such as “post box at 10:00, notes of calls since Monday”.",
        validators=[InputRequired("Say where you looked."), Length(max=1000)],
    )


class SignProofForm(FlaskForm):
    """A second person's word that weak proof suffices."""

    words = TextAreaField(
        "Why this proof suffices",
        description="Shown in public, in the record's “how we know”.",
        validators=[InputRequired("Write why this proof suffices."), Length(max=1000)],
    )
