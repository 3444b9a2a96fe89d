"""Forms about what one letter says otherwise than its campaign."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from campaign.drafting import merging
from campaign.drafting.own import Applied, OwnWords


class OwnForm(FlaskForm):
    """One letter's own text, questions and days, beside what they were made from."""

    body = TextAreaField(
        "Text",
        description="The campaign’s text with what you change for this company. Paragraphs that "
        "you leave as they are follow the campaign.",
        validators=[InputRequired("Write the text."), Length(max=50_000)],
    )
    questions = TextAreaField(
        "Questions",
        description="An empty line between two questions. The letter numbers them.",
        validators=[InputRequired("Ask at least one question."), Length(max=121_000)],
    )
    days = IntegerField(
        "Days to answer",
        validators=[
            Optional(),
            NumberRange(1, 365, "Give between 1 and 365 days, or leave it empty."),
        ],
    )
    why = TextAreaField(
        "Reason for other questions or days",
        description="Every company is asked the same and has the same days, or we say why not. "
        "Readers see this sentence beside the letter.",
        validators=[Length(max=2_000)],
    )
    base_body = HiddenField(validators=[Length(max=50_000)])
    base_questions = HiddenField(validators=[Length(max=121_000)])
    based_on = IntegerField(widget=HiddenInput(), default=0)
    # The newer version that a person has read and still wants to save over.
    over = IntegerField(validators=[Optional()], widget=HiddenInput())
    put_aside = TextAreaField("What you had written", validators=[Optional(), Length(max=200_000)])

    def take(self, theirs: Applied) -> None:
        """Put what is saved into the form; what was typed is kept beside it."""
        self.put_aside.data = in_words(self.words())
        for name, value in values_of(theirs).items():
            self[name].data = value
            # What was sent goes before `data` when a number is written out again.
            self[name].raw_data = None

    def words(self) -> OwnWords:
        """What was typed, as the rules need it."""
        return OwnWords(
            base_body=_text(self.base_body.data),
            body=_text(self.body.data),
            base_questions=merging.paragraphs(_text(self.base_questions.data)),
            questions=merging.paragraphs(_text(self.questions.data)),
            days=self.days.data,
            why=_text(self.why.data).strip(),
        )


def values_of(applied: Applied) -> dict[str, str | int | None]:
    """A form's values for a letter as it is."""
    return {
        "body": applied.said.body,
        "questions": listed(applied.said.questions),
        "days": applied.own_days,
        "why": applied.own.why,
        "base_body": applied.instead_of.body,
        "base_questions": listed(applied.instead_of.questions),
        "based_on": applied.own.version,
    }


def listed(questions: tuple[str, ...]) -> str:
    """Questions as a field shows them; an empty line inside one would make two of it."""
    return merging.joined([re.sub(r"\n\s*\n", "\n", one.strip()) for one in questions])


def in_words(words: OwnWords) -> str:
    """What was typed as one text, to read and to compare."""
    days = f"Days to answer: {words.days}" if words.days else ""
    why = f"Reason: {words.why}" if words.why else ""
    return merging.joined([part for part in (words.body, *words.questions, days, why) if part])


def _text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").replace("\r", "\n")
