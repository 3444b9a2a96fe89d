"""Which mail addresses are our own: a letter to them would come back to us for ever."""

from __future__ import annotations

from collections.abc import Iterable

# Where strangers are neighbours only the very address is ours.
from campaign.companies.rules import FREE_MAIL_HOSTS

__all__ = ["domain_of", "is_ours"]


def domain_of(address: str) -> str:
    """The domain of an address in lower case, empty where there is none."""
    return address.rpartition("@")[2].strip().rstrip(".").lower() if "@" in address else ""


def is_ours(address: str, own_addresses: Iterable[str]) -> bool:
    """Whether mail to `address` would come back to us (reliability.md, Sending 7).

    True for our addresses with any tag, our domains and what is below them; at a large public
    provider for the address only.
    """
    domain = domain_of(address)
    for own in own_addresses:
        own_domain = domain_of(own)
        if not own_domain:
            continue
        if own_domain not in FREE_MAIL_HOSTS:
            if domain == own_domain or domain.endswith("." + own_domain):
                return True
        elif domain == own_domain and _mailbox(address) == _mailbox(own):
            return True
    return False


def _mailbox(address: str) -> str:
    """The local part without its tag, as providers compare it."""
    return address.rpartition("@")[0].partition("+")[0].casefold()
