"""Setting a campaign's review steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.accounts.rules import PERMISSIONS, May, Role
from campaign.campaigns.models import Campaign
from campaign.companies.rules import clean_email
from campaign.database import transaction
from campaign.drafting import cosigning, operations, review_queries
from campaign.drafting.review import LINK_DAYS, STEPS_MOST, Signer
from campaign.drafting.review_models import ReviewStep
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem

ROLES = tuple(role.value for role in Role if May.APPROVE in PERMISSIONS[role])
"""The roles that can sign; a step that names none takes anybody of these."""


@dataclass(frozen=True)
class Wanted:
    """A step as a person asks for it.

    Attributes:
        role: empty for whoever may approve.
        signer, email: who signs for the organisation, and where the link goes.
    """

    title: str
    kind: Signer
    user_id: int | None = None
    role: str = ""
    organisation: str = ""
    signer: str = ""
    email: str = ""


def set_steps(
    campaign_id: int,
    steps: Sequence[Wanted],
    *,
    actor: User | None,
    link_days: int = LINK_DAYS,
) -> list[ReviewStep]:
    """Say who signs the letters of a campaign, in order; none leaves it to rules 2 and 4.

    Another list of steps voids every text that waits for approval or sending: their hashes hold
    the steps. Texts that have left keep theirs. Where only an address or the days of a link
    change, texts stand, and links to the old address end.

    Raises:
        Problem: `too-many-steps`, `step-unusable`, `not-there`, `bad-contact`, or that a field is
            empty or too long.
    """
    person = operations.person(actor)
    if len(steps) > STEPS_MOST:
        raise Problem("too-many-steps", most=STEPS_MOST)
    wanted = [_clean(step) for step in steps]
    names = [step.organisation.casefold() for step in wanted if step.organisation]
    if len(names) != len(set(names)):
        raise Problem("step-unusable", step="organisation", why="an organisation stands twice")
    with transaction() as session:
        campaign = operations.locked_campaign(session, campaign_id)
        rows = [_row(session, campaign, n, one, link_days) for n, one in enumerate(wanted, 1)]
        before = review_queries.rows_of(campaign_id)
        if [_facts(row) for row in before] == [_facts(row) for row in rows]:
            return before
        same = [row.as_step() for row in before] == [row.as_step() for row in rows]
        session.execute(sa.delete(ReviewStep).where(ReviewStep.campaign_id == campaign_id))
        session.add_all(rows)
        session.flush()
        record("campaign.review_set", campaign, actor=person, steps=[_words(row) for row in rows])
        cosigning.replace_moved(campaign_id, rows)
        if not same:
            why = "The steps of sign-off were changed."
            operations.void_waiting(session, campaign, why, person)
    return rows


def _clean(step: Wanted) -> Wanted:
    outside = step.kind is Signer.ORGANISATION
    return Wanted(
        title=fields.line(step.title, name="Step", limit=80, required=True),
        kind=step.kind,
        user_id=step.user_id if step.kind is Signer.PERSON else None,
        role=step.role if step.kind is Signer.ROLE else "",
        organisation=_line(step.organisation, "Organisation", 200) if outside else "",
        signer=_line(step.signer, "Who signs for the organisation", 120) if outside else "",
        email=clean_email(step.email) if outside else "",
    )


def _line(value: str, name: str, limit: int) -> str:
    return fields.line(value, name=name, limit=limit, required=True)


def _row(
    session: Session, campaign: Campaign, number: int, step: Wanted, link_days: int
) -> ReviewStep:
    user = session.get(User, step.user_id) if step.user_id is not None else None
    if step.kind is Signer.PERSON and not (user and user.active and user.may(May.APPROVE)):
        raise Problem("step-unusable", step=step.title, why="that person may not approve letters")
    if step.role and step.role not in ROLES:
        raise Problem("step-unusable", step=step.title, why="that role may not approve letters")
    return ReviewStep(
        campaign_id=campaign.id,
        position=number,
        title=step.title,
        kind=step.kind,
        role=step.role,
        organisation=step.organisation,
        signer=step.signer,
        email=step.email,
        link_days=link_days,
        user_id=step.user_id,
        user=user,
    )


def _facts(row: ReviewStep) -> tuple[object, ...]:
    return (row.title, row.kind, row.user_id, row.role, row.organisation, row.signer, row.email,
            row.link_days)  # fmt: skip


def _words(row: ReviewStep) -> str:
    who = {
        Signer.PERSON: str(row.user),
        Signer.ROLE: row.role or "anybody who may approve",
        Signer.ORGANISATION: f"{row.signer}, {row.organisation} <{row.email}>",
    }[row.kind]
    return f"{row.title}: {who}"
