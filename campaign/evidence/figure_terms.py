"""What a figure counts: who asked, for what, in what way, and what became of it (evidence.md).

Two figures whose terms differ are different figures and are never added, joined or averaged.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from campaign.evidence.figure_rules import SLUG_LIMIT, Denominator
from campaign.kernel.errors import Problem

EVERYWHERE = "all"
OUTSIDE_US = "non_us"
_COUNTRY = re.compile("[A-Z]{2}")


class Kind(StrEnum):
    """The kind of a request; a figure may count several together."""

    ALL_LEGAL_PROCESS = "all_legal_process"
    SUBPOENA = "subpoena"
    SUBPOENA_CRIMINAL = "subpoena_criminal"
    SUBPOENA_CIVIL = "subpoena_civil"
    SEARCH_WARRANT = "search_warrant"
    WIRETAP_ORDER = "wiretap_order"
    PEN_REGISTER_TRAP_TRACE = "pen_register_trap_trace"
    OTHER_COURT_ORDER = "other_court_order"
    EMERGENCY = "emergency"
    PRESERVATION = "preservation"
    MLAT_OR_DIPLOMATIC = "mlat_or_diplomatic"
    NON_US_UNSPECIFIED = "non_us_unspecified"
    CONTENT_REMOVAL = "content_removal"
    ACCOUNT_RESTRICTION = "account_restriction"
    CIVIL_PRIVATE_PARTY = "civil_private_party"
    NATIONAL_SECURITY_COMBINED = "national_security_combined"
    NSL = "nsl"
    FISA_CONTENT = "fisa_content"
    FISA_NONCONTENT = "fisa_noncontent"
    OTHER = "other"


class Segment(StrEnum):
    """Whose data was asked for."""

    CONSUMER = "consumer"
    ENTERPRISE = "enterprise"
    ALL = "all"
    UNSPECIFIED = "unspecified"


class Sought(StrEnum):
    """Which data was asked for."""

    CONTENT = "content"
    NONCONTENT = "noncontent"
    BOTH = "both"
    UNSPECIFIED = "unspecified"


class Location(StrEnum):
    """Where the data is kept."""

    ANY = "any"
    IN_US = "in_us"
    OUTSIDE_US = "outside_us"


class Measure(StrEnum):
    """What is counted."""

    REQUESTS_RECEIVED = "requests_received"
    ACCOUNTS_SPECIFIED = "accounts_specified"
    REQUESTS_WITH_OUTCOME = "requests_with_outcome"
    ACCOUNTS_WITH_OUTCOME = "accounts_with_outcome"
    ITEMS_REMOVED = "items_removed"
    CUSTOMERS = "customers"
    CHANGE = "change"


class Result(StrEnum):
    """What became of the requests that are counted."""

    FULL = "full"
    PARTIAL = "partial"
    FULL_OR_PARTIAL = "full_or_partial"
    SOME_DATA = "some_data"
    CONTENT = "content"
    NONCONTENT_ONLY = "noncontent_only"
    NO_DATA = "no_data"
    REJECTED = "rejected"
    CHALLENGED = "challenged"
    WITHDRAWN = "withdrawn"
    REDIRECTED_TO_CUSTOMER = "redirected_to_customer"
    REJECTED_WITHDRAWN_OR_REDIRECTED = "rejected_withdrawn_or_redirected"
    REJECTED_WITHDRAWN_NODATA_OR_REDIRECTED = "rejected_withdrawn_nodata_or_redirected"
    NONE = "none"
    PENDING = "pending"


class Status(StrEnum):
    """Whether a figure stands."""

    CURRENT = "current"
    CORRECTED = "corrected"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a figure counts.

    Attributes:
        requester: whose authorities asked: a country's two letters, `non_us` or `all`.
        kinds: the kinds of request that it counts together, as `kinds` writes them.
        denominator: of a percent, what it is a share of; None for a count.
        compared_start, compared_end: of a change, the period that it is measured against, both
            days included.
    """

    measure: Measure = Measure.REQUESTS_RECEIVED
    requester: str = EVERYWHERE
    kinds: str = Kind.ALL_LEGAL_PROCESS.value
    outcome: Result = Result.NONE
    segment: Segment = Segment.UNSPECIFIED
    sought: Sought = Sought.UNSPECIFIED
    location: Location = Location.ANY
    denominator: Denominator | None = None
    compared_start: date | None = None
    compared_end: date | None = None


NAMES = tuple(one.name for one in fields(Terms))
_SHORT = {
    Measure.REQUESTS_RECEIVED: "requests",
    Measure.ACCOUNTS_SPECIFIED: "accounts",
    Measure.REQUESTS_WITH_OUTCOME: "",
    Measure.ACCOUNTS_WITH_OUTCOME: "accounts",
    Measure.ITEMS_REMOVED: "removed",
    Measure.CUSTOMERS: "customers",
    Measure.CHANGE: "change",
}
_HASHED = 8  # characters that tell two long names apart


def kinds(words: str) -> str:
    """Kinds of request as they are kept: sorted, with a semicolon between.

    Raises:
        Problem: `figure-term`.
    """
    found = {part for part in re.split(r"[;,\s]+", words.strip()) if part}
    for one in found or {""}:
        if one not in set(Kind):
            raise Problem("figure-term", name="request type", value=one[:60], known=", ".join(Kind))
    return ";".join(sorted(found))


def requester(words: str) -> str:
    """Whose authorities asked, as it is kept.

    Raises:
        Problem: `figure-term`.
    """
    value = words.strip()
    if value.lower() in (EVERYWHERE, OUTSIDE_US):
        return value.lower()
    if not _COUNTRY.fullmatch(value.upper()):
        known = "two letters such as GB, non_us or all"
        raise Problem("figure-term", name="requester scope", value=value[:60], known=known)
    return value.upper()


def slug(terms: Terms) -> str:
    """A short name made from what a figure counts: the same in every report that states it."""
    words = [
        _SHORT[terms.measure],
        "" if terms.outcome is Result.NONE else terms.outcome.value,
        "" if terms.kinds == Kind.ALL_LEGAL_PROCESS else terms.kinds,
        "" if terms.segment is Segment.UNSPECIFIED else terms.segment.value,
        "" if terms.sought is Sought.UNSPECIFIED else terms.sought.value,
        "" if terms.location is Location.ANY else terms.location.value,
        f"share-{terms.denominator}" if terms.denominator else "",
        f"since-{terms.compared_start}" if terms.compared_start else "",
        terms.requester,
    ]
    long = re.sub("[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")
    if len(long) <= SLUG_LIMIT:
        return long
    digest = hashlib.sha256(long.encode()).hexdigest()[:_HASHED]
    kept = long[: SLUG_LIMIT - _HASHED - 1].rstrip("-")
    return f"{kept}-{digest}"
