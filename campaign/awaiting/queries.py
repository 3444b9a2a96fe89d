"""What is known of a letter's waiting, from the facts themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, selectinload

from campaign.awaiting import rules
from campaign.awaiting.models import Extension, Hold, ProofSignature, Sweep, Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import FrozenText, Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.replies import queries as replies
from campaign.sending import queries as sending
from campaign.sending.models import DeliveryEvidence, Dispatch
from campaign.sending.rules import LEFT, Graded, Proof, best, grade


@dataclass(frozen=True)
class Standing:
    """A letter's waiting as the facts have it now.

    Attributes:
        proof: the letter's proof grade in this round.
        signed: a second person's written word that weak proof suffices.
        deadline: binding deadline in the company's zone; None without adequate proof.
        deadline_at: end of the deadline's day, UTC; a zone changed since moves it later only.
        silence_at: end of the last grace working day, UTC; None without a deadline.
        dispatches: all of this round, oldest first.
    """

    letter: Letter
    frozen: FrozenText | None
    policy: rules.Policy
    place: rules.Place
    proof: Graded
    signed: ProofSignature | None
    deadline: date | None
    deadline_at: datetime | None
    silence_at: datetime | None
    extensions: tuple[Extension, ...]
    dispatches: tuple[Dispatch, ...]

    @property
    def first_deadline_at(self) -> datetime | None:
        """When the first deadline of this round ended, before any more time was given; UTC."""
        if not self.extensions:
            return self.deadline_at
        first = min(self.extensions, key=lambda extension: extension.old_deadline)
        return rules.never_before(
            first.old_deadline_at, rules.deadline_at(first.old_deadline, self.place)
        )

    @property
    def started_at(self) -> datetime | None:
        """The event from which the response period counts; None without proof that suffices."""
        enough = Proof.WEAK if self.signed else Proof.ADEQUATE
        return self.proof.at if self.proof.grade >= enough else None

    @property
    def sent(self) -> tuple[Dispatch, ...]:
        """The copies of the letter itself, one a contact."""
        return tuple(d for d in self.dispatches if d.kind is TextKind.LETTER)

    @property
    def reminders(self) -> tuple[Dispatch, ...]:
        """The reminders and final notices, oldest first."""
        return tuple(d for d in self.dispatches if d.kind is not TextKind.LETTER)

    def left(self, kind: TextKind) -> Dispatch | None:
        """The reminder of that kind that left and was not taken back."""
        return next((d for d in self.reminders if d.kind is kind and d.state in LEFT), None)


def policy_of(campaign: Campaign, frozen: FrozenText | None = None) -> rules.Policy:
    """The campaign's promise to companies, as the rules need it.

    Args:
        frozen: the letter's text, which can give its company days of its own.
    """
    days = (frozen.own_days if frozen else None) or campaign.response_days
    return rules.Policy(
        days, campaign.grace_working_days, campaign.reminders, unit=campaign.response_unit
    )


def place_of(company: Company) -> rules.Place:
    """The company's calendar."""
    return rules.Place(
        company.country, company.region, company.timezone, closed=company.closed_days
    )


def extensions_of(letter: Letter) -> list[Extension]:
    """Extensions of the letter's present round, oldest first."""
    return list(
        db.session.scalars(
            sa.select(Extension)
            .where(Extension.letter_id == letter.id, Extension.round == letter.round)
            .order_by(Extension.id)
        )
    )


def waiting_of(letter: Letter) -> Waiting | None:
    """The computed times of the letter, if it is open."""
    return db.session.get(Waiting, letter.id)


def holds_on(letter: Letter) -> list[Hold]:
    """Standing holds on the letter, its company or its campaign."""
    about = sa.or_(
        Hold.letter_id == letter.id,
        Hold.company_id == letter.company_id,
        Hold.campaign_id == letter.campaign_id,
    )
    return list(
        db.session.scalars(
            sa.select(Hold).where(Hold.released_at.is_(None), about).order_by(Hold.id)
        )
    )


def hold(ref: str) -> Hold | None:
    """The hold with this opaque id."""
    return db.session.scalar(sa.select(Hold).where(Hold.ref == ref))


def open_letters(campaign_id: int, refs: Collection[str], limit: int) -> list[Letter]:
    """Open letters of a campaign by company: those with these opaque ids, or all without any."""
    query = (
        sa.select(Letter)
        .join(Letter.company)
        .where(Letter.campaign_id == campaign_id, Letter.state == LetterState.OPEN)
        .options(contains_eager(Letter.company))
        .order_by(sa.func.lower(Company.name), Letter.id)
        .limit(limit)
    )
    return list(db.session.scalars(query.where(Letter.ref.in_(refs)) if refs else query))


