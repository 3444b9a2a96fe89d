"""Which letters of a campaign differ from the others, and how: for lists, pages and sheets.

A letter that has left is shown as it left. Every function reads with a fixed number of queries.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company, Contact
from campaign.drafting import changes, frozen, merging, own_reading, queries, sources
from campaign.drafting.models import FrozenText, Letter, LetterOwn, LetterState
from campaign.drafting.own import Applied, apply
from campaign.drafting.rules import UNSENT
from campaign.extensions import db

HOW = {
    "any": "in any way",
    "text": "in paragraphs",
    "questions": "in questions",
    "days": "in days to answer",
    "contacts": "in chosen contacts",
    "conflict": "and wait for a choice",
    "none": "in nothing",
}
"""What a list can be narrowed to: letters that differ …"""


class Summary(NamedTuple):
    """How a letter differs, in numbers; `conflicts` are places where a person has to choose."""

    paragraphs: int = 0
    questions: int = 0
    days: int | None = None
    contacts: bool = False
    conflicts: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """How it differs, in words; empty where it does not."""
        told = {
            f"own paragraphs: {self.paragraphs}": self.paragraphs,
            f"own questions: {self.questions}": self.questions,
            f"own days: {self.days}": self.days,
            "own contacts": self.contacts,
            f"to be settled: {self.conflicts}": self.conflicts,
        }
        return tuple(words for words, holds in told.items() if holds)

    def is_of(self, how: str) -> bool:
        """Whether the letter differs in that way (`HOW`)."""
        return bool(
            {
                "any": self.words,
                "text": self.paragraphs,
                "questions": self.questions,
                "days": self.days,
                "contacts": self.contacts,
                "conflict": self.conflicts,
                "none": not self.words,
            }[how]
        )


class Difference(NamedTuple):
    """One letter that differs: how, in words and in full.

    Attributes:
        by, at: who changed it last, and when; None where only contacts were chosen.
    """

    letter: Letter
    summary: Summary
    applied: Applied | None
    contacts: tuple[Contact, ...]
    by: User | None
    at: datetime | None


class Told(NamedTuple):
    """One thing that differs: what, the campaign's words, this letter's."""

    what: str
    instead_of: str
    said: str

    @property
    def lines(self) -> tuple[changes.Line, ...]:
        """The lines that differ, with the words in them marked."""
        return changes.changes(self.instead_of, self.said)


def summary(applied: Applied | None, contacts: bool = False) -> Summary:
    """How a letter differs, in numbers."""
    if applied is None:
        return Summary(contacts=contacts)
    return Summary(
        len(applied.paragraphs),
        len(applied.questions),
        applied.own_days,
        contacts,
        len(applied.conflicts) + len(applied.question_conflicts),
    )


def summaries(campaign: Campaign) -> dict[int, Summary]:
    """How the letters of a campaign differ, by the letter's id; without those that do not."""
    state = sa.select(Letter.id, Letter.state, Company.language).join(Letter.company)
    rows = db.session.execute(state.where(Letter.campaign_id == campaign.id)).all()
    states, speaks = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    chosen = {one for one, contacts in queries.chosen(list(states)).items() if contacts}
    left = {one for one, state in states.items() if state not in UNSENT}
    found = {one: _of_row(own, one in chosen) for one, own in _left_own(campaign).items()}
    said = sources.said(campaign)
    for row in own_reading.rows_of(campaign.id):
        if row.letter_id not in left:
            applied = apply(own_reading.value(row), said(speaks[row.letter_id]))
            found[row.letter_id] = summary(applied, row.letter_id in chosen)
    for one in chosen:
        found.setdefault(one, Summary(contacts=True))
    return {one: how for one, how in found.items() if how.words}


def _left_own(campaign: Campaign) -> dict[int, dict[str, Any]]:
    """How letters that have left differ, as it was frozen with them."""
    rows = db.session.execute(
        _of_left(sa.select(FrozenText.letter_id, FrozenText.own).join(FrozenText.letter), campaign)
    )
    return {letter_id: json.loads(own) for letter_id, own in rows}


