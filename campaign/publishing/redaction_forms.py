"""The page on which passages of a reply are marked: what it carries, and what is done to it.

Nothing is saved until “Save” is pressed; until then the page itself carries the marks, so that a
person sees what the public will see before it does.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Request
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Length

from campaign.publishing.forms import state_number
from campaign.replies import redaction_rules
from campaign.replies.redaction_rules import REASONS, Mark, Reason


class MarksForm(FlaskForm):
    """What the page carries: the marks, and the state that they began from."""

    marks = HiddenField()
    seen = HiddenField()
    words = TextAreaField(
        "Words to leave out",
        description="Copied from their text. They are left out wherever they stand in it.",
        validators=[Length(max=20_000)],
    )
    reason = SelectField(
        "Why",
        choices=[(reason, words[0].upper() + words[1:]) for reason, words in REASONS.items()],
        description="Readers see the reason where the words stood.",
        validate_choice=False,
    )

    @property
    def seen_number(self) -> int:
        """The state that the person saw; -1 for what is no number."""
        found = state_number(self.seen.data)
        return -1 if found is None else found

    def why(self) -> Reason:
        """The reason that was chosen."""
        given = self.reason.data
        return Reason(given) if given in REASONS else Reason.PERSONAL


def changed(form: MarksForm, request: Request, text: str) -> tuple[Mark, ...]:
    """The marks after the act whose button was pressed; a problem becomes an error of the form."""
    marks = redaction_rules.read(form.marks.data or "", text)
    act = request.form.get("act", "")
    ticked = request.form.getlist("tick")
    if act == "suggested":
        return _added(form, marks, redaction_rules.read(" ".join(ticked), text), text)
    if act == "show":
        return _without(marks, redaction_rules.read(" ".join(ticked), text))
    if act == "everywhere":
        return redaction_rules.everywhere(text, marks)
    if act == "selection":
        given = f"{request.form.get('start', '')}-{request.form.get('end', '')}-{form.why()}"
        return _added(form, marks, redaction_rules.read(given, text), text)
    if act == "words":
        return _added(form, marks, _standing(form, text), text)
    return marks


def _standing(form: MarksForm, text: str) -> list[Mark]:
    found = redaction_rules.found_in(text, form.words.data or "")
    if not found:
        form.words.errors = ["These words do not stand in their text: copy them from it."]
    return [Mark(start, end, form.why()) for start, end in found]


def _added(
    form: MarksForm, marks: tuple[Mark, ...], new: Iterable[Mark], text: str
) -> tuple[Mark, ...]:
    found = tuple(new)
    if not found and not form.words.errors:
        form.form_errors.append("Nothing is chosen. Tick a passage, or write the words.")
    return redaction_rules.tidy((*marks, *found), text)


def _without(marks: tuple[Mark, ...], gone: tuple[Mark, ...]) -> tuple[Mark, ...]:
    spans = {(mark.start, mark.end) for mark in gone}
    return tuple(mark for mark in marks if (mark.start, mark.end) not in spans)
