"""What is typed or imported about a company, made fit to be stored, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from campaign.companies import places, rules
from campaign.companies.rules import Channel
from campaign.kernel import days, fields, languages
from campaign.kernel.errors import Problem


def _country(value: str) -> str | None:
    given = fields.line(value, name="Country", limit=100)
    code = places.country_code(given) if given else None
    if given and code is None:
        raise Problem("unknown-country", country=given)
    return code


def _region(value: str, country: str | None) -> str | None:
    given = fields.line(value, name="Region", limit=100)
    code = places.region_code(country, given) if given else None
    if given and (code is None or len(code) > 10):
        raise Problem("unknown-region", region=given)
    return code


def _zone(value: str) -> str | None:
    name = fields.line(value, name="Time zone", limit=60)
    return days.zone_of(name).key if name else None


def _language(value: str) -> str:
    tag = fields.line(value, name="Language", limit=10)
    return languages.clean(tag) if tag else ""


def _website(value: str) -> str:
    address = fields.line(value, name="Website", limit=300)
    return (
        fields.line(rules.clean_web_address(address), name="Website", limit=300) if address else ""
    )


def _domains(value: str) -> str:
    given = fields.text(value, name="Domains", limit=500).lower().replace(",", " ").split()
    own = []
    for domain in given:
        found = rules.own_domain(domain)
        if not found:
            raise Problem("bad-domain", domain=domain[:100])
        own.append(found)
    return " ".join(dict.fromkeys(own))


def slug(value: str) -> str:
    """A short name for a web address.

    Raises:
        Problem: `bad-slug`.
    """
    if not rules.is_slug(value.strip()):
        raise Problem("bad-slug", slug=value.strip()[:100])
    return value.strip()


_FACTS: Mapping[str, Callable[[str], str | None]] = {
    "name": lambda value: fields.line(value, name="Name", limit=200, required=True),
    "legal_name": lambda value: fields.line(value, name="Legal name", limit=200),
    "country": _country,
    "timezone": _zone,
    "language": _language,
    "website": _website,
    "domains": _domains,
}


def facts(given: Mapping[str, Any], country: str | None = None) -> dict[str, Any]:
    """The facts about a company among `given`, cleaned; other names are not facts and left out.

    Args:
        country: the country where `given` names none, so that a region can be understood.

    Raises:
        Problem: the first fact that cannot be stored.
    """
    found: dict[str, Any] = {
        name: clean(given[name] or "") for name, clean in _FACTS.items() if name in given
    }
    if "region" in given:
        found["region"] = _region(given["region"] or "", found.get("country", country))
    return found


def contact_value(channel: Channel, value: str, ours: frozenset[str]) -> str:
    """How a contact is reached, in the form of its channel.

    Args:
        ours: the organisation's own domains; a letter to ourselves would come back for ever.

    Raises:
        Problem: `bad-contact`, `field-empty`, `field-too-long`.
    """
    if channel is Channel.EMAIL:
        address = rules.clean_email(fields.line(value, name="Address", limit=320, required=True))
        if address.rpartition("@")[2] in ours:
            why = "it is an address of our own"
            raise Problem("bad-contact", value=address, what="a company's mail address", why=why)
        return address
    if channel is Channel.FORM:
        return rules.clean_web_address(
            fields.line(value, name="Address of the form", limit=1000, required=True)
        )
    if channel is Channel.POST:
        return fields.text(value, name="Postal address", limit=1000, required=True)
    return fields.line(value, name="Handle", limit=300, required=True)


def contact_facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Office, person and salutation among `given`, cleaned.

    Raises:
        Problem: `control-character`, `field-too-long`.
    """
    words = {"office": "Office", "person": "Person", "salutation": "Salutation"}
    return {
        key: fields.line(given[key], name=name, limit=120)
        for key, name in words.items()
        if key in given
    }


def verification(how: str, on: date | None, today: date) -> tuple[str, date | None]:
    """Where a contact comes from and the day on which a person saw it there.

    A source without a day is kept, but verifies nothing (fairness.md rule 7).

    Raises:
        Problem: `contact-half-verified`, `verified-later`.
    """
    source = fields.line(how, name="Where it comes from", limit=300)
    if on is not None and not source:
        raise Problem("contact-half-verified")
    if on is not None and days.checked(on) > today:
        raise Problem("verified-later", day=days.date_in_words(on))
    return source, on
