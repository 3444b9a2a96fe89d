"""Approved letters, ready to be sent, and transports that end conversations as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.companies.rules import Channel
from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafted
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.sending import operations
from campaign.sending.models import Dispatch
from campaign.sending.transport import Handover, Outcome, Parcel
from tests.builders import campaigns, companies
from tests.builders import drafting as drafts

_VALUES = {
    Channel.FORM: "https://{slug}.example/contact",
    Channel.POST: "Larkspur Mobile\n1 Quay Street\nBristol BS1 1AA\nUnited Kingdom",
    Channel.MENTION: "@{slug}",
}


def staff() -> drafts.Staff:
    """The drafter and the approver, made when first asked for."""
    found = {user.name: user for user in db.session.scalars(sa.select(User))}
    if "Ada Drafter" not in found:
        return drafts.staff()
    return drafts.Staff(found["Ada Drafter"], found["Bea Approver"])


def approved_letters(
    number: int = 1,
    *,
    channels: Sequence[Channel] = (Channel.EMAIL,),
    verified: bool = True,
    **about: Any,
) -> list[Letter]:
    """Letters that a second person approved, to so many companies."""
    people = staff()
    of = db.session.scalar(sa.select(Campaign)) or campaigns.campaign(people.drafter, **about)
    have = db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) or 0
    to = []
    for index in range(have, have + number):
        company = companies.company("Larkspur Mobile" if not index else f"Company {index}")
        for channel in channels:
            value = _VALUES.get(channel, "").format(slug=company.slug)
            companies.contact(company, value, channel=channel, verified=verified)
        to.append(company.id)
    letters = drafting.add_letters(of.id, to, actor=people.drafter)
    if len(channels) > 1:
        for letter in letters:
            ways = [contact.id for contact in letter.company.contacts]
            drafting.choose_contacts(letter.id, ways, actor=people.drafter)
    ids = [letter.id for letter in letters]
    texts = drafting.submit(ids, dated_on=drafted.today(), actor=people.drafter)
    drafts.approve_all(people, texts)
    return letters


def approved_letter(**about: Any) -> Letter:
    """One of them."""
    return approved_letters(1, **about)[0]


def ordered(number: int = 1, **about: Any) -> list[Dispatch]:
    """Letters that were ordered to be sent, and have not left."""
    letters = approved_letters(number, **about)
    return operations.send([letter.id for letter in letters], actor=staff().drafter)


ACCEPTED = Outcome(Handover.ACCEPTED, 250, "250 2.0.0 Ok: queued as 4X1", "4X1", "peer:25")
DEFERRED = Outcome(Handover.DEFERRED, 451, "451 4.7.1 try later", "", "peer:25")
FAILED = Outcome(Handover.FAILED, 550, "550 5.1.1 no such user", "", "peer:25")
LOST_BEFORE = Outcome(Handover.LOST_BEFORE_DOT, None, "the connection broke", "", "peer:25")
LOST_AFTER = Outcome(Handover.LOST_AFTER_DOT, None, "the connection broke", "", "peer:25")

# Ends that a server reaches before it has the whole text, and so before our last gate.
_EARLY = (Handover.DEFERRED, Handover.FAILED, Handover.LOST_BEFORE_DOT)


class Way:
    """A transport that ends each conversation as told, and accepts when nothing is told.

    Attributes:
        offered: the parcels that a conversation was begun about.
        taken: the parcels whose final dot was written.
        at_gate, after_dot: called just before our last gate, and just after the dot.
    """

    captured = True

    def __init__(
        self,
        *ends: Outcome | Exception,
        at_gate: Callable[[Parcel], object] | None = None,
        after_dot: Callable[[Parcel], object] | None = None,
    ) -> None:
        self.ends = list(ends)
        self.at_gate, self.after_dot = at_gate, after_dot
        self.offered: list[Parcel] = []
        self.taken: list[Parcel] = []

    def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
        assert not db.session().in_transaction(), "a transaction is open during the talk"
        self.offered.append(parcel)
        end = self.ends.pop(0) if self.ends else ACCEPTED
        if isinstance(end, Exception):
            raise end
        if end.handover in _EARLY:
            return end
        if self.at_gate:
            self.at_gate(parcel)
        if not before_dot():
            return Outcome(Handover.STOPPED)
        assert not db.session().in_transaction(), "the last gate is not committed before the dot"
        self.taken.append(parcel)
        if self.after_dot:
            self.after_dot(parcel)
        return end

    def close(self) -> None:
        """Nothing is open."""
