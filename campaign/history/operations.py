"""Appending to the log, within the act that the event is about."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from campaign.extensions import db
from campaign.history import rules
from campaign.history.models import HistoryDetail, HistoryEvent, HistoryHead
from campaign.kernel import clock

_WAITING = "history_waiting"
_EVENTS: Any = HistoryEvent.__table__
_DETAILS: Any = HistoryDetail.__table__
_HEAD: Any = HistoryHead.__table__
_LOCK_HEAD = sa.select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1).with_for_update()
_ADD_EVENTS, _ADD_DETAILS = sa.insert(_EVENTS), sa.insert(_DETAILS)
_MOVE_HEAD = (
    sa.update(_HEAD)
    .where(_HEAD.c.id == 1)
    .values(seq=sa.bindparam("newest"), hash=sa.bindparam("its_hash"))
)


class Referable(Protocol):
    """Anything that has an opaque id."""

    ref: Any


def record(
    kind: str,
    subject: Referable | str,
    /,
    *,
    actor: Referable | None = None,
    at: datetime | None = None,
    **detail: Any,
) -> None:
    """Note an event; it is appended when the act commits, and not at all if it does not.

    Args:
        kind: `stage.what_happened`, such as `letter.approved`.
        subject: the row that it is about, or its opaque id.
        actor: who did it; None for the program itself.
        at: when it happened, aware; now by default.
        detail: what can be erased later: names, words, numbers; JSON values only.
    """
    if not db.session.info.get("in_act"):
        raise RuntimeError(f"the event {kind} is noted outside an act")
    about = subject if isinstance(subject, str) else subject.ref
    waiting = db.session.info.setdefault(_WAITING, [])
    waiting.append((kind, about, actor.ref if actor else None, at or clock.now(), detail))


def _append(session: Session) -> None:
    """Chain the waiting events; last in an act, so that the head is locked for moments only.

    Rows, not objects: every act of the program passes here, and a sender does twice a mail.
    """
    waiting = session.info.pop(_WAITING, [])
    if not waiting:
        return
    session.flush()
    connection = session.connection()
    seq, before = connection.execute(_LOCK_HEAD).one()
    events: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    for kind, subject, actor, at, detail in waiting:
        seq += 1
        salt, body = secrets.token_hex(16), rules.canonical(detail)
        text = rules.payload(
            seq=seq,
            at=at,
            kind=kind,
            subject=subject,
            actor=actor,
            detail=rules.detail_hash(salt, body) if detail else None,
            before=before,
        )
        before = rules.digest(text)
        told = {"seq": seq, "at": at, "kind": kind, "subject": subject}
        events.append({**told, "payload": text, "hash": before})
        if detail:
            details.append({"seq": seq, "salt": salt, "body": body})
    connection.execute(_ADD_EVENTS, events)
    if details:
        connection.execute(_ADD_DETAILS, details)
    connection.execute(_MOVE_HEAD, {"newest": seq, "its_hash": before})


@event.listens_for(Session, "before_commit")
def _append_before_commit(session: Session) -> None:
    _append(session)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_WAITING, None)


def erase_details(subject: Referable | str) -> int:
    """Erase what events say about a subject; the chain still verifies (fairness.md rule 25).

    Call within an act. Returns how many details were erased.
    """
    about = subject if isinstance(subject, str) else subject.ref
    events = sa.select(HistoryEvent.seq).where(HistoryEvent.subject == about)
    erased = db.session.execute(sa.delete(HistoryDetail).where(HistoryDetail.seq.in_(events)))
    return int(erased.rowcount)  # type: ignore[attr-defined]
