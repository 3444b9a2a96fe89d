"""The chain's events about one letter as anybody may see and check them (fairness.md rule 25).

A payload holds opaque ids and hashes only, so that every payload is public. What an event speaks
of is told only where the kind is on the list below and says nothing but what stands there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from campaign.drafting.models import FrozenText
from campaign.extensions import db
from campaign.history.models import HistoryDetail, HistoryEvent
from campaign.publishing.shown import Shown
from campaign.replies import redaction_rules

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
        .where(HistoryEvent.subject.in_(_subjects(shown)))
        .order_by(HistoryEvent.seq)
    )
    return [_told(shown.hidden, *row) for row in db.session.execute(query)]


def _subjects(shown: Shown) -> list[str]:
    texts = sa.select(FrozenText.ref).where(FrozenText.letter_id == shown.letter.id)
    return [
        shown.letter.ref,
        *db.session.scalars(texts),
        *(dispatch.ref for dispatch in shown.dispatches),
        *(reply.ref for reply in shown.replies),
    ]


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
