"""The recipients of a campaign's drafts, looked at as one batch before they go to approval.

Reads with a fixed number of queries, however many letters there are, and makes no PDF.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from campaign.campaigns.models import Campaign
from campaign.companies.models import Company, Contact
from campaign.companies.queries import contact_state
from campaign.companies.rules import Channel, domains_of
from campaign.drafting import addressing, composing, printing, queries, rules, speaking, texts
from campaign.drafting.composing import Composed, Draft, Sources
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.recipients import Finding, Group, Obstacle, Recipient, Way, findings, grouped
from campaign.drafting.sources import languages_of
from campaign.drafting.speaking import Note, Spoken
from campaign.extensions import db
from campaign.kernel.errors import Problem


class Check(NamedTuple):
    """What a look at the batch gave.

    Attributes:
        drafts: how many letters were checked.
        ready: of how many of them nothing blocks the way.
    """

    drafts: int
    ready: int
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]

    @property
    def blocking(self) -> tuple[Group, ...]:
        """What keeps letters from approval."""
        return tuple(group for group in self.groups if group.kind.blocks)

    @property
    def warning(self) -> tuple[Group, ...]:
        """What a person should know, and may leave as it is."""
        return tuple(group for group in self.groups if not group.kind.blocks)


def check(campaign: Campaign, dated_on: date) -> Check:
    """Look at all drafts of a campaign as they would leave with that date on them.

    Raises:
        Problem: `dated-in-the-past`, `date-out-of-range`.
    """
    if dated_on < queries.today():
        raise Problem("dated-in-the-past", date=dated_on.isoformat())
    letters = db.session.scalars(_letters(campaign)).all()
    sources, chosen = composing.read_sources(campaign.id), queries.chosen([it.id for it in letters])
    batch = [_recipient(letter, dated_on, sources, chosen[letter.id]) for letter in letters]
    found, drafts = findings(batch), [one for one in batch if one.checked]
    blocked = sum(bool(one.obstacles) for one in drafts)
    return Check(len(drafts), len(drafts) - blocked, found, grouped(found))


def _letters(campaign: Campaign) -> sa.Select[Any]:
    return (
        sa.select(Letter)
        .join(Letter.company)
        .where(Letter.campaign_id == campaign.id, Letter.state != LetterState.WITHDRAWN)
        .options(selectinload(Letter.company).selectinload(Company.contacts))
        .order_by(sa.func.lower(Company.name), Letter.id)
    )


def _recipient(
    letter: Letter, dated_on: date, sources: Sources, chosen: Collection[int]
) -> Recipient:
    company, checked = letter.company, letter.state is LetterState.DRAFT
    contacts, _ = addressing.contacts_of(letter, dated_on, chosen)
    composed = composing.compose(letter, dated_on, sources, chosen) if checked else None
    deadline = composed.draft.deadline_on if composed else _usual_deadline(letter, dated_on)
    return Recipient(
        ref=letter.ref,
        slug=company.slug,
        names=tuple(filter(None, (company.name, company.legal_name))),
        domains=_domains(company),
        country=company.country,
        region=company.region,
        ways=tuple(
            Way(one.ref, one.channel, one.value, contact_state(one, dated_on)) for one in contacts
        ),
        bad=tuple(_one_line(one) for one in company.contacts if _is_bad(one, contacts)),
        deadline=deadline,
        approvals_needed=composed.draft.approvals_needed if composed else 1,
        obstacles=_obstacles(composed) if composed else (),
        notes=_notes(company, composed.draft, sources) if composed else (),
        checked=checked,
    )


def _usual_deadline(letter: Letter, dated_on: date) -> date:
    """What the letter would print without anything of its own."""
    asked, calendar = letter.campaign, addressing.calendar_of(letter.company)
    return rules.printed_deadline(dated_on, asked.response_days, asked.response_unit, calendar)


def _notes(company: Company, draft: Draft, sources: Sources) -> tuple[Note, ...]:
    others = {
        texts.NAMES[kind]: content.language
        for kind, content in draft.texts.items()
        if kind is not TextKind.LETTER
    }
    if draft.mentions:
        others["public mention"] = draft.mentions[0].language
    spoken = Spoken(
        wanted=company.language,
        main=sources.main,
        letter=draft.letter.language,
        questions=sources.asks_in(draft.letter.language),
        others=others,
        lent=draft.letter.lent,
        notice_given=draft.notice_given,
    )
    return speaking.notes(spoken, languages_of(sources.texts, TextKind.LETTER))


def _domains(company: Company) -> frozenset[str]:
    mails = [
        one.value
        for one in company.contacts
        if one.channel is Channel.EMAIL and one.retired_at is None
    ]
    return domains_of(company.website, mails) | frozenset(company.domains.split())


def _is_bad(contact: Contact, used: Collection[Contact]) -> bool:
    return bool(contact.bad_since) and contact.retired_at is None and contact not in used


def _one_line(contact: Contact) -> str:
    return ", ".join(contact.value.splitlines())


def _obstacles(composed: Composed) -> tuple[Obstacle, ...]:
    """What keeps a letter from approval, each once: by its facts, and by what can be printed."""
    found = {str(one): one for one in (*composed.problems, *printing.problems(composed.draft))}
    return tuple(map(_obstacle, found.values()))


def _obstacle(problem: Problem) -> Obstacle:
    return Obstacle(problem.code, str(problem.details.get("field", "")), str(problem))
