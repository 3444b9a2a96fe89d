"""Forms of sign-off: a campaign's steps."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from campaign.accounts.models import User
from campaign.drafting.review import LINK_DAYS, STEPS_MOST, Signer
from campaign.drafting.review_models import ReviewStep
from campaign.drafting.reviewing import ROLES, Wanted

MORE = 3
_ANYBODY, _ORGANISATION = "role:", "organisation"
_ROLE_WORDS = {"admin": "An administrator", "approver": "An approver"}


class StepForm(Form):
    """One step; without a title it is left out."""

    title = StringField("Step", validators=[Length(max=80)])
    who = SelectField("Who signs")
    organisation = StringField("Organisation", validators=[Length(max=200)])
    signer = StringField("Who signs for it", validators=[Length(max=120)])
    email = StringField("Their e-mail address", validators=[Length(max=320)])

    def wanted(self) -> Wanted:
        """The step as it was typed."""
        kind, _, which = (self.who.data or "").partition(":")
        return Wanted(
            title=self.title.data or "",
            kind=Signer(kind),
            user_id=int(which) if kind == Signer.PERSON else None,
            role=which if kind == Signer.ROLE else "",
            organisation=self.organisation.data or "",
            signer=self.signer.data or "",
            email=self.email.data or "",
        )


class StepsForm(FlaskForm):
    """All steps of a campaign, in order."""

    steps = FieldList(FormField(StepForm, label="Step"), label="Steps", max_entries=STEPS_MOST)
    link_days = IntegerField(
        "Days that a link to an organisation works",
        default=LINK_DAYS,
        validators=[
            InputRequired("Give a number of days."),
            NumberRange(1, 60, "Give between 1 and 60 days."),
        ],
    )

    def offer(self, people: Sequence[User]) -> None:
        """Offer these people, the roles that may sign, and an organisation."""
        choices = [
            (_ANYBODY, "Anybody who may approve"),
            *((f"role:{role}", _ROLE_WORDS.get(role, role)) for role in ROLES),
            *((f"person:{one.id}", str(one)) for one in people),
            (_ORGANISATION, "An organisation, by a link"),
        ]
        for entry in self.steps:
            entry.form.who.choices = choices

    def show(self, count: int) -> None:
        """Show so many rows, as far as there can be."""
        while len(self.steps) < min(count, STEPS_MOST):
            self.steps.append_entry()

    def wanted(self) -> list[Wanted]:
        """The steps that have a title."""
        return [one.form.wanted() for one in self.steps if (one.form.title.data or "").strip()]


def data_of(rows: Sequence[ReviewStep]) -> dict[str, object]:
    """What the form shows of the steps that a campaign has."""
    return {
        "steps": [
            {
                "title": row.title,
                "who": _who(row),
                "organisation": row.organisation,
                "signer": row.signer,
                "email": row.email,
            }
            for row in rows
        ],
        "link_days": max((row.link_days for row in rows), default=LINK_DAYS),
    }


def _who(row: ReviewStep) -> str:
    if row.kind is Signer.PERSON:
        return f"person:{row.user_id}"
    return f"role:{row.role}" if row.kind is Signer.ROLE else _ORGANISATION
