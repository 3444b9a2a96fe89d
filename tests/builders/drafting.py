"""Letters at every stage before they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting import operations, queries
from campaign.drafting.models import FrozenText, Letter
from tests.builders import accounts, campaigns, companies


@dataclass(frozen=True)
class Staff:
    """Who writes and who signs."""

    drafter: User
    approver: User


def staff() -> Staff:
    """A drafter and an approver."""
    return Staff(
        accounts.user("Ada Drafter", Role.DRAFTER), accounts.user("Bea Approver", Role.APPROVER)
    )


def reachable(name: str = "Larkspur Mobile", **changes: Any) -> Company:
    """A company with one verified e-mail contact."""
    company = companies.company(name, **changes)
    companies.contact(company)
    return company


def draft(
    people: Staff, company: Company | None = None, campaign: Campaign | None = None
) -> Letter:
    """A letter that nobody has put up for approval yet."""
    campaign = campaign or campaigns.campaign(people.drafter)
    company = company or reachable()
    return operations.add_letters(campaign.id, [company.id], actor=people.drafter)[0]


def in_review(people: Staff, letter: Letter | None = None, on: date | None = None) -> FrozenText:
    """A letter's text that waits for a second person."""
    letter = letter or draft(people)
    return operations.submit([letter.id], dated_on=on or queries.today(), actor=people.drafter)[0]


def approved(people: Staff, letter: Letter | None = None, on: date | None = None) -> Letter:
    """A letter that may be sent."""
    text = in_review(people, letter, on)
    operations.approve(text.id, sha256=text.sha256, actor=people.approver)
    return text.letter


def approve_all(people: Staff, texts: Sequence[FrozenText]) -> None:
    """Sign each of these texts."""
    for text in texts:
        operations.approve(text.id, sha256=text.sha256, actor=people.approver)