def others_with_less_time(letter: Letter, deadline: date) -> list[Letter]:
    """Open letters of the same campaign whose deadline is earlier, for the same treatment."""
    query = (
        sa.select(Letter)
        .join(Letter.company)
        .join(Waiting, Waiting.letter_id == Letter.id)
        .where(
            Letter.campaign_id == letter.campaign_id,
            Letter.id != letter.id,
            Letter.state == LetterState.OPEN,
            Waiting.deadline_on < deadline,
        )
        .options(contains_eager(Letter.company))
        .order_by(sa.func.lower(Company.name), Letter.id)
    )
    return list(db.session.scalars(query))


def times_of(letters: Sequence[Letter]) -> dict[int, Waiting]:
    """The computed times of these letters, by letter."""
    ids = [letter.id for letter in letters]
    query = sa.select(Waiting).where(Waiting.letter_id.in_(ids))
    return {waiting.letter_id: waiting for waiting in db.session.scalars(query)}


def sweeps_of(letter: Letter) -> list[Sweep]:
    """Confirmed looks through the doors that the program does not read, oldest first."""
    return list(
        db.session.scalars(sa.select(Sweep).where(Sweep.letter_id == letter.id).order_by(Sweep.at))
    )


def standing(letter: Letter) -> Standing:
    """Everything about the letter's waiting, computed from facts."""
    return standings([letter])[letter.id]


def standings(letters: Sequence[Letter]) -> dict[int, Standing]:
    """The same for many letters, in a number of queries that does not grow with theirs."""
    frozen = _in_round(
        letters,
        sa.select(FrozenText)
        .where(FrozenText.voided_at.is_(None))
        .options(selectinload(FrozenText.approvals)),
    )
    dispatches = _in_round(
        letters,
        sa.select(Dispatch)
        .where(sending.carries_the_letter())
        .options(selectinload(Dispatch.evidence))
        .order_by(Dispatch.created_at, Dispatch.id),
    )
    signatures = _in_round(letters, sa.select(ProofSignature))
    extensions = _in_round(letters, sa.select(Extension).order_by(Extension.id))
    times = _in_round(letters, sa.select(Waiting))
    read_at = replies.mailbox_watermark()
    _load_closures(letters)
    return {
        letter.id: _with_deadline(
            Standing(
                letter=letter,
                frozen=next(iter(frozen[letter.id]), None),
                policy=policy_of(letter.campaign, next(iter(frozen[letter.id]), None)),
                place=place_of(letter.company),
                proof=_proof(dispatches[letter.id], read_at),
                signed=next(iter(signatures[letter.id]), None),
                deadline=None,
                deadline_at=None,
                silence_at=None,
                extensions=tuple(extensions[letter.id]),
                dispatches=tuple(dispatches[letter.id]),
            ),
            next(iter(times[letter.id]), None),
        )
        for letter in letters
    }


def _load_closures(letters: Sequence[Letter]) -> None:
    """The closing days of all these letters' companies at once, instead of one by one."""
    companies = {letter.company_id for letter in letters}
    db.session.scalars(
        sa.select(Company).where(Company.id.in_(companies)).options(selectinload(Company.closures))
    ).all()


def _in_round(letters: Sequence[Letter], query: sa.Select[Any]) -> dict[int, list[Any]]:
    """The rows of a query that belong to the present round of these letters, by letter."""
    rounds = {letter.id: letter.round for letter in letters}
    table = query.column_descriptions[0]["entity"]
    found: dict[int, list[Any]] = {letter_id: [] for letter_id in rounds}
    for row in db.session.scalars(query.where(table.letter_id.in_(rounds))):
        if row.round == rounds[row.letter_id]:
            found[row.letter_id].append(row)
    return found


def _proof(dispatches: Sequence[Dispatch], mailbox_read_at: datetime | None) -> Graded:
    return best(
        grade(sending.as_sent(dispatch, mailbox_read_at))
        for dispatch in dispatches
        if dispatch.kind is TextKind.LETTER
    )


