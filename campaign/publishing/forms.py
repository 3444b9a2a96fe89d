"""Forms about what is published."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length


class WordForm(FlaskForm):
    """A person's word, with nothing to add; the button says it."""


class PublishReplyForm(FlaskForm):
    """Publish a reply, with a comment of ours if need be."""

    seen = HiddenField()
    may_stand = BooleanField(
        "Names, numbers and signatures in it may stand",
        description="They belong to people who speak for the company in public.",
    )
    comment = TextAreaField(
        "Our comment",
        description="Shown below their reply, as ours. Their reply itself is never changed.",
        validators=[Length(max=5000)],
    )

    @property
    def seen_number(self) -> int | None:
        """The state of what is left out that the page showed; None where none came back."""
        return state_number(self.seen.data)


def state_number(given: str | None) -> int | None:
    """A number that a page carried; None for what is none."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 9 else None


class WhyForm(FlaskForm):
    """An act that needs a reason."""

    why = TextAreaField(
        "Why", validators=[InputRequired("Write the reason in a few words."), Length(max=2000)]
    )


class SweepManyForm(FlaskForm):
    """A person looked through the ways to answer that the program does not read, for several."""

    letters = SelectMultipleField(
        "Letters", validators=[InputRequired("Tick the letters that you looked for.")]
    )
    note = TextAreaField(
        "Where you looked, and when",
        description="Such as “post box at 10:00, the form's inbox, notes of calls since Monday”.",
        validators=[InputRequired("Say where you looked."), Length(max=1000)],
    )
