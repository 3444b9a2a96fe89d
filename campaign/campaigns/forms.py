"""Forms about campaigns. Times are typed on the clocks of the staff (TIMEZONE)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from campaign.campaigns import rules
from campaign.campaigns.models import Campaign
from campaign.campaigns.operations import QUESTIONS_MOST
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.kernel.languages import ENGLISH

QUESTIONS_SHOWN = 6
QUESTIONS_MORE = 3
SIGNERS_SHOWN = 2


class SignerForm(Form):
    """One who signs."""

    name = StringField("Name", validators=[Length(max=120)])
    role = StringField("Role", validators=[Length(max=120)])
    organisation = StringField("Organisation", validators=[Length(max=200)])


class SignatureForm(FlaskForm):
    """The picture of a signature."""

    picture = FileField(
        "Picture",
        description=(
            "Sign on white paper with a dark pen and photograph or scan it: a PNG or JPEG file of "
            "up to 5 MB. Empty margins are cut off."
        ),
        validators=[FileRequired("Choose a PNG or JPEG file.")],
    )


class EmbargoForm(FlaskForm):
    """When an embargo ends."""

    embargo_until = DateTimeLocalField(
        "Until",
        description="Leave it empty for an embargo that a person lifts.",
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[Optional()],
    )

    def validate_embargo_until(self, field: DateTimeLocalField) -> None:
        """Refuse a time that no clock of ours will show, or one that is past."""
        until = self.until
        if until is not None and until <= clock.now():
            raise ValidationError("This time is past.")

    @property
    def until(self) -> datetime | None:
        """The end as an aware UTC time.

        Raises:
            ValidationError: the clocks skip that time, or the year is out of range.
        """
        typed = self.embargo_until.data
        if typed is None:
            return None
        zone = days.zone_of(current_app.extensions["settings"].timezone)
        try:
            moment = days.at_time(typed.date(), typed.time(), zone)
        except Problem as problem:
            raise ValidationError(str(problem)) from None
        if moment.astimezone(zone).replace(tzinfo=None) != typed:
            raise ValidationError("The clocks skip this time: give another one.")
        return moment


class ChangeForm(FlaskForm):
    """All of a campaign but its embargo."""

    title = StringField(
        "Title", validators=[InputRequired("Give the campaign a title."), Length(max=200)]
    )
    summary = TextAreaField(
        "Summary",
        description="What it is about, for the public page: a paragraph or two.",
        validators=[Length(max=5000)],
    )
    language = StringField(
        "Main language",
        description=(
            "Such as en or de. Its questions are written in it, and companies get it whose own "
            "language has no text."
        ),
        default=ENGLISH,
        validators=[Length(max=10)],
    )
    questions = FieldList(
        TextAreaField("Question", validators=[Length(max=2000)]),
        label="Questions",
        description="Every company is asked the same. Empty ones are left out.",
        max_entries=QUESTIONS_MOST,
    )
    signatories = FieldList(
        FormField(SignerForm, label="Signatory"),
        label="Who signs",
        description="The first is the contact that companies turn to. Empty ones are left out.",
        max_entries=20,
    )
    response_days = IntegerField(
        "Days to answer",
        description=(
            "From proof of delivery. 14 days, or 10 working days, are usual; under 5 working days "
            "needs a reason and a second approver."
        ),
        default=14,
        validators=[
            InputRequired("Give a number of days."),
            NumberRange(1, 365, "Give between 1 and 365 days."),
        ],
    )
    response_unit = RadioField(
        "Counted in",
        choices=[
            SelectChoice(days.Unit.CALENDAR.value, "Days of the calendar"),
            SelectChoice(
                days.Unit.WORKING.value,
                "Working days of the company: without its weekends and public holidays",
            ),
        ],
        default=days.Unit.CALENDAR.value,
    )
    short_reason = TextAreaField(
        "Why the time is so short",
        description="Only where it can be under 5 working days.",
        validators=[Length(max=2000)],
    )
    grace_working_days = IntegerField(
        "Working days of grace",
        description="After the deadline, before silence may be published.",
        default=1,
        validators=[
            InputRequired("Give a number of working days."),
            NumberRange(1, 30, "Give between 1 and 30 working days."),
        ],
    )
    reminders = BooleanField(
        "Send one reminder and one final notice",
        description="Without them, the program publishes no silence.",
        default=True,
    )
    publication = RadioField(
        "When a company has not answered",
        choices=[
            SelectChoice("auto", "The program publishes it, once every gate is open"),
            SelectChoice("person", "A person decides each time"),
        ],
        default="auto",
    )

    def __init__(self, campaign: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(data=_data(campaign) if campaign else None, **kwargs)
        self.fixed = campaign is not None and campaign.fixed_at is not None
        self._days = campaign.response_days if campaign else 14
        self._unit = campaign.response_unit if campaign else days.Unit.CALENDAR
        if self.fixed:
            del self.language
            del self.questions
            del self.response_days
            del self.response_unit
        else:
            self.show_questions(QUESTIONS_SHOWN)
        while len(self.signatories) < SIGNERS_SHOWN:
            self.signatories.append_entry()
        for number, entry in enumerate(self.signatories, 1):
            entry.label.text = f"Signatory {number}"
        self.signatories[0].form["name"].flags.required = True

    def show_questions(self, at_least: int) -> None:
        """Show so many fields for questions."""
        while len(self.questions) < min(at_least, QUESTIONS_MOST):
            self.questions.append_entry()
        for number, entry in enumerate(self.questions, 1):
            entry.label.text = f"Question {number}"
        self.questions[0].flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what only holds together."""
        good = bool(super().validate(extra_validators))
        for name, words in self._faults():
            self[name].errors = [*self[name].errors, words]
            good = False
        return good

    def _faults(self) -> list[tuple[str, str]]:
        found = []
        if not self.fixed and not any((text or "").strip() for text in self.questions.data):
            found.append(("questions", "Write at least one question."))
        if not any((signer["name"] or "").strip() for signer in self.signatories.data):
            found.append(("signatories", "Name at least one person."))
        if not self.fixed and isinstance(self.response_days.data, int):
            self._days = self.response_days.data
            self._unit = days.Unit(self.response_unit.data)
        faults = rules.policy_faults(
            response_days=self._days,
            response_unit=self._unit,
            grace_working_days=1,
            short_reason=self.short_reason.data or "",
        )
        found += [(f.field, f"{f.why}. {f.fix}") for f in faults if f.field == "short_reason"]
        return found

    def facts(self) -> dict[str, Any]:
        """What was typed, by the names that the operations know."""
        facts: dict[str, Any] = {
            "title": self.title.data,
            "summary": self.summary.data or "",
            "signatories": [
                (s["name"] or "", s["role"] or "", s["organisation"] or "")
                for s in self.signatories.data
            ],
            "short_reason": self.short_reason.data or "",
            "grace_working_days": self.grace_working_days.data,
            "reminders": self.reminders.data,
            "auto_publish": self.publication.data == "auto",
        }
        if not self.fixed:
            facts["language"] = self.language.data or ""
            facts["questions"] = [text or "" for text in self.questions.data]
            facts["response_days"] = self.response_days.data
            facts["response_unit"] = days.Unit(self.response_unit.data)
        return facts


class CampaignForm(ChangeForm, EmbargoForm):
    """A new campaign."""

    slug = StringField(
        "Short name for addresses",
        description="Made from the title if you leave it empty. It never changes afterwards.",
        validators=[Length(max=80)],
    )
    embargoed = BooleanField(
        "Embargo: nothing of it is public yet",
        description="Neither pages nor feeds nor exports show it until the time below.",
    )


def _data(campaign: Campaign) -> dict[str, Any]:
    names = (
        "title", "summary", "language", "short_reason", "response_days", "response_unit",
        "grace_working_days", "reminders",
    )  # fmt: skip
    return {
        **{name: getattr(campaign, name) for name in names},
        "questions": [question.text for question in campaign.questions],
        "signatories": [
            {"name": s.name, "role": s.role, "organisation": s.organisation}
            for s in campaign.signatories
        ],
        "publication": "auto" if campaign.auto_publish else "person",
    }
