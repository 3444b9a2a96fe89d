"""Who a message claims to be from, in words (fairness.md rule 21). Nothing here proves anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from campaign.companies.models import Company
from campaign.companies.rules import Channel, domains_of, own_domain
from campaign.replies.models import IncomingMessage
from campaign.sending.addresses import display_pair


class Claim(NamedTuple):
    """A sentence about the sender; `known` where it speaks for a company that we know."""

    words: str
    known: bool


def domains(company: Company) -> frozenset[str]:
    """The company's own domains, as A-labels."""
    mails = [c.value for c in company.contacts if c.channel is Channel.EMAIL]
    more = [f"any@{domain}" for domain in company.domains.split()]
    return domains_of(company.website, [*mails, *more])


def claims(
    message: IncomingMessage, companies: Iterable[Company], senders: Sequence[str]
) -> list[Claim]:
    """What the message's sender is to the companies that it may concern.

    Args:
        senders: every address that it claims to come from.
    """
    address = message.from_address
    if not address:
        return [Claim("It names no sender that can be read.", False)]
    shown, readable = display_pair(address)
    name = address if shown == readable else f"{address} (reads as {readable})"
    told = {company.name: _known(name, address, company) for company in companies}
    said = [claim for claim in told.values() if claim is not None]
    if told and not said:
        domain = own_domain(address.rpartition("@")[2]) or address.rpartition("@")[2]
        words = f"From {name}. The domain {domain} is not one that we know for {' or '.join(told)}:"
        said = [Claim(f"{words} this shows nothing about who wrote it.", False)]
    elif not told:
        said = [Claim(f"From {name}, whom we do not know.", False)]
    others = [each for each in senders if each != address]
    if others:
        listed = ", ".join(others[:5])
        said.append(Claim(f"It also names {listed} as its sender or for answers.", False))
    return said


def _known(name: str, address: str, company: Company) -> Claim | None:
    contacts = {c.value.lower() for c in company.contacts if c.channel is Channel.EMAIL}
    if address in contacts:
        return Claim(f"From {name}, a contact of {company.name}.", True)
    domain = own_domain(address.rpartition("@")[2])
    if domain and domain in domains(company):
        words = f"From {name}, an address that we do not know, at {domain}, a domain of"
        return Claim(f"{words} {company.name}.", True)
    return None
