"""Forms about people."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from campaign.accounts.rules import Role

ROLES = {
    Role.VIEWER: "Viewer: reads everything that staff see",
    Role.DRAFTER: "Drafter: writes letters, keeps companies, sends what is approved",
    Role.APPROVER: "Approver: signs final texts",
    Role.PUBLISHER: "Publisher: publishes, sets and lifts embargoes",
    Role.ADMIN: "Administrator: everything, and people",
}

_CHOICES = [SelectChoice(role.value, words) for role, words in ROLES.items()]
_HAND_OVER = "At least 12 characters. Hand it over in person or by telephone, not by e-mail."


class RoleForm(FlaskForm):
    """Which role a person has."""

    role = SelectField("Role", choices=_CHOICES)


class PasswordForm(FlaskForm):
    """A new password for a person."""

    password = PasswordField(
        "New password",
        description=_HAND_OVER,
        validators=[InputRequired("Enter a password."), Length(max=200)],
    )


class PersonForm(RoleForm):
    """A new person."""

    name = StringField(
        "Name", validators=[InputRequired("Enter the person's name."), Length(max=120)]
    )
    email = StringField(
        "E-mail address",
        description="They sign in with it.",
        validators=[InputRequired("Enter an e-mail address."), Length(max=255)],
    )
    password = PasswordField(
        "First password",
        description=_HAND_OVER,
        validators=[InputRequired("Enter a password."), Length(max=200)],
    )
