"""Saving what a company's web form takes."""

from __future__ import annotations

from campaign.accounts.models import User
from campaign.companies import web_forms
from campaign.companies.models import Contact, WebForm
from campaign.companies.rules import Channel
from campaign.companies.web_forms import FormCount
from campaign.database import transaction
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem


def describe_form(
    contact_id: int,
    *,
    most: int | None,
    counts: FormCount,
    notes: str,
    actor: User | None,
) -> Contact:
    """Keep how long a text the form takes and what else it asks for.

    Args:
        most: at most so much, counted as `counts` says; None while nobody knows.
        notes: what to choose and fill in where, for whoever fills it in.

    Raises:
        Problem: `not-there`, `contact-retired`, `no-web-form`, `form-limit`, `field-too-long`.
    """
    if most is not None and not web_forms.LIMIT_LEAST <= most <= web_forms.LIMIT_MOST:
        raise Problem("form-limit", least=web_forms.LIMIT_LEAST, most=f"{web_forms.LIMIT_MOST:,}")
    words = fields.text(notes, name="What else it asks for", limit=web_forms.NOTES_MOST)
    new = {"most": most, "counts": counts, "notes": words}
    with transaction() as session:
        contact = session.get(Contact, contact_id, with_for_update=True)
        if contact is None:
            raise Problem("not-there", what="contact")
        if contact.retired_at is not None:
            raise Problem("contact-retired", value=contact.value)
        if contact.channel is not Channel.FORM:
            raise Problem("no-web-form", value=contact.value)
        form = contact.web_form or WebForm(contact_id=contact.id)
        if any(getattr(form, name) != value for name, value in new.items()):
            for name, value in new.items():
                setattr(form, name, value)
            contact.web_form = form
            record(
                "contact.form_described",
                contact,
                actor=actor,
                company=contact.company.name,
                value=contact.value,
                most=most,
                counts=counts.value,
                notes=words,
            )
    return contact
