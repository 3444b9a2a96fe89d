"""What an import would do: decided for each line before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from campaign.companies import cleaning, queries, rules
from campaign.companies.models import Company, Contact
from campaign.companies.reading import ContactRow, Refusal, Row, Sheet
from campaign.kernel import days
from campaign.kernel.errors import Problem

_FACTS = ("legal_name", "country", "region", "timezone", "language", "website")
_WORDS = ("office", "person", "salutation")


class Outcome(StrEnum):
    """What became of a line."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Line(NamedTuple):
    """One company of the file, and what is done with it in words."""

    line: int
    name: str
    outcome: Outcome
    details: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What an import did, or would do."""

    lines: tuple[Line, ...]
    refused: tuple[Refusal, ...]

    def _count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)

    @property
    def created(self) -> int:
        """Companies that were added."""
        return self._count(Outcome.CREATED)

    @property
    def updated(self) -> int:
        """Companies of which something changed."""
        return self._count(Outcome.UPDATED)

    @property
    def unchanged(self) -> int:
        """Companies of which everything was known."""
        return self._count(Outcome.UNCHANGED)


@dataclass(frozen=True)
class ContactPlan:
    """What is done with one contact of a line; `known` is None for a new one."""

    row: ContactRow
    known: Contact | None
    changes: Mapping[str, str]
    verifies: bool

    @property
    def told(self) -> str:
        """In words; empty where nothing is done."""
        where = self.row.value.splitlines()[0]
        on = self.row.verified_on
        verified = f", verified on {days.date_in_words(on)}" if on else ", not verified"
        if self.known is None:
            return f"adds {where}{verified}"
        if self.known.retired_at is not None:
            return f"{where} is retired here and stays so"
        told = [
            *(["is " + verified[2:]] if self.verifies else []),
            *map(_told, self.changes.items()),
        ]
        return f"{where}: {', '.join(told)}" if told else ""


@dataclass(frozen=True)
class Plan:
    """What is done with one line."""

    row: Row
    company: Company | None
    facts: Mapping[str, Any]
    contacts: tuple[ContactPlan, ...]

    @property
    def line(self) -> Line:
        """The line of the report."""
        details = tuple(plan.told for plan in self.contacts if plan.told)
        if self.company is None:
            return Line(self.row.line, self.row.name, Outcome.CREATED, details)
        details = (*map(_told, self.facts.items()), *details)
        does = self.facts or any(
            plan.known is None or plan.changes or plan.verifies for plan in self.contacts
        )
        outcome = Outcome.UPDATED if does else Outcome.UNCHANGED
        return Line(self.row.line, self.company.name, outcome, details)


def _told(fact: tuple[str, Any]) -> str:
    return f"{fact[0].replace('_', ' ')} becomes “{fact[1]}”"


class _Known:
    """The companies that are there, by short name and by name."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self.by_slug: dict[str, Company] = {}
        self.by_name: dict[str, list[Company]] = {}
        for company in companies:
            self.by_slug[company.slug] = company
            self.by_name.setdefault(_folded(company.name), []).append(company)

    def find(self, row: Row) -> Company | None:
        """The company that a line speaks of; one found by name alone must be the only one."""
        if row.slug in self.by_slug or row.slug != rules.slug_of(row.name):
            return self.by_slug.get(row.slug)
        namesakes = self.by_name.get(_folded(row.name), [])
        return namesakes[0] if len(namesakes) == 1 else None


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def plans(
    session: Session, sheet: Sheet, ours: frozenset[str]
) -> tuple[list[Plan], tuple[Refusal, ...]]:
    """What to do with each company of the sheet, and what cannot be used; nothing is written.

    Args:
        ours: the organisation's own domains.
    """
    everything = sa.select(Company).options(selectinload(Company.contacts))
    known = _Known(session.scalars(everything))
    made: list[Plan] = []
    refused = list(sheet.refused)
    for row in sheet.rows:
        try:
            made.append(_plan(row, known.find(row), ours))
        except Problem as problem:
            refused.append(Refusal(f"line {row.line}", str(problem)))
    return made, tuple(Refusal(_shown(r.where), _shown(r.why)) for r in refused)


def _shown(text: str) -> str:
    """Words that quote the file, without what a page cannot show or what hides in it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _plan(row: Row, company: Company | None, ours: frozenset[str]) -> Plan:
    contacts = tuple(_contact_plan(contact, company, ours) for contact in row.contacts)
    given = {name: getattr(row, name) for name in _FACTS if getattr(row, name)}
    if company is None or rules.slug_of(row.name) != rules.slug_of(company.name):
        given["name"] = row.name
    facts = cleaning.facts(given, company.country if company else None)
    if company is not None:
        facts = {name: new for name, new in facts.items() if getattr(company, name) != new}
    return Plan(row, company, facts, contacts)


def _contact_plan(row: ContactRow, company: Company | None, ours: frozenset[str]) -> ContactPlan:
    value = cleaning.contact_value(row.channel, row.value, ours)
    cleaning.verification(row.verified_how, row.verified_on, queries.today())
    words = cleaning.contact_facts({name: getattr(row, name) for name in _WORDS})
    there = company.contacts if company else []
    known = next((c for c in there if (c.channel, c.value) == (row.channel, value)), None)
    if known is None or known.retired_at is not None:
        return ContactPlan(row, known, {}, False)
    changes = {name: new for name, new in words.items() if new and getattr(known, name) != new}
    newer = row.verified_on is not None and (
        known.verified_on is None or row.verified_on > known.verified_on
    )
    return ContactPlan(row, known, changes, newer)
