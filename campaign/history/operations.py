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
    """Chain the waiting events; last in an act, so that the head is locked for moments only."""
    waiting = session.info.pop(_WAITING, [])
    if not waiting:
        return
    head = session.execute(
        sa.select(HistoryHead).where(HistoryHead.id == 1).with_for_update()
    ).scalar_one()
    session.refresh(head)
    for kind, subject, actor, at, detail in waiting:
        salt, body = secrets.token_hex(16), rules.canonical(detail)
        text = rules.payload(
            seq=head.seq + 1,
            at=at,
            kind=kind,
            subject=subject,
            actor=actor,
            detail=rules.detail_hash(salt, body) if detail else None,
            before=head.hash,
        )
        head.seq, head.hash = head.seq + 1, rules.digest(text)
        session.add(
            HistoryEvent(
                seq=head.seq, at=at, kind=kind, subject=subject, payload=text, hash=head.hash
            )
        )
        session.flush()  # the detail refers to the event
        if detail:
            session.add(HistoryDetail(seq=head.seq, salt=salt, body=body))
    session.flush()


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
