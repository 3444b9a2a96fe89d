"""The form of an order: when letters leave, how fast, and for how long it can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.sending.pacing import Pace
from campaign.sending.parcels import settings

_MOST = 100_000
_UNDO = (0, 1, 5, 15, 30, 60)
_BETWEEN = NumberRange(1, _MOST, "Give a number from 1 to 100,000, or leave it empty.")


def _undo_words(minutes: int) -> str:
    if not minutes:
        return "No: they leave at once"
    return "For 1 minute" if minutes == 1 else f"For {minutes} minutes"


def _zones() -> list[str]:
    named = (zone for zone in days.zone_names() if "/" in zone and not zone.startswith("Etc/"))
    return sorted({*named, "UTC", settings().timezone})


class PaceForm(FlaskForm):
    """How fast letters of a campaign leave."""

    per_minute = IntegerField("Mails a minute, at most", validators=[Optional(), _BETWEEN])
    per_domain = IntegerField(
        "Mails a minute to one domain, at most", validators=[Optional(), _BETWEEN]
    )

    @property
    def pace(self) -> Pace:
        """The pace given; 0 for what the mail server bears."""
        return Pace(self.per_minute.data or 0, self.per_domain.data or 0)


class SendForm(PaceForm):
    """Letters are to be sent."""

    not_before = DateTimeLocalField(
        "Not before",
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[Optional()],
        description="Day and hour. Leave it empty to let them leave now.",
    )
    zone = SelectField("In the time zone of", validate_choice=True)
    undo = SelectField("Time to take it back", coerce=int)

    def __init__(self, **kwargs: Any) -> None:
        ours = settings()
        kwargs["data"] = {
            "zone": ours.timezone,
            "undo": ours.undo_minutes,
            **(kwargs.get("data") or {}),
        }
        super().__init__(**kwargs)
        self.zone.choices = [SelectChoice(one, one.replace("_", " ")) for one in _zones()]
        minutes = sorted({*_UNDO, ours.undo_minutes})
        self.undo.choices = [SelectChoice(one, _undo_words(one)) for one in minutes]
        # What a form does not say is as the settings have it.
        if self.zone.data is None:
            self.zone.data = ours.timezone
        if self.undo.data is None:
            self.undo.data = ours.undo_minutes

    def validate_not_before(self, field: DateTimeLocalField) -> None:
        """A time to come that the clocks of that zone show."""
        moment = self._moment()
        if moment is not None and moment <= clock.now():
            raise ValidationError("This time is past. Leave it empty to let them leave now.")

    def _moment(self) -> datetime | None:
        typed = self.not_before.data
        if typed is None:
            return None
        try:
            zone = days.zone_of(self.zone.data)
            moment = days.at_time(typed.date(), typed.time(), zone)
        except Problem as problem:
            raise ValidationError(str(problem)) from None
        if moment.astimezone(zone).replace(tzinfo=None) != typed:
            raise ValidationError("The clocks skip this time there: give another one.")
        return moment

    @property
    def leaves_at(self) -> datetime:
        """The first moment at which one of them may leave, aware; only of a valid form."""
        now = clock.now()
        return max(self._moment() or now, now + timedelta(minutes=self.undo.data or 0))

    @property
    def chosen(self) -> str:
        """What was chosen, in one line; empty where all is as it is by itself."""
        ours = settings()
        told = (
            self.not_before.data.isoformat() if self.not_before.data else "",
            "" if self.zone.data == ours.timezone else self.zone.data,
            self.per_minute.data or "",
            self.per_domain.data or "",
            "" if self.undo.data == ours.undo_minutes else self.undo.data,
        )
        return " ".join(map(str, told)).strip()
