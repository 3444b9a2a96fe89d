"""Forms of the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, ValidationError

from campaign.drafting.asked import Question
from campaign.kernel.days import zone_of
from campaign.replies.captured import ReplyAs
from campaign.replies.rules import Answer, ItemKind, Permission, Verdict
from campaign.replies.triage import MAY_ANSWER

KINDS = {
    ItemKind.RESPONSE: "Response: it answers, declines, or points elsewhere",
    ItemKind.ACKNOWLEDGEMENT: "Acknowledgement: they have our letter, and no answer yet",
    ItemKind.EXTENSION_REQUEST: "Request for more time",
    ItemKind.SUPPLEMENT: "Supplement: it adds to an earlier response",
    ItemKind.REPLY_TO_REJOINDER: "Reply to our rejoinder",
    ItemKind.CORRECTION_REQUEST: "Request for a correction",
    ItemKind.LEGAL_NOTICE: "Legal notice",
}
ANSWERS = {
    "": "No answer in it",
    Answer.FULL: "Answers in full",
    Answer.PARTIAL: "Answers in part",
    Answer.STATEMENT_ONLY: "A statement that answers none of the questions",
    Answer.DECLINED: "Declines, with or without a reason",
    Answer.REDIRECTED: "Points us to something else",
    Answer.ENGAGED_OFF_RECORD: "Talks with us off the record",
    Answer.CONFIDENTIAL: "Answers in confidence",
}
PERMISSIONS = {
    Permission.NOTICE_DEFAULT: "Yes: our notice said so, and they do not object",
    Permission.EXPLICIT_YES: "Yes: they say so",
    Permission.REDACTIONS: "Yes, with parts left out",
    Permission.SUMMARY_ONLY: "Only a summary",
    Permission.REFUSED: "No: they object",
    Permission.UNDETERMINED: "Not decided yet",
}
VERDICTS = {
    "": "Not said",
    Verdict.ANSWERED: "Answered",
    Verdict.PARTLY: "Answered in part",
    Verdict.NOT_ADDRESSED: "Not addressed",
    Verdict.REFUSED_WITH_REASON: "Refused, with a reason",
    Verdict.MISUNDERSTOOD: "Misunderstood",
    Verdict.ANSWERED_ELSEWHERE: "Answered elsewhere",
}
NEWEST, WHOLE = "newest", "whole"


def _choices(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(value), text) for value, text in words.items()]


class ItemForm(FlaskForm):
    """What an item of a letter's thread is. Verdict fields are added a question each."""

    questions: tuple[int, ...] = ()

    kind = RadioField(
        "Kind",
        choices=_choices(KINDS),
        validators=[InputRequired("Choose what it is.")],
    )
    answer = SelectField("How far it answers", choices=_choices(ANSWERS), default="")
    permission = SelectField(
        "May it be published?",
        choices=_choices(PERMISSIONS),
        description=(
            "An objection wins; the standard footer of company mail is none. Nothing is published"
            " while this is not decided."
        ),
    )
    note = TextAreaField(
        "Note for staff", description="Never shown in public.", validators=[Length(max=10_000)]
    )

    def validate_answer(self, field: SelectField) -> None:
        """A response has an answer; what is none has not."""
        kind = self.kind.data
        if kind == ItemKind.RESPONSE and not field.data:
            raise ValidationError("Choose how far the response answers.")
        if field.data and kind and ItemKind(kind) not in MAY_ANSWER:
            raise ValidationError(
                "Only a response or a supplement answers: choose “No answer in it”,"
                " or say above that it is a response."
            )

    @property
    def verdict_fields(self) -> list[Any]:
        """The fields of the verdicts, in the order of the questions."""
        return [self[f"verdict_{number}"] for number in self.questions]

    def facts(self) -> dict[str, Any]:
        """What an operation takes."""
        given = {q: self[f"verdict_{q}"].data for q in self.questions}
        return {
            "kind": ItemKind(self.kind.data),
            "answer": Answer(self.answer.data) if self.answer.data else None,
            "permission": Permission(self.permission.data),
            "verdicts": {q: Verdict(value) for q, value in given.items() if value},
            "note": self.note.data or "",
        }


