"""What an event is made of, and what makes a chain of them whole (fairness.md rule 25)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event, as verification needs it."""

    seq: int
    payload: str
    hash: str
    salt: str | None = None
    body: str | None = None


def canonical(value: Any) -> str:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(value).decode()


def digest(text: str) -> str:
    """SHA-256 of UTF-8 text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def detail_hash(salt: str, body: str) -> str:
    """Hash under which an event holds its detail; the salt keeps a short one from being guessed."""
    return digest(f"{salt}:{body}")


def payload(
    *,
    seq: int,
    at: datetime,
    kind: str,
    subject: str,
    actor: str | None,
    detail: str | None,
    before: str,
) -> str:
    """An event's canonical JSON.

    Args:
        at: aware time; written in UTC to the microsecond.
        subject, actor: opaque ids; `actor` is None for the program itself.
        detail: salted hash of what the event speaks of.
        before: hash of the event before, `GENESIS` for the first.
    """
    event: Mapping[str, Any] = {
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": kind,
        "subject": subject,
        "actor": actor,
        "detail": detail,
        "before": before,
    }
    return canonical(event)


def first_break(links: Iterable[Link], head: tuple[int, str]) -> tuple[int, str] | None:
    """The first event that does not hold, and why; None when the whole chain does.

    An erased detail (no salt, no body) is no break.
    """
    before, expected = GENESIS, 0
    for link in links:
        expected += 1
        if link.seq != expected:
            return expected, f"event {expected} is missing"
        why = _why_broken(link, before)
        if why:
            return link.seq, why
        before = link.hash
    if head != (expected, before):
        return expected + 1, "events are missing at the end of the chain"
    return None


def _why_broken(link: Link, before: str) -> str | None:
    if digest(link.payload) != link.hash:
        return "its content does not have its hash"
    try:
        event = json.loads(link.payload)
    except ValueError:
        return "it cannot be read"
    if event.get("seq") != link.seq or event.get("before") != before:
        return "it does not follow the event before it"
    if link.body is not None and detail_hash(link.salt or "", link.body) != event.get("detail"):
        return "its detail was changed"
    return None
