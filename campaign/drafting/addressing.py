"""To which contacts a letter goes: those that a person chose, else the one of the rule."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from campaign.companies.models import Contact
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
