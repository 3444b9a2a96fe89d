"""Acts of waiting: computing times, reminding, extending, holding, sweeping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.awaiting import queries, rules
from campaign.awaiting.models import Extension, Hold, ProofSignature, Sweep, Waiting
from campaign.campaigns.models import Campaign
from campaign.campaigns.queries import embargo_holds
from campaign.companies.models import Company
from campaign.database import transaction
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.kernel.turns import in_turn
from campaign.replies import queries as replies
from campaign.sending import effects
from campaign.sending import queries as sending
from campaign.sending.models import DeliveryEvidence, Dispatch
from campaign.sending.probes import send_probe
from campaign.sending.rules import Proof

BATCH = 200


def refresh() -> int:
    """Compute the times of all open letters whose facts moved anew.

    Returns how many letters were looked at.
    """
    return _refresh_pages(queries.to_refresh)


def refresh_all() -> int:
    """Compute the times of every open letter anew: holidays, zones, policies may have changed."""
    return _refresh_pages(queries.open_ids)


def _refresh_pages(page: Callable[[int | None, int], list[int]]) -> int:
    """One act a page, of the letters that `page` names."""
    looked_at, after = 0, None
    while ids := page(after, BATCH):
        with transaction():
            for letter in _letters(ids):
                _refresh(letter)
        looked_at, after = looked_at + len(ids), ids[-1]
    return looked_at


def _letters(ids: Sequence[int]) -> Sequence[Letter]:
    return db.session.scalars(sa.select(Letter).where(Letter.id.in_(ids))).all()


def _refresh(letter: Letter) -> None:
    """Within an act: store the times that follow from the facts; note a deadline that moved."""
    facts = queries.standing(letter)
    waiting = db.session.get(Waiting, letter.id)
    if waiting is None:
        waiting = Waiting(letter_id=letter.id, round=letter.round)
        db.session.add(waiting)
    if waiting.round != letter.round:
        waiting.round, waiting.deadline_on = letter.round, None
    before = waiting.deadline_on
    _set_times(waiting, facts)
    waiting.seen_evidence = _newest_evidence(letter)
    if facts.deadline and facts.deadline != before:
        record(
            "letter.deadline_set",
            letter,
            deadline=facts.deadline.isoformat(),
            before=before.isoformat() if before else None,
        )


def _set_times(waiting: Waiting, facts: queries.Standing) -> None:
    waiting.started_at = facts.started_at
    waiting.reminder_at = waiting.final_notice_at = waiting.next_at = None
    if facts.deadline is None or waiting.started_at is None:
        # Nothing runs without proof; from the printed deadline on, staff are told what blocks.
        waiting.deadline_at = waiting.silence_at = None
        waiting.look_from = None
        if facts.frozen:
            waiting.look_from = rules.final_notice_at(facts.frozen.deadline_on, facts.place)
        return
    waiting.deadline_on = facts.deadline
    waiting.deadline_at = facts.deadline_at
    waiting.silence_at = facts.silence_at
    printed = facts.frozen.deadline_on if facts.frozen else facts.deadline
    waiting.look_from = rules.final_notice_at(min(printed, facts.deadline), facts.place)
    if facts.policy.reminders:
        _set_reminder_times(waiting, facts, facts.deadline, waiting.started_at)


def _set_reminder_times(
    waiting: Waiting, facts: queries.Standing, deadline: date, started_at: datetime
) -> None:
    ordered = {d.kind: d for d in facts.reminders}
    reminder = ordered.get(TextKind.REMINDER)
    if reminder is None or reminder.state.value == "withdrawn":
        waiting.reminder_at = rules.reminder_at(started_at, deadline, facts.place)
    final = ordered.get(TextKind.FINAL_NOTICE)
    if final is None or final.state.value == "withdrawn":
        waiting.final_notice_at = rules.final_notice_at(
            deadline,
            facts.place,
            after_reminder=reminder.created_at if reminder else waiting.reminder_at,
        )
    waiting.next_at = waiting.reminder_at or waiting.final_notice_at


def _newest_evidence(letter: Letter) -> int:
    newest = db.session.scalar(
        sa.select(sa.func.max(DeliveryEvidence.id))
        .join(Dispatch, Dispatch.id == DeliveryEvidence.dispatch_id)
        .where(Dispatch.letter_id == letter.id)
    )
    return newest or 0


def remind_due() -> int:
    """Order every reminder and final notice that is due and not done (fairness.md rule 11).

    One act a letter. Returns how many were ordered; the outbox sends them.
    """
    ordered = 0
    now = clock.now()
    for _, letter_id in in_turn(lambda after: queries.due_for_reminder(now, after, BATCH)):
        with transaction():
            letter = db.session.get_one(Letter, letter_id)
            ordered += _remind(letter)
    return ordered


def _remind(letter: Letter) -> int:
    """Within an act: order what is due, unless something stands against every reminder now."""
    facts = queries.standing(letter)
    now = clock.now()
    if facts.deadline is None or facts.started_at is None or _must_not_remind(letter):
        return 0
    reminder, final = (_ordered(facts, kind) for kind in (TextKind.REMINDER, TextKind.FINAL_NOTICE))
    due = rules.due_now(
        now,
        facts.started_at,
        facts.deadline,
        facts.place,
        facts.policy,
        reminder_sent=reminder is not None,
        final_sent=final is not None,
        last_reminder_at=reminder.created_at if reminder else None,
    )
    if due is None or not sending.to_remind(letter):
        # Nobody was reached by any way: nothing was missed by us, so no deadline moves.
        _refresh(letter)
        return 0
    deadline = facts.deadline
    if due.late:
        deadline = _move_for_late_reminder(letter, facts, now)
    kind = TextKind(due.kind)
    dispatches = effects.queue_reminder(letter, kind, deadline=deadline, late=due.late)
    if dispatches:
        record(f"letter.{kind.value}_ordered", letter, deadline=deadline.isoformat(), late=due.late)
    _refresh(letter)
    return 1 if dispatches else 0


def _ordered(facts: queries.Standing, kind: TextKind) -> Dispatch | None:
    """The reminder of that kind, unless it was withdrawn before it left."""
    found = [d for d in facts.reminders if d.kind is kind and d.state.value != "withdrawn"]
    return found[0] if found else None


def _must_not_remind(letter: Letter) -> bool:
    """A hold, an embargo or a halt stops it; so does any reply, and any that may be theirs."""
    if letter.state is not LetterState.OPEN or sending.standing_halt() is not None:
        return True
    if queries.holds_on(letter) or embargo_holds(letter.campaign, clock.now()):
        return True
    return bool(replies.thread(letter.id)) or replies.possibly_theirs(letter)


def _move_for_late_reminder(letter: Letter, facts: queries.Standing, now: datetime) -> date:
    """Our own extension for a reminder that we missed (fairness.md rule 11)."""
    if facts.deadline is None:
        raise ValueError("a letter without a deadline has no late reminder")
    earliest = facts.place.working_day(facts.place.date_at(now), rules.AFTER_A_LATE_REMINDER)
    if earliest <= facts.deadline:
        return facts.deadline
    db.session.add(
        Extension(
            letter_id=letter.id,
            round=letter.round,
            asked_by="us",
            why="Our reminder was late.",
            old_deadline=facts.deadline,
            old_deadline_at=facts.deadline_at,
            new_deadline=earliest,
            own=True,
        )
    )
    db.session.flush()
    record(
        "letter.extended",
        letter,
        own=True,
        old=facts.deadline.isoformat(),
        new=earliest.isoformat(),
        why="late reminder",
    )
    return earliest


def probe_due() -> bool:
    """Send a probe where a letter's gate is looked at and no mail of ours has come back since.

    A letter by e-mail has its archive copy; one by form or post has none.
    """
    now = clock.now()
    for _, letter_id in in_turn(lambda after: queries.to_probe(now, after, BATCH)):
        if not replies.own_copy_since(db.session.get_one(Letter, letter_id)):
            return send_probe()
    return False


def extend(
    letter_id: int, *, new_deadline: date, asked_by: str, why: str, actor: User
) -> Extension:
    """Give a company more time (fairness.md rule 13). Queued reminders are ordered anew.

    Args:
        new_deadline: a date in the company's zone, inclusive; later than the present one.

    Raises:
        Problem: the letter is not waiting, the date is no later, or who and why are missing.
    """
    if not asked_by.strip() or not why.strip():
        raise Problem("extension-unexplained")
    with transaction():
        letter = db.session.get_one(Letter, letter_id)
        facts = queries.standing(letter)
        if letter.state is not LetterState.OPEN or facts.deadline is None:
            raise Problem("not-waiting", company=letter.company.name)
        days.checked(new_deadline)
        if new_deadline <= facts.deadline:
            raise Problem("extension-not-later", company=letter.company.name, date=facts.deadline)
        extension = Extension(
            letter_id=letter.id,
            round=letter.round,
            asked_by=asked_by.strip(),
            why=why.strip(),
            old_deadline=facts.deadline,
            old_deadline_at=facts.deadline_at,
            new_deadline=new_deadline,
            by_id=actor.id,
        )
        db.session.add(extension)
        db.session.flush()
        effects.withdraw_reminders(letter, "The deadline was moved.")
        record(
            "letter.extended",
            letter,
            actor=actor,
            own=False,
            old=facts.deadline.isoformat(),
            new=new_deadline.isoformat(),
            asked_by=asked_by.strip(),
            why=why.strip(),
        )
        _refresh(letter)
    return extension


def hold(
    *,
    why: str,
    actor: User,
    letter_id: int | None = None,
    company_id: int | None = None,
    campaign_id: int | None = None,
) -> Hold:
    """Stop every automatic step on one letter, one company or one campaign (fairness.md rule 14).

    Raises:
        Problem: there is no reason.
    """
    if not why.strip():
        raise Problem("reason-missing", act="a hold")
    with transaction():
        held = Hold(
            letter_id=letter_id,
            company_id=company_id,
            campaign_id=campaign_id,
            why=why.strip(),
            by_id=actor.id,
        )
        db.session.add(held)
        db.session.flush()
        for letter in _held_letters(held):
            effects.withdraw_reminders(letter, f"On hold: {held.why}")
        record("hold.placed", _subject(held), actor=actor, hold=held.ref, why=held.why)
    return held


def release(hold_id: int, *, actor: User) -> Hold:
    """Lift a hold; what it stopped is due again at once.

    Raises:
        Problem: it was released already.
    """
    with transaction():
        held = db.session.get_one(Hold, hold_id, with_for_update=True)
        if held.released_at is not None:
            raise Problem("hold-released")
        held.released_at, held.released_by_id = clock.now(), actor.id
        record("hold.released", _subject(held), actor=actor, hold=held.ref)
        for letter in _held_letters(held):
            _refresh(letter)
    return held


def _held_letters(held: Hold) -> Sequence[Letter]:
    about = sa.or_(
        Letter.id == held.letter_id,
        Letter.company_id == held.company_id,
        Letter.campaign_id == held.campaign_id,
    )
    return db.session.scalars(
        sa.select(Letter).where(about, Letter.state == LetterState.OPEN)
    ).all()


def _subject(held: Hold) -> Letter | Company | Campaign:
    if held.letter_id is not None:
        return db.session.get_one(Letter, held.letter_id)
    if held.company_id is not None:
        return db.session.get_one(Company, held.company_id)
    return db.session.get_one(Campaign, held.campaign_id)


def confirm_sweep(letter_id: int, *, note: str, actor: User) -> Sweep:
    """A person has looked through the doors that the program does not read: no reply there.

    Raises:
        Problem: the deadline has not passed, so that a reply could still come (fairness.md,
            gate “other doors swept”); or it is not said where was looked.
    """
    if not note.strip():
        raise Problem("sweep-unexplained")
    with transaction():
        letter = db.session.get_one(Letter, letter_id)
        facts = queries.standing(letter)
        if facts.deadline_at is None:
            raise Problem("not-waiting", company=letter.company.name)
        if clock.now() < facts.deadline_at:
            raise Problem("sweep-too-early", company=letter.company.name)
        sweep = Sweep(letter_id=letter.id, doors=note.strip()[:300], note=note, by_id=actor.id)
        db.session.add(sweep)
        db.session.flush()
        record("letter.swept", letter, actor=actor, note=note.strip())
    return sweep


def sign_weak_proof(letter_id: int, *, words: str, actor: User) -> ProofSignature:
    """A second person says in writing that weak proof suffices here (gate “proof”).

    Raises:
        Problem: there are no words, the proof is not weak, or the person wrote the letter.
    """
    if not words.strip():
        raise Problem("reason-missing", act="accepting weak proof")
    with transaction():
        letter = db.session.get_one(Letter, letter_id)
        facts = queries.standing(letter)
        if facts.proof.grade is not Proof.WEAK or facts.signed is not None:
            raise Problem("proof-not-weak", company=letter.company.name)
        if facts.frozen is None or facts.frozen.frozen_by_id == actor.id:
            raise Problem("proof-own-letter", company=letter.company.name)
        signature = ProofSignature(
            letter_id=letter.id, round=letter.round, words=words.strip(), by_id=actor.id
        )
        db.session.add(signature)
        db.session.flush()
        record("letter.weak_proof_signed", letter, actor=actor, words=words.strip())
        _refresh(letter)
    return signature
