"""A letter as today's facts make it: the company, its contacts, the campaign, our settings.

Reads only and renders nothing, so that it is cheap to ask whether a frozen text still is what
the facts say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask import current_app

from campaign.companies.models import Contact
from campaign.companies.ours import is_ours
from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.drafting import (
    addressing,
    attached,
    charts,
    completeness,
    figures,
    lacking,
    letterheads,
    mentioning,
    own_reading,
    paper,
    placeholders,
    review,
    rules,
    wording,
)
from campaign.drafting.attached import Attached
from campaign.drafting.mentioning import Mention
from campaign.drafting.models import Letter
from campaign.drafting.own import Applied
from campaign.drafting.rendering import Addressee, LetterContent, Signatory
from campaign.drafting.rules import CAMPAIGN_TEXTS, TextKind
from campaign.drafting.sources import Sources, Text, latest, read_sources
from campaign.drafting.wording import Words
from campaign.kernel.errors import Problem
from campaign.kernel.text import with_tag

__all__ = [
    "Composed",
    "Draft",
    "FrozenContact",
    "Sources",
    "Text",
    "compose",
    "latest",
    "read_sources",
    "values_of",
]

DOORS = ("email",)
"""The ways to answer that a letter offers: the one reply address."""


@dataclass(frozen=True)
class FrozenContact:
    """A contact as it was when the text was frozen; `verified` in the sense of rule 7."""

    ref: str
    channel: Channel
    value: str
    office: str
    person: str
    verified: bool


@dataclass(frozen=True)
class Draft:
    """Everything that a letter's frozen text follows from.

    Attributes:
        texts: what each kind of text is made of; the deadline is still open in the reminders.
        zone: IANA name of the zone in which the deadline's day ends.
        versions: the versions of the templates, by kind.
        mentions: what is posted where the company is mentioned in public.
        review: who signs, in order; empty where the campaign has no review steps.
        own: how the letter differs from the campaign's others; None where it does not.
    """

    letter_ref: str
    campaign_ref: str
    company_ref: str
    round: int
    dated_on: date
    deadline_on: date
    zone: str
    texts: Mapping[TextKind, LetterContent]
    versions: Mapping[TextKind, int]
    contacts: tuple[FrozenContact, ...]
    reply_address: str
    automation: tuple[str, ...]
    doors: tuple[str, ...]
    notice_given: bool
    approvals_needed: int
    mentions: tuple[Mention, ...] = ()
    review: tuple[review.Step, ...] = ()
    own: Applied | None = None

    @property
    def letter(self) -> LetterContent:
        """The letter itself."""
        return self.texts[TextKind.LETTER]


class Composed(NamedTuple):
    """A draft, and everything that keeps it from going to approval."""

    draft: Draft
    problems: tuple[Problem, ...]


def compose(
    letter: Letter,
    dated_on: date,
    sources: Sources | None = None,
    chosen_ids: Collection[int] | None = None,
    language: str | None = None,
) -> Composed:
    """The letter as it would leave with that date on it.

    Args:
        sources: where they were read for many letters at once, or for what is being typed.
        chosen_ids: the chosen contacts' ids where they were read for many letters at once.
        language: to look at a text in it, whatever the company's own language is.

    Raises:
        Problem: `date-out-of-range`.
    """
    sources = sources or read_sources(letter.campaign_id, only=letter)
    return _Composer(letter, dated_on, sources, chosen_ids, language).composed()


class _Composer:
    """Gathers one letter's facts."""

    def __init__(
        self,
        letter: Letter,
        dated_on: date,
        sources: Sources,
        chosen_ids: Collection[int] | None,
        language: str | None,
    ) -> None:
        self.letter, self.company, self.campaign = letter, letter.company, letter.campaign
        self.settings: Settings = current_app.extensions["settings"]
        self.sources = sources
        wanted = self.company.language if language is None else language
        self.texts = {kind: sources.text(kind, wanted) for kind in CAMPAIGN_TEXTS}
        self.wanted = wanted
        text, differing = self.texts[TextKind.LETTER], sources.differing.get(letter.id)
        said = own_reading.said(self.campaign, text.body, sources.asked(text.language))
        self.applied = own_reading.applied(said, differing)
        self.texts[TextKind.LETTER] = text._replace(body=self.applied.said.body)
        self.dated_on = dated_on
        self.calendar = addressing.calendar_of(self.company)
        self.deadline = rules.printed_deadline(
            dated_on, self.applied.said.days, self.campaign.response_unit, self.calendar
        )
        self.zone = self.company.timezone or placeholders.LATEST_ZONE
        self.contacts, self.problems = addressing.contacts_of(letter, dated_on, chosen_ids)
        self.reply_address = with_tag(self.settings.reply_address, letter.reply_token)
        self.own = sources.own.of(letter)

    def composed(self) -> Composed:
        kinds = CAMPAIGN_TEXTS if self.campaign.reminders else (TextKind.LETTER,)
        contents = {kind: self._content(kind) for kind in kinds}
        letter = contents[TextKind.LETTER]
        notice_given = completeness.gives_notice(letter.body, letter.notices, letter.lent)
        needed = rules.approvals_needed(self.dated_on, self.deadline, self.calendar)
        draft = Draft(
            letter_ref=self.letter.ref,
            campaign_ref=self.campaign.ref,
            company_ref=self.company.ref,
            round=self.letter.round,
            dated_on=self.dated_on,
            deadline_on=self.deadline,
            zone=self.zone,
            texts=contents,
            versions={kind: self.texts[kind].version for kind in kinds},
            contacts=tuple(self._frozen(contact) for contact in self.contacts),
            reply_address=self.reply_address,
            automation=self._automation(notice_given),
            doors=DOORS,
            notice_given=notice_given,
            approvals_needed=needed,
            mentions=self._mentions(),
            review=review.plan(self.sources.steps, needed),
            own=self.applied if self.applied.differs else None,
        )
        self._find_ours()
        self.problems += own_reading.problems(self.company.name, self.applied)
        for kind in kinds:
            self._find_missing(contents[kind])
        why = self.campaign.short_reason if self.applied.own_days is None else self.applied.own.why
        if draft.approvals_needed > 1 and not why.strip():
            self.problems.append(Problem("short-period-unexplained", company=self.company.name))
        return Composed(draft, tuple(self.problems))

    def _frozen(self, contact: Contact) -> FrozenContact:
        verified = addressing.verified(contact, self.dated_on)
        return FrozenContact(
            contact.ref, contact.channel, contact.value, contact.office, contact.person, verified
        )

    def _content(self, kind: TextKind) -> LetterContent:
        text, first = self.texts[kind], self.contacts[0] if self.contacts else None
        lent = wording.lent(text.language, self.sources.main)
        words = wording.of(text.language, lent)
        lines = rules.channel_lines([(one.channel, one.value) for one in self.contacts], words)
        used = placeholders.names(text.whole)
        values = self._values(first, text.language, words)
        # Only what the text uses, so that a new field changes no text that does without it.
        values |= {k: v for k, v in self.own.items() if k in used}
        values |= figures.values(text.whole, self.sources.figures, self.company, text.language)
        if kind is TextKind.LETTER:
            del values["original.date"]
            values |= placeholders.deadline_values(self.deadline, self.zone, text.language, lent)
        else:
            del values["letter.date"]
        return LetterContent(
            letterhead=self.sources.head,
            addressee=Addressee(
                self.company.name,
                _office(first, words.language),
                lines,
            ),
            date=self.dated_on,
            language=text.language,
            subject=text.subject,
            body=text.body,
            values=values,
            questions=self.applied.own_questions or self.sources.asked(text.language),
            notices=words.notices,
            closing=words.closing["person" if first and first.person else "office"],
            signatories=tuple(
                Signatory(one.name, one.role, one.organisation, letterheads.picture(one.signature))
                for one in self.campaign.signatories
            ),
            reference=rules.reference(self.letter.ref),
            undated=kind is not TextKind.LETTER,
            paper=paper.of_country(self.company.country),
            charts=charts.of(text.body, self.sources.charts),
            lent=lent,
            attachments=self._attachments() if kind is TextKind.LETTER else (),
        )

    def _attachments(self) -> tuple[Attached, ...]:
        carry = (Channel.EMAIL, Channel.POST)
        carried = any(one.channel in carry for one in self.contacts)
        return attached.for_letter(self.sources.attachments, carried)

    def _values(self, first: Contact | None, language: str, words: Words) -> dict[str, str]:
        head = self.sources.head
        dated = placeholders.date_words(self.dated_on, language)
        signs = self.campaign.signatories[0] if self.campaign.signatories else None
        office = _office(first, words.language)
        return {
            "company.name": self.company.name,
            "company.legal_name": self.company.legal_name,
            "contact.salutation": rules.greeted(first.salutation if first else "", office, words),
            "contact.office": office,
            "contact.address": self._postal_address(),
            "campaign.title": self.campaign.title,
            "organisation.name": head.name,
            "organisation.address": "\n".join(head.address_lines),
            "reply.address": self.reply_address,
            "letter.date": dated,
            "original.date": dated,
            "privacy_link": f"{self.settings.base_url.rstrip('/')}/privacy/",
            "signatory.name": signs.name if signs else "",
            "signatory.role": signs.role if signs else "",
            "letter.reference": rules.reference(self.letter.ref),
        }

    def _postal_address(self) -> str:
        known = [*self.contacts, *(one for one in self.company.contacts if one.usable)]
        return next((one.value for one in known if one.channel is Channel.POST), "")

    def _mentions(self) -> tuple[Mention, ...]:
        accounts = [one.value for one in self.contacts if one.channel is Channel.MENTION]
        if not accounts:
            return ()
        text, made = self.sources.mention(self.wanted), []
        lent = wording.lent(text.language, self.sources.main)
        values = self._values(None, text.language, wording.of(text.language, lent)) | self.own
        values |= placeholders.deadline_values(self.deadline, self.zone, text.language, lent)
        for account in accounts:
            try:
                made.append(mentioning.mention(text, account, values, self.company.name))
                mentioning.refuse_long(made[-1], self.company.name)
            except Problem as problem:
                self.problems.append(problem)
        return tuple(made)

    def _automation(self, notice_given: bool) -> tuple[str, ...]:
        mails = [one.value for one in self.contacts if one.channel is Channel.EMAIL]
        promise = rules.Promise(
            self.campaign.reminders,
            self.campaign.auto_publish,
            self.campaign.grace_working_days,
            notice_given,
        )
        to = " and ".join(mails) or self.company.name
        return rules.automation(
            self.dated_on, self.deadline, self.calendar, promise, to, bool(mails)
        )

    def _find_ours(self) -> None:
        ours = (self.settings.mail_from, self.settings.reply_address, self.settings.archive)
        self.problems += [
            Problem("recipient-is-ours", company=self.company.name, value=one.value)
            for one in self.contacts
            if one.channel is Channel.EMAIL and is_ours(one.value, ours)
        ]

    def _find_missing(self, content: LetterContent) -> None:
        values = values_of(content, self.deadline, self.zone)
        looked = (self.sources.charts, self.sources.figures)
        for problem in lacking.problems(content, values, self.company, *looked):
            if str(problem) not in map(str, self.problems):
                self.problems.append(problem)


def _office(contact: Contact | None, language: str) -> str:
    """The office that a letter is addressed to, else the person."""
    return (rules.office_name(contact.office, language) or contact.person) if contact else ""


def values_of(content: LetterContent, deadline: date, zone: str) -> dict[str, str]:
    """The values of a text's inline fields, its deadline filled in."""
    of_deadline = placeholders.deadline_values(deadline, zone, content.language, content.lent)
    return {**content.values, **of_deadline}
