"""Delivery reports as JSON in a mail, as Amazon's sending service writes them.

They are turned into the fields of RFC 3464, so that all that reads these reads them too. Source:
"Amazon SNS notification contents for Amazon SES" (also wrapped in the envelope of Amazon SNS).
"""

from __future__ import annotations

import json
import re
from typing import Any

from campaign.replies.charsets import clean
from campaign.replies.mime import Headers

_LIMIT = 64 * 1024
_RECIPIENTS = 60
_BEGINS = re.compile(
    r'^\s{0,20}\{.{0,4000}?\\?"(?:notification|event)Type\\?"\s{0,4}:\s{0,4}', re.S
)
_COMPLAINS = re.compile(r'\\?"complaint\\?"', re.I)
_ACTIONS = {
    "bounce": ("failed", "bouncedRecipients"),
    "deliverydelay": ("delayed", "delayedRecipients"),
    "delivery": ("delivered", "recipients"),
}


def begins_as_notice(text: str) -> bool:
    """Whether a text is such a notice; no person begins a mail so."""
    return bool(_BEGINS.match(text[:_LIMIT]))


def complains(text: str) -> bool:
    """Whether it tells of a complaint about our mail, which was delivered then."""
    begins = _BEGINS.match(text[:_LIMIT])
    return bool(begins and _COMPLAINS.match(text, begins.end()))


def notice_groups(text: str) -> list[Headers]:
    """The notice as groups of report fields: one of the message, one for each recipient."""
    notice = _unwrapped(_read(text))
    event = str(notice.get("notificationType") or notice.get("eventType") or "")
    action, names = _ACTIONS.get(event.lower(), ("", ""))
    told = _dict(notice.get(event[:1].lower() + event[1:]))
    people = told.get(names)
    if not isinstance(people, list):
        return []
    return [_of_message(_dict(notice.get("mail")))] + [
        _of_recipient(person, action) for person in people[:_RECIPIENTS]
    ]


def _read(text: str) -> dict[str, Any]:
    """The object that a text begins with; lines that a mail server broke are joined."""
    whole = re.sub(r"[\r\n]", "", text[:_LIMIT]).lstrip()
    try:
        return _dict(json.JSONDecoder(strict=False).raw_decode(whole)[0])
    except (ValueError, RecursionError):
        return {}


def _unwrapped(notice: dict[str, Any]) -> dict[str, Any]:
    inner = notice.get("Message")
    return _read(inner) if isinstance(inner, str) else notice


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _of_message(mail: dict[str, Any]) -> Headers:
    common = _dict(mail.get("commonHeaders"))
    said = {
        "original-envelope-id": mail.get("source"),
        "original-message-id": common.get("messageId"),
    }
    return _headers(said)


def _of_recipient(person: object, action: str) -> Headers:
    if isinstance(person, str):
        return _headers(
            {"final-recipient": f"rfc822; {person}", "action": action, "status": "2.0.0"}
        )
    known = _dict(person)
    return _headers(
        {
            "final-recipient": f"rfc822; {known.get('emailAddress', '')}",
            "action": action,
            "status": known.get("status"),
            "diagnostic-code": known.get("diagnosticCode"),
        }
    )


def _headers(values: dict[str, Any]) -> Headers:
    texts = ((name, value) for name, value in values.items() if isinstance(value, str))
    return Headers(tuple((name, clean(value)) for name, value in texts))
