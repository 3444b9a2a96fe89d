"""Which part of a host name somebody registered, by the public suffix list; pure."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache, lru_cache

import idna
from publicsuffixlist import PublicSuffixList

from campaign.companies.rules import FREE_MAIL_HOSTS, own_domain


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registered(host: str) -> str:
    """The organisational domain (RFC 7489 section 3.2) of a host in A-labels; empty for none."""
    name = host.strip().rstrip(".").lower()
    return (_list().privatesuffix(name) or "") if name.isascii() else ""


def as_written_on_wire(address: str) -> str:
    """An address in small letters, its domain in A-labels where it can be written so."""
    local, at, host = address.lower().rpartition("@")
    with suppress(idna.IDNAError, UnicodeError):
        host = idna.encode(host, uts46=True).decode("ascii")
    return f"{local}{at}{host}"


def same_owner(one: str, other: str) -> bool:
    """Whether one registered domain holds both hosts."""
    return bool(registered(one)) and registered(one) == registered(other)


def is_free_mail(host: str) -> bool:
    """Whether anybody can have an address there."""
    return registered(host) in FREE_MAIL_HOSTS or host.lower() in FREE_MAIL_HOSTS


def proof_domains(hosts: Iterable[str]) -> frozenset[str]:
    """The registered domains of a company's hosts, such that a proof for one is one for it.

    Left out: hosts of free mail, form services and social networks, where it is a customer.
    """
    return (
        frozenset(domain for host in hosts if own_domain(host) and (domain := registered(host)))
        - FREE_MAIL_HOSTS
    )
