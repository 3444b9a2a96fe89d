"""Bugs that campaign software has had, planted into the real code for the length of a run.

Each is a small patch; the simulation has to see it. If it does not, the simulation is the bug.
"""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from campaign.awaiting import operations as awaiting
from campaign.campaigns import queries as campaigns
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting.models import Letter, TextKind
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.publishing import gate, look, rules
from campaign.publishing import operations as publishing
from campaign.replies import intake, sorting
from campaign.replies.kinds import Kind, Reading
from campaign.replies.models import IncomingMessage, IncomingPosition, Reply
from campaign.replies.rules import Answer, ItemKind, Triage
from campaign.sending import effects, queries, upkeep
from campaign.sending import rules as sending_rules
from campaign.sending.models import Dispatch
from campaign.sending.outbox import Claimed, Sender
from campaign.sending.rules import DispatchState, EvidenceKind
from campaign.sending.transport import Handover, Outcome
from campaign.simulation.wiring import set_to

_S = DispatchState


class Change(NamedTuple):
    """One thing that is something else while the bug is planted."""

    owner: Any
    name: str
    value: Any


Bug = Callable[[], Sequence[Change]]


def _replaced(outcome: Outcome, old: Handover, new: Handover) -> Outcome:
    return replace(outcome, handover=new) if outcome.handover is old else outcome


def _outcomes(new: Handover) -> Sequence[Change]:
    real = Sender.record

    def record(self: Sender, row: Claimed, outcome: Outcome, *, passed: bool) -> None:
        real(self, row, _replaced(outcome, Handover.LOST_AFTER_DOT, new), passed=passed)

    return [Change(Sender, "record", record)]


def send_before_recording() -> Sequence[Change]:
    """Nothing says that a mail is on its way before its last byte has left."""
    real = Sender.record

    def record(self: Sender, row: Claimed, outcome: Outcome, *, passed: bool) -> None:
        real(self, row, outcome, passed=False)

    return [
        Change(Sender, "may_leave_now", lambda self, row: True),
        Change(Sender, "record", record),
    ]


def checkpoint_at_fetch() -> Sequence[Change]:
    """A mail counts as sent from the moment at which it was taken up."""
    real = Sender.claim

    def claim(self: Sender, limit: int) -> list[Claimed]:
        rows = real(self, limit)
        now = clock.now()
        with transaction():
            for row in rows:
                effects.move(row.id, _S.ACCEPTED, accepted_at=now)
                sent = db.session.get_one(Dispatch, row.id)
                effects.add_evidence(sent, EvidenceKind.ACCEPTED, at=now)
                effects.letter_left(row.letter_id, row.kind, _S.ACCEPTED)
        return rows

    return [
        Change(Sender, "claim", claim),
        Change(Sender, "may_leave_now", lambda self, row: True),
        Change(Sender, "record", lambda self, row, outcome, passed: None),
    ]


def retry_after_the_dot() -> Sequence[Change]:
    """A mail of which nobody knows whether it left is tried again."""
    return _outcomes(Handover.LOST_BEFORE_DOT)


def unknown_counts_as_sent() -> Sequence[Change]:
    """A mail of which nobody knows whether it left counts as accepted."""
    return _outcomes(Handover.ACCEPTED)


def lease_taken_for_proof() -> Sequence[Change]:
    """A lease that ran out is taken to mean that nothing was sent."""
    real = upkeep.move

    def move(number: int, new: DispatchState, *conditions: Any, **values: Any) -> bool:
        return real(number, _S.QUEUED if new is _S.UNKNOWN else new, *conditions, **values)

    moves = dict(sending_rules.MOVES)
    moves[_S.TRANSMITTING] |= {_S.QUEUED}
    return [Change(upkeep, "move", move), Change(sending_rules, "MOVES", moves)]


def _past_the_last_gate(sender: Sender, row: Claimed) -> bool:
    """Hand it over, whatever has happened since it was claimed."""
    until = clock.real_now() + sender.leases.transmitting
    with transaction() as session:
        session.execute(
            sa.update(Dispatch)
            .where(Dispatch.id == row.id)
            .values(state=_S.TRANSMITTING, lease_holder=sender.holder, lease_until=until)
        )
    return True


def no_last_gate() -> Sequence[Change]:
    """What was claimed once is sent, whatever has happened since."""
    return [Change(Sender, "may_leave_now", _past_the_last_gate)]


