"""The page on which a campaign's questions are translated."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import FieldList, HiddenField, TextAreaField
from wtforms.validators import Length

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns import translations
from campaign.campaigns.models import Campaign
from campaign.campaigns.signature_views import blueprint
from campaign.campaigns.views import campaign_or_404
from campaign.kernel import languages
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt


class TranslationForm(FlaskForm):
    """A campaign's questions in one language."""

    language = HiddenField()
    texts = FieldList(
        TextAreaField("Question", validators=[Length(max=2000)]), label="Questions", max_entries=60
    )

    def show(self, campaign: Campaign) -> None:
        """A field for each question, with the question to translate above it."""
        while len(self.texts) < len(campaign.questions):
            self.texts.append_entry()
        for question, entry in zip(campaign.questions, self.texts, strict=False):
            entry.label.text = f"Question {question.number}"
            entry.description = question.text


@blueprint.route("/<slug>/questions/", methods=["GET", "POST"])
@staff(May.DRAFT)
def translate(slug: str) -> ResponseReturnValue:
    """The questions side by side with their translation into one language."""
    campaign, asked = campaign_or_404(slug), request.values.get("language", "")
    tag = _tag(asked)
    if asked and not tag:
        return redirect(url_for("campaigns.translate", slug=slug))
    known = translations.translated(campaign, tag) if tag else ()
    form = TranslationForm(data={"language": tag, "texts": list(known)})
    form.show(campaign)
    if form.validate_on_submit() and attempt(
        lambda: translations.translate_questions(
            campaign.id, tag, [text or "" for text in form.texts.data], actor=current_user
        ),
        done=f"The questions in {languages.name(tag)} are saved.",
        form=form,
    ):
        return redirect(url_for("campaigns.translate", slug=slug, language=tag))
    page = render_template(
        "campaigns/translate.html",
        campaign=campaign,
        form=form,
        tag=tag,
        known=bool(known),
        tags=[(one, languages.name(one)) for one in translations.languages_of(campaign)],
        name=languages.name,
    )
    return (page, 422) if form.errors or form.form_errors else page


def _tag(asked: str) -> str:
    """The language asked for; empty, and said so, where it is none."""
    try:
        return languages.clean(asked) if asked else ""
    except Problem as problem:
        flash(str(problem), "error")
        return ""
