"""Erasing the words and names of those who answered, when their time is over (rule 26).

What was published stays: the company's answer is on the record. What goes is the mail itself,
who wrote it, what we noted of them, and what the history says of it; the chain still verifies.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from flask import current_app

from campaign.accounts.models import User
from campaign.config import Settings
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.history.operations import erase_details, record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.publishing import queries, retention_queries
from campaign.publishing.retention_models import RetentionHold
from campaign.publishing.retention_rules import (
    STRANGERS_MONTHS,
    Term,
    months_before,
    term,
    without_names,
)
from campaign.replies import file_queries
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.note_models import Note

_LOOK_BACK = timedelta(days=2)
LONGEST = 10  # years from now that correspondence may be kept longer


def erase_due(limit: int = 50) -> int:
    """Erase what is due; a second run finds nothing. Each letter is an act of its own.

    Returns:
        Of how many letters, and of how many messages of nobody, something was erased.
    """
    ours: Settings = current_app.extensions["settings"]
    now = clock.now()
    over = term(now, ours.retention_months)
    letters = retention_queries.due_letters(over, limit)
    strangers = retention_queries.nobodys(months_before(now, STRANGERS_MONTHS), limit)
    for letter_id in letters:
        _erase_letter(letter_id, over)
    if strangers:
        with transaction() as session:
            for message_id in strangers:
                _erase_message(session.get_one(IncomingMessage, message_id, with_for_update=True))
    if letters or strangers:
        # After the commit; what a crash kept back goes with the next run.
        _let_files_go(retention_queries.files_to_go(now - _LOOK_BACK))
    return len(letters) + len(strangers)


def _erase_letter(letter_id: int, over: Term) -> None:
    gone: list[str] = []
    with transaction() as session:
        letter = session.get_one(Letter, letter_id, with_for_update=True)
        if not retention_queries.due_letters(over, 1, only=letter.id):
            return  # somebody wrote, or keeps it longer, since it was looked for
        messages = retention_queries.messages_of(letter.id, over)
        replies = retention_queries.replies_of(letter.id)
        names = {one.from_name for one in messages} | {one.from_address for one in messages}
        names |= {reply.sender for reply in replies}
        published = queries.published_replies([reply.id for reply in replies])
        for reply in replies:
            gone += _erase_files(reply)
            _erase_reply(reply, keeps_text=reply.id in published)
        for note in retention_queries.notes_of(letter.id):
            gone += _erase_note(note)
        for message in messages:
            _erase_message(message)
        gone += _erase_answers(letter, names)
        record("letter.correspondence_erased", letter, messages=len(messages), replies=len(replies))
    _let_files_go(retention_queries.unneeded(gone))


def _erase_message(message: IncomingMessage) -> None:
    for name in (
        "from_name", "from_address", "subject", "message_id", "text", "full_text", "reading",
        "error", "triage_note", "brought_as", "sender_check",
    ):  # fmt: skip
        setattr(message, name, "")
    for suggestion in message.suggestions:
        suggestion.detail = ""
    message.erased_at = clock.now()
    erase_details(message)


def _erase_reply(reply: Reply, *, keeps_text: bool) -> None:
    reply.sender = reply.note = ""
    if not keeps_text:
        reply.text = ""
    reply.erased_at = clock.now()
    erase_details(reply)


def _erase_files(reply: Reply) -> list[str]:
    """Take out what the company's files were called and told; what is public of them stays."""
    gone = []
    for file in file_queries.files_of(reply.id):
        stays = file.shown
        gone += [file.sha256] if file is not stays else []
        gone += [version.sha256 for version in file.versions if version is not stays]
        file.name = file.scan_detail = ""
        file.found = "{}"
    return gone


def _erase_note(note: Note) -> list[str]:
    """Take out whom we spoke with and what was said, in every version, and the files."""
    for version in note.versions:
        version.theirs = version.text = ""
    for file in note.files:
        file.name = ""
    note.withdrawn_why = ""
    note.erased_at = clock.now()
    erase_details(note)
    return [file.sha256 for file in note.files]


def _erase_answers(letter: Letter, names: AbstractSet[str]) -> list[str]:
    """Take out to whom we answered, by name and in our words; the hashes of the mails go too."""
    gone = []
    for answer in retention_queries.answers_to(letter.id):
        people = names | {answer.to_name, answer.to_address}
        answer.subject = without_names(answer.subject, people, company=letter.company.name)
        answer.text = without_names(answer.text, people, company=letter.company.name)
        answer.to_name = answer.to_address = ""
        erase_details(answer)
        if answer.dispatch is not None:
            answer.dispatch.recipient = ""
            gone.append(answer.dispatch.file_sha256 or "")
            erase_details(answer.dispatch)
    return gone


def _let_files_go(hashes: Iterable[str]) -> None:
    files: FileStore = current_app.extensions["files"]
    for sha256 in hashes:
        files.delete(sha256)


def keep_longer(letter_id: int, *, until: date, why: str, actor: User) -> RetentionHold:
    """Say that a letter's correspondence is needed until a day; an earlier day shortens it.

    Raises:
        Problem: `reason-missing`, `retention-day`.
    """
    words = fields.text(why, name="Why", limit=2000)
    if not words:
        raise Problem("reason-missing", act="keeping correspondence longer")
    today = clock.now().date()
    if not today <= until <= today.replace(year=today.year + LONGEST, day=min(today.day, 28)):
        raise Problem("retention-day", years=LONGEST)
    with transaction() as session:
        letter = session.get_one(Letter, letter_id)
        hold = RetentionHold(letter_id=letter.id, until=until, why=words, by_id=actor.id)
        session.add(hold)
        session.flush()
        record(
            "letter.correspondence_kept", letter, actor=actor, until=until.isoformat(), why=words
        )
    return hold
