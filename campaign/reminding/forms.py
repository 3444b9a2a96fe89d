"""The form about reminders: a way for each topic."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from campaign.reminding.rules import TOPICS, Topic, Way

WAYS = {
    Way.AT_ONCE: "By mail, soon",
    Way.DIGEST: "In the mail of the morning",
    Way.MUTED: "Not by mail",
}


class ChoiceForm(FlaskForm):
    """How to hear of each topic; the fields have the names of the topics."""

    def ways(self) -> dict[Topic, Way]:
        """What was chosen."""
        return {topic: Way(self[topic.value].data) for topic in Topic}


for _topic, (_name, _about, _usual) in TOPICS.items():
    setattr(
        ChoiceForm,
        _topic.value,
        RadioField(
            _name,
            description=_about,
            choices=[SelectChoice(way.value, said) for way, said in WAYS.items()],
            validators=[InputRequired("Choose one.")],
        ),
    )
