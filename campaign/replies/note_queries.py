"""Reading notes of calls and meetings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from campaign.companies.models import Company
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.replies.note_models import Note, NoteVersion
from campaign.replies.rules import ItemKind

_WORDS = {ItemKind.PHONE_NOTE: "Note of a call", ItemKind.MEETING_NOTE: "Note of a meeting"}


def _whole() -> sa.Select[Any]:
    return sa.select(Note).options(
        selectinload(Note.versions).joinedload(NoteVersion.by),
        selectinload(Note.files),
        joinedload(Note.reply),
    )


def note(ref: str) -> Note | None:
    """The note with this opaque id, with all its versions."""
    return db.session.scalar(_whole().where(Note.ref == ref))


def notes_of(letter_id: int, *, all_of_them: bool = False) -> list[Note]:
    """A letter's notes by when it happened.

    Args:
        all_of_them: also those that were taken back.
    """
    query = _whole().where(Note.letter_id == letter_id)
    found = db.session.scalars(query if all_of_them else query.where(Note.withdrawn_at.is_(None)))
    return sorted(found, key=lambda one: (one.now.happened_at, one.id))


def reply_ids(letter_id: int) -> set[int]:
    """Items of the thread that are there for a note, which has its own place on pages."""
    found = sa.select(Note.reply_id).where(Note.letter_id == letter_id, Note.reply_id.is_not(None))
    return {number for number in db.session.scalars(found) if number is not None}


def refs_about(letter: Letter) -> list[str]:
    """The opaque ids of a letter's notes, withdrawn ones too."""
    return list(db.session.scalars(sa.select(Note.ref).where(Note.letter_id == letter.id)))


def names(refs: Collection[str]) -> dict[str, str]:
    """Names of those among these opaque ids that are notes."""
    found = db.session.execute(
        sa.select(Note.ref, Note.kind, Company.name)
        .join(Letter, Letter.id == Note.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .where(Note.ref.in_(refs))
    )
    return {ref: f"{_WORDS[kind]} with {name}" for ref, kind, name in found}


def panel(letter: Letter) -> tuple[str, dict[str, Any]] | None:
    """A letter's notes, for its page; nothing before it was sent."""
    notes = notes_of(letter.id)
    out = letter.state.value in ("sending", "open", "concluded")
    return ("replies/_notes.html", {"notes": notes, "out": out}) if out or notes else None
