"""Looking up what other servers see of our domain, and a test mail to oneself."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import dns.exception
import dns.resolver
from flask import current_app, render_template

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import deliverability_rules as rules
from campaign.sending import outbox, parcels, queries
from campaign.sending.addresses import check_address, domain_of
from campaign.sending.deliverability_rules import Finding, Standing
from campaign.sending.dkim_signing import Signer
from campaign.sending.message import Mail, build, new_message_id
from campaign.sending.transport import PAGE_WAITS, Handover, Outcome, Parcel, TransportTrouble

_SECONDS = 4.0
_SPF_RECORDS_MOST = 20
TEST_SUBJECT = "A test: do our mails arrive?"


class Unanswered(Exception):
    """No name server answered; nothing is known."""


class Names:
    """Questions to the name servers of the machine, or to others in tests."""

    def __init__(self, servers: tuple[str, int] | None = None) -> None:
        self._servers = servers

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each joined to one line.

        Raises:
            Unanswered: no server answered.
        """
        return [
            b"".join(answer.strings).decode("utf-8", "replace") for answer in self._ask(name, "TXT")
        ]

    def mail_servers(self, name: str) -> list[str]:
        """The hosts that take mail for a domain, best first.

        Raises:
            Unanswered: no server answered.
        """
        answers = sorted(self._ask(name, "MX"), key=lambda answer: answer.preference)
        return [str(answer.exchange).rstrip(".") for answer in answers]

    def _ask(self, name: str, kind: str) -> list[dns.resolver.Answer]:
        resolver = dns.resolver.Resolver(configure=self._servers is None)
        if self._servers is not None:
            resolver.nameservers, resolver.port = [self._servers[0]], self._servers[1]
        resolver.lifetime = _SECONDS
        try:
            return list(resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise Unanswered(str(error)) from error


class Look(NamedTuple):
    """What was found; `trouble` where the name servers did not answer."""

    domain: str
    findings: tuple[Finding, ...]
    trouble: str = ""


def look(names: Names) -> Look:
    """What other servers find about the domain that our letters come from."""
    ours = parcels.settings()
    domain, back = domain_of(ours.mail_from), domain_of(ours.reply_address)
    signer: Signer | None = current_app.extensions["dkim"]
    try:
        found = (
            _spf(names, back),
            _dkim(names, signer),
            _dmarc(names, domain),
            _alignment(domain, back),
            rules.mx(back, names.mail_servers(back)),
        )
    except Unanswered as error:
        return Look(domain, (), str(error))
    return Look(domain, found)


def _spf(names: Names, domain: str) -> Finding:
    texts = names.texts(domain)
    records = rules.spf_records(texts)
    return rules.spf(domain, texts, _lookups(names, records[0]) if records else 0)


def _lookups(names: Names, record: str) -> int:
    """The questions that a record and all that it takes in cost, each domain asked once."""
    total, waiting, seen = rules.spf_lookups(record), rules.spf_further(record), set[str]()
    while waiting and len(seen) < _SPF_RECORDS_MOST:
        domain = waiting.pop()
        if domain in seen:
            continue
        seen.add(domain)
        for further in rules.spf_records(names.texts(domain))[:1]:
            total += rules.spf_lookups(further)
            waiting += rules.spf_further(further)
    return total


def _dkim(names: Names, signer: Signer | None) -> Finding:
    if signer is None:
        return rules.dkim("", [], "")
    return rules.dkim(signer.record, names.texts(signer.record), signer.public_key)


def _dmarc(names: Names, domain: str) -> Finding:
    """The domain's own record, else that of the nearest domain above it which has one."""
    for place in rules.parents(domain):
        texts = names.texts(f"_dmarc.{place}")
        if texts:
            return rules.dmarc(f"_dmarc.{place}", texts)
    return rules.dmarc(f"_dmarc.{domain}", [])


def _alignment(domain: str, back: str) -> Finding:
    name = "Sender and bounce address"
    shown = domain if domain == back else f"{domain} and {back}"
    if domain == back or domain.endswith(f".{back}") or back.endswith(f".{domain}"):
        return Finding(
            name, Standing.GOOD, shown, "SPF counts for the address that people see: one domain."
        )
    return Finding(
        name, Standing.UNSURE, shown,
        "Bounces go to another domain than the one that people see, so that SPF alone is not"
        " enough: a DKIM signature has to be right.",
        "Use one domain for MAIL_FROM and REPLY_ADDRESS.",
    )  # fmt: skip


def send_test(*, actor: User) -> Outcome:
    """Send the person who asks a mail that is made and sent like a letter.

    Raises:
        Problem: `halted-already`, `test-not-sent` with the server's words, `bad-address`.
    """
    if queries.standing_halt() is not None:
        raise Problem("halted-already", why=queries.halt_words())
    ours = parcels.settings()
    message_id = new_message_id(domain_of(ours.mail_from))
    words = {"organisation": ours.org_name, "person": str(actor)}
    raw = parcels.signed(
        build(
            Mail(
                from_name=ours.org_name,
                from_address=ours.mail_from,
                to_name=str(actor),
                to_address=check_address(actor.email),
                reply_to=ours.reply_address,
                subject=TEST_SUBJECT,
                text=render_template("email/test.txt", **words),
                html=render_template("email/test.html", **words),
                message_id=message_id,
                date=clock.now(),
            )
        )
    )
    with transaction():
        record("mail.tested", actor, actor=actor)
    way = outbox.way_of_the_settings(PAGE_WAITS)
    try:
        outcome = way.send(
            Parcel(message_id, ours.reply_address, actor.email, None, raw),
            lambda: queries.standing_halt() is None,
        )
    except TransportTrouble as trouble:
        raise Problem("test-not-sent", why=trouble.why) from trouble
    finally:
        with suppress(TransportTrouble):
            way.close()
    if outcome.handover is not Handover.ACCEPTED:
        raise Problem("test-not-sent", why=outcome.reply or outcome.handover.value)
    return outcome
