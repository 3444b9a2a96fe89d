"""What happens to dispatches within the act of whoever calls; nothing here commits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.companies.rules import Channel
from campaign.database import Utc
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.text import new_token
from campaign.sending import parcels, queries, rules
from campaign.sending.models import DeliveryEvidence, Dispatch
from campaign.sending.rules import DispatchState, EvidenceKind

_K = EvidenceKind
_S = DispatchState

# What each piece of evidence shows, where the table of moves lets it. Whatever came back from a
# mail shows that the relay had taken it, and so settles `unknown` (reliability.md, Sending 4).
_SHOWS = {
    _K.ACCEPTED: _S.ACCEPTED,
    _K.OWN_COPY: _S.ACCEPTED,
    _K.DELAY: _S.ACCEPTED,
    _K.AUTO_CONFIRMS_RECEIPT: _S.ACCEPTED,
    _K.AUTO_UNMONITORED: _S.ACCEPTED,
    _K.AUTO_OTHER: _S.ACCEPTED,
    _K.ANSWERED: _S.ACCEPTED,
    _K.DELIVERY_RECEIPT: _S.DELIVERED,
    _K.BOUNCE: _S.BOUNCED,
    _K.FORM_SUBMITTED: _S.FORM_SUBMITTED,
    _K.POSTED: _S.POSTED,
    _K.TRACKED_DELIVERED: _S.DELIVERED,
    _K.PERSON_SAYS_DELIVERED: _S.DELIVERED,
    _K.SIGNED_FOR: _S.DELIVERED_SIGNED,
    _K.RETURNED: _S.RETURNED_TO_SENDER,
    _K.MENTIONED: _S.MENTIONED,
    _K.PERSON_SAYS_NOT_SENT: _S.FAILED,
}
# These name the very mail; an answer may be to another mail of the same letter.
_OF_THE_MAIL_ITSELF = (_K.OWN_COPY, _K.DELAY, _K.BOUNCE, _K.DELIVERY_RECEIPT)
_BY_MAIL_ONLY = (_S.ACCEPTED, _S.BOUNCED)
_OPENS = (rules.LEFT | {_S.UNKNOWN}) - {_S.MENTIONED}
_REMINDERS = (TextKind.REMINDER, TextKind.FINAL_NOTICE)


def move(
    dispatch_id: int, new: DispatchState, *conditions: sa.ColumnElement[bool], **values: Any
) -> bool:
    """Move one dispatch if the table of moves allows it from where it stands *now*.

    One conditional update, on which correctness rests (reliability.md, Sending 2).

    Args:
        conditions: what must hold besides.
        values: further columns to set.

    Returns:
        Whether it moved.
    """
    if new not in (_S.CLAIMED, _S.TRANSMITTING):
        values = {"lease_holder": None, "lease_until": None, **values}
    moved = db.session.execute(
        sa.update(Dispatch)
        .where(Dispatch.id == dispatch_id, Dispatch.state.in_(_before(new)), *conditions)
        .values(state=new, state_at=clock.now(), **values)
        .execution_options(synchronize_session=False)
    )
    return changed(moved) == 1


def changed(result: sa.Result[Any]) -> int:
    """How many rows an UPDATE or DELETE touched."""
    return int(result.rowcount)  # type: ignore[attr-defined]


def _before(new: DispatchState) -> list[DispatchState]:
    return [old for old in DispatchState if rules.may_move(old, new)]


def letter_left(letter_id: int, kind: TextKind, state: DispatchState) -> None:
    """Open the letter when its first direct dispatch left, or may have left."""
    if kind is not TextKind.LETTER or state not in _OPENS:
        return
    opened = db.session.execute(
        sa.update(Letter)
        .where(Letter.id == letter_id, Letter.state == LetterState.SENDING)
        .values(state=LetterState.OPEN)
        .execution_options(synchronize_session="fetch")
    )
    if changed(opened):
        ref = db.session.scalar(sa.select(Letter.ref).where(Letter.id == letter_id))
        record("letter.opened", str(ref))


def add_evidence(
    dispatch: Dispatch,
    kind: EvidenceKind,
    *,
    at: datetime,
    detail: str = "",
    source_ref: str = "",
    by: User | None = None,
    file_sha256: str | None = None,
) -> DeliveryEvidence:
    """Keep a piece of evidence; let it move the dispatch where the table of moves allows that.

    What comes too late, or for a state that it says nothing about, is kept all the same. The
    same piece twice is one.

    Args:
        at: when it happened, aware.
        source_ref: opaque id of the incoming message that says so.
        by: the person who says so.
    """
    known = db.session.scalar(
        sa.select(DeliveryEvidence).where(
            DeliveryEvidence.dispatch_id == dispatch.id,
            DeliveryEvidence.kind == kind,
            DeliveryEvidence.source_ref == source_ref,
            DeliveryEvidence.at == at,
        )
    )
    if known is not None:
        return known
    evidence = DeliveryEvidence(
        dispatch_id=dispatch.id,
        kind=kind,
        at=at,
        detail=detail,
        source_ref=source_ref,
        by_id=by.id if by else None,
        file_sha256=file_sha256,
    )
    db.session.add(evidence)
    db.session.flush()
    applied = _apply(dispatch, kind, at=at, detail=detail, source_ref=source_ref)
    record(
        f"dispatch.{kind.value}",
        dispatch,
        actor=by,
        at=clock.now(),
        happened_at=at.isoformat(),
        detail=detail,
        applied=applied,
    )
    return evidence


def _apply(
    dispatch: Dispatch, kind: EvidenceKind, *, at: datetime, detail: str, source_ref: str
) -> bool:
    new = _SHOWS.get(kind)
    if new is None or (new in _BY_MAIL_ONLY and dispatch.channel is not Channel.EMAIL):
        return False
    conditions = []
    if new in _BY_MAIL_ONLY and kind not in _OF_THE_MAIL_ITSELF:
        conditions.append(Dispatch.state.not_in(rules.NOT_YET_LEAVING))
    values: dict[str, Any] = {}
    if new in (_S.ACCEPTED, _S.DELIVERED):
        values["accepted_at"] = sa.func.coalesce(Dispatch.accepted_at, sa.literal(at, Utc))
    if new in rules.NOT_REACHED:
        values["why"] = detail
    applied = move(dispatch.id, new, *conditions, **values)
    db.session.refresh(dispatch)
    if not applied:
        return False
    if new is _S.ACCEPTED and kind is not _K.ACCEPTED:
        # The proof grade asks when it was accepted: not later than this shows.
        db.session.add(
            DeliveryEvidence(
                dispatch_id=dispatch.id,
                kind=_K.ACCEPTED,
                at=at,
                source_ref=source_ref,
                detail=f"Shown by what came back ({kind.value.replace('_', ' ')}).",
            )
        )
        db.session.flush()
    letter_left(dispatch.letter_id, dispatch.kind, new)
    return True


def queue_reminder(letter: Letter, kind: TextKind, *, deadline: date, late: bool) -> list[Dispatch]:
    """Queue a reminder or notice to the contacts that the letter reached in its round.

    By e-mail it leaves by itself; to a company without e-mail it is a task for a person. Each
    (letter, kind, round, contact) goes once. One that was withdrawn before it left is queued
    again with new bytes, because its text states the deadline.

    Args:
        deadline: the binding deadline that the text states (fairness.md rule 5).
        late: it had been missed, and moves the binding deadline (fairness.md rule 11).

    Raises:
        Problem: `letter-not-approved`.
    """
    frozen = queries.approved_text(letter)
    known = {
        dispatch.contact_id: dispatch
        for dispatch in queries.dispatches_of(letter.id, letter.round)
        if dispatch.kind is kind
    }
    queued = []
    for first in queries.to_remind(letter):
        dispatch = known.get(first.contact_id)
        if dispatch is not None and dispatch.state is not _S.WITHDRAWN:
            continue
        mail = None
        if first.channel is Channel.EMAIL:
            mail = parcels.reminder(frozen, first, kind, deadline, again=dispatch)
        values = {
            **(mail.columns() if mail else {"token": new_token()}),
            "frozen_text_id": frozen.row.id,
            "late": late,
            "states_deadline": deadline,
            "not_after": parcels.end_of(deadline, frozen),
            "verified": first.verified,
            "not_before": clock.now(),
            "first_attempt_at": None,
            "why": "",
        }
        if dispatch is None:
            dispatch = Dispatch(
                letter_id=letter.id,
                kind=kind,
                round=letter.round,
                contact_id=first.contact_id,
                channel=first.channel,
                recipient=first.recipient,
                **values,
            )
            db.session.add(dispatch)
            db.session.flush()
        elif move(dispatch.id, _S.QUEUED, Dispatch.state == _S.WITHDRAWN, **values):
            db.session.refresh(dispatch)
        else:
            continue
        record(
            "dispatch.queued",
            dispatch,
            kind=kind.value,
            deadline=deadline.isoformat(),
            late=late,
            sha256=mail.sha256 if mail else None,
        )
        queued.append(dispatch)
    return queued


def withdraw_reminders(letter: Letter, why: str) -> int:
    """Withdraw the letter's reminders and notices that are not on their way yet.

    One that a sender holds already is stopped at its last gate. Returns how many.
    """
    return _withdraw_waiting(letter, Dispatch.kind.in_(_REMINDERS), why)


def withdraw_rest(letter: Letter, why: str) -> int:
    """The same of everything that carries the letter: a company that answered gets it no more."""
    return _withdraw_waiting(letter, queries.carries_the_letter(), why)


def _withdraw_waiting(letter: Letter, which: sa.ColumnElement[bool], why: str) -> int:
    waiting = db.session.scalars(
        sa.select(Dispatch).where(
            Dispatch.letter_id == letter.id, which, Dispatch.state.in_(rules.NOT_YET_LEAVING)
        )
    ).all()
    return sum(withdraw(dispatch, why, by=None) for dispatch in waiting)


def withdraw(dispatch: Dispatch, why: str, *, by: User | None) -> bool:
    """Withdraw one dispatch unless it is on its way; whether it was."""
    if not move(dispatch.id, _S.WITHDRAWN, why=why):
        db.session.refresh(dispatch)
        return False
    db.session.refresh(dispatch)
    record("dispatch.withdrawn", dispatch, actor=by, why=why)
    return True
