"""What figures count, in words, and what the terms of transparency reports mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from campaign.companies.queries import country_name
from campaign.evidence.figure_rules import Denominator
from campaign.evidence.figure_terms import (
    EVERYWHERE,
    OUTSIDE_US,
    Kind,
    Location,
    Measure,
    Result,
    Segment,
    Sought,
    Terms,
)
from campaign.evidence.rules import period

KINDS: Mapping[Kind, str] = {
    Kind.ALL_LEGAL_PROCESS: "all kinds of legal process",
    Kind.SUBPOENA: "subpoenas",
    Kind.SUBPOENA_CRIMINAL: "criminal subpoenas",
    Kind.SUBPOENA_CIVIL: "civil subpoenas",
    Kind.SEARCH_WARRANT: "search warrants",
    Kind.WIRETAP_ORDER: "wiretap orders",
    Kind.PEN_REGISTER_TRAP_TRACE: "pen register and trap-and-trace orders",
    Kind.OTHER_COURT_ORDER: "other court orders",
    Kind.EMERGENCY: "emergency requests",
    Kind.PRESERVATION: "preservation requests",
    Kind.MLAT_OR_DIPLOMATIC: "mutual legal assistance and diplomatic requests",
    Kind.NON_US_UNSPECIFIED: "requests from outside the US, kind not said",
    Kind.CONTENT_REMOVAL: "content removal requests",
    Kind.ACCOUNT_RESTRICTION: "account restriction requests",
    Kind.CIVIL_PRIVATE_PARTY: "civil requests of private parties",
    Kind.NATIONAL_SECURITY_COMBINED: "national security requests, all together",
    Kind.NSL: "national security letters",
    Kind.FISA_CONTENT: "FISA orders for content",
    Kind.FISA_NONCONTENT: "FISA orders for non-content data",
    Kind.OTHER: "other requests",
}
MEASURES: Mapping[Measure, str] = {
    Measure.REQUESTS_RECEIVED: "requests received",
    Measure.ACCOUNTS_SPECIFIED: "accounts that requests named",
    Measure.REQUESTS_WITH_OUTCOME: "requests by what came of them",
    Measure.ACCOUNTS_WITH_OUTCOME: "accounts by what came of the request",
    Measure.ITEMS_REMOVED: "items removed",
    Measure.CUSTOMERS: "customers",
    Measure.CHANGE: "change against another period",
}
OUTCOMES: Mapping[Result, str] = {
    Result.FULL: "complied with in full",
    Result.PARTIAL: "complied with in part",
    Result.FULL_OR_PARTIAL: "complied with in full or in part",
    Result.SOME_DATA: "some data disclosed",
    Result.CONTENT: "content disclosed",
    Result.NONCONTENT_ONLY: "only non-content data disclosed",
    Result.NO_DATA: "no data found",
    Result.REJECTED: "rejected",
    Result.CHALLENGED: "challenged",
    Result.WITHDRAWN: "withdrawn",
    Result.REDIRECTED_TO_CUSTOMER: "redirected to the customer",
    Result.REJECTED_WITHDRAWN_OR_REDIRECTED: "rejected, withdrawn or redirected",
    Result.REJECTED_WITHDRAWN_NODATA_OR_REDIRECTED: (
        "rejected, withdrawn, no data found or redirected"
    ),
    Result.NONE: "whatever came of them",
    Result.PENDING: "still pending",
}
SEGMENTS: Mapping[Segment, str] = {
    Segment.CONSUMER: "consumers",
    Segment.ENTERPRISE: "enterprise customers",
    Segment.ALL: "consumers and enterprise customers",
    Segment.UNSPECIFIED: "customers of a kind that is not said",
}
SOUGHT: Mapping[Sought, str] = {
    Sought.CONTENT: "content",
    Sought.NONCONTENT: "non-content data",
    Sought.BOTH: "content and non-content data",
    Sought.UNSPECIFIED: "data of a kind that is not said",
}
LOCATIONS: Mapping[Location, str] = {
    Location.ANY: "kept anywhere",
    Location.IN_US: "kept in the US",
    Location.OUTSIDE_US: "kept outside the US",
}
SHARES: Mapping[Denominator, str] = {
    Denominator.REQUESTS_RECEIVED: "requests received",
    Denominator.REQUESTS_WITH_DISCLOSURE: "requests in which something was disclosed",
    Denominator.ACCOUNTS_SPECIFIED: "accounts that requests named",
    Denominator.OTHER: "something else, which the label says",
}
MEANINGS: Mapping[str, str] = {
    "Content": (
        "What people write, say, store or share through a service: messages, photographs, "
        "recordings, documents."
    ),
    "Non-content data": (
        "What a company knows about its users beside that: name and address, when and from where "
        "somebody signed in, how they pay."
    ),
    "Subpoena": (
        "A demand of an authority or a lawyer that, in the US, needs no judge beforehand; it can "
        "ask for non-content data."
    ),
    "Search warrant": "An order of a judge who was shown a reason; it can ask for content.",
    "Court order": "Any other order of a court, such as one for the record of connections.",
    "Mutual legal assistance": (
        "The way of treaties: an authority asks the authorities of the company’s own country, "
        "which ask the company."
    ),
    "National security request": (
        "National security letters and orders of a secret court. US law lets companies say their "
        "number only as a band, such as 0–249."
    ),
    "Emergency request": "A request without legal process, where a life is said to be in danger.",
    "Band": (
        "The true number lies somewhere between the two, both included. A band is never added up "
        "or replaced by its middle."
    ),
    "Share": (
        "A percent is always of something: of all requests, or of those in which something was "
        "disclosed. Shares of different wholes cannot be set side by side."
    ),
    "Not reported": "The source states no number. That is not zero.",
}
# Which meanings belong beside figures of these kinds.
_BESIDE: Mapping[Kind, str] = {
    Kind.SUBPOENA: "Subpoena",
    Kind.SUBPOENA_CRIMINAL: "Subpoena",
    Kind.SUBPOENA_CIVIL: "Subpoena",
    Kind.SEARCH_WARRANT: "Search warrant",
    Kind.OTHER_COURT_ORDER: "Court order",
    Kind.WIRETAP_ORDER: "Court order",
    Kind.PEN_REGISTER_TRAP_TRACE: "Court order",
    Kind.MLAT_OR_DIPLOMATIC: "Mutual legal assistance",
    Kind.NATIONAL_SECURITY_COMBINED: "National security request",
    Kind.NSL: "National security request",
    Kind.FISA_CONTENT: "National security request",
    Kind.FISA_NONCONTENT: "National security request",
    Kind.EMERGENCY: "Emergency request",
}
_WITH_ARTICLE = {"AE", "BS", "CD", "CF", "DO", "GB", "GM", "MV", "NL", "PH", "SC", "US"}
_OF_CONTENT = {Result.CONTENT, Result.NONCONTENT_ONLY}


def place(requester: str) -> str:
    """Whose authorities asked."""
    if requester == EVERYWHERE:
        return "authorities anywhere"
    if requester == OUTSIDE_US:
        return "authorities outside the US"
    article = "the " if requester in _WITH_ARTICLE else ""
    return f"authorities in {article}{country_name(requester)}"


def kinds(stored: str) -> str:
    """The kinds of request that a figure counts together."""
    return " and ".join(KINDS[Kind(one)] for one in stored.split(";"))


def heading(terms: Terms) -> str:
    """What a figure counts, short: kinds, and what came of them where that is the point."""
    said = kinds(terms.kinds)
    said = said[:1].upper() + said[1:]
    if terms.measure in (Measure.ACCOUNTS_SPECIFIED, Measure.ACCOUNTS_WITH_OUTCOME):
        said = f"{said}: accounts"
    elif terms.measure is Measure.CHANGE:
        said = f"{said}: change"
    if terms.outcome is not Result.NONE:
        said = f"{said}, {OUTCOMES[terms.outcome]}"
    return said


def details(terms: Terms) -> str:
    """The rest of what it counts: who asked, whose data, which, kept where, a share of what."""
    said = [place(terms.requester)]
    if terms.segment is not Segment.UNSPECIFIED:
        said.append(f"data of {SEGMENTS[terms.segment]}")
    if terms.sought is not Sought.UNSPECIFIED:
        said.append(SOUGHT[terms.sought])
    if terms.location is not Location.ANY:
        said.append(LOCATIONS[terms.location])
    if terms.denominator:
        said.append(f"percent of {SHARES[terms.denominator]}")
    if terms.compared_start and terms.compared_end:
        said.append(f"against {period(terms.compared_start, terms.compared_end)}")
    words = "; ".join(said)
    return words[:1].upper() + words[1:]


def meanings(shown: Iterable[Terms], *, bands: bool, blanks: bool) -> dict[str, str]:
    """The terms that a reader meets beside these figures, explained, in their usual order."""
    met: set[str] = set()
    for terms in shown:
        met.update(_BESIDE[kind] for kind in map(Kind, terms.kinds.split(";")) if kind in _BESIDE)
        if terms.outcome in _OF_CONTENT or terms.sought is not Sought.UNSPECIFIED:
            met.update(("Content", "Non-content data"))
        if terms.denominator:
            met.add("Share")
    met.update(name for name, there in (("Band", bands), ("Not reported", blanks)) if there)
    return {name: said for name, said in MEANINGS.items() if name in met}
