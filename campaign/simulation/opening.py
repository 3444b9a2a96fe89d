"""How every story begins: campaigns, companies, letters written, signed and ordered."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.campaigns.operations import create_campaign
from campaign.companies import operations as companies
from campaign.companies.rules import Channel
from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafted
from campaign.drafting.models import FrozenText
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.sending import operations as sending
from campaign.simulation.ground import PEOPLE
from campaign.simulation.plan import Campaign, Company
from campaign.simulation.truth import Letter, Round
from campaign.simulation.world import World


def people() -> dict[str, User]:
    """Who works here, by what they do."""
    found = {user.email.partition("@")[0]: user for user in db.session.scalars(sa.select(User))}
    return {name: found[name.replace(" ", ".")] for name, _role in PEOPLE}


def begin(world: World) -> None:
    """Everything up to the order to send."""
    for campaign in world.plan.campaigns:
        _begin(world, campaign)


def _begin(world: World, plan: Campaign) -> None:
    who = people()
    now = world.turns.now
    until = now + timedelta(days=plan.embargo) if plan.embargo else None
    made = create_campaign(
        title=f"What is known of us {plan.number}",
        summary="What companies keep about people.",
        questions=["For how long do you keep it?", "Who else can read it?"],
        signatories=[("Mara Quill", "Director", "Brightwater Digital Rights")],
        response_days=plan.response_days,
        grace_working_days=plan.grace,
        auto_publish=plan.auto_publish,
        embargoed=until is not None,
        embargo_until=until,
        # Among holidays even twelve days can hold fewer than five working days.
        short_reason="The question is simple.",
        actor=who["drafter"],
    )
    to = {_company(company): company for company in plan.companies}
    letters = drafting.add_letters(made.id, list(to), actor=who["drafter"])
    for letter in letters:
        company = to[letter.company_id]
        world.letters[letter.id] = Letter(
            letter.id, plan, company, [f"privacy@{company.domain}"], embargo_until=until
        )
    order(world, [letter.id for letter in letters])


def _company(plan: Company) -> int:
    made = companies.add_company(
        name=plan.name,
        country=plan.country,
        timezone=plan.zone,
        website=f"https://{plan.domain}",
        domains=plan.domain,
        actor=None,
    )
    value = {
        "email": f"privacy@{plan.domain}",
        "form": f"https://{plan.domain}/contact",
        "post": f"{plan.name}\n1 Quay Street\nBristol BS1 1AA\nUnited Kingdom",
    }[plan.channel]
    add_contact(made.id, plan.channel, value, verified=plan.verified)
    return made.id


def add_contact(company_id: int, channel: str, value: str, *, verified: bool) -> None:
    """A way to write to a company."""
    on = drafted.today() - timedelta(days=1)
    companies.add_contact(
        company_id,
        channel=Channel(channel),
        value=value,
        office="privacy office",
        verified_how="https://register.example" if verified else "",
        verified_on=on if verified else None,
        actor=None,
    )


def order(world: World, ids: list[int], *, verified: bool | None = None) -> None:
    """Put letters up, have them signed by as many as it takes, and order them to be sent."""
    who = people()
    dated = _day_of(world, ids)
    texts = drafting.submit(ids, dated_on=dated, actor=who["drafter"])
    for text_id, sha in [(text.id, text.sha256) for text in texts]:
        for name in ("approver", "second approver"):
            text = db.session.get_one(FrozenText, text_id)
            if len(text.approvals) < text.approvals_needed:
                drafting.approve(text_id, sha256=sha, actor=who[name])
    for text in db.session.scalars(
        sa.select(FrozenText).where(FrozenText.id.in_([t.id for t in texts]))
    ):
        truth = world.letters[text.letter_id]
        trusted = truth.company.verified if verified is None else verified
        asked = timedelta(days=truth.campaign.response_days)
        truth.rounds[text.round] = Round(dated + asked, verified=trusted)
    sending.send(ids, actor=who["drafter"])


def _day_of(world: World, ids: list[int]) -> date:
    """The day to print: today for staff, and no earlier than today where a company is.

    By the date line a letter that says today is of yesterday already, which can leave the company
    less than the shortest time to answer: the program refuses to send it.
    """
    zones = [days.zone_of(world.letters[one].company.zone) for one in ids]
    return max(drafted.today(), *(days.local_date(clock.now(), zone) for zone in zones))