def _of_left(query: Any, campaign: Campaign) -> Any:
    return query.where(
        Letter.campaign_id == campaign.id,
        Letter.state.not_in(UNSENT),
        FrozenText.round == Letter.round,
        FrozenText.voided_at.is_(None),
        FrozenText.own != "",
    )


def _of_row(own: Mapping[str, Any], contacts: bool) -> Summary:
    return Summary(own["paragraphs"], own["questions"], own["days"], contacts)


def only(query: sa.Select[Any], how: str, found: Mapping[int, Summary]) -> sa.Select[Any]:
    """Of the letters that a query selects those that differ in one way (`HOW`); all without one.

    Args:
        found: what `summaries` gave.
    """
    if not how:
        return query
    if how == "none":
        return query.where(Letter.id.not_in(list(found)))
    return query.where(Letter.id.in_([one for one, it in found.items() if it.is_of(how)]))


def differences(campaign: Campaign) -> list[Difference]:
    """Every letter of a campaign that differs, by company."""
    letters = db.session.scalars(
        sa.select(Letter)
        .join(Letter.company)
        .where(Letter.campaign_id == campaign.id, Letter.state != LetterState.WITHDRAWN)
        .options(contains_eager(Letter.company).selectinload(Company.contacts))
        .order_by(sa.func.lower(Company.name), Letter.id)
    ).all()
    chosen = queries.chosen([letter.id for letter in letters])
    applied = _applied(campaign, letters)
    rows = {(row.letter_id, row.version): row for row in _versions(campaign)}
    found = (
        _difference(letter, applied.get(letter.id), chosen.get(letter.id, ()), rows)
        for letter in letters
    )
    return [one for one in found if one.summary.words]


def _versions(campaign: Campaign) -> Sequence[LetterOwn]:
    return db.session.scalars(
        sa.select(LetterOwn)
        .join(LetterOwn.letter)
        .where(Letter.campaign_id == campaign.id)
        .options(joinedload(LetterOwn.created_by))
    ).all()


def _applied(campaign: Campaign, letters: Sequence[Letter]) -> dict[int, Applied]:
    """What the letters with words of their own say: as they left, else as they are now."""
    said = sources.said(campaign)
    now, speaks = own_reading.of_campaign(campaign.id), {}
    for letter in letters:
        speaks[letter.id] = letter.company.language
    found = {one: apply(own, said(speaks[one])) for one, own in now.items() if one in speaks}
    left = sa.select(Letter.id).where(
        Letter.campaign_id == campaign.id, Letter.state.not_in(UNSENT)
    )
    for letter_id in db.session.scalars(left):
        found.pop(letter_id, None)
    texts = _of_left(sa.select(FrozenText).join(FrozenText.letter), campaign)
    for row in db.session.scalars(texts):
        as_left = frozen.load(row).own
        if as_left is not None:
            found[row.letter_id] = as_left
    return found


def _difference(
    letter: Letter,
    applied: Applied | None,
    chosen: Collection[int],
    rows: Mapping[tuple[int, int], LetterOwn],
) -> Difference:
    contacts = tuple(one for one in letter.company.contacts if one.id in chosen)
    row = rows.get((letter.id, applied.own.version)) if applied else None
    return Difference(
        letter,
        summary(applied, bool(contacts)),
        applied,
        contacts,
        row.created_by if row else None,
        row.created_at if row else None,
    )


def told(applied: Applied | None, contacts: Sequence[Contact] = ()) -> Iterator[Told]:
    """Everything that differs, one by one."""
    if applied is not None:
        yield from (Told("Paragraph", *one) for one in applied.paragraphs)
        yield from (Told("Question", *one) for one in applied.questions)
        if applied.own_days is not None:
            yield Told("Days to answer", str(applied.instead_of.days), str(applied.own_days))
        for place in (*applied.conflicts, *applied.question_conflicts):
            both = (merging.joined(place.theirs), merging.joined(place.ours))
            yield Told("Waits for a choice", *both)
    if contacts:
        lines = (f"{one.channel.value}: {', '.join(one.value.splitlines())}" for one in contacts)
        yield Told("Contacts", "", "; ".join(lines))