class FileForm(ItemForm):
    """Says what a message is."""

    letter = HiddenField()
    shown = RadioField(
        "Their words",
        choices=[
            (NEWEST, "The new text, without quotation and signature"),
            (WHOLE, "The whole text, because they answered between our lines or attached a text"),
        ],
        default=NEWEST,
        description="What readers see if it is published.",
    )
    more = BooleanField(
        "It answers for another company too",
        description="Then it goes on waiting, and you file it to that letter next.",
    )

    def facts(self) -> dict[str, Any]:
        """What an operation takes."""
        return {**super().facts(), "more": self.more.data}

    def still_for(self, letter_ref: str) -> bool:
        """Whether the message still belongs to the letter that the page showed."""
        if self.letter.data == letter_ref:
            return True
        self.form_errors.append(
            "Somebody has said meanwhile that this message belongs to another letter: see below."
        )
        self.letter.data = letter_ref
        return False


class LogForm(ItemForm):
    """Takes down what came another way."""

    kind = RadioField(
        "What it is",
        choices=_choices(KINDS),
        validators=[InputRequired("Choose what it is.")],
    )
    received = DateTimeLocalField(
        "When it came",
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired("Give the day and the time.")],
    )
    sender = StringField(
        "Who it came from, and how",
        description="Such as: Pip Larch, press office, by telephone.",
        validators=[InputRequired("Say who it came from."), Length(max=700)],
    )
    text = TextAreaField(
        "What they said or wrote",
        description="Word for word, as far as you have it: readers see it if it is published.",
        validators=[InputRequired("Write down what they said."), Length(max=200_000)],
    )

    def received_at(self, zone: str) -> datetime:
        """The moment that was given, on the clock of the staff's zone; aware UTC."""
        return self.received.data.replace(tzinfo=zone_of(zone)).astimezone(UTC)


def with_verdicts(form: type[ItemForm], questions: Iterable[Question]) -> type[ItemForm]:
    """The form with a verdict for each question that the letter asked."""
    asked = list(questions)
    fields: dict[str, Any] = {
        f"verdict_{question.number}": SelectField(
            f"{question.number}. {question.text}", choices=_choices(VERDICTS), default=""
        )
        for question in asked
    }
    fields["questions"] = tuple(question.number for question in asked)
    return type(form.__name__, (form,), fields)


class DismissForm(FlaskForm):
    """Why a message is no company's reply."""

    why = StringField(
        "Why it is none",
        validators=[InputRequired("Say why, in a few words."), Length(max=2000)],
    )


OTHER = "other"


class ReplyAsForm(FlaskForm):
    """Answers as the company, while mail is captured."""

    sender = RadioField("From", validators=[InputRequired("Choose an address.")])
    other = StringField("Another address", validators=[Length(max=320)])
    kind = SelectField(
        "Kind of mail",
        choices=[
            (ReplyAs.REPLY.value, "A reply that a person wrote"),
            (ReplyAs.OUT_OF_OFFICE.value, "An automatic reply: out of office"),
            (ReplyAs.TICKET.value, "An automatic reply: a ticket system confirms receipt"),
            (ReplyAs.BOUNCE.value, "A bounce: their server knows no such address"),
        ],
    )
    subject = StringField(
        "Subject",
        description="Left empty, a mail program makes it from ours.",
        validators=[Length(max=200)],
    )
    text = TextAreaField(
        "Text", description="A bounce has words of its own.", validators=[Length(max=200_000)]
    )

    def validate_other(self, field: StringField) -> None:
        """Needed where “another address” is chosen."""
        if self.sender.data == OTHER and not (field.data or "").strip():
            raise ValidationError("Write the address.")

    def validate_text(self, field: TextAreaField) -> None:
        """Needed for all but a bounce."""
        if self.kind.data != ReplyAs.BOUNCE and not (field.data or "").strip():
            raise ValidationError("Write what they answer.")

    @property
    def from_address(self) -> str:
        """The address that was chosen or written."""
        return (self.other.data if self.sender.data == OTHER else self.sender.data) or ""
