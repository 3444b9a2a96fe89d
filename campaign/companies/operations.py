"""What is done to companies and their contacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.companies import cleaning, importing, queries, rules
from campaign.companies.importing import ContactPlan, Plan, Report
from campaign.companies.models import Company, Contact
from campaign.companies.reading import Sheet
from campaign.companies.rules import Channel
from campaign.database import new_ref, transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem


def add_company(
    *,
    name: str,
    actor: User | None,
    slug: str | None = None,
    legal_name: str = "",
    country: str | None = None,
    region: str | None = None,
    timezone: str | None = None,
    language: str = "",
    website: str = "",
    domains: str = "",
) -> Company:
    """Add a company.

    Args:
        slug: its short name in addresses; made from the name where none is given.
        timezone: IANA name; None while it is unknown (fairness.md rule 2).
        language: a BCP 47 tag; empty while it is unknown.

    Raises:
        Problem: `company-exists`, or what is wrong with a fact.
    """
    given = {
        "name": name,
        "legal_name": legal_name,
        "country": country,
        "region": region,
        "timezone": timezone,
        "language": language,
        "website": website,
        "domains": domains,
    }
    try:
        with transaction() as session:
            return new_company(session, given, slug=slug, actor=actor)
    except IntegrityError:  # somebody added the same one at the same moment
        raise Problem("company-exists", slug=slug or rules.slug_of(name), name=name) from None


def new_company(
    session: Session, given: Mapping[str, Any], *, slug: str | None, actor: User | None
) -> Company:
    """Add a company within an act; `given` as typed."""
    facts = cleaning.facts(given)
    short = cleaning.slug(slug) if slug else rules.slug_of(str(facts["name"]))
    taken = session.scalar(sa.select(Company).where(Company.slug == short))
    if taken is not None:
        raise Problem("company-exists", slug=short, name=taken.name)
    company = Company(slug=short, **facts)
    session.add(company)
    session.flush()
    record("company.added", company, actor=actor, slug=short, **facts)
    return company


def change_company(company_id: int, *, actor: User | None, **given: Any) -> Company:
    """Change facts about a company; its short name stays, because addresses hold it.

    Args:
        given: any of the facts of `add_company`, as typed.

    Raises:
        Problem: `not-there`, or what is wrong with a fact.
    """
    with transaction() as session:
        company = _company(session, company_id)
        apply_facts(company, given, actor=actor)
    return company


def apply_facts(company: Company, given: Mapping[str, Any], *, actor: User | None) -> bool:
    """Change facts within an act; whether any was different."""
    facts = cleaning.facts(given, company.country)
    changed = _differences(company, facts)
    for name, value in facts.items():
        setattr(company, name, value)
    if changed:
        record("company.changed", company, actor=actor, name=company.name, changed=changed)
    return bool(changed)


def _differences(row: Company | Contact, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What is different: name of the fact, then before and now."""
    return {
        name: [getattr(row, name), value]
        for name, value in facts.items()
        if getattr(row, name) != value
    }


def add_contact(
    company_id: int,
    *,
    channel: Channel,
    value: str,
    actor: User | None,
    office: str = "",
    person: str = "",
    salutation: str = "",
    verified_how: str = "",
    verified_on: date | None = None,
) -> Contact:
    """Add a way to reach a company. One that was retired comes back with these facts.

    Args:
        value: mail address, web address of a form, postal address, or handle.
        verified_how, verified_on: where it comes from, and the day on which it was seen there.

    Raises:
        Problem: `not-there`, `bad-contact`, `contact-exists`, `contact-half-verified`,
            `verified-later`.
    """
    given = {"office": office, "person": person, "salutation": salutation}
    verified = cleaning.verification(verified_how, verified_on, queries.today())
    try:
        with transaction() as session:
            company = _company(session, company_id)
            return new_contact(session, company, channel, value, given, verified, actor=actor)
    except IntegrityError:  # somebody added the same one at the same moment
        raise Problem("contact-exists", company="The company", value=value) from None


def new_contact(
    session: Session,
    company: Company,
    channel: Channel,
    value: str,
    given: Mapping[str, Any],
    verified: tuple[str, date | None],
    *,
    actor: User | None,
) -> Contact:
    """Add a contact within an act."""
    clean = cleaning.contact_value(channel, value, own_domains())
    facts = cleaning.contact_facts(given)
    twin = next((c for c in company.contacts if (c.channel, c.value) == (channel, clean)), None)
    if twin is not None and twin.retired_at is None:
        raise Problem("contact-exists", company=company.name, value=clean)
    contact = twin or Contact(
        company=company, channel=channel, value=clean, position=len(company.contacts)
    )
    session.add(contact)
    for name, fact in facts.items():
        setattr(contact, name, fact)
    contact.retired_at = None
    _note_verification(contact, verified, actor)
    session.flush()
    kind = "contact.restored" if twin else "contact.added"
    record(kind, contact, actor=actor, **_told(contact), **facts)
    return contact


def change_contact(contact_id: int, *, actor: User | None, **given: Any) -> Contact:
    """Change office, person or salutation. Another address is another contact: add that one.

    Raises:
        Problem: `not-there`, `contact-retired`, or what is wrong with a fact.
    """
    with transaction() as session:
        contact = _contact(session, contact_id)
        change_within(contact, given, actor=actor)
    return contact


