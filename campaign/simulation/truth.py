"""What is true of each letter, whoever knows it: kept by the world, never read by the program."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from campaign.simulation import days
from campaign.simulation.mailbox import Mail, What
from campaign.simulation.plan import Campaign, Company


@dataclass
class Round:
    """One ordered sending of a letter.

    Attributes:
        printed: the deadline in its text.
        reached: when its company's server, form or door took it.
        failed: when it was seen in our mailbox that it came back.
        strong: whether something besides the acceptance says that it arrived.
    """

    printed: date
    reached: datetime | None = None
    failed: datetime | None = None
    confirmed: bool = False
    verified: bool = True


@dataclass
class Letter:
    """One letter.

    Attributes:
        granted: new deadlines that a person gave.
        signed: rounds for which a second person signed for weak proof.
        heard: when somebody of the company told us something by telephone.
    """

    id: int
    campaign: Campaign
    company: Company
    addresses: list[str]
    rounds: dict[int, Round] = field(default_factory=dict)
    granted: list[date] = field(default_factory=list)
    signed: set[int] = field(default_factory=set)
    mails: list[Mail] = field(default_factory=list)
    answered: bool = False
    embargo_until: datetime | None = None

    @property
    def address(self) -> str:
        """The address that it goes to now."""
        return self.addresses[-1]

    @property
    def round(self) -> Round:
        return self.rounds[max(self.rounds)]

    def deadline(self) -> date | None:
        """The earliest day that can be binding; None while nothing of it has arrived."""
        now = self.round
        if now.reached is None:
            return None
        promised = days.date_in(now.reached, self.company.zone) + timedelta(
            days=self.campaign.response_days
        )
        return max([now.printed, promised, *self.granted])

    def over(self) -> datetime | None:
        """The earliest moment at which silence can be told."""
        deadline = self.deadline()
        if deadline is None:
            return None
        company = self.company
        return days.over(deadline, self.campaign.grace, company.country, company.zone)

    def theirs(self, until: datetime) -> list[Mail]:
        """What people of the company wrote that could be seen in our mailboxes by then."""
        return [mail for mail in self.mails if mail.what.theirs and mail.at <= until]

    def of(self, what: What) -> list[Mail]:
        """The mails of one kind about it."""
        return [mail for mail in self.mails if mail.what is what]
