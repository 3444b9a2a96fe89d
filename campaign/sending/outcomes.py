"""What is kept of a conversation with a server; nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from campaign.database import Utc
from campaign.drafting.models import TextKind
from campaign.extensions import db
from campaign.history.operations import record
from campaign.sending import rules, statements
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState
from campaign.sending.transport import Handover, Outcome

_S = DispatchState


@dataclass(frozen=True)
class Claimed:
    """A row that this sender holds, without the session that it came from."""

    id: int
    ref: str
    letter_id: int
    kind: TextKind
    message_id: str
    envelope_sender: str
    recipient: str
    sha256: str


def accept(
    connection: sa.Connection, row: Claimed, holder: str, outcome: Outcome, now: datetime
) -> bool:
    """Record that a server took it, with attempt, evidence and event; whether it was still mine."""
    told = {"row": row.id, "holder": holder, "now": now}
    told |= {"said": outcome.reply, "number": outcome.queue_id}
    tries = connection.execute(statements.ACCEPT, told).scalar()
    if tries is None:
        return False
    connection.execute(statements.ADD_ATTEMPT, _attempt(row, tries, outcome, now))
    queued = f" (queue id {outcome.queue_id})" if outcome.queue_id else ""
    evidence = {"dispatch_id": row.id, "at": now, "recorded_at": now}
    evidence["detail"] = outcome.reply + queued
    connection.execute(statements.ADD_ACCEPTED, evidence)
    if row.kind is TextKind.LETTER:
        opened = connection.execute(statements.OPEN_LETTER, {"letter": row.letter_id}).scalar()
        if opened is not None:
            record("letter.opened", str(opened))
    note(_S.ACCEPTED, row, tries, outcome)
    return True


def count_attempt(row: Claimed, outcome: Outcome, now: datetime) -> tuple[int, datetime]:
    """Keep the attempt; its number, and when the first one was."""
    tries, first_at = db.session.execute(
        sa.update(Dispatch)
        .where(Dispatch.id == row.id)
        .values(
            attempts=Dispatch.attempts + 1,
            first_attempt_at=sa.func.coalesce(Dispatch.first_attempt_at, sa.literal(now, Utc)),
        )
        .returning(Dispatch.attempts, Dispatch.first_attempt_at)
        .execution_options(synchronize_session=False)
    ).one()
    db.session.execute(statements.ADD_ATTEMPT, _attempt(row, tries, outcome, now))
    return tries, first_at or now


def result(
    outcome: Outcome, tries: int, first_at: datetime, now: datetime
) -> tuple[DispatchState, dict[str, Any]]:
    """The state that an outcome leads to, and what is kept with it."""
    said = {"server_reply": outcome.reply, "queue_id": outcome.queue_id, "why": outcome.reply}
    if outcome.handover is Handover.ACCEPTED:
        return _S.ACCEPTED, {**said, "why": "", "accepted_at": now}
    if outcome.handover is Handover.FAILED:
        return _S.FAILED, said
    if outcome.handover is Handover.LOST_AFTER_DOT:
        return _S.UNKNOWN, said
    again = rules.next_attempt(tries, first_at, now)
    if again is None:
        return _S.EXPIRED, said
    return _S.DEFERRED, {**said, "not_before": again}


def _attempt(row: Claimed, tries: int, outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "dispatch_id": row.id,
        "number": tries,
        "at": now,
        "outcome": outcome.handover.value,
        "code": outcome.code,
        "reply": outcome.reply,
        "server": outcome.server,
    }


def note(new: DispatchState, row: Claimed, tries: int, outcome: Outcome) -> None:
    """Note the event of a conversation that ended so."""
    record(
        f"dispatch.{new.value}",
        row.ref,
        attempt=tries,
        code=outcome.code,
        reply=outcome.reply,
        server=outcome.server,
    )
