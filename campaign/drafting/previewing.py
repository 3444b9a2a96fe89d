"""How a text that is being written reads for one company, as far as it can be shown."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import current_app
from markupsafe import Markup

from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting import (
    completeness,
    composing,
    frozen,
    pictures,
    placeholders,
    queries,
    rendering,
    rules,
    showing,
    sources,
)
from campaign.drafting.composing import Text
from campaign.drafting.models import Letter, TextKind
from campaign.drafting.rendering import LetterContent
from campaign.extensions import db
from campaign.kernel.errors import Problem

VIEWS = {"page": "Page", "email": "E-mail text", "html": "E-mail HTML", "pdf": "PDF"}


@dataclass
class Preview:
    """How a text reads for one company, as far as it can be shown.

    Attributes:
        typed: the text, in its language, whatever the company's own is.
        sound: the text has no faults, so that it can be rendered.
        view: one of `VIEWS`.
        texts: the saved ones, where they were read already.
    """

    campaign: Campaign
    kind: TextKind
    typed: Text
    company: Company | None
    sound: bool
    view: str = "page"
    texts: sources.Texts | None = None

    @cached_property
    def composed(self) -> composing.Composed | None:
        """The letter to that company with the text as typed, dated today."""
        if self.company is None:
            return None
        with db.session.no_autoflush:
            return composing.compose(
                self._letter, queries.today(), self._sources, language=self.typed.language
            )

    @cached_property
    def _letter(self) -> Letter:
        assert self.company is not None
        return self._stored or showing.example(self.campaign, self.company)

    @cached_property
    def _sources(self) -> composing.Sources:
        with db.session.no_autoflush:
            known = self.texts or sources.all_texts(self.campaign.id)
            texts = {**known, (self.kind, self.typed.language): self.typed}
            return composing.read_sources(self.campaign.id, texts, self._letter)

    @cached_property
    def _stored(self) -> Letter | None:
        assert self.company is not None
        return db.session.scalar(
            sa.select(Letter).where(
                Letter.campaign_id == self.campaign.id, Letter.company_id == self.company.id
            )
        )

    @cached_property
    def own(self) -> dict[str, str]:
        """The values of the campaign's own fields for that company, used in the text or not."""
        letter = self._stored if self.company else None
        return self._sources.own.of(letter) if letter else {}

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

    @cached_property
    def length(self) -> rules.Length:
        """How long the text is as typed."""
        return rules.length(self.typed.body)

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
            **self.own,
        }
        if content.undated:
            del known["letter.date"]
        return known

    @cached_property
    def subject(self) -> str | None:
        """The subject of its mail; None where it cannot be rendered."""
        return self._made(rendering.subject)

    @cached_property
    def page(self) -> Markup | None:
        """The text as a letter sheet; None where it cannot be rendered."""
        return self._made(lambda content: rendering.as_page_html(content, frozen.environment()))

    @cached_property
    def text(self) -> str | None:
        """The text of its mail; None where it cannot be rendered."""
        return self._made(rendering.as_text)

    @cached_property
    def html(self) -> str | None:
        """Its mail as HTML, for a frame; None where it cannot be rendered."""
        return self._made(_mail_to_look_at)

    @cached_property
    def pictures(self) -> list[str]:
        """The pages of its PDF as PNG in base64: what is typed is stored nowhere, so that no
        address could give them. Empty where it cannot be rendered."""
        pages = self._made(lambda content: rendering.as_pages_png(content, _read())) or []
        return [base64.b64encode(one).decode() for one in pages]

    @property
    def can_be_shown(self) -> bool:
        """Whether the form of it that was asked for can be rendered."""
        made: dict[str, Callable[[], object]] = {
            "page": lambda: self.page,
            "email": lambda: self.text,
            "html": lambda: self.html,
            "pdf": lambda: self.pictures,
        }
        return bool(made[self.view]())

    def _made(self, render: Any) -> Any:
        if not self.sound or self.content is None:
            return None
        try:
            return render(self.content)
        except Problem:
            return None


def _read() -> pictures.Read:
    read: pictures.Read = current_app.extensions["files"].get
    return read


def _mail_to_look_at(content: LetterContent) -> str:
    html = rendering.as_email_html(content, frozen.environment())
    return pictures.shown_in(html, pictures.inline(content, _read()))
