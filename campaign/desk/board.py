"""The board of a campaign: its companies, where each stands, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from campaign.awaiting import queries as awaiting
from campaign.awaiting.models import Extension, Hold, Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.desk.queries import is_newest_entry
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.publishing.look import BARE
from campaign.publishing.models import Record, RecordEntry, Response
from campaign.replies.models import Reply
from campaign.replies.rules import NOTES
from campaign.sending.rules import Proof

FILTERS = (
    *(state.value for state in LetterState),
    "on_hold",
    "overdue",
    *(response.value for response in Response if response is not Response.WITHDRAWN),
)
"""What the address may ask for: a letter's state, what is computed of it, or its outcome."""

_BATCH = 200


class Row(NamedTuple):
    """One company on the board.

    Attributes:
        standing: outcome, or the letter's state, or what is computed of it.
        at: when the next step comes; None where it waits for a person or for nothing.
    """

    letter: Letter
    standing: str
    timeliness: str | None
    deadline: date | None
    proof: Proof
    next_step: str
    at: datetime | None


def letters(campaign: Campaign, words: str = "", state: str = "") -> sa.Select[Any]:
    """The letters of a campaign by company.

    Args:
        words: part of a company's name.
        state: one of `FILTERS`, or empty for all.
    """
    query = (
        sa.select(Letter)
        .join(Letter.company)
        .outerjoin(Waiting, Waiting.letter_id == Letter.id)
        .where(Letter.campaign_id == campaign.id)
        .options(contains_eager(Letter.company))
        .order_by(sa.func.lower(Company.name), Letter.id)
    )
    if words:
        query = query.where(Company.name.icontains(words, autoescape=True))
    return query.where(_is(state)) if state else query


def _is(state: str) -> sa.ColumnElement[bool]:
    computed = {
        "on_hold": _held(),
        "overdue": sa.and_(
            Letter.state == LetterState.OPEN, Waiting.deadline_at <= clock.now(), ~_replied()
        ),
        "awaiting": sa.and_(Letter.state == LetterState.OPEN, ~_extended()),
        "extended": sa.and_(Letter.state == LetterState.OPEN, _extended()),
    }
    if state in computed:
        return computed[state]
    if state in set(LetterState):
        return Letter.state == LetterState(state)
    return sa.exists().where(
        Record.letter_id == Letter.id,
        RecordEntry.record_id == Record.id,
        RecordEntry.response == Response(state),
        is_newest_entry(),
    )


def _held() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Hold.released_at.is_(None),
        sa.or_(
            Hold.letter_id == Letter.id,
            Hold.company_id == Letter.company_id,
            Hold.campaign_id == Letter.campaign_id,
        ),
    )


def _replied(*how: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Reply.letter_id == Letter.id, Reply.withdrawn_at.is_(None), *how)


def _extended() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Extension.letter_id == Letter.id, Extension.round == Letter.round, ~Extension.own
    )


def rows(found: Sequence[Letter]) -> list[Row]:
    """These letters as rows of the board, in a fixed number of queries."""
    ids = [letter.id for letter in found]
    standings = awaiting.standings(found)
    times = awaiting.times_of(found)
    entries = _entries(ids)
    marks = {
        name: set(db.session.scalars(sa.select(Letter.id).where(Letter.id.in_(ids), mark)))
        for name, mark in (
            ("held", _held()),
            ("replied", _replied()),
            ("acknowledged", _replied(Reply.kind.in_(BARE))),
            ("answered", _replied(Reply.kind.not_in(BARE | NOTES))),
            ("extended", _extended()),
        )
    }
    told = []
    for letter in found:
        entry = entries.get(letter.id)
        computed = _computed(letter, times.get(letter.id), marks)
        step, at = _next(letter, times.get(letter.id), marks)
        told.append(
            Row(
                letter,
                entry.response.value if entry else computed,
                entry.timeliness.value if entry and entry.timeliness else None,
                standings[letter.id].deadline or (entry.deadline_on if entry else None),
                standings[letter.id].proof.grade,
                step,
                at,
            )
        )
    return told


def _entries(ids: Sequence[int]) -> dict[int, RecordEntry]:
    query = (
        sa.select(Record.letter_id, RecordEntry)
        .join(Record, Record.id == RecordEntry.record_id)
        .where(Record.letter_id.in_(ids), is_newest_entry())
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _computed(letter: Letter, times: Waiting | None, marks: dict[str, set[int]]) -> str:
    if letter.id in marks["held"]:
        return "on_hold"
    if letter.state is not LetterState.OPEN:
        return letter.state.value
    over = times is not None and times.deadline_at is not None and times.deadline_at <= clock.now()
    if over and letter.id not in marks["replied"]:
        return "overdue"
    return "extended" if letter.id in marks["extended"] else letter.state.value


_BY_PERSON = {
    LetterState.DRAFT: "Put it up for approval",
    LetterState.IN_REVIEW: "A second person approves",
    LetterState.APPROVED: "Send it",
    LetterState.SENDING: "It leaves",
    LetterState.CONCLUDED: "",
    LetterState.WITHDRAWN: "",
}


def _next(
    letter: Letter, times: Waiting | None, marks: dict[str, set[int]]
) -> tuple[str, datetime | None]:
    """What comes next, and when; no moment where it waits for a person."""
    if letter.state is not LetterState.OPEN:
        return _BY_PERSON[letter.state], None
    if letter.id in marks["held"]:
        return "Release the hold", None
    if letter.id in marks["answered"]:
        return "Publish what they said", None
    if times is None or times.started_at is None:
        return "Proof that it arrived", None
    heard, waits = letter.id in marks["replied"], "See what stands in the way"
    if letter.id in marks["acknowledged"]:
        waits = "Publish that they acknowledged it only"
    elif heard:
        waits = "Log what they said in a call as a reply"
    return _next_moment(times, reminded=not heard) or (waits, None)


def _next_moment(times: Waiting, *, reminded: bool) -> tuple[str, datetime] | None:
    """What comes next by itself; a reminder that is due comes even where its hour is past."""
    now = clock.now()
    for words, at in (("Reminder", times.reminder_at), ("Final notice", times.final_notice_at)):
        if at is not None and reminded:
            return words, at
    for words, at in (("Deadline", times.deadline_at), ("Grace ends", times.silence_at)):
        if at is not None and at > now:
            return words, at
    return None


HEADER = ("company", "address", "standing", "timeliness", "deadline", "proof", "next", "at")


def exported(query: sa.Select[Any]) -> Iterator[list[object]]:
    """The board as lines of a table, batch by batch."""
    found = list(db.session.scalars(query))
    for start in range(0, len(found), _BATCH):
        for row in rows(found[start : start + _BATCH]):
            company = row.letter.company
            at = row.at and days.in_words(row.at, company.timezone)
            yield [
                company.name,
                company.slug,
                row.standing,
                row.timeliness,
                row.deadline,
                row.proof.name.lower(),
                row.next_step,
                at,
            ]
