"""The chain's events about one letter as anybody may see and check them (fairness.md rule 25).

A payload holds opaque ids and hashes only, so that every payload is public. What an event speaks
of is told only where the kind is on the list below and says nothing but what stands there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from campaign.drafting.models import FrozenText
from campaign.extensions import db
from campaign.history.models import HistoryDetail, HistoryEvent
from campaign.history.rules import GENESIS
from campaign.publishing.shown import Shown
from campaign.replies import redaction_rules

_AT_ONCE = 5_000  # opaque ids in one question
_RECORD = frozenset(
    {"record", "number", "response", "timeliness", "permission", "statement", "basis", "reply"}
)
TOLD: dict[str, frozenset[str]] = {
    "record.published": _RECORD,
    "record.changed": _RECORD,
    "reply.redacted": frozenset({"number", "reasons"}),
    "letter.extended": frozenset({"own", "old", "new", "asked_by", "why"}),
    "letter.deadline_set": frozenset({"deadline", "before"}),
    "letter.reminder_ordered": frozenset({"deadline", "late"}),
    "letter.final_notice_ordered": frozenset({"deadline", "late"}),
}
"""Kinds of which the details are public, and the names that they may hold."""


def head(shown: Sequence[Shown]) -> list[dict[str, Any]]:
    """How many events each of these letters has that anybody can check, and the newest one's hash.

    Read at once for all of them; who keeps this list sees later whether one was cut off.
    """
    owners = _owners(shown)
    found: dict[int, list[tuple[int, str]]] = {one.letter.id: [] for one in shown}
    query = sa.select(HistoryEvent.subject, HistoryEvent.seq, HistoryEvent.hash)
    for some in _batches(list(owners)):
        for subject, seq, digest in db.session.execute(query.where(HistoryEvent.subject.in_(some))):
            found[owners[subject]].append((seq, digest))
    told = []
    for one in shown:
        mine = sorted(found[one.letter.id])
        newest = mine[-1] if mine else (0, GENESIS)
        told.append({"events": len(mine), "seq": newest[0], "hash": newest[1]})
    return told


def _owners(shown: Sequence[Shown]) -> dict[str, int]:
    """By opaque id, the letter that it is of."""
    letters = [one.letter.id for one in shown]
    texts = sa.select(FrozenText.ref, FrozenText.letter_id).where(FrozenText.letter_id.in_(letters))
    owners: dict[str, int] = {row.ref: row.letter_id for row in db.session.execute(texts)}
    for one in shown:
        owners[one.letter.ref] = one.letter.id
        owners.update((dispatch.ref, one.letter.id) for dispatch in one.dispatches)
        owners.update((reply.ref, one.letter.id) for reply in one.replies)
    return owners


def _batches(refs: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(refs), _AT_ONCE):
        yield refs[start : start + _AT_ONCE]


def hashes(after: int, limit: int) -> list[str]:
    """The hashes of the whole chain in its order, so many after that event.

    A hash tells nothing of what an event is about, so those of hidden letters are among them.
    """
    query = (
        sa.select(HistoryEvent.hash)
        .where(HistoryEvent.seq > after)
        .order_by(HistoryEvent.seq)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def record_of(shown: Shown) -> dict[str, Any] | None:
    """What the record says now, which its newest event has to say too; None without a record."""
    entry = shown.entry
    if entry is None:
        return None
    return {
        "number": entry.number,
        "response": entry.response.value,
        "timeliness": entry.timeliness.value if entry.timeliness else None,
        "statement": entry.statement,
    }


def events(shown: Shown) -> list[dict[str, Any]]:
    """Events about letter, texts, dispatches and published replies, oldest first."""
    query = (
        sa.select(
            HistoryEvent.seq,
            HistoryEvent.kind,
            HistoryEvent.payload,
            HistoryEvent.hash,
            HistoryDetail.salt,
            HistoryDetail.body,
        )
        .outerjoin(HistoryDetail, HistoryDetail.seq == HistoryEvent.seq)
        .where(HistoryEvent.subject.in_(list(_owners([shown]))))
        .order_by(HistoryEvent.seq)
    )
    return [_told(shown.hidden, *row) for row in db.session.execute(query)]


def _told(
    hidden: Sequence[str],
    seq: int,
    kind: str,
    payload: str,
    digest: str,
    salt: str | None,
    body: str | None,
) -> dict[str, Any]:
    event: dict[str, Any] = {"seq": seq, "payload": payload, "hash": digest}
    if body is not None and is_public(kind, json.loads(body), hidden):
        event["detail"] = {"salt": salt, "body": body}
    return event


def is_public(kind: str, detail: dict[str, Any], hidden: Sequence[str] = ()) -> bool:
    """Whether what an event speaks of may be told.

    Args:
        hidden: words that are left out of a reply; a detail with one of them is not told, and
            the event's payload still verifies without it.
    """
    if redaction_rules.tells(" ".join(str(value) for value in detail.values()), hidden):
        return False
    return detail.keys() <= TOLD.get(kind, frozenset())
