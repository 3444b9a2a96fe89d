"""Companies and contacts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from campaign.accounts.models import User
from campaign.companies import operations, queries
from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel


def company(name: str = "Larkspur Mobile", actor: User | None = None, **changes: Any) -> Company:
    """A company in London."""
    given = {"country": "GB", "timezone": "Europe/London", **changes}
    return operations.add_company(name=name, actor=actor, **given)


def contact(
    of: Company,
    value: str = "",
    actor: User | None = None,
    *,
    verified: bool = True,
    **changes: Any,
) -> Contact:
    """A contact, by e-mail and verified yesterday unless told otherwise."""
    given: dict[str, Any] = {"channel": Channel.EMAIL, "office": "privacy office", **changes}
    if verified:
        given.setdefault("verified_how", f"https://{of.slug}.example/privacy")
        given.setdefault("verified_on", queries.today() - timedelta(days=1))
    address = value or f"privacy@{of.slug}.example"
    return operations.add_contact(of.id, value=address, actor=actor, **given)
