"""Forms about comments on a text."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional


class CommentForm(FlaskForm):
    """What somebody says about a text, or about a passage of it."""

    quote = TextAreaField(
        "Passage",
        description="Copy the words that you mean from the text. Leave it empty to comment on "
        "the whole text.",
        validators=[Optional(), Length(max=2_000)],
    )
    before = HiddenField()
    body = TextAreaField(
        "Comment", validators=[InputRequired("Write the comment."), Length(max=5_000)]
    )


class ReplyForm(FlaskForm):
    """An answer to a comment."""

    body = TextAreaField("Reply", validators=[InputRequired("Write the reply."), Length(max=5_000)])