def halt_ignored() -> Sequence[Change]:
    """The switch that stops everything stops new letters only."""
    real = Sender.may_leave_now

    def may_leave_now(self: Sender, row: Claimed) -> bool:
        halted = queries.standing_halt() is not None
        db.session.rollback()
        return _past_the_last_gate(self, row) if halted else real(self, row)

    return [
        Change(queries, "not_halted", sa.true),
        Change(Sender, "may_leave_now", may_leave_now),
    ]


def _holds(name: str, which: rules.Gate) -> Sequence[Change]:
    return [Change(rules, name, lambda facts: rules.Result(which, True, "It holds."))]


def no_poll_gate() -> Sequence[Change]:
    """Silence is published whether or not the mailbox was read."""
    return _holds("_mailboxes_read", rules.Gate.MAILBOXES_READ)


def triage_ignored() -> Sequence[Change]:
    """Silence is published although a message waits that nobody has read."""
    return _holds("_nothing_waiting", rules.Gate.NOTHING_WAITING)


def hold_ignored() -> Sequence[Change]:
    """Silence is published although somebody stopped it."""
    return _holds("_no_hold", rules.Gate.NO_HOLD)


def weak_proof_suffices() -> Sequence[Change]:
    """An address that nobody ever checked is as good as any."""
    real = sending_rules.grade

    def grade(sent: sending_rules.Sent) -> sending_rules.Graded:
        return real(replace(sent, verified=True))

    from campaign.awaiting import queries as waits

    return [Change(waits, "grade", grade)]


def bounce_ignored() -> Sequence[Change]:
    """A mail that came back still counts as accepted."""
    return [Change(effects, "_SHOWS", {**effects._SHOWS, EvidenceKind.BOUNCE: _S.ACCEPTED})]


def watermark_at_the_end() -> Sequence[Change]:
    """A mailbox counts as read up to the end of the reading, not up to its beginning."""
    real = intake._note_end

    def note_end(mailbox_id: int, started: datetime) -> None:
        real(mailbox_id, clock.now())

    return [Change(intake, "_note_end", note_end)]


def position_before_bytes() -> Sequence[Change]:
    """How far the mailbox was read is kept first, and what was read afterwards."""
    reached: dict[tuple[Any, ...], int] = {}
    known, store = intake._known, intake._store

    def position(mailbox_id: int, folder: str, uidvalidity: int, *, numbered: bool) -> Any:
        here = (mailbox_id, folder, uidvalidity)
        stored: Any = known(*here, numbered=numbered)
        return max(stored, reached.get(here, 0))

    def first(mailbox_id: int, item: Any) -> bool:
        reached[mailbox_id, item.folder, item.uidvalidity] = int(item.uid)
        return store(mailbox_id, item)

    return [Change(intake, "_known", position), Change(intake, "_store", first)]


def uidvalidity_ignored() -> Sequence[Change]:
    """Numbers of messages are believed to hold for ever."""

    def known(mailbox_id: int, folder: str, uidvalidity: int, *, numbered: bool) -> int:
        highest = sa.func.max(sa.cast(IncomingPosition.uid, sa.BigInteger))
        here = (IncomingPosition.mailbox_id == mailbox_id, IncomingPosition.folder == folder)
        found = db.session.scalar(sa.select(highest).where(*here)) or 0
        db.session.rollback()
        return int(found)

    return [Change(intake, "_known", known)]


def one_per_message_id() -> Sequence[Change]:
    """Two messages with one Message-ID are taken for one."""
    first: dict[str, str] = {}
    real = intake._kept

    def kept(raw: bytes, size: int) -> tuple[str, bytes]:
        sha, raw = real(raw, size)
        told = str(email.message_from_bytes(raw)["Message-ID"])
        return first.setdefault(told, sha), raw

    return [Change(intake, "_kept", kept)]


def automatic_reply_as_answer() -> Sequence[Change]:
    """An automatic reply says that the company answered."""
    real = sorting._evidence

    def evidence(reading: Reading) -> EvidenceKind:
        return EvidenceKind.ANSWERED if reading.kind is Kind.AUTO_REPLY else real(reading)

    return [Change(sorting, "_evidence", evidence)]