def change_within(contact: Contact, given: Mapping[str, Any], *, actor: User | None) -> None:
    """Change words about a contact within an act."""
    facts = cleaning.contact_facts(given)
    changed = _differences(contact, facts)
    for name, value in facts.items():
        setattr(contact, name, value)
    if changed:
        record("contact.changed", contact, actor=actor, **_told(contact), changed=changed)


def verify_contact(contact_id: int, *, how: str, on: date, actor: User | None) -> Contact:
    """Note where a contact comes from and on which day a person saw it there (rule 7).

    A mark that a server called the address bad goes, if it was seen on that day or later.

    Raises:
        Problem: `not-there`, `contact-retired`, `field-empty`, `verified-later`.
    """
    if not how.strip():
        raise Problem("field-empty", name="Where it comes from")
    verified = cleaning.verification(how, on, queries.today())
    with transaction() as session:
        contact = _contact(session, contact_id)
        verify_within(contact, verified, actor=actor)
    return contact


def verify_within(
    contact: Contact, verified: tuple[str, date | None], *, actor: User | None
) -> None:
    """Note a verification within an act."""
    _note_verification(contact, verified, actor)
    record("contact.verified", contact, actor=actor, **_told(contact))


def _note_verification(
    contact: Contact, verified: tuple[str, date | None], actor: User | None
) -> None:
    contact.verified_how, contact.verified_on = verified
    contact.verified_by_id = actor.id if actor and contact.verified_on else None
    if (
        contact.verified_on
        and contact.bad_since
        and contact.verified_on >= contact.bad_since.date()
    ):
        contact.bad_since, contact.bad_why = None, ""


def retire_contact(contact_id: int, *, actor: User | None) -> Contact:
    """Use a contact no more; what was sent to it stays on record.

    Raises:
        Problem: `not-there`, `contact-retired`.
    """
    with transaction() as session:
        contact = _contact(session, contact_id)
        contact.retired_at = clock.now()
        record("contact.retired", contact, actor=actor, **_told(contact))
    return contact


def own_domains() -> frozenset[str]:
    """Domains of the organisation's own mail."""
    settings = current_app.extensions["settings"]
    addresses = (settings.mail_from, settings.reply_address)
    return frozenset(address.rpartition("@")[2].lower() for address in addresses)


def _told(contact: Contact) -> dict[str, Any]:
    """A contact as the history tells of it."""
    on = contact.verified_on
    return {
        "company": contact.company.name,
        "channel": contact.channel.value,
        "value": contact.value,
        "verified_how": contact.verified_how,
        "verified_on": on.isoformat() if on else None,
    }


def _company(session: Session, company_id: int) -> Company:
    company = session.get(Company, company_id, with_for_update=True)
    if company is None:
        raise Problem("not-there", what="company")
    return company


def _contact(session: Session, contact_id: int) -> Contact:
    contact = session.get(Contact, contact_id, with_for_update=True)
    if contact is None:
        raise Problem("not-there", what="contact")
    if contact.retired_at is not None:
        raise Problem("contact-retired", value=contact.value)
    return contact


def import_sheet(
    sheet: Sheet, *, actor: User | None, dry_run: bool = False, source: str = ""
) -> Report:
    """Add and update what a file holds, all of it in one act.

    A line that cannot be used is refused with its reason and the others are taken. Empty cells
    change nothing; nothing is ever removed; a retired contact stays retired.

    Args:
        dry_run: only tell what would be done.
        source: what the file is called, for the history.

    Raises:
        Problem: `import-nothing`.
    """
    if not sheet.rows and not sheet.refused:
        raise Problem("import-nothing")
    if dry_run:
        planned, refused = importing.plans(db.session(), sheet, own_domains())
        return Report(tuple(plan.line for plan in planned), refused)
    with transaction() as session:
        planned, refused = importing.plans(session, sheet, own_domains())
        report = Report(tuple(plan.line for plan in planned), refused)
        for plan in planned:
            _carry_out(session, plan, actor)
        if report.created or report.updated:
            record(
                "companies.imported",
                new_ref(),
                actor=actor,
                source=fields.line(source, name="File", limit=200),
                created=report.created,
                updated=report.updated,
                refused=len(refused),
            )
    return report


def _carry_out(session: Session, plan: Plan, actor: User | None) -> None:
    company = plan.company
    if company is None:
        company = new_company(session, plan.facts, slug=plan.row.slug, actor=actor)
    elif plan.facts:
        apply_facts(company, plan.facts, actor=actor)
    for contact in plan.contacts:
        _carry_out_contact(session, company, contact, actor)


def _carry_out_contact(
    session: Session, company: Company, plan: ContactPlan, actor: User | None
) -> None:
    row, known = plan.row, plan.known
    verified = (row.verified_how, row.verified_on)
    if known is None:
        given = {"office": row.office, "person": row.person, "salutation": row.salutation}
        new_contact(session, company, row.channel, row.value, given, verified, actor=actor)
        return
    if plan.changes:
        change_within(known, plan.changes, actor=actor)
    if plan.verifies:
        verify_within(known, verified, actor=actor)
