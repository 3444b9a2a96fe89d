"""The form of the letterhead."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length


class HeadForm(FlaskForm):
    """What stands at the top of letters."""

    address = TextAreaField(
        "Postal address",
        description="In up to 6 lines. Empty means the one of the settings (ORG_ADDRESS).",
        validators=[Length(max=400)],
    )
    phone = StringField(
        "Telephone",
        description="As it is dialled from abroad, such as +44 20 7946 0000.",
        validators=[Length(max=60)],
    )
    website = StringField(
        "Website", description="Such as www.example.org.", validators=[Length(max=100)]
    )
    logo = FileField(
        "Logo",
        description=(
            "A PNG or JPEG file of up to 5 MB. Transparent parts become white, and empty margins "
            "are cut off."
        ),
    )
    without_logo = BooleanField("Print no logo")
