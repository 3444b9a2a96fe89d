"""Acts of publishing. Silence is published by one act that checks every gate within itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.awaiting import queries as awaiting
from campaign.campaigns.queries import embargo_holds
from campaign.database import transaction
from campaign.drafting import effects as drafting_effects
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.history import rules as history_rules
from campaign.history.operations import record as note
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.publishing import gate, queries, redacting, rules, statements
from campaign.publishing.models import Record, RecordEntry, Response, Timeliness
from campaign.replies import effects as reply_effects
from campaign.replies import queries as replies
from campaign.replies.models import Reply
from campaign.replies.rules import ItemKind, Permission
from campaign.sending import effects as sending_effects
from campaign.sending import queries as sending
from campaign.sending.rules import DispatchState

REVIEW_AFTER = timedelta(days=180)
# Reminders stop at the first sign of life, so that they cannot be asked for after one.
NOT_ASKED_OF_ACKNOWLEDGED = (rules.Gate.NO_REPLY, rules.Gate.REMINDED)


def publish_silence(letter_id: int, *, actor: User | None = None) -> Record:
    """Publish “did not respond”: one act, every gate checked within it, one record a letter.

    Args:
        actor: the publisher; None for the program itself, which then needs the campaign's word
            that silence is published automatically.

    Raises:
        Problem: `gate-closed`, with the gates; `already-published`.
    """
    with transaction(publishes=True):
        letter = _locked(letter_id)
        results = gate.check(letter)
        shut = rules.closed(results)
        if shut or (actor is None and not letter.campaign.auto_publish):
            gates = "; ".join(result.detail for result in shut) or "a person decides"
            raise Problem("gate-closed", company=letter.company.name, gates=gates)
        now = clock.now()
        return add_entry(
            letter,
            Response.NO_RESPONSE,
            statement=statements.silence(queries.told(letter, now)),
            basis=_basis(results),
            actor=actor,
        )


def _locked(letter_id: int) -> Letter:
    """The letter, locked for this act.

    Raises:
        Problem: it is not open, or has a record already.
    """
    letter = db.session.get_one(Letter, letter_id, with_for_update=True)
    if letter.state is not LetterState.OPEN:
        raise Problem("not-open", company=letter.company.name)
    if queries.record_of(letter_id) is not None:
        raise Problem("already-published", company=letter.company.name)
    return letter


def _basis(results: tuple[rules.Result, ...]) -> str:
    told = [{"gate": r.gate.value, "holds": r.holds, "detail": r.detail} for r in results]
    return history_rules.canonical(told)


def add_entry(
    letter: Letter,
    response: Response,
    *,
    statement: str,
    basis: str,
    actor: User | None,
    reply: Reply | None = None,
    timeliness: Timeliness | None = None,
    comment: str = "",
) -> Record:
    """Within an act: the record with its first entry, or the next entry of the one there is."""
    now = clock.now()
    record = queries.record_of(letter.id)
    if record is None:
        zone = days.zone_of(letter.company.timezone)
        record = Record(
            letter_id=letter.id,
            published_at=now,
            owner_id=letter.campaign.owner_id,
            review_on=days.local_date(now + REVIEW_AFTER, zone),
        )
        db.session.add(record)
        db.session.flush()
    waiting = awaiting.waiting_of(letter)
    entry = RecordEntry(
        record_id=record.id,
        number=_next_number(record),
        response=response,
        timeliness=timeliness,
        permission=reply.permission if reply else None,
        reply_id=reply.id if reply else None,
        deadline_on=waiting.deadline_on if waiting else None,
        statement=statement,
        comment=comment.strip(),
        basis=basis,
        as_of=now,
        at=now,
        by_id=actor.id if actor else None,
    )
    db.session.add(entry)
    if reply is not None:
        _end_resend(letter, actor)
    letter.state = LetterState.CONCLUDED
    sending_effects.withdraw_reminders(letter, "The outcome is published.")
    db.session.flush()
    note(
        "record.published" if entry.number == 1 else "record.changed",
        letter,
        actor=actor,
        record=record.ref,
        number=entry.number,
        response=response.value,
        timeliness=timeliness.value if timeliness else None,
        statement=statement,
        basis=basis,
    )
    return record


def _end_resend(letter: Letter, actor: User | None) -> None:
    """A company that has answered gets the letter no more, whatever was prepared or waits."""
    why = "The company has answered."
    sending_effects.withdraw_rest(letter, why)
    if letter.state in queries.LEFT_STATES:
        return
    leaves_now = any(
        d.state is DispatchState.TRANSMITTING
        for d in sending.dispatches_of(letter.id, letter.round)
    )
    if not leaves_now and not sending.left_at(letter, letter.round):
        drafting_effects.void_frozen(letter, why, actor=actor)


def _next_number(record: Record) -> int:
    newest = db.session.scalar(
        sa.select(sa.func.max(RecordEntry.number)).where(RecordEntry.record_id == record.id)
    )
    return (newest or 0) + 1


def publish_reply(
    reply_id: int,
    *,
    actor: User,
    comment: str = "",
    seen: int | None = None,
    may_stand: bool = False,
) -> Record:
    """Publish what the company said, as the company's word; a person's act only (rule 21).

    A late reply after a record of silence changes the headline; the old state stays in the
    history (rule 22).

    Args:
        seen: number of the state of what is left out that the person saw; None for any.
        may_stand: the person says that names, numbers and signatures in it may stand.

    Raises:
        Problem: `redaction-changed`, `redaction-unseen`; the item is no response, permission is
            undecided, or something stops it.
    """
    with transaction(publishes=True):
        reply = db.session.get_one(Reply, reply_id)
        letter = db.session.get_one(Letter, reply.letter_id, with_for_update=True)
        _may_publish_reply(reply, letter)
        told = answered_as(reply, letter)
        redacting.may_publish(reply, told.response.value, seen=seen, may_stand=may_stand)
        return add_entry(
            letter,
            told.response,
            statement=told.statement,
            basis=_reply_basis(reply),
            actor=actor,
            reply=reply,
            timeliness=told.timeliness,
            comment=comment,
        )


class Answered(NamedTuple):
    """What a record says of a reply, beside the reply itself."""

    response: Response
    statement: str
    timeliness: Timeliness


def answered_as(reply: Reply, letter: Letter) -> Answered:
    """What the record would say if the reply were published now; changes nothing.

    Raises:
        Problem: the item is no response.
    """
    if reply.answer is None:
        raise Problem("no-response-item", company=letter.company.name)
    response = Response(reply.answer.value)
    received_on = days.local_date(reply.received_at, days.zone_of(letter.company.timezone))
    told = queries.told(letter, clock.now())
    statement = statements.answered(told, response.value, received_on)
    return Answered(response, statement, _timeliness(letter, reply))


def _may_publish_reply(reply: Reply, letter: Letter) -> None:
    company = letter.company.name
    if reply.kind not in (ItemKind.RESPONSE, ItemKind.SUPPLEMENT) or reply.answer is None:
        raise Problem("no-response-item", company=company)
    if reply.withdrawn_at is not None:
        raise Problem("reply-withdrawn", company=company)
    if not _may_have_been_answered(letter):
        raise Problem("not-open", company=company)
    undecided = reply.permission is Permission.UNDETERMINED
    if undecided:
        raise Problem("permission-undecided", company=company)
    stops = queries.stops(letter)
    if stops:
        raise Problem("publication-stopped", company=company, stops="; ".join(stops))


def _may_have_been_answered(letter: Letter) -> bool:
    """Whether it left: an answer to it stands while a resend is prepared or about to leave, too."""
    if letter.state in (LetterState.OPEN, LetterState.CONCLUDED):
        return True
    return letter.state is not LetterState.WITHDRAWN and sending.left_at(letter) is not None


def _reply_basis(reply: Reply) -> str:
    when = days.in_words(reply.received_at, reply.letter.company.timezone)
    matched = reply.message.matched_by if reply.message else None
    by = f", matched by {matched.value.replace('_', ' ')}" if matched else ""
    detail = f"Received {when}{by}; a person filed it as the company's."
    return history_rules.canonical([{"gate": "reply", "holds": True, "detail": detail}])


def _timeliness(letter: Letter, reply: Reply) -> Timeliness:
    facts = awaiting.standing(letter)
    record = queries.record_of(letter.id)
    silent = record is not None and any(
        entry.response is Response.NO_RESPONSE for entry in record.entries
    )
    return Timeliness(
        rules.timeliness(
            reply.received_at,
            first_deadline_at=facts.first_deadline_at,
            deadline_at=facts.deadline_at,
            silence_published_at=record.published_at if record and silent else None,
        )
    )


def publish_acknowledged_only(letter_id: int, *, actor: User) -> Record:
    """Publish that they acknowledged, or asked for time, and then sent no answer.

    Every gate but “no reply” must hold; a person publishes it, the program never does.

    Raises:
        Problem: a gate is closed, or the thread holds no acknowledgement or holds a response.
    """
    with transaction(publishes=True):
        letter = _locked(letter_id)
        thread = replies.theirs(letter_id)
        kinds = {reply.kind for reply in thread}
        if not kinds or kinds - {ItemKind.ACKNOWLEDGEMENT, ItemKind.EXTENSION_REQUEST}:
            raise Problem("not-acknowledged-only", company=letter.company.name)
        results = gate.check(letter)
        shut = [r for r in rules.closed(results) if r.gate not in NOT_ASKED_OF_ACKNOWLEDGED]
        if shut:
            gates = "; ".join(result.detail for result in shut)
            raise Problem("gate-closed", company=letter.company.name, gates=gates)
        return add_entry(
            letter,
            Response.ACKNOWLEDGED_ONLY,
            statement=acknowledged_statement(letter, thread),
            basis=_basis(tuple(r for r in results if r.gate not in NOT_ASKED_OF_ACKNOWLEDGED)),
            actor=actor,
        )


def acknowledged_statement(letter: Letter, thread: Sequence[Reply]) -> str:
    """What the record would say of a letter that was acknowledged and then not answered."""
    zone = days.zone_of(letter.company.timezone)
    acknowledged = days.local_date(min(reply.received_at for reply in thread), zone)
    return statements.acknowledged_only(queries.told(letter, clock.now(), acknowledged))


def set_not_reached(letter_id: int, *, why: str, actor: User) -> Record:
    """Say openly that the letter did not reach the company; a person's act only.

    It also corrects a record of silence of which the proof fell afterwards: a mail came back
    late. The old state stays in the record's history.

    Raises:
        Problem: something does speak for its arrival, or there is no reason.
    """
    if not why.strip():
        raise Problem("reason-missing", act="“not reached”")
    with transaction(publishes=True):
        letter = db.session.get_one(Letter, letter_id, with_for_update=True)
        newest = queries.newest_entry(letter_id)
        if newest is not None and newest.response is not Response.NO_RESPONSE:
            raise Problem("already-published", company=letter.company.name)
        states = (LetterState.OPEN, LetterState.SENDING, LetterState.CONCLUDED)
        if awaiting.standing(letter).started_at is not None or letter.state not in states:
            raise Problem("was-reached", company=letter.company.name)
        if embargo_holds(letter.campaign, clock.now()) or sending.standing_halt() is not None:
            raise Problem(
                "publication-stopped", company=letter.company.name, stops="an embargo or a halt"
            )
        basis = [{"gate": "proof", "holds": False, "detail": "No proof that it arrived."}]
        told = queries.told(letter, clock.now())
        return add_entry(
            letter,
            Response.NOT_REACHED,
            statement=statements.not_reached(told),
            basis=history_rules.canonical(basis),
            actor=actor,
            comment=why,
        )


def withdraw_reply(reply_id: int, *, why: str, actor: User) -> None:
    """Take back that a message was the company's reply, before it is published.

    Raises:
        Problem: it is published, or there is no reason.
    """
    if not why.strip():
        raise Problem("reason-missing", act="taking a reply back")
    with transaction():
        reply = db.session.get_one(Reply, reply_id, with_for_update=True)
        if queries.published_replies([reply_id]):
            raise Problem("reply-published", company=reply.letter.company.name)
        reply_effects.unfile(reply, why=why.strip(), actor=actor)
