"""Notes of telephone calls and meetings: taken down, changed with every version kept, taken back.

A note is no answer and proves nothing (fairness.md rules 7, 12). Where somebody of the company
said something about the letter, it stands in the thread: no silence is published and nobody is
reminded until a person has decided what that was. What it says is never public.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.drafting import attachment_rules
from campaign.drafting.models import Letter
from campaign.history.operations import record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.replies.models import Reply
from campaign.replies.note_models import Note, NoteFile, NoteVersion
from campaign.replies.rules import ItemKind, Permission
from campaign.sending import effects as sending_effects
from campaign.sending import queries as sending

FILES_MOST = 10
_FACTS = ("happened_at", "ours", "theirs", "text", "heard")


class Said(NamedTuple):
    """What a person takes down.

    Attributes:
        happened_at: aware; when they spoke.
        ours, theirs: who of us, and who of the company.
        heard: somebody of the company said something about the letter.
    """

    happened_at: datetime
    ours: str
    theirs: str
    text: str
    heard: bool


class Upload(NamedTuple):
    """A file as it was chosen."""

    name: str
    raw: bytes


class _Kept(NamedTuple):
    name: str
    sha256: str
    size: int


def add_note(
    letter_id: int, kind: ItemKind, said: Said, *, files: Sequence[Upload] = (), actor: User
) -> Note:
    """Take a call or a meeting down.

    Raises:
        Problem: `not-there`, `letter-not-out`, `received-later`, `note-files`, or what is wrong
            with a word or a file.
    """
    clean, kept = _clean(said), _keep(files)
    with transaction() as session:
        letter = _letter(session, letter_id)
        note = Note(letter_id=letter.id, kind=kind)
        session.add(note)
        session.flush()
        _write(session, note, clean, 1, actor)
        names = _attach(session, note, kept, actor)
        _stand(session, note, letter, clean, actor)
        record(
            "note.added", note, actor=actor, letter=letter.ref, company=letter.company.name,
            what=kind.value, files=names, **_told(clean),
        )  # fmt: skip
    return note


def change_note(
    note_id: int, said: Said, *, based_on: int, files: Sequence[Upload] = (), actor: User
) -> Note:
    """Change what a note says; what it said before is kept. The same words change nothing.

    Args:
        based_on: the version that was changed; a newer one is not overwritten.

    Raises:
        Problem: `not-there`, `note-withdrawn`, `note-newer`, and as `add_note`.
    """
    clean, kept = _clean(said), _keep(files)
    with transaction() as session:
        note, letter = _locked(session, note_id)
        before = Said(*(getattr(note.now, name) for name in _FACTS))
        if note.now.version != based_on:
            raise Problem("note-newer", who=str(note.now.by))
        names = _attach(session, note, kept, actor)
        if clean == before and not names:
            return note
        if clean != before:
            _write(session, note, clean, based_on + 1, actor)
        _stand(session, note, letter, clean, actor)
        old, new = _told(before), _told(clean)
        changed = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
        record(
            "note.changed", note, actor=actor, company=letter.company.name, files=names,
            changed=changed,
        )  # fmt: skip
    return note


def withdraw_note(note_id: int, *, why: str, actor: User) -> Note:
    """Take a note back: it counts no more, and is kept.

    Raises:
        Problem: `not-there`, `note-withdrawn`, `reason-missing`.
    """
    words = fields.text(why, name="The reason", limit=2000)
    if not words:
        raise Problem("reason-missing", act="taking a note back")
    with transaction() as session:
        note, letter = _locked(session, note_id)
        note.withdrawn_at, note.withdrawn_why = clock.now(), words
        if note.reply and note.reply.withdrawn_at is None:
            note.reply.withdrawn_at = clock.now()
        record("note.withdrawn", note, actor=actor, company=letter.company.name, why=words)
    return note


def remove_file(note_id: int, file_ref: str, *, actor: User) -> None:
    """Take a file out of a note; its bytes are kept.

    Raises:
        Problem: `not-there`, `note-withdrawn`.
    """
    with transaction() as session:
        note, letter = _locked(session, note_id)
        found = next((one for one in note.kept_files if one.ref == file_ref), None)
        if found is None:
            raise Problem("not-there", what="file")
        found.removed_at = clock.now()
        record(
            "note.file_removed", note, actor=actor, company=letter.company.name, name=found.name,
            sha256=found.sha256,
        )  # fmt: skip


def _clean(said: Said) -> Said:
    if said.happened_at > clock.now():
        raise Problem("received-later")
    return said._replace(
        ours=fields.line(said.ours, name="Who of us", limit=300, required=True),
        theirs=fields.line(said.theirs, name="Who of them", limit=300, required=True),
        text=fields.text(said.text, name="What was said", limit=50_000, required=True),
    )


def _keep(files: Sequence[Upload]) -> list[_Kept]:
    if len(files) > FILES_MOST:
        raise Problem("note-files", most=FILES_MOST)
    store: FileStore = current_app.extensions["files"]
    named = [Upload(attachment_rules.clean_name(one.name), one.raw) for one in files]
    for one in named:
        attachment_rules.media_type(one.name, one.raw)
    return [_Kept(one.name, store.put(one.raw), len(one.raw)) for one in named]


def _attach(session: Session, note: Note, kept: Sequence[_Kept], actor: User) -> list[str]:
    """Add files; one that is there already is there once. Gives the names of the new ones."""
    known = {(one.name, one.sha256): one for one in note.files}
    names = []
    for one in dict.fromkeys(kept):
        there = known.get((one.name, one.sha256))
        if there is not None and there.removed_at is None:
            continue
        if there is not None:
            there.removed_at = None
        else:
            session.add(NoteFile(note_id=note.id, by_id=actor.id, **one._asdict()))
        names.append(one.name)
    session.flush()
    session.refresh(note, ["files"])
    if len(note.kept_files) > FILES_MOST:
        raise Problem("note-files", most=FILES_MOST)
    return names


def _write(session: Session, note: Note, said: Said, version: int, actor: User) -> None:
    session.add(NoteVersion(note_id=note.id, version=version, by_id=actor.id, **said._asdict()))
    session.flush()
    session.refresh(note, ["versions"])


def _stand(session: Session, note: Note, letter: Letter, said: Said, actor: User) -> None:
    """Let the thread say that the company said something, or that it did not."""
    if not said.heard:
        if note.reply and note.reply.withdrawn_at is None:
            note.reply.withdrawn_at = clock.now()
        return
    reply = note.reply
    if reply is None:
        reply = Reply(letter_id=letter.id, kind=note.kind, filed_by_id=actor.id)
        note.reply = reply
        session.add(reply)
    # Its words stay here: nothing that shows replies in public has them.
    reply.permission, reply.text = Permission.REFUSED, ""
    reply.received_at, reply.sender, reply.withdrawn_at = said.happened_at, said.theirs, None
    session.flush()
    sending_effects.withdraw_reminders(letter, "The company said something about the letter.")


def _told(said: Said) -> dict[str, Any]:
    return {**said._asdict(), "happened_at": said.happened_at.isoformat()}


def _letter(session: Session, letter_id: int) -> Letter:
    letter = session.get(Letter, letter_id, with_for_update=True)
    if letter is None:
        raise Problem("not-there", what="letter")
    if not sending.dispatches_of(letter.id):
        raise Problem("letter-not-out", company=letter.company.name)
    return letter


def _locked(session: Session, note_id: int) -> tuple[Note, Letter]:
    """The note and its letter, locked in the order in which publishing locks."""
    found = session.get(Note, note_id)
    if found is None:
        raise Problem("not-there", what="note")
    letter = _letter(session, found.letter_id)
    session.refresh(found)
    if found.withdrawn_at is not None:
        raise Problem("note-withdrawn")
    if found.erased_at is not None:
        raise Problem("note-erased")
    return found, letter
