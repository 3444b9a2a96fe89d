"""Reading companies and their contacts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from babel import Locale
from flask import current_app
from sqlalchemy.orm import selectinload

from campaign.companies.models import Company, Contact
from campaign.companies.rules import is_verified
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.kernel.text import shorten, slugify


def today() -> date:
    """The date on the calendar of the staff (TIMEZONE)."""
    return days.local_date(clock.now(), days.zone_of(current_app.extensions["settings"].timezone))


def companies(words: str = "", country: str = "", contacts: str = "") -> sa.Select[Any]:
    """Companies by name.

    Args:
        words: part of a name, of the short name in addresses, or of a contact.
        country: ISO 3166 code; empty for all.
        contacts: `none`, `bad` or `usable`: what can be written to; anything else for all.
    """
    query = sa.select(Company).options(selectinload(Company.contacts))
    query = query.order_by(sa.func.lower(Company.name), Company.id)
    if words:
        query = query.where(_matches(words))
    if country:
        query = query.where(Company.country == country.upper())
    usable = Company.contacts.any(Contact.retired_at.is_(None) & Contact.bad_since.is_(None))
    if contacts == "none":
        query = query.where(~usable)
    elif contacts == "usable":
        query = query.where(usable)
    elif contacts == "bad":
        bad = Contact.retired_at.is_(None) & Contact.bad_since.is_not(None)
        query = query.where(Company.contacts.any(bad))
    return query


def _matches(words: str) -> sa.ColumnElement[bool]:
    in_contact = Company.contacts.any(Contact.value.icontains(words, autoescape=True))
    found = [Company.name.icontains(words, autoescape=True), in_contact]
    folded = slugify(words)
    if folded != slugify(""):
        # Databases disagree on what is the small form of Ä; the short name is folded by us.
        found.append(Company.slug.contains(folded, autoescape=True))
    return sa.or_(*found)


def company(slug: str) -> Company | None:
    """The company with this short name."""
    return db.session.scalar(sa.select(Company).where(Company.slug == slug))


def contact(ref: str) -> Contact | None:
    """The contact with this opaque id."""
    return db.session.scalar(sa.select(Contact).where(Contact.ref == ref))


def countries() -> list[str]:
    """Codes of the countries that any company is in."""
    query = sa.select(Company.country).where(Company.country.is_not(None)).distinct()
    return sorted(code for code in db.session.scalars(query) if code)


def names_by_slug() -> list[tuple[str, str]]:
    """Short names and names of all companies, by name, to choose from."""
    query = sa.select(Company.slug, Company.name).order_by(sa.func.lower(Company.name))
    return [(row.slug, row.name) for row in db.session.execute(query)]


def country_name(code: str) -> str:
    """A country's name in English; the code itself where it is unknown."""
    return str(Locale("en").territories.get(code, code))


def contact_state(contact: Contact, on: date) -> str:
    """`retired`, `bad`, `verified`, `stale` (12 months ago or more) or `unverified`, on a day."""
    if contact.retired_at is not None:
        return "retired"
    if contact.bad_since is not None:
        return "bad"
    if is_verified(contact.verified_how, contact.verified_on, on):
        return "verified"
    return "stale" if contact.verified_on is not None else "unverified"


def names(refs: Collection[str]) -> dict[str, str]:
    """Names of those among these opaque ids that are companies or contacts of theirs."""
    found = db.session.execute(sa.select(Company.ref, Company.name).where(Company.ref.in_(refs)))
    told = {row.ref: row.name for row in found}
    of_contacts = (
        sa.select(Contact.ref, Contact.value, Company.name)
        .join(Contact.company)
        .where(Contact.ref.in_(refs))
    )
    for ref, value, name in db.session.execute(of_contacts):
        told[ref] = f"{name}: {shorten(', '.join(value.splitlines()), 80)}"
    return told
