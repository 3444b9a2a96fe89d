"""Forms about surveys."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from campaign.evidence import rules
from campaign.evidence.models import Survey

_WEIGHTED: dict[str, bool | None] = {"": None, "yes": True, "no": False}


class SurveyForm(FlaskForm):
    """A survey with its questions and answers."""

    title = StringField(
        "Title",
        description="The short name for letters is made from the first title and stays.",
        validators=[InputRequired("Enter a title."), Length(max=200)],
    )
    pollster = StringField(
        "Pollster",
        description="Who asked.",
        validators=[InputRequired("Enter who asked."), Length(max=200)],
    )
    client = StringField("Client", description="For whom.", validators=[Length(max=200)])
    method = StringField("Method", description="Such as “online”.", validators=[Length(max=200)])
    universe = StringField(
        "Who was asked",
        description="Such as “adults in Great Britain”.",
        validators=[Length(max=200)],
    )
    coverage = StringField(
        "Coverage",
        description="What the sample stands for, in the source's words.",
        validators=[Length(max=200)],
    )
    fieldwork_start = DateField("Fieldwork began", validators=[Optional()])
    fieldwork_end = DateField("Fieldwork ended", validators=[Optional()])
    sample_size = IntegerField(
        "How many people answered",
        description="Leave what the source does not print empty.",
        validators=[Optional()],
    )
    weighted = SelectField(
        "Weighted",
        choices=[
            SelectChoice("", "The source does not say"),
            SelectChoice("yes", "Yes"),
            SelectChoice("no", "No"),
        ],
    )
    tables_url = StringField("Address of the tables", validators=[Length(max=500)])
    archive_url = StringField("Address of an archived copy", validators=[Length(max=500)])
    invented = BooleanField(
        "Invented for a demonstration",
        description="Every chart of it says so.",
    )
    questions = TextAreaField(
        "Questions and answers",
        description=(
            "A question is a line “short-name: wording”; below it stands a line “answer: percent” "
            "for each answer. An empty line ends a question. Leave the percent empty where the "
            "source reports none: that is not zero. A line “! why” below a question says that its "
            "numbers can be misread; no chart is drawn of it then."
        ),
        validators=[InputRequired("Enter at least one question with its answers.")],
    )
    note = TextAreaField("Note", validators=[Length(max=2_000)])
    based_on = HiddenField()
    # The newer survey that a person has read and still wants to save over.
    over = HiddenField()
    put_aside = TextAreaField("What you had written", validators=[Optional(), Length(max=30_000)])

    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of `operations.save_survey`."""
        facts = {name: self[name].data for name in rules.FACTS}
        weighted = _WEIGHTED[self.weighted.data or ""]
        return {**facts, "weighted": weighted, "questions": self.questions.data or ""}

    def take(self, theirs: Survey) -> None:
        """Put another writing of the survey into the form; what was typed is kept beside it."""
        mine = rules.in_lines(self.facts())
        self.process(data=_filled(theirs))
        self.put_aside.data = mine


def form_of(survey: Survey | None) -> SurveyForm:
    """The form, filled with a survey where there is one."""
    return SurveyForm(data=_filled(survey)) if survey else SurveyForm()


def _filled(survey: Survey) -> dict[str, Any]:
    words = {stands: name for name, stands in _WEIGHTED.items()}
    facts = survey.facts
    return {**facts, "weighted": words[survey.weighted], "based_on": rules.mark(facts)}
