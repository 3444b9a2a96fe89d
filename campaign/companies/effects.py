"""What later stages change about companies, within acts of their own."""

from __future__ import annotations

from campaign.companies.models import Contact
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.text import shorten


def mark_contact_bad(contact: Contact, why: str) -> None:
    """Note that a server said that the address itself is bad (fairness.md rule 8).

    Letters then go elsewhere, until a person has verified the contact anew. Call within an act.
    """
    if contact.bad_since is not None:
        return
    contact.bad_since, contact.bad_why = clock.now(), shorten(why, 500)
    record("contact.bad", contact, company=contact.company.name, why=contact.bad_why)
