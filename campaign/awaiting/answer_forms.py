"""The form of a mail that a person writes in the thread of a letter."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from campaign.awaiting.answer_rules import AnswerKind
from campaign.awaiting.answering import Words

KINDS: Mapping[AnswerKind, str] = {
    AnswerKind.THANKS: "Thanks: their answer has arrived",
    AnswerKind.EXTENSION_DECISION: "What we say to their request for more time",
    AnswerKind.CHASER: "Asking again: they acknowledged, and no answer has come",
    AnswerKind.REJOINDER: "Rejoinder: further questions, or what we think of their answer",
    AnswerKind.CORRECTION_DECISION: "What we say to their request for a correction",
    AnswerKind.OTHER: "Something else",
}


class AnswerForm(FlaskForm):
    """Kind, address, subject and text; `seen` is the version that was shown."""

    seen = HiddenField()
    kind = RadioField("What it is", choices=[(kind.value, words) for kind, words in KINDS.items()])
    to = RadioField("To", validators=[InputRequired("Choose an address.")])
    subject = StringField(
        "Subject", validators=[InputRequired("Write a subject."), Length(max=300)]
    )
    text = TextAreaField(
        "Text",
        description="Plain text. It goes from our address; an answer to it comes to the inbox.",
        validators=[InputRequired("Write the text."), Length(max=50_000)],
    )

    def offer(self, addresses: Mapping[str, str]) -> None:
        """Set the addresses that it may go to."""
        self.to.choices = [
            (address, f"{name} <{address}>" if name else address)
            for address, name in addresses.items()
        ]

    def words(self) -> Words:
        """What was typed."""
        return Words(
            AnswerKind(self.kind.data),
            self.to.data or "",
            self.subject.data or "",
            self.text.data or "",
        )

    @property
    def version(self) -> int:
        """The version that the person had before them; 0 for none."""
        given = self.seen.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
