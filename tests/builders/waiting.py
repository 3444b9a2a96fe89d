"""Letters that wait, played through the real operations under a set clock.

All are sent on Monday 2 November 2026 at 10:00 in London, with 14 days to answer: reminder on
the 9th, final notice on the 12th, deadline at the end of the 16th, grace to the end of the 17th.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from campaign import schedule
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.awaiting import operations as waits
from campaign.awaiting import queries as awaiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.drafting import operations as drafting
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import queries
from campaign.publishing.models import Record
from campaign.schedule import Tally
from campaign.sending import operations as sending
from tests.builders import accounts, campaigns, companies, mailbox_files
from tests.builders import drafting as drafts

SENT = datetime(2026, 11, 2, 10, tzinfo=UTC)
READ = SENT + timedelta(minutes=1)
REMINDER = datetime(2026, 11, 9, 9, tzinfo=UTC)
FINAL_NOTICE = datetime(2026, 11, 12, 9, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 17, tzinfo=UTC)
SILENCE = datetime(2026, 11, 18, tzinfo=UTC)
AFTER = datetime(2026, 11, 18, 0, 5, tzinfo=UTC)
STEPS = (SENT, REMINDER, FINAL_NOTICE)


def publisher() -> User:
    """A person who may publish."""
    return accounts.user("Pia Publisher", Role.PUBLISHER)


def run(at: datetime, *, lose_copies: bool = False) -> Tally:
    """One pass of the clock at that moment.

    Args:
        lose_copies: our own copies of what is sent are gone before they are read.
    """
    with clock.at(at):
        if lose_copies:
            waits.remind_due()
            sending.send_due()
            mailbox_files.lose_new_mail()
        tally = schedule.run_pass(wait=5)
    assert tally is not None
    assert tally.errors == []
    return tally


def sent(
    number: int = 1,
    *,
    people: drafts.Staff | None = None,
    campaign: Campaign | None = None,
    channels: Sequence[Channel] = (Channel.EMAIL,),
    verified: bool = True,
    company: dict[str, Any] | None = None,
    lose_copies: bool = False,
    first: int = 0,
    **policy: Any,
) -> list[Letter]:
    """Letters that left at `SENT`, in a campaign with this policy; read back by one pass.

    Args:
        first: number of the first company.
    """
    with clock.at(SENT):
        people = people or drafts.staff()
        campaign = campaign or campaigns.campaign(people.drafter, **policy)
        to = [_company(n, channels, verified, company or {}) for n in range(first, first + number)]
        letters = drafting.add_letters(campaign.id, [one.id for one in to], actor=people.drafter)
        ids = [letter.id for letter in letters]
        for letter in letters if len(channels) > 1 else ():
            contacts = [contact.id for contact in letter.company.contacts]
            drafting.choose_contacts(letter.id, contacts, actor=people.drafter)
        texts = drafting.submit(ids, dated_on=SENT.date(), actor=people.drafter)
        drafts.approve_all(people, texts)
        sending.send(ids, actor=people.drafter)
    run(SENT, lose_copies=lose_copies)
    run(READ)  # the bounce mailbox, read after they were accepted: proof
    return letters


_VALUES = {
    Channel.FORM: "https://{slug}.example/contact",
    Channel.POST: "{name}\n1 Quay Street\nBristol BS1 1AA",
    Channel.MENTION: "@{slug}",
}


def _company(
    number: int, channels: Sequence[Channel], verified: bool, changes: dict[str, Any]
) -> Company:
    name = "Larkspur Mobile" if not number else f"Company {number:03}"
    made = companies.company(**{"name": name, **changes})
    for channel in channels:
        value = _VALUES.get(channel, "").format(slug=made.slug, name=made.name)
        companies.contact(made, value, channel=channel, verified=verified)
    return made


def ripe(number: int = 1, **about: Any) -> list[Letter]:
    """Letters of which silence may be published at `AFTER`: reminded twice, nothing came."""
    letters = sent(number, **about)
    for step in STEPS[1:]:
        run(step)
    return letters


def record_of(letter: Letter) -> Record | None:
    """The letter's record as it is stored now."""
    db.session.rollback()
    return queries.record_of(letter.id)


def again(letter: Letter, people: drafts.Staff, at: datetime, why: str = "It failed.") -> None:
    """Order, approve and send a new round at that moment, to another contact if need be."""
    with clock.at(at):
        drafting.begin_round(letter.id, why=why, actor=people.drafter)
        if not any(contact.usable for contact in letter.company.contacts):
            companies.contact(letter.company, f"office@{letter.company.slug}.example")
        texts = drafting.submit([letter.id], dated_on=at.date(), actor=people.drafter)
        drafts.approve_all(people, texts)
        sending.send([letter.id], actor=people.drafter)
    run(at)


def go_on(letter: Letter, at: datetime, steps: int = 8) -> Record | None:
    """Let time pass from one thing that is due to the next, until a record stands."""
    for _ in range(steps):
        run(at)
        found = record_of(letter)
        times = awaiting.waiting_of(letter)
        if found or times is None or times.silence_at is None:
            return found
        at = max(times.next_at or times.silence_at + timedelta(minutes=5), at + timedelta(hours=1))
    return None
