"""What public pages say about a letter, in plain and neutral words (fairness.md rules 15 and 16).

Pure. Dates are in the company's zone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from campaign.kernel import days

_HEADLINES = {
    "awaiting": "We await an answer from {company}",
    "extended": "{company} has more time to answer",
    "responded_full": "{company} answered our questions",
    "responded_partial": "{company} answered in part",
    "statement_only": "{company} sent a statement",
    "declined": "{company} declined to answer",
    "redirected": "{company} pointed us elsewhere",
    "acknowledged_only": "{company} acknowledged our letter; no answer so far",
    "engaged_off_record": "{company} spoke with us, off the record",
    "responded_confidential": "{company} answered in confidence",
    "no_response": "{company} did not respond",
    "not_reached": "Our letter did not reach {company}",
    "withdrawn": "We withdrew our letter to {company}",
}

_WHEN = {
    "on_time": "",
    "within_extension": "",
    "after_deadline": ", after the deadline",
    "after_publication": ", after publication",
}

_COUNTED = {
    "responded_full": "answered in full",
    "responded_partial": "answered in part",
    "statement_only": "sent a statement",
    "declined": "declined",
    "redirected": "pointed us elsewhere",
    "engaged_off_record": "spoke with us off the record",
    "responded_confidential": "answered in confidence",
    "acknowledged_only": "acknowledged the letter only",
    "no_response": "did not respond",
    "not_reached": "could not be reached",
    "withdrawn": "withdrawn by us",
    "extended": "given more time",
    "awaiting": "still awaited",
}

SHOWN_PERMISSIONS = frozenset({"notice_default", "explicit_yes"})
"""Under these a reply stands on the page word for word."""

_KEPT_RESPONSES = frozenset({"responded_confidential", "engaged_off_record", "withdrawn"})

_NOT_SHOWN = {
    "redactions": "{company} agreed to publication with parts left out. Its reply will stand here"
    " once those are taken out.",
    "summary_only": "{company} agreed to a summary only, so its reply does not stand here.",
    "refused": "{company} asked us not to publish its reply, so it does not stand here.",
    "undetermined": "Whether the reply of {company} may be published is not decided, so it does"
    " not stand here.",
}

IN_TOUCH = "{company} has been in touch since this was published; we are reading it."


RETRACTED = "We withdrew what we published about {company}"
UNREACHED = "Our letter has not reached {company} yet"
NOT_DELIVERED = "It could not be delivered."


def headline(response: str, company: str, timeliness: str | None = None) -> str:
    """The title of a record."""
    return _HEADLINES[response].format(company=company) + _WHEN[timeliness or "on_time"]


def may_show(response: str, permission: str, *, redacted: bool = False) -> bool:
    """Whether the text of a reply may stand in public (fairness.md rule 19).

    Args:
        redacted: something is left out of it, as a company may have asked.
    """
    allowed = permission in SHOWN_PERMISSIONS or (redacted and permission == "redactions")
    return allowed and response not in _KEPT_RESPONSES


def why_not_shown(response: str, permission: str, company: str) -> str:
    """What stands where a reply would stand that may not be shown."""
    if response == "engaged_off_record":
        return f"{company} spoke with us on the condition that its words are not published."
    if response == "responded_confidential":
        return f"{company} asked us to keep its answer confidential."
    if response == "withdrawn":
        return f"We have withdrawn what we published here, and the reply of {company} with it."
    return _NOT_SHOWN[permission].format(company=company)


CAME_BACK = "A mail of ours has come back since this was published; we are checking it."


def in_touch(company: str) -> str:
    """What a record says from the moment that something new of the company may be here."""
    return IN_TOUCH.format(company=company)


def what_next(
    company: str,
    *,
    deadline: date | None,
    deadline_at: datetime | None,
    arrived: bool,
    came_back: bool,
    zone: str | None,
    now: datetime,
) -> list[str]:
    """What happens while an answer is awaited, in sentences; nobody is blamed.

    Args:
        deadline: the day until which the company can answer, in its zone; None while unknown.
        deadline_at: the end of that day, aware UTC.
        arrived: something proves that the letter reached the company.
        came_back: everything that left has come back.
    """
    promise = (
        f"When {company} answers, the answer will stand here beside the letter, unless it asks us"
        " not to publish it."
    )
    if came_back:
        return [
            "Our letter came back, so no time to answer runs. We look for another way to reach"
            f" {company}, and it then has the whole time to answer.",
        ]
    if deadline is None or not arrived:
        return [
            "Nothing shows yet that the letter arrived. The time to answer counts from its"
            " arrival, so no deadline runs.",
            promise,
        ]
    if deadline_at is not None and now >= deadline_at:
        return [
            f"The letter asked for a reply by {days.long_deadline(deadline, zone)}. We look"
            " through every way in which an answer could have come before we say what came.",
            "A late reply is welcome.",
        ]
    return [
        f"{company} can answer until {days.long_deadline(deadline, zone)}.",
        promise,
        "It can ask for more time. If no answer comes we will say so here, and how we know.",
    ]


def counted(outcomes: Mapping[str, int]) -> str:
    """Numbers of outcomes in one line: “3 answered in full, 1 did not respond, 2 awaited”."""
    parts = [
        f"{outcomes[response]:,} {words}"
        for response, words in _COUNTED.items()
        if outcomes.get(response)
    ]
    return ", ".join(parts)


def sort_key(name: str) -> str:
    """Neutral order of names: by letters, whatever their case or accents."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))
