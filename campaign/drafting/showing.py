"""A letter as people look at it: its frozen text where one stands, else what today's facts make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import joinedload

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
    review,
)
from campaign.drafting.composing import Composed, FrozenContact
from campaign.drafting.frozen import Frozen, MailText
from campaign.drafting.mentioning import Mention
from campaign.drafting.models import FrozenText, Letter, LetterState, TextKind
from campaign.drafting.own import Applied
from campaign.drafting.rendering import LetterContent
from campaign.drafting.rules import CAMPAIGN_TEXTS
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore

_EXAMPLE_TAG = "your-letters-own-code"


@dataclass(frozen=True)
class Shown:
    """One letter to look at; rendered when it is asked for.

    Attributes:
        row: the frozen text; None for a draft.
    """

    letter: Letter
    row: FrozenText | None
    dated_on: date
    composed: Composed | None
    text: Frozen | None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps a draft from going to approval."""
        return self.composed.problems if self.composed else ()

    @property
    def content(self) -> LetterContent:
        """The letter before it is rendered."""
        if self.text:
            return self.text.content
        return self._draft.letter

    @property
    def _draft(self) -> composing.Draft:
        assert self.composed is not None
        return self.composed.draft

    @property
    def contacts(self) -> tuple[FrozenContact, ...]:
        """Whom it goes to."""
        return self.text.contacts if self.text else self._draft.contacts

    @property
    def automation(self) -> tuple[str, ...]:
        """What happens by itself after the sending."""
        return self.text.automation if self.text else self._draft.automation

    @property
    def deadline_on(self) -> date:
        """The printed deadline, inclusive, in `zone`."""
        return self.text.deadline_on if self.text else self._draft.deadline_on

    @property
    def zone(self) -> str:
        """IANA name of the zone in which the deadline's day ends."""
        return self.text.zone if self.text else self._draft.zone

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """What is posted where the company is mentioned in public."""
        return self.text.mentions if self.text else self._draft.mentions

    @property
    def own(self) -> Applied | None:
        """How it differs from the campaign's other letters; None where it does not."""
        return self.text.own if self.text else self._draft.own

    @property
    def reply_address(self) -> str:
        """The one address to answer to."""
        return self.text.reply_address if self.text else self._draft.reply_address

    @cached_property
    def checklist(self) -> tuple[completeness.Item, ...]:
        """The list of fairness.md rule 1."""
        return checklist(self.content, self.dated_on)

    def steps(self) -> tuple[tuple[review.Step, review.StepState], ...]:
        """The review steps of a frozen text with where each stands; none for a draft."""
        if self.row is None or self.text is None:
            return ()
        return review.states(self.text.review, queries.signed_steps(self.row))

    def has(self, view: str) -> bool:
        """Whether there is such a form of it; a campaign without reminders has no texts of them."""
        if view not in CAMPAIGN_TEXTS:
            return True
        if self.text:
            return self.text.bundle[view] is not None
        return view in self._draft.texts

    def mail(self, kind: TextKind | str = TextKind.LETTER) -> MailText | None:
        """The letter, or a reminder with the printed deadline, as a mail; None for one not sent.

        Raises:
            Problem: what keeps it from being rendered.
        """
        kind = TextKind(kind)
        if self.text:
            if kind is TextKind.LETTER:
                return self.text.letter_mail()
            stored = self.text.bundle[kind.value]
            return self.text.reminder_mail(kind, self.deadline_on) if stored else None
        content = self._draft.texts.get(kind)
        if content is None:
            return None
        return frozen.mail_of(frozen.with_deadline(content, self.deadline_on, self.zone))

    def mail_to_look_at(self, kind: TextKind) -> str | None:
        """The HTML of a mail with its pictures in it, for a frame; None for one not sent.

        Raises:
            Problem: what keeps it from being rendered; that a stored file is missing.
        """
        mail = self.mail(kind)
        if mail is None:
            return None
        content = self.text.content if self.text else self._draft.texts[kind]
        return pictures.shown_in(mail.html, pictures.inline(content, _files().get))

    def page(self) -> Markup:
        """The letter as a part of a page.

        Raises:
            Problem: what keeps it from being rendered.
        """
        if self.text:
            return self.text.page()
        return rendering.as_page_html(self.content, frozen.environment())

    def pdf(self) -> bytes:
        """The letter as PDF.

        Raises:
            Problem: what keeps it from being rendered; that the stored file is missing.
        """
        return self.text.pdf() if self.text else rendering.as_pdf(self.content, _files().get)

    def pictures(self) -> list[bytes]:
        """The pages of the PDF as PNG.

        Raises:
            Problem: what keeps it from being rendered.
        """
        return rendering.as_pages_png(self.content, _files().get)


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files


def shown(letter: Letter) -> Shown:
    """The letter as it stands."""
    row = queries.current_frozen(letter)
    if row is None and letter.state is LetterState.WITHDRAWN:
        row = queries.newest_frozen(letter)
    if row is not None:
        return Shown(letter, row, row.dated_on, None, frozen.load(row))
    today = queries.today()
    return Shown(letter, None, today, composing.compose(letter, today), None)


def text_shown(row: FrozenText) -> Shown:
    """One frozen text, voided or not."""
    return Shown(row.letter, row, row.dated_on, None, frozen.load(row))


def checklist(content: LetterContent, dated_on: date) -> tuple[completeness.Item, ...]:
    """The list of fairness.md rule 1 for a letter, with every value that it can print."""
    head = content.letterhead
    values = {
        **content.values,
        "letter.date": placeholders.date_words(dated_on, content.language),
        "letter.reference": content.reference,
        "organisation.name": head.name,
        "organisation.address": "\n".join(head.address_lines),
        "signatory.name": content.signatories[0].name if content.signatories else "",
    }
    return completeness.checklist(
        content.body, values, content.questions, content.notices, content.lent
    )


def example(campaign: Campaign, company: Company) -> Letter:
    """A letter that is nowhere stored, to see texts with a company's values."""
    return Letter(
        ref="0" * 32,
        campaign_id=campaign.id,
        campaign=campaign,
        company=company,
        state=LetterState.DRAFT,
        reply_token=_EXAMPLE_TAG,
        round=1,
    )


def tried(show: Callable[[], object]) -> Problem | None:
    """What keeps a rendering from being made, None where nothing does."""
    try:
        show()
    except Problem as problem:
        return problem
    return None


def company_panel(company: Company) -> tuple[str, dict[str, Any]]:
    """The company's letters of all campaigns, newest first, for its page."""
    query = (
        sa.select(Letter)
        .where(Letter.company_id == company.id)
        .options(joinedload(Letter.campaign))
        .order_by(Letter.created_at.desc(), Letter.id.desc())
    )
    return "drafting/_of_company.html", {"letters": db.session.scalars(query).all()}