def from_trusted() -> Sequence[Change]:
    """Whoever gives the company's address as the sender is the company."""
    real = sorting._wait

    def wait(message: IncomingMessage, reading: Reading) -> None:
        real(message, reading)
        letter = message.letter
        if reading.kind is not Kind.REPLY or letter is None:
            return
        if reading.from_address in {contact.value for contact in letter.company.contacts}:
            message.triage = Triage.FILED
            db.session.add(
                Reply(
                    letter_id=letter.id, message_id=message.id, kind=ItemKind.RESPONSE,
                    answer=Answer.FULL, received_at=message.arrived_at, text=message.text,
                    sender=reading.from_address, filed_by_id=letter.created_by_id,
                )
            )  # fmt: skip
            db.session.flush()

    return [Change(sorting, "_wait", wait)]


def no_recheck_at_publication() -> Sequence[Change]:
    """A gate that held when the letter was looked at is not checked again at publication."""
    held: dict[int, set[rules.Gate]] = {}
    check, at = gate.check, look.at

    def remembered(letter: int, results: Sequence[rules.Result]) -> tuple[rules.Result, ...]:
        seen = held.setdefault(letter, set())
        seen |= {result.gate for result in results if result.holds}
        return tuple(result._replace(holds=result.gate in seen) for result in results)

    def looked_at(letters: Sequence[Letter]) -> dict[int, look.Look]:
        return {
            number: replace(seen, results=remembered(number, seen.results))
            for number, seen in at(letters).items()
        }

    def checked(letter: Letter) -> tuple[rules.Result, ...]:
        return remembered(letter.id, check(letter))

    return [Change(gate, "check", checked), Change(look, "at", looked_at)]


def deadline_in_utc() -> Sequence[Change]:
    """A day ends everywhere when it ends in Greenwich."""
    real = days.end_of_day
    return [Change(days, "end_of_day", lambda day, zone: real(day, ZoneInfo("UTC")))]


def plus_24_hours() -> Sequence[Change]:
    """A day is always 24 hours long."""

    def end_of_day(day: date, zone: ZoneInfo) -> datetime:
        begins = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        return begins + timedelta(hours=24)

    return [Change(days, "end_of_day", end_of_day)]


def reminder_twice() -> Sequence[Change]:
    """A reminder that left is ordered again when it is looked for the next time."""
    queue, ordered = effects.queue_reminder, awaiting._ordered

    def again(letter: Letter, kind: TextKind, **about: Any) -> list[Dispatch]:
        for dispatch in queries.dispatches_of(letter.id, letter.round):
            if dispatch.kind is kind and dispatch.channel is Channel.EMAIL:
                dispatch.state = _S.WITHDRAWN
                db.session.flush()
        return queue(letter, kind, **about)

    def missing(facts: Any, kind: TextKind) -> Dispatch | None:
        found = ordered(facts, kind)
        late = found is not None and found.state is _S.ACCEPTED and kind is TextKind.REMINDER
        return None if late else found

    return [Change(effects, "queue_reminder", again), Change(awaiting, "_ordered", missing)]


def embargo_ignored() -> Sequence[Change]:
    """The gate forgets about the embargo."""
    never = lambda campaign, now: False  # noqa: E731
    return [
        Change(module, "embargo_holds", never) for module in (campaigns, gate, publishing, awaiting)
    ]


def history_rewritten() -> Sequence[Change]:
    """A late reply replaces what was published before it."""
    real = publishing.add_entry

    def publish(letter: Letter, response: Any, **about: Any) -> Any:
        newest = publishing.queries.newest_entry(letter.id)
        record = real(letter, response, **about)
        if newest is not None:
            newest.response, newest.statement = response, about["statement"]
            newest.timeliness = about.get("timeliness")
        return record

    return [Change(publishing, "add_entry", publish)]


BUGS: dict[str, Bug] = {
    bug.__name__: bug
    for bug in (
        send_before_recording, checkpoint_at_fetch, retry_after_the_dot, unknown_counts_as_sent,
        lease_taken_for_proof, no_last_gate, halt_ignored, no_poll_gate, triage_ignored,
        hold_ignored, weak_proof_suffices, bounce_ignored, watermark_at_the_end,
        position_before_bytes, uidvalidity_ignored, one_per_message_id,
        automatic_reply_as_answer, from_trusted, no_recheck_at_publication, deadline_in_utc,
        plus_24_hours, reminder_twice, embargo_ignored, history_rewritten,
    )
}  # fmt: skip


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The bug is there within the block."""
    with ExitStack() as stack:
        for change in BUGS[name]():
            stack.enter_context(set_to(*change))
        yield
