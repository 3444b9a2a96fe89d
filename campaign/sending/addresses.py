"""Mail addresses: which ones we write to, and the tags that bring answers home."""

from __future__ import annotations

import re
from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email

from campaign.companies.ours import domain_of, is_ours
from campaign.kernel.errors import Problem
from campaign.kernel.mail_names import display_pair
from campaign.kernel.text import has_control, new_token, shorten, with_tag

__all__ = [
    "check_address",
    "display_pair",
    "domain_of",
    "is_ours",
    "new_token",
    "tags_in",
    "with_tag",
]

# 128 bits in base32 without padding, as `new_token` makes them.
_TOKEN_LENGTH = 26
# The tag before the @, also where a forwarder or a list wrapped the address (SRS, VERP:
# `SRS0=x=y=our.example=letters+TOKEN@…`, `bounce-letters+TOKEN=our.example@…`). Servers may
# change the case.
_TOKEN_IN_ADDRESS = re.compile(rf"\+([a-z2-7]{{{_TOKEN_LENGTH}}})(?=[@=])", re.IGNORECASE)
_TEXT_MAX = 320


def check_address(text: str, *, beyond_ascii: bool = False) -> str:
    """The one address in `text`, normalised: local part as given, domain as A-labels.

    Refuses what mail libraries read in two ways: lists, display names, comments, quoted local
    parts, address literals, `localhost`, UUCP paths, percent routes, control characters.

    Args:
        beyond_ascii: take a local part that needs SMTPUTF8 (RFC 6531) too.

    Raises:
        Problem: `bad-address`.
    """
    if not isinstance(text, str):
        raise _bad(repr(text), "it is not text")
    address = text.strip(" ")
    why = _why_not(address)
    if why:
        raise _bad(text, why)
    try:
        found = validate_email(
            address,
            check_deliverability=False,
            allow_smtputf8=beyond_ascii,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=True,  # holds the local part to 64 octets
            # Only lets `.test` pass, which a test server on this machine may well serve.
            test_environment=True,
        )
    except EmailNotValidError as error:
        raise _bad(text, str(error).rstrip(".")) from error
    return f"{found.local_part}@{found.ascii_domain.lower()}"


def _why_not(address: str) -> str:
    if not address:
        return "it is empty"
    if has_control(address):
        return "it holds a control character or a line break"
    if len(address) > _TEXT_MAX:
        return "it is too long"
    if address.count("@") > 1 or any(mark in address for mark in ",;"):
        return "it is not one address"
    if any(mark in address for mark in '()<>[]"\\ '):
        return "give the bare address without name, comment, quotation marks or brackets"
    if any(mark in address.partition("@")[0] for mark in "!%"):
        return "it describes a route, not a mailbox"
    return ""


def _bad(text: str, why: str) -> Problem:
    shown = "".join(" " if has_control(c) else c for c in shorten(text, 100))
    return Problem("bad-address", address=shown, why=why)


def tags_in(strings: Iterable[str]) -> tuple[str, ...]:
    """The tokens (form of `new_token`) of all tagged addresses in `strings`, each once, in order.

    The time is linear in the length; the caller bounds that.
    """
    found = (match.lower() for text in strings for match in _TOKEN_IN_ADDRESS.findall(text))
    return tuple(dict.fromkeys(found))
