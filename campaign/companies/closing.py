"""The days on which a company is closed beside its country's public holidays."""

from __future__ import annotations

from datetime import date
from typing import Any

from campaign.accounts.models import User
from campaign.companies.models import Closure, Company
from campaign.database import transaction
from campaign.history.operations import record
from campaign.kernel import clock, days, fields
from campaign.kernel.errors import Problem

WHY_MOST = 300
# More than a summer or the turn of a year is a company that is gone, which a hold is for.
LONGEST = 92  # days


def note_closure(
    company_id: int, *, first_on: date, last_on: date, why: str, actor: User | None
) -> Closure:
    """Keep that a company is closed on these days, both inclusive, in its own zone.

    Open letters get more time by it where working days count, and never less.

    Raises:
        Problem: `not-there`, `closure-order`, `closure-long`, `date-out-of-range`,
            `field-empty`, `field-too-long`.
    """
    for day in (first_on, last_on):
        days.checked(day)
    if last_on < first_on:
        raise Problem("closure-order", first=first_on, last=last_on)
    if (last_on - first_on).days >= LONGEST:
        raise Problem("closure-long", most=LONGEST)
    words = fields.line(why, name="What closes it", limit=WHY_MOST, required=True)
    with transaction() as session:
        company = session.get(Company, company_id, with_for_update=True)
        if company is None:
            raise Problem("not-there", what="company")
        closure = Closure(
            company_id=company.id,
            first_on=first_on,
            last_on=last_on,
            why=words,
            by_id=actor.id if actor else None,
        )
        company.closures.append(closure)
        session.flush()
        record("company.closure_noted", company, actor=actor, **_told(closure))
    return closure


def withdraw_closure(closure_id: int, *, actor: User | None) -> Closure:
    """Take back that a company is closed on these days; times that it moved stay (rule 2).

    Raises:
        Problem: `not-there`.
    """
    with transaction() as session:
        closure = session.get(Closure, closure_id, with_for_update=True)
        if closure is None or closure.withdrawn_at is not None:
            raise Problem("not-there", what="closing days")
        closure.withdrawn_at = clock.now()
        company = session.get_one(Company, closure.company_id)
        record("company.closure_withdrawn", company, actor=actor, **_told(closure))
    return closure


def _told(closure: Closure) -> dict[str, Any]:
    return {
        "first": closure.first_on.isoformat(),
        "last": closure.last_on.isoformat(),
        "why": closure.why,
    }
