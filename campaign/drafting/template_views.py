"""Pages of a campaign's texts: the three of them, and the editor of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting import (
    completeness,
    composing,
    frozen,
    operations,
    placeholders,
    queries,
    rendering,
    showing,
    texts,
)
from campaign.drafting.composing import Text
from campaign.drafting.forms import TemplateForm
from campaign.drafting.models import Letter, TextKind
from campaign.drafting.rendering import LetterContent
from campaign.drafting.views import blueprint, campaign_or_404
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt

_CHOICES = 500


@blueprint.get("/campaigns/<slug>/templates/")
@staff(May.VIEW)
def templates(slug: str) -> ResponseReturnValue:
    """The three texts of a campaign."""
    campaign = campaign_or_404(slug)
    return render_template(
        "drafting/templates.html",
        campaign=campaign,
        texts=composing.latest(campaign.id),
        versions={kind: queries.versions(campaign.id, kind) for kind in TextKind},
        names=texts.NAMES,
    )


@blueprint.route("/campaigns/<slug>/templates/<kind>/", methods=["GET", "POST"])
@staff(May.DRAFT)
def template(slug: str, kind: str) -> ResponseReturnValue:
    """The editor of one text: look at what is typed, or save it as the next version."""
    campaign = campaign_or_404(slug)
    if kind not in set(TextKind):
        abort(404)
    which = TextKind(kind)
    saved = composing.latest(campaign.id)
    form = TemplateForm(data={**saved[which]._asdict(), "based_on": saved[which].version})
    found = texts.faults(which, form.subject.data or "", form.body.data or "")
    saving = "save" in request.form
    if form.validate_on_submit() and saving and not found:
        done = attempt(
            lambda: operations.save_template(
                campaign.id,
                kind=which,
                subject=form.subject.data,
                body=form.body.data,
                based_on=form.based_on.data,
                actor=current_user,
            ),
            done="The text is saved. Letters that waited for approval with the old one are "
            "drafts again.",
            form=form,
        )
        if done:
            here = url_for(
                "drafting.template", slug=slug, kind=kind, company=request.values.get("company")
            )
            return redirect(here)
    typed = Text(form.subject.data or "", form.body.data or "", saved[which].version)
    preview = Preview(campaign, which, {**saved, which: typed}, _company(campaign), not found)
    page = render_template(
        "drafting/template.html",
        campaign=campaign,
        kind=which,
        name=texts.NAMES[which],
        form=form,
        faults=found if request.method == "POST" else (),
        saving=saving,
        preview=preview,
        companies=[(one.slug, one.name) for one in _companies(campaign)],
        fields=placeholders.FIELDS,
        versions=queries.versions(campaign.id, which),
        saved=saved[which],
    )
    return (page, 422) if saving else page


def _companies(campaign: Campaign) -> list[Company]:
    """Companies to look at the text for: those of the campaign, else any."""
    has = sa.select(Letter.company_id).where(Letter.campaign_id == campaign.id)
    query = sa.select(Company).order_by(sa.func.lower(Company.name)).limit(_CHOICES)
    return list(db.session.scalars(query.where(Company.id.in_(has)))) or list(
        db.session.scalars(query)
    )


def _company(campaign: Campaign) -> Company | None:
    asked = request.values.get("company", "")
    known = _companies(campaign)
    return next((one for one in known if one.slug == asked), known[0] if known else None)


@dataclass
class Preview:
    """How a text reads for one company, as far as it can be shown.

    Attributes:
        sound: the text has no faults, so that it can be rendered.
    """

    campaign: Campaign
    kind: TextKind
    texts: dict[TextKind, Text]
    company: Company | None
    sound: bool

    @cached_property
    def composed(self) -> composing.Composed | None:
        """The letter to that company with the text as typed, dated today."""
        if self.company is None:
            return None
        letter = self._stored() or showing.example(self.campaign, self.company)
        with db.session.no_autoflush:
            return composing.compose(letter, queries.today(), self.texts)

    def _stored(self) -> Letter | None:
        assert self.company is not None
        return db.session.scalar(
            sa.select(Letter).where(
                Letter.campaign_id == self.campaign.id, Letter.company_id == self.company.id
            )
        )

    @cached_property
    def content(self) -> LetterContent | None:
        """What is rendered; None without a company, or where the campaign has no such text."""
        if self.composed is None or self.kind not in self.composed.draft.texts:
            return None
        draft = self.composed.draft
        content = draft.texts[self.kind]
        if self.kind is TextKind.LETTER:
            return content
        return frozen.with_deadline(content, draft.deadline_on, draft.zone)

    @property
    def problems(self) -> list[str]:
        """What stands in the way for that company."""
        return [str(problem) for problem in self.composed.problems] if self.composed else []

    @property
    def checklist(self) -> tuple[completeness.Item, ...]:
        """The list of fairness.md rule 1; for the letter only."""
        if self.content is None or self.kind is not TextKind.LETTER:
            return ()
        return showing.checklist(self.content, queries.today())

    @cached_property
    def values(self) -> dict[str, str]:
        """What each field prints for that company today; empty where it has no value."""
        if self.content is None:
            return {}
        head, content = self.content.letterhead, self.content
        known: dict[str, Any] = {
            "letter.date": placeholders.date_words(content.date, content.language),
            **content.values,
            "organisation.name": head.name,
            "questions": " / ".join(content.questions),
            **content.notices,
        }
        if content.undated:
            del known["letter.date"]
        return known

    @cached_property
    def page(self) -> Markup | None:
        """The text as a letter sheet; None where it cannot be rendered."""
        return self._made(lambda content: rendering.as_page_html(content, frozen.environment()))

    @cached_property
    def subject(self) -> str | None:
        """The subject of its mail."""
        return self._made(rendering.subject)

    @cached_property
    def text(self) -> str | None:
        """The text of its mail."""
        return self._made(rendering.as_text)

    def _made(self, render: Any) -> Any:
        if not self.sound or self.content is None:
            return None
        try:
            return render(self.content)
        except Problem:
            return None
