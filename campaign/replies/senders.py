"""What is known of the sender of a message, put together for the sentences about it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from campaign.companies.models import Company
from campaign.companies.rules import Channel, domains_of
from campaign.replies import queries
from campaign.replies.checking import check_in
from campaign.replies.claims import Claim, Party, Sender, said_of
from campaign.replies.models import IncomingMessage
from campaign.replies.owned import as_written_on_wire, proof_domains
from campaign.sending.addresses import display_pair


def domains(company: Company) -> frozenset[str]:
    """The company's own domains, as A-labels, to suggest whose a message is."""
    mails = [c.value for c in company.contacts if c.channel is Channel.EMAIL]
    more = [f"any@{domain}" for domain in company.domains.split()]
    return domains_of(company.website, [*mails, *more])


def claims(message: IncomingMessage, companies: Iterable[Company]) -> list[Claim]:
    """Who the message is from, in sentences.

    Args:
        companies: those that it is matched or suggested to.
    """
    address, reading = as_written_on_wire(message.from_address), queries.reading_of(message)
    sender = Sender(
        address=address,
        shown=display_pair(address)[1] if "@" in address else address,
        before=queries.filed_before(message),
        passes_on=reading.forwarded_senders if reading else (),
    )
    mine = {company.id: company for company in companies}
    others = {c.company.id: c.company for c in queries.candidates()}
    further = [company for key, company in others.items() if key not in mine]
    check = check_in(message.sender_check)
    return said_of(sender, check, list(map(_party, mine.values())), map(_party, further))


def _party(company: Company) -> Party:
    mails = [c.value.lower() for c in company.contacts if c.channel is Channel.EMAIL]
    hosts = [mail.rpartition("@")[2] for mail in mails] + company.domains.split()
    hosts.append(_host(company.website or ""))
    return Party(
        name=company.name,
        contacts=frozenset(map(as_written_on_wire, mails)),
        domains=proof_domains(as_written_on_wire(f"a@{host}")[2:] for host in hosts if host),
    )


def _host(website: str) -> str:
    try:
        return urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
