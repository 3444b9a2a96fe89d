"""Pages of a campaign's texts: the three of them, and the editor of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting import (
    comments,
    custom_queries,
    mentioning,
    operations,
    placeholders,
    queries,
    review_queries,
    sources,
    texts,
    unsaved_editing,
    unsaved_texts,
)
from campaign.drafting import which as which_text
from campaign.drafting.composing import Text
from campaign.drafting.forms import TemplateForm
from campaign.drafting.models import Letter, LetterTemplate
from campaign.drafting.previewing import VIEWS, Preview
from campaign.drafting.rules import CAMPAIGN_TEXTS
from campaign.drafting.views import blueprint, campaign_or_404
from campaign.drafting.which import Which
from campaign.extensions import db
from campaign.kernel import clock, languages
from campaign.kernel.compare import side_by_side
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt
from campaign.web.carried import carried

_CHOICES = 500


@blueprint.get("/campaigns/<slug>/templates/")
@staff(May.VIEW)
def templates(slug: str) -> ResponseReturnValue:
    """The texts of a campaign: the three that are sent, and the public mention."""
    campaign = campaign_or_404(slug)
    main, known = campaign.language, sources.all_texts(campaign.id)
    return render_template(
        "drafting/templates.html",
        campaign=campaign,
        texts={kind: known[kind, main] for kind in CAMPAIGN_TEXTS},
        versions={kind: queries.versions(campaign.id, kind) for kind in CAMPAIGN_TEXTS},
        names=texts.NAMES,
        languages={
            kind: which_text.tabs(Which(kind, main, main), known) for kind in CAMPAIGN_TEXTS
        },
        mention=mentioning.by_language(campaign.id, campaign.language)[campaign.language],
        mention_versions=mentioning.versions(campaign.id),
        writers=unsaved_texts.others(campaign.id, current_user.id),
        unsaved=unsaved_texts.own(campaign.id, current_user.id),
        comments=comments.open_counts(campaign.id),
        now=clock.now(),
    )


@blueprint.route("/campaigns/<slug>/templates/<kind>/", methods=["GET", "POST"])
@carried(
    unsaved_editing.keep_after_sign_in,
    *("subject", "body"),
    also=("based_on", "sitting", "step", "goes_on"),
)
@staff(May.DRAFT)
def template(slug: str, kind: str) -> ResponseReturnValue:
    """The editor of one text: look at what is typed, keep it, or save it as the next version."""
    campaign = campaign_or_404(slug)
    which, known = which_or_404(campaign, kind), sources.all_texts(campaign.id)
    saved = which_text.start(which, known, request.args.get("start", ""))
    form = unsaved_editing.begin(campaign, which, saved)
    kept = unsaved_editing.keep_sent(campaign, which, form)
    company = request.values.get("company")
    if kept and "keep" in request.form:
        flash("Your text is kept as a draft. It is no version yet, and you alone can read it.")
        return redirect(
            url_for("drafting.template", slug=slug, kind=kind, company=company, draft=kept.ref)
        )
    if "take" in request.form or "use" in request.form:
        form.take(which_text.start(which, known, request.form.get("starting", "")))
    custom = custom_queries.fields_of(campaign.id)
    found = texts.faults(which.kind, *form.words, {one.placeholder: one.kind for one in custom})
    saving = "save" in request.form or "over" in request.form
    if saving and form.validate_on_submit() and not found and _save(campaign, which, form):
        return redirect(url_for("drafting.template", slug=slug, kind=kind, company=company))
    page = render_template(
        "drafting/template.html",
        **shown_as_typed(campaign, which, form, found, known, told=request.method == "POST"),
        saving=saving,
        clash=_clash(campaign, which, form) if request.method == "POST" else None,
        fields=placeholders.FIELDS,
        custom=custom,
        versions=queries.versions(campaign.id, *which.key),
        saved=saved,
        tabs=which_text.tabs(which, known),
        starts=which_text.offered(which),
        unsaved=unsaved_editing.told(campaign, which, form, saved.version),
        comments=comments.discussion(campaign.id, which.value, saved).open,
        asked=review_queries.asked_changes(Letter.campaign_id == campaign.id),
    )
    return (page, 422) if saving or form.form_errors else page


@blueprint.get("/campaigns/<slug>/templates/<kind>/language")
@staff(May.DRAFT)
def add_language(slug: str, kind: str) -> ResponseReturnValue:
    """To the editor of a text in a language that a person names."""
    campaign = campaign_or_404(slug)
    which = which_or_404(campaign, kind)
    try:
        tag = languages.clean(request.args.get("language", ""))
    except Problem as problem:
        flash(str(problem), "error")
        return redirect(url_for("drafting.template", slug=slug, kind=which))
    return redirect(
        url_for("drafting.template", slug=slug, kind=replace(which, language=tag).value)
    )


def which_or_404(campaign: Campaign, kind: str) -> Which:
    """Which text a page is about."""
    return which_text.parse(kind, campaign.language) or abort(404)


def faults_of(campaign: Campaign, which: Which, form: TemplateForm) -> list[texts.Found]:
    """What is wrong in the typed text, told with the fields that the campaign has."""
    return texts.faults(which.kind, *form.words, custom_queries.kinds(campaign.id))


def _save(campaign: Campaign, which: Which, form: TemplateForm) -> bool:
    """Save what was typed; over a newer version only where the person has seen that one."""
    seen = form.over.data if form.over.data is not None else form.based_on.data
    version = attempt(
        lambda: operations.save_template(
            campaign.id,
            kind=which.kind,
            language=which.language,
            name=form.name.data,
            subject=form.subject.data,
            body=form.body.data,
            based_on=seen,
            actor=current_user,
        ),
        done="The text is saved. Letters that waited for approval with the old one are "
        "drafts again.",
        form=form,
    )
    if version is None:
        return False
    unsaved_editing.ended(campaign, which, form, version.version)
    return True


@dataclass(frozen=True)
class Clash:
    """A version that somebody saved while another person was writing on the one before."""

    theirs: LetterTemplate
    author: User
    rows: tuple[tuple[bool, str, str], ...]


def _clash(campaign: Campaign, which: Which, form: TemplateForm) -> Clash | None:
    """The newest version where what is in the form is based on another; None where it is not."""
    newest = next(iter(queries.versions(campaign.id, *which.key)), None)
    if newest is None or form.based_on.data == newest[0].version:
        return None
    theirs, author = newest
    mine = f"{form.subject.data or ''}\n\n{form.body.data or ''}"
    rows = side_by_side(f"{theirs.subject}\n\n{theirs.body}", mine)
    return Clash(theirs, author, rows) if any(not same for same, *_ in rows) else None


def shown_as_typed(
    campaign: Campaign,
    which: Which,
    form: TemplateForm,
    faults: Sequence[texts.Found],
    saved: sources.Texts,
    told: bool = True,
) -> dict[str, Any]:
    """What a page that shows the typed text needs.

    Args:
        told: whether the page lists the faults.
    """
    version = saved[which.key].version if which.key in saved else 0
    typed = Text(*form.words, version, which.language)
    known = companies_of(campaign)
    return {
        "campaign": campaign,
        "kind": which,
        "name": which.name,
        "form": form,
        "faults": faults if told else (),
        "preview": Preview(
            campaign, which.kind, typed, asked_for(known), not faults, _view(), saved
        ),
        "views": list(VIEWS.items()),
        "email_at": url_for("drafting.typed_email", slug=campaign.slug, kind=which),
        "companies": [(one.slug, one.name) for one in known],
    }


def companies_of(campaign: Campaign) -> list[Company]:
    """Companies to look at the text for: those of the campaign, else any."""
    has = sa.select(Letter.company_id).where(Letter.campaign_id == campaign.id)
    query = sa.select(Company).order_by(sa.func.lower(Company.name)).limit(_CHOICES)
    return list(db.session.scalars(query.where(Company.id.in_(has)))) or list(
        db.session.scalars(query)
    )


def company_of(campaign: Campaign) -> Company | None:
    """The company that a page was asked to show a text for, else the first."""
    return asked_for(companies_of(campaign))


def asked_for(known: Sequence[Company]) -> Company | None:
    """The one of these companies that a page was asked to show a text for, else the first."""
    asked = request.values.get("company", "")
    return next((one for one in known if one.slug == asked), known[0] if known else None)


def _view() -> str:
    asked = request.values.get("as", "")
    return asked if asked in VIEWS else "page"
