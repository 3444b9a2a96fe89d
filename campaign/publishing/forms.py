"""Forms about what is published."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length


class WordForm(FlaskForm):
    """A person's word, with nothing to add; the button says it."""


class PublishReplyForm(FlaskForm):
    """Publish a reply, with a comment of ours if need be."""

    comment = TextAreaField(
        "Our comment",
        description="Shown below their reply, as ours. Their reply itself is never changed.",
        validators=[Length(max=5000)],
    )


class WhyForm(FlaskForm):
    """An act that needs a reason."""

    why = TextAreaField(
        "Why", validators=[InputRequired("Write the reason in a few words."), Length(max=2000)]
    )
