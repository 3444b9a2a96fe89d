"""Tables of companies and their contacts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.companies.rules import Channel
from campaign.companies.web_forms import FormCount
from campaign.database import Utc, choice, new_ref
from campaign.extensions import Model
from campaign.kernel import clock


class Company(Model):
    """A company we write to.

    `timezone` is None while it is unknown: deadlines then end in the latest zone on Earth
    (fairness.md rule 2). `language` is a BCP 47 tag, empty while nobody knows it: its letters are
    then in the campaign's main language. `domains` are further domains that it
    writes from, one a space.
    """

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    legal_name: Mapped[str] = mapped_column(sa.String(200), default="")
    country: Mapped[str | None] = mapped_column(sa.String(2))
    region: Mapped[str | None] = mapped_column(sa.String(10))
    timezone: Mapped[str | None] = mapped_column(sa.String(60))
    language: Mapped[str] = mapped_column(sa.String(10), default="")
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    domains: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    contacts: Mapped[list[Contact]] = relationship(
        back_populates="company", order_by="Contact.position, Contact.id"
    )
    closures: Mapped[list[Closure]] = relationship(order_by="Closure.first_on, Closure.id")

    @property
    def closed_days(self) -> frozenset[date]:
        """Every day, in the company's zone, on which it told us that nobody works there."""
        return frozenset(
            day for one in self.closures if one.withdrawn_at is None for day in one.days
        )


class Closure(Model):
    """Days on which a company is closed beside the public holidays of its country.

    Attributes:
        first_on, last_on: dates in the company's zone, both inclusive.
        why: what closes it and who says so.
        withdrawn_at: a person took it back. Times that it moved stay where they are (rule 2).
    """

    __tablename__ = "closure"
    __table_args__ = (sa.CheckConstraint("last_on >= first_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    why: Mapped[str] = mapped_column(sa.String(300))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)

    @property
    def days(self) -> list[date]:
        """Each of its days."""
        length = (self.last_on - self.first_on).days + 1
        return [self.first_on + timedelta(days=n) for n in range(length)]


class Contact(Model):
    """One way to reach a company: an address, a form, a post box, a handle.

    Attributes:
        value: e-mail address, web address of the form, postal address in lines, or handle.
        office: the office it belongs to, such as “privacy office”.
        verified_how, verified_on: where it comes from and on which day a person saw it there.
        bad_since: a server said that the address itself is bad.
    """

    __tablename__ = "contact"
    __table_args__ = (sa.UniqueConstraint("company_id", "channel", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    value: Mapped[str] = mapped_column(sa.String(1000))
    office: Mapped[str] = mapped_column(sa.String(120), default="")
    person: Mapped[str] = mapped_column(sa.String(120), default="")
    salutation: Mapped[str] = mapped_column(sa.String(120), default="")
    verified_how: Mapped[str] = mapped_column(sa.String(300), default="")
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    bad_since: Mapped[datetime | None] = mapped_column(Utc)
    bad_why: Mapped[str] = mapped_column(sa.String(500), default="")
    retired_at: Mapped[datetime | None] = mapped_column(Utc)
    position: Mapped[int] = mapped_column(default=0)

    company: Mapped[Company] = relationship(back_populates="contacts")
    web_form: Mapped[WebForm | None] = relationship()

    @property
    def usable(self) -> bool:
        """Whether a letter may go to it."""
        return self.bad_since is None and self.retired_at is None


class WebForm(Model):
    """What a company's web form takes, where a person noted it.

    Attributes:
        most: how long a text its message field takes, counted as `counts` says; None while
            nobody knows.
        notes: what else it asks for.
    """

    __tablename__ = "web_form"
    __table_args__ = (sa.CheckConstraint("most > 0", name="most"),)

    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    most: Mapped[int | None]
    counts: Mapped[FormCount] = mapped_column(choice(FormCount), default=FormCount.BROWSER)
    notes: Mapped[str] = mapped_column(sa.Text, default="")