def _with_deadline(facts: Standing, times: Waiting | None) -> Standing:
    if facts.frozen is None:
        return facts
    deadline = rules.binding_deadline(
        facts.frozen.deadline_on,
        facts.started_at,
        facts.policy,
        facts.place,
        granted=[extension.new_deadline for extension in facts.extensions],
        late_reminders=_late_by_hand(facts),
        earlier=times.deadline_on if times else None,
    )
    if deadline is None:
        return facts
    return replace(
        facts,
        deadline=deadline,
        deadline_at=rules.never_before(
            times.deadline_at if times else None, rules.deadline_at(deadline, facts.place)
        ),
        silence_at=rules.never_before(
            times.silence_at if times else None,
            rules.silence_at(deadline, facts.policy, facts.place),
        ),
    )


def _late_by_hand(facts: Standing) -> list[datetime]:
    """When reminders were sent that a person did on a later day than they were due (rule 11)."""
    place = facts.place
    return [
        reminder.state_at
        for reminder in facts.reminders
        if reminder.channel is not Channel.EMAIL
        and reminder.state in LEFT
        and place.date_at(reminder.state_at) > place.date_at(reminder.created_at)
    ]


def to_refresh(after: int | None, limit: int) -> list[int]:
    """Open letters whose facts have moved since their times were computed; ids after that one."""
    newest = (
        sa.select(sa.func.max(DeliveryEvidence.id))
        .join(Dispatch, Dispatch.id == DeliveryEvidence.dispatch_id)
        .where(Dispatch.letter_id == Letter.id)
        .scalar_subquery()
    )
    moved = sa.or_(
        Waiting.letter_id.is_(None),
        Waiting.round != Letter.round,
        Waiting.started_at.is_(None),
        Waiting.seen_evidence < newest,
    )
    return list(
        db.session.scalars(
            sa.select(Letter.id)
            .outerjoin(Waiting, Waiting.letter_id == Letter.id)
            .where(Letter.state == LetterState.OPEN, moved, Letter.id > (after or 0))
            .order_by(Letter.id)
            .limit(limit)
        )
    )


def open_ids(after: int | None, limit: int) -> list[int]:
    """Every open letter; ids after that one."""
    return list(
        db.session.scalars(
            sa.select(Letter.id)
            .where(Letter.state == LetterState.OPEN, Letter.id > (after or 0))
            .order_by(Letter.id)
            .limit(limit)
        )
    )


# A moment and the letter (its id) that something is due for then: one index holds both in order.
Due = tuple[datetime, int]


def _later_than(
    column: InstrumentedAttribute[Any], after: Due | None
) -> list[sa.ColumnElement[bool]]:
    """Conditions for what comes after that key, in the order of the moment, then of the letter."""
    if after is None:
        return []
    moment, letter_id = after
    same = sa.and_(column == moment, Waiting.letter_id > letter_id)
    return [column >= moment, sa.or_(column > moment, same)]


def due(
    column: InstrumentedAttribute[Any], now: datetime, after: Due | None, limit: int
) -> sa.Select[datetime, int]:
    """Open letters of which that time has come, the earliest first, with that time."""
    return (
        sa.select(column, Waiting.letter_id)
        .join(Letter, Letter.id == Waiting.letter_id)
        .where(Letter.state == LetterState.OPEN, column <= now, *_later_than(column, after))
        .order_by(column, Waiting.letter_id)
        .limit(limit)
    )


def to_probe(now: datetime, after: Due | None, limit: int) -> list[Due]:
    """Open letters, without an e-mail in their round, of which the gate is looked at."""
    by_mail = sa.exists().where(
        Dispatch.letter_id == Letter.id,
        Dispatch.round == Letter.round,
        Dispatch.channel == Channel.EMAIL,
        Dispatch.state.in_(LEFT),
    )
    query = due(Waiting.look_from, now, after, limit).where(~by_mail)
    return [(moment, letter_id) for moment, letter_id in db.session.execute(query)]


def due_for_reminder(now: datetime, after: Due | None, limit: int) -> list[Due]:
    """Open letters of which a reminder may be due."""
    query = due(Waiting.next_at, now, after, limit)
    return [(moment, letter_id) for moment, letter_id in db.session.execute(query)]


def other_doors(standing: Standing) -> list[str]:
    """Ways to answer that the letter offers, or went by, and that the program does not read."""
    offered = frozen_texts.load(standing.frozen).doors if standing.frozen else ()
    went = {_DOOR_OF[d.channel] for d in standing.sent if d.channel in _DOOR_OF}
    return sorted((set(offered) - {"email"}) | went)


_DOOR_OF = {Channel.FORM: "the contact form", Channel.POST: "the post box"}
