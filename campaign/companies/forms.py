"""Forms about companies, their contacts and import files."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaign.companies.closing import WHY_MOST
from campaign.companies.rules import Channel
from campaign.companies.web_forms import IN_WORDS, LIMIT_LEAST, LIMIT_MOST, NOTES_MOST

CHANNELS = {
    Channel.EMAIL: "E-mail",
    Channel.FORM: "Web form",
    Channel.POST: "Post",
    Channel.MENTION: "Public mention (never proof of delivery)",
}


class CompanyForm(FlaskForm):
    """Facts about a company."""

    name = StringField(
        "Name", validators=[InputRequired("Enter the company's name."), Length(max=200)]
    )
    legal_name = StringField(
        "Legal name",
        description="As in the register, for the address.",
        validators=[Length(max=200)],
    )
    country = StringField(
        "Country",
        description="Two letters such as GB, or its name. Its public holidays count.",
        validators=[Length(max=100)],
    )
    region = StringField(
        "Region",
        description="For regional holidays: a code such as BY or SCT.",
        validators=[Length(max=100)],
    )
    timezone = StringField(
        "Time zone",
        description=(
            "Such as Europe/London. While it is unknown, deadlines end when the day is over "
            "everywhere on Earth."
        ),
        validators=[Length(max=60)],
    )
    language = StringField(
        "Language",
        description=(
            "Of the letters that it gets: en, de or pt-BR. While it is unknown, they are in the "
            "campaign's main language."
        ),
        validators=[Length(max=10)],
    )
    website = StringField("Website", validators=[Length(max=300)])
    domains = StringField(
        "Further domains that it writes from",
        description="Separated by spaces. They help to tell whose an incoming mail is.",
        validators=[Length(max=500)],
    )

    def facts(self) -> dict[str, str]:
        """What was typed, by the names of the facts."""
        names = (
            "name", "legal_name", "country", "region", "timezone", "language", "website", "domains",
        )  # fmt: skip
        return {name: self[name].data or "" for name in names}


class NewCompanyForm(CompanyForm):
    """A new company, with the short name that its addresses hold for good."""

    slug = StringField(
        "Short name for addresses",
        description="Made from the name if you leave it empty. It never changes afterwards.",
        validators=[Length(max=80)],
    )


class ContactWordsForm(FlaskForm):
    """What can change about a contact."""

    office = StringField(
        "Office", description="Such as “privacy office”.", validators=[Length(max=120)]
    )
    person = StringField("Person", validators=[Length(max=120)])
    salutation = StringField(
        "Salutation", description="Such as “Dear Ms Okafor”.", validators=[Length(max=120)]
    )


class ContactForm(ContactWordsForm):
    """A new contact."""

    channel = SelectField(
        "Channel",
        choices=[SelectChoice(channel.value, words) for channel, words in CHANNELS.items()],
    )
    value = TextAreaField(
        "Address",
        description="Mail address, web address of the form, postal address in lines, or handle.",
        validators=[InputRequired("Enter how the contact is reached."), Length(max=1000)],
    )
    verified_how = StringField(
        "Where it comes from",
        description="Such as the address of their privacy page. Empty while nobody has checked.",
        validators=[Length(max=300)],
    )
    verified_on = DateField("Day on which you saw it there", validators=[Optional()])


class WebFormForm(FlaskForm):
    """What a company's web form takes."""

    most = IntegerField(
        "Longest text that its message field takes",
        validators=[
            Optional(),
            NumberRange(LIMIT_LEAST, LIMIT_MOST, f"Give {LIMIT_LEAST} to {LIMIT_MOST:,}."),
        ],
        description="Such as 2000. The form says so, or stops taking letters. Empty while nobody "
        "knows.",
    )
    counts = RadioField(
        "What it counts",
        choices=[(how.value, words) for how, words in IN_WORDS.items()],
        description="Where a text that should fit is refused, choose the second or the third.",
    )
    notes = TextAreaField(
        "What else it asks for",
        validators=[Length(max=NOTES_MOST)],
        description="What to choose and fill in where: “Topic: privacy. It wants a telephone "
        "number.” Whoever fills it in reads this.",
    )


class ClosureForm(FlaskForm):
    """Days on which a company is closed."""

    first_on = DateField(
        "First day",
        validators=[InputRequired("Give the day, as 2026-12-24.")],
        description="On the company's calendar.",
    )
    last_on = DateField(
        "Last day",
        validators=[InputRequired("Give the day, as 2027-01-02.")],
        description="The last day on which it is still closed.",
    )
    why = StringField(
        "What closes it, and who says so",
        description="Such as “works holidays, their website says so”.",
        validators=[InputRequired("Say who told us."), Length(max=WHY_MOST)],
    )


class VerifyForm(FlaskForm):
    """Where a contact comes from, and when a person saw it there."""

    how = StringField(
        "Where it comes from",
        description="Such as the address of their privacy page, or “by telephone from …”.",
        validators=[InputRequired("Say where you saw it."), Length(max=300)],
    )
    on = DateField(
        "Day on which you saw it there", validators=[InputRequired("Give the day, as 2026-11-19.")]
    )


class ImportForm(FlaskForm):
    """A file to look at before anything is stored."""

    file = FileField("CSV file", validators=[FileRequired("Choose a file.")])


class ConfirmImportForm(FlaskForm):
    """The very file that was looked at."""

    ticket = HiddenField(validators=[InputRequired()])
