"""To which contacts a letter goes: those that a person chose, else the one of the rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa

from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel, is_verified
from campaign.drafting import rules
from campaign.drafting.models import Letter, LetterContact
from campaign.extensions import db
from campaign.kernel.errors import Problem


def chosen(letter: Letter) -> list[Contact]:
    """The contacts that a person chose for the letter, usable or not, in the company's order."""
    picked = sa.select(LetterContact.contact_id).where(LetterContact.letter_id == letter.id)
    ids = set(db.session.scalars(picked))
    return [contact for contact in letter.company.contacts if contact.id in ids]


def to_choose(letter: Letter, wanted: Collection[int]) -> list[Contact]:
    """The contacts of the letter's company with these ids, each fit to be written to.

    Raises:
        Problem: `not-there`, `contact-not-usable`, `mention-alone`.
    """
    picked = [one for one in letter.company.contacts if one.id in wanted]
    if len(picked) != len(wanted):
        raise Problem("not-there", what="contact")
    for contact in picked:
        if not contact.usable:
            value = contact.value.splitlines()[0]
            raise Problem("contact-not-usable", company=letter.company.name, value=value)
    if picked and all(one.channel is Channel.MENTION for one in picked):
        raise Problem("mention-alone", company=letter.company.name)
    return picked


def choose(letter: Letter, picked: Iterable[Contact]) -> None:
    """Within an act: the letter goes to these; to none leaves it to the rule."""
    db.session.execute(sa.delete(LetterContact).where(LetterContact.letter_id == letter.id))
    db.session.add_all(LetterContact(letter_id=letter.id, contact_id=one.id) for one in picked)


def contacts_of(
    letter: Letter, on: date, chosen_ids: Collection[int] | None = None
) -> tuple[list[Contact], list[Problem]]:
    """The contacts that the letter goes to, and what is wrong with them.

    Those that a person chose, else the one of `rules.best`; verified as of that day.

    Args:
        chosen_ids: the chosen contacts' ids where they were read for many letters at once.
    """
    name = letter.company.name
    if chosen_ids is None:
        picked = chosen(letter)
    else:
        picked = [contact for contact in letter.company.contacts if contact.id in chosen_ids]
    if picked:
        bad = [
            Problem("contact-not-usable", company=name, value=one.value.splitlines()[0])
            for one in picked
            if not one.usable
        ]
        if all(one.channel is Channel.MENTION for one in picked):
            bad.append(Problem("mention-alone", company=name))
        return picked, bad
    usable = [contact for contact in letter.company.contacts if contact.usable]
    place = rules.best([(one.channel, verified(one, on)) for one in usable])
    if place is None:
        code = "mention-alone" if usable else "no-contact"
        return [], [Problem(code, company=name)]
    return [usable[place]], []


def verified(contact: Contact, on: date) -> bool:
    """Whether a contact is verified as of that day, in the sense of rule 7."""
    return is_verified(contact.verified_how, contact.verified_on, on)


def calendar_of(company: Company) -> rules.Calendar:
    """The calendar on which a company's working days are counted."""
    return rules.Calendar(company.country, company.region, company.timezone)
