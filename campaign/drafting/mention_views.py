"""The page of a campaign's text for public mentions."""

from __future__ import annotations

from typing import NamedTuple

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.drafting import (
    composing,
    custom_queries,
    mention_saving,
    mentioning,
    mentions,
    placeholders,
)
from campaign.drafting.forms import MentionForm
from campaign.drafting.mentioning import Mention, Words
from campaign.drafting.placeholders import Field
from campaign.drafting.previewing import Preview
from campaign.drafting.template_views import companies_of, company_of
from campaign.drafting.texts import TextKind
from campaign.drafting.views import blueprint, campaign_or_404
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt

_EXAMPLES = (
    "@company",
    "@company@social.example",
    "@company.bsky.social",
    "https://www.linkedin.com/company/company",
)


class Look(NamedTuple):
    """A mention as it would be posted; `own` where the account is the company's own."""

    mention: Mention
    own: bool


@blueprint.route("/campaigns/<slug>/templates/mention/", methods=["GET", "POST"])
@staff(May.DRAFT)
def mention_text(slug: str) -> ResponseReturnValue:
    """The editor of the text for mentions: look at what is typed, or save it."""
    campaign = campaign_or_404(slug)
    saved = mentioning.by_language(campaign.id, campaign.language)[campaign.language]
    form = MentionForm(data={"body": saved.body, "based_on": saved.version})
    own = custom_queries.fields_of(campaign.id)
    kinds = {one.placeholder: one.kind for one in own}
    found = mentioning.faults(form.body.data or "", kinds)
    saving = "save" in request.form
    if form.validate_on_submit() and saving and not found and _saved(campaign, form):
        return redirect(url_for("drafting.mention_text", slug=slug))
    company = company_of(campaign)
    looks, problem = _looks(campaign, company, form.body.data or "", bool(found))
    page = render_template(
        "drafting/mention.html",
        campaign=campaign,
        form=form,
        faults=found if request.method == "POST" else (),
        saving=saving,
        saved=saved,
        looks=looks,
        problem=problem,
        company=company,
        companies=[(one.slug, one.name) for one in companies_of(campaign)],
        fields=(*mentioning.FIELDS, *(Field(one.placeholder, one.label) for one in own)),
        versions=mentioning.versions(campaign.id),
        networks=[(mentions.NAMES[one], mentions.HOW_WRITTEN[one]) for one in mentions.Network],
    )
    return (page, 422) if saving else page


def _saved(campaign: Campaign, form: MentionForm) -> bool:
    return bool(
        attempt(
            lambda: (
                mention_saving.save_mention(
                    campaign.id,
                    body=form.body.data or "",
                    based_on=form.based_on.data,
                    actor=current_user,
                ),
            ),
            done="The text is saved. Letters with a mention that waited for approval are drafts "
            "again.",
            form=form,
        )
    )


def _looks(
    campaign: Campaign, company: Company | None, body: str, faulty: bool
) -> tuple[list[Look], str]:
    """The text for the company's own accounts, then for an example on every network."""
    if company is None or faulty:
        return [], ""
    preview = Preview(
        campaign, TextKind.LETTER, composing.latest(campaign.id)[TextKind.LETTER], company, True
    )
    draft = preview.composed.draft if preview.composed else None
    assert draft
    values = {
        **draft.letter.values,
        **placeholders.deadline_values(draft.deadline_on, draft.zone),
        **preview.own,
    }
    own = [one.value for one in company.contacts if one.usable and one.channel is Channel.MENTION]
    words = Words(body)
    try:
        return [
            Look(mentioning.mention(words, account, values, company.name), account in own)
            for account in (*own, *_EXAMPLES)
        ], ""
    except Problem as problem:
        return [], str(problem)
