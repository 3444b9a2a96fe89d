"""The sender: claims due mails, talks to the server, records what came of it.

reliability.md, "Sending". Correctness rests on the conditional updates here, never on a lease
or a lock alone. No transaction is open while a server is talked to.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from campaign.companies.rules import Channel
from campaign.database import CLAIM_LOCK, one_at_a_time, transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import batch_queries, outcomes, parcels, queries, statements, upkeep
from campaign.sending.addresses import domain_of
from campaign.sending.effects import add_evidence, changed, letter_left, move
from campaign.sending.models import Dispatch, is_held, waits_to_leave
from campaign.sending.outcomes import Claimed
from campaign.sending.pacing import MINUTE, Due, Pace, Room
from campaign.sending.rules import DispatchState, EvidenceKind
from campaign.sending.transport import (
    Handover,
    Outcome,
    Parcel,
    Transport,
    TransportTrouble,
    Waits,
    open_transport,
)

_S = DispatchState
_CLAIMED = (
    Dispatch.id,
    Dispatch.ref,
    Dispatch.letter_id,
    Dispatch.kind,
    Dispatch.message_id,
    Dispatch.envelope_sender,
    Dispatch.recipient,
    Dispatch.file_sha256.label("sha256"),
)


@dataclass(frozen=True)
class Leases:
    """How long a sender may hold what it claimed, and what it is handing over; real time.

    The second is longer than the server's time to answer after the dot, which is 10 minutes.
    """

    claimed: timedelta = timedelta(minutes=15)
    transmitting: timedelta = timedelta(minutes=15)


def send_due(
    *,
    transport: Transport | None = None,
    leases: Leases | None = None,
    batch: int = 50,
    pace: Pace | None = None,
) -> int:
    """Send what is due and not done; the number of mails that a server accepted.

    Dead senders' rows are taken back first. Trouble with the way itself ends the run; the rows
    stay queued and `queries.sending_trouble()` tells of it.

    Args:
        transport: the way; by default the one that `MAIL_URL` names.
        pace: at most so many a minute; by default what the settings' server bears.
    """
    upkeep.recover_stale()
    upkeep.close_what_may_not_leave()
    if queries.way_rests(clock.now()):
        return 0
    way = transport or way_of_the_settings()
    sender = Sender(way, leases or Leases(), pace or _pace(way))
    try:
        return sender.run(batch)
    finally:
        way.close()
        sender.give_back()


def way_of_the_settings(waits: Waits | None = None) -> Transport:
    """The way that `MAIL_URL` names; close it after use.

    Args:
        waits: how long the server is waited for, where not as long as RFC 5321 gives it.
    """
    ours = parcels.settings()
    return open_transport(
        ours.mail_url,
        app=current_app._get_current_object(),  # type: ignore[attr-defined]
        outbox=ours.captured_outbox,
        inbox=ours.captured_inbox,
        waits=waits,
        tokens=current_app.extensions["oauth"],
    )


def _pace(way: Transport) -> Pace:
    return Pace.unlimited() if way.captured else server_pace()


def server_pace() -> Pace:
    """What the settings say that the mail server bears; no limit while mail is captured."""
    ours = parcels.settings()
    if ours.captured:
        return Pace.unlimited()
    return Pace(ours.mails_per_minute, ours.mails_per_domain)


class Sender:
    """One run of one worker; `holder` marks the rows that are its own."""

    def __init__(self, way: Transport, leases: Leases, pace: Pace) -> None:
        self.way = way
        self.leases = leases
        self.pace = pace
        self.holder = secrets.token_hex(16)
        self._held_until = clock.real_now()
        self._stopped: set[int] = set()  # by the last gate; not tried again in this run

    def run(self, batch: int) -> int:
        """Claim and send until nothing is due, or the way is broken."""
        accepted = 0
        while claimed := self.claim(batch):
            for row in claimed:
                if not self._still_holds():
                    break
                try:
                    accepted += self.send(row)
                except TransportTrouble as trouble:
                    self.give_back(why=trouble.why)
                    current_app.logger.error("Sending stopped: %s", trouble.why)
                    return accepted
        return accepted

    def claim(self, limit: int) -> list[Claimed]:
        """Take due rows for this sender, and commit; none while everything is halted."""
        now, until = clock.now(), clock.real_now() + self.leases.claimed
        with transaction() as session:
            room = self._room(session, limit, now)
            due = session.execute(
                sa.select(Dispatch.id, Dispatch.recipient, Dispatch.batch_id)
                .where(
                    waits_to_leave(),
                    Dispatch.not_before <= now,
                    Dispatch.channel == Channel.EMAIL,
                    queries.not_halted(),
                    queries.may_still_leave(),
                    queries.not_paused(),
                    queries.in_time(now),
                    Dispatch.id.not_in(self._stopped),
                    _of_another_batch(room.full),
                )
                .order_by(Dispatch.not_before, Dispatch.id)
                .limit(room.look_at)
                .with_for_update(skip_locked=True, of=Dispatch)
            ).all()
            ids = room.choose([Due(row.id, domain_of(row.recipient), row.batch_id) for row in due])
            taken = session.execute(
                sa.update(Dispatch)
                .where(Dispatch.id.in_(ids), waits_to_leave())
                .values(
                    state=_S.CLAIMED,
                    state_at=now,
                    why="",
                    lease_holder=self.holder,
                    lease_until=until,
                )
                .returning(*_CLAIMED)
                .execution_options(synchronize_session=False)
            ).all()
        self._held_until = until
        return [Claimed(**row._mapping) for row in sorted(taken, key=lambda row: row.id)]

    def _room(self, session: Session, limit: int, now: datetime) -> Room:
        """The room for now; counted by one sender at a time, so that a rate holds across them."""
        batches = batch_queries.own_paces()
        if not (self.pace.limited or batches):
            return Room(limit)
        one_at_a_time(session, CLAIM_LOCK)
        return self.pace.room(limit, batch_queries.taken(now - MINUTE), batches)

    def _still_holds(self) -> bool:
        """Whether the claim holds; prolonged once a minute, so that a slow talk has it whole."""
        now = clock.real_now()
        if now < self._held_until - self.leases.claimed * 14 / 15:
            return True
        until = now + self.leases.claimed
        with transaction() as session:
            kept = session.execute(
                sa.update(Dispatch)
                .where(*self._mine(_S.CLAIMED), Dispatch.lease_until > now)
                .values(lease_until=until)
                .execution_options(synchronize_session=False)
            )
        self._held_until = until
        return changed(kept) > 0

    def _mine(self, state: DispatchState) -> tuple[sa.ColumnElement[bool], ...]:
        return is_held(), Dispatch.state == state, Dispatch.lease_holder == self.holder

    def send(self, row: Claimed) -> bool:
        """Talk to the server about one row and record the end; whether it was accepted.

        Raises:
            TransportTrouble: nothing was sent.
        """
        try:
            data = parcels.files().get(row.sha256)
        except Problem as problem:
            self.record(row, Outcome(Handover.LOST_BEFORE_DOT, reply=str(problem)), passed=False)
            return False
        archive = parcels.settings().archive
        parcel = Parcel(
            row.message_id,
            row.envelope_sender,
            row.recipient,
            archive,
            data,
            beyond_ascii=not row.recipient.isascii(),
        )
        passed = False

        def last_gate() -> bool:
            nonlocal passed
            passed = self.may_leave_now(row)
            return passed

        outcome = self.way.send(parcel, last_gate)
        if outcome.handover is Handover.STOPPED:
            self._give_back_one(row)
            return False
        self.record(row, outcome, passed=passed)
        return outcome.handover is Handover.ACCEPTED

    def may_leave_now(self, row: Claimed) -> bool:
        """The last gate, just before the final dot: one conditional update, committed.

        My lease still holds, nothing is halted or paused, the row was not withdrawn or taken back,
        its letter lives, there is time enough until the deadline that it states.
        """
        now, real_now = clock.now(), clock.real_now()
        told = {"row": row.id, "holder": self.holder, "now": now, "real_now": real_now}
        told["until"] = real_now + self.leases.transmitting
        with transaction() as session:
            return changed(session.connection().execute(statements.PASS_GATE, told)) == 1

    def record(self, row: Claimed, outcome: Outcome, *, passed: bool) -> None:
        """Record how a conversation ended, with its attempt, evidence and event, in one act."""
        now = clock.now()
        with transaction() as session:
            accepted = passed and outcome.handover is Handover.ACCEPTED
            if accepted and outcomes.accept(session.connection(), row, self.holder, outcome, now):
                return
            before = _S.TRANSMITTING if passed else _S.CLAIMED
            tries, first_at = outcomes.count_attempt(row, outcome, now)
            new, values = outcomes.result(outcome, tries, first_at, now)
            if not move(row.id, new, *self._mine(before), **values):
                self._record_late(row, outcome)
                return
            letter_left(row.letter_id, row.kind, new)
            outcomes.note(new, row, tries, outcome)

    def _record_late(self, row: Claimed, outcome: Outcome) -> None:
        """My row was taken from me meanwhile: what the server said is evidence all the same."""
        if outcome.handover is Handover.ACCEPTED:
            dispatch = db.session.get_one(Dispatch, row.id)
            add_evidence(dispatch, EvidenceKind.ACCEPTED, at=clock.now(), detail=outcome.reply)
            return
        if outcome.handover is Handover.FAILED:
            # Nobody else sends an unknown one, so that this is the answer to its one attempt.
            move(row.id, _S.FAILED, Dispatch.state == _S.UNKNOWN, why=outcome.reply)
        record(
            "dispatch.late_answer",
            row.ref,
            handover=outcome.handover.value,
            code=outcome.code,
            reply=outcome.reply,
        )

    def _give_back_one(self, row: Claimed) -> None:
        self._stopped.add(row.id)
        with transaction():
            move(row.id, _S.QUEUED, *self._mine(_S.CLAIMED))

    def give_back(self, why: str = "") -> None:
        """Queue again what this sender claimed and did not begin to hand over.

        Args:
            why: trouble with the way: it rests for a minute, and staff see the words.
        """
        now = clock.now()
        with transaction() as session:
            known = why and queries.sending_trouble() == why
            values: dict[str, Any] = {"why": why}
            if why:
                values["not_before"] = now + queries.TROUBLE_PAUSE
            ref = session.scalar(sa.select(Dispatch.ref).where(*self._mine(_S.CLAIMED)))
            session.execute(
                sa.update(Dispatch)
                .where(*self._mine(_S.CLAIMED))
                .values(
                    state=_S.QUEUED, state_at=now, lease_holder=None, lease_until=None, **values
                )
                .execution_options(synchronize_session=False)
            )
            if why and not known and ref:
                record("sending.trouble", ref, why=why)


def _of_another_batch(full: list[int]) -> sa.ColumnElement[bool]:
    """SQL: of no batch that has had its mails of this minute."""
    if not full:
        return sa.true()
    return sa.or_(Dispatch.batch_id.is_(None), Dispatch.batch_id.not_in(full))
