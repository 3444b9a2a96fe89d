"""Reading stored mail and settling what the program may settle; one act a message."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError

from campaign.companies.effects import mark_contact_bad
from campaign.companies.ours import is_ours
from campaign.config import Settings
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.kernel.text import shorten
from campaign.replies import finding, matching, queries
from campaign.replies.checking import Checker
from campaign.replies.kinds import AutoNote, Kind, Reading, to_dict, unreadable
from campaign.replies.models import (
    IncomingMessage,
    IncomingPosition,
    MailboxReading,
    MatchSuggestion,
)
from campaign.replies.reading import ReadingProcess
from campaign.replies.rules import MatchReason, Triage
from campaign.replies.standing import lent
from campaign.sending import effects as sending_effects
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch
from campaign.sending.probes import probe_of
from campaign.sending.rules import EvidenceKind

BATCH = 200
TOO_LARGE = "The message is larger than 25 MiB; only its beginning is kept here."

_SHOWS = {
    Kind.BOUNCE: EvidenceKind.BOUNCE,
    Kind.DELAY: EvidenceKind.DELAY,
    Kind.DELIVERY_RECEIPT: EvidenceKind.DELIVERY_RECEIPT,
}
_AUTO = {
    AutoNote.CONFIRMS_RECEIPT: EvidenceKind.AUTO_CONFIRMS_RECEIPT,
    AutoNote.UNMONITORED: EvidenceKind.AUTO_UNMONITORED,
    AutoNote.LEFT: EvidenceKind.AUTO_UNMONITORED,
}
_WRITTEN = (Kind.REPLY, Kind.AUTO_REPLY)
_REPORTS = (Kind.BOUNCE, Kind.DELAY, Kind.DELIVERY_RECEIPT)


def read_stored() -> int:
    """Read every stored message that is not read yet and say what it is.

    Own copies, reports of our dispatches and their automatic replies are settled; everything
    else waits for a person, and what cannot be read too.

    Returns:
        How many messages were read.
    """
    done = 0
    seen: set[int] = set()
    with lent(ReadingProcess) as reader, Checker() as checker:
        while ids := [i for i in queries.unread_ids(BATCH) if i not in seen]:
            seen.update(ids)
            done += sum(_read_one(reader, checker, message_id) for message_id in ids)
    return done


def _read_one(reader: ReadingProcess, checker: Checker, message_id: int) -> bool:
    message = db.session.get_one(IncomingMessage, message_id)
    sha, whole, arrived_at = message.sha256, message.whole, message.arrived_at
    db.session.rollback()  # no transaction stays open while the worker reads
    reading, raw = _reading(reader, sha, whole=whole)
    try:
        checked = checker.check(raw, arrived_at).as_json() if reading.kind in _WRITTEN else ""
        return _sort(message_id, reading, raw, checked)
    except (OperationalError, InterfaceError):
        raise  # the database, not the message: it stays unread and is read again
    except Exception as trouble:
        current_app.logger.exception("message %s could not be sorted", sha)
        why = f"The message could not be dealt with ({type(trouble).__name__})."
        return _sort(message_id, unreadable(why), b"")


def _reading(reader: ReadingProcess, sha: str, *, whole: bool) -> tuple[Reading, bytes]:
    files: FileStore = current_app.extensions["files"]
    try:
        raw = files.get(sha)
    except Problem as problem:
        return unreadable(str(problem)), b""
    reading = reader.read(raw)
    if not whole:  # its beginning tells whose it may be, not what it says
        reading = replace(reading, kind=Kind.UNREADABLE, error=TOO_LARGE, auto_note=None)
    return reading, raw


def _sort(message_id: int, reading: Reading, raw: bytes, checked: str = "") -> bool:
    """One act: what the message is, whose it is, and everything that follows from it."""
    with transaction() as session:
        message = session.get_one(IncomingMessage, message_id, with_for_update=True)
        if message.triage is not Triage.UNREAD:
            return False  # another worker was first
        _note(message, reading)
        message.sender_check = checked
        message.triage = Triage.WAITING
        own = _own(reading, raw)
        if own is not None:
            _settle_own_copy(message, own)
        elif _is_probe(reading, raw):
            _settle_as_ours(message)
        elif not _settle_report(message, reading):
            _wait(message, reading)
        record(
            "message.read",
            message,
            what=message.kind.value if message.kind else None,
            triage=message.triage.value,
            letter=message.letter.ref if message.letter else None,
            matched_by=message.matched_by.value if message.matched_by else None,
        )
    return True


def _note(message: IncomingMessage, reading: Reading) -> None:
    message.kind = reading.kind
    message.from_name = reading.from_name[:300]
    message.from_address = reading.from_address[:320]
    message.subject = reading.subject[:1000]
    message.message_id = reading.message_id[:1000]
    message.text, message.full_text = reading.text, reading.full_text
    message.error = reading.error or ""
    kept = replace(reading, text="", full_text="")  # they have columns of their own
    message.reading = json.dumps(to_dict(kept), ensure_ascii=True)


def _belongs(message: IncomingMessage, dispatch: Dispatch, reason: MatchReason) -> None:
    message.letter_id, message.dispatch_id = dispatch.letter_id, dispatch.id
    message.matched_by = reason
    db.session.flush()
    db.session.refresh(message, ["letter"])


def _own(reading: Reading, raw: bytes) -> Dispatch | None:
    """The dispatch that the message is a copy of: our Message-ID or token, and our very text."""
    files: FileStore = current_app.extensions["files"]
    tokens = matching.tokens_in((reading.return_path,)).bounce
    for dispatch in (*finding.by_ids([reading.message_id]), *sending.by_tokens(tokens)):
        sha = dispatch.file_sha256
        if raw and sha and matching.same_content(files.get(sha), raw):
            return dispatch
    return None


def _settle_own_copy(message: IncomingMessage, dispatch: Dispatch) -> None:
    """Our archive copy arrived: the relay took the mail, and the mailbox works."""
    _settle_as_ours(message)
    _belongs(message, dispatch, MatchReason.THREAD)
    if message.brought_by_id is not None:
        return  # anybody of us has such a file: it shows nothing of the relay
    sending_effects.add_evidence(
        dispatch,
        EvidenceKind.OWN_COPY,
        at=message.arrived_at,
        detail="Our archive copy arrived in our mailbox.",
        source_ref=message.ref,
    )


def _is_probe(reading: Reading, raw: bytes) -> bool:
    """Whether it is a probe of ours, word for word."""
    probe = probe_of(reading.message_id)
    files: FileStore = current_app.extensions["files"]
    return bool(probe and raw and matching.same_content(files.get(probe.file_sha256), raw))


def _settle_as_ours(message: IncomingMessage) -> None:
    """A mail of ours has arrived: the mailboxes that it lies in work."""
    message.kind, message.triage, message.error = Kind.OWN_COPY, Triage.SETTLED, ""
    boxes = (
        sa.select(MailboxReading)
        .join(IncomingPosition, IncomingPosition.mailbox_id == MailboxReading.id)
        .where(IncomingPosition.message_id == message.id)
    )
    for box in db.session.scalars(boxes):
        if box.own_copy_at is None or box.own_copy_at < message.arrived_at:
            box.own_copy_at = message.arrived_at


def _settle_report(message: IncomingMessage, reading: Reading) -> bool:
    """Keep the evidence of a report or an automatic reply of ours; whether that settles it."""
    if reading.kind not in (*_REPORTS, Kind.AUTO_REPLY):
        return False
    dispatch = finding.dispatch_reported(reading, message.arrived_at)
    if dispatch is None or _is_about_us(reading):
        return False
    by_id = set(finding.by_ids((*reading.in_reply_to, *reading.reported_ids)))
    _belongs(
        message, dispatch, MatchReason.THREAD if dispatch in by_id else MatchReason.TOKEN_ADDRESS
    )
    sending_effects.add_evidence(
        dispatch,
        _evidence(reading),
        at=message.arrived_at,
        detail=_detail(reading),
        source_ref=message.ref,
    )
    if reading.kind is Kind.BOUNCE and dispatch.known_contact is not None:
        if reading.hard:
            mark_contact_bad(dispatch.known_contact, _detail(reading))
        sending_effects.withdraw_reminders(dispatch.letter, "A mail of this letter came back.")
    after = message.arrived_at - (dispatch.accepted_at or dispatch.state_at)
    if reading.kind in _REPORTS or matching.settles_by_itself(reading, after):
        message.triage = Triage.SETTLED
        return True
    return False


def _is_about_us(reading: Reading) -> bool:
    """Whether it speaks of our own copy of the mail: that says nothing of the company's."""
    ours: Settings = current_app.extensions["settings"]
    own = (ours.mail_from, ours.reply_address, ours.archive)
    return reading.kind in _REPORTS and is_ours(reading.recipient or "", own)


def _evidence(reading: Reading) -> EvidenceKind:
    if reading.relayed:  # a further server answers for it, and nobody says that it was delivered
        return EvidenceKind.ACCEPTED
    if reading.kind in _SHOWS:
        return _SHOWS[reading.kind]
    return _AUTO.get(reading.auto_note or AutoNote.OTHER, EvidenceKind.AUTO_OTHER)


def _detail(reading: Reading) -> str:
    """What a report or an automatic reply says, in one or two lines."""
    # A report begins with manners (“I'm sorry to have to inform you”): the server's own words
    # are what tells staff why.
    said = " ".join((reading.said or reading.text or reading.subject).split())
    codes = (reading.status, reading.recipient)
    return shorten(": ".join([*(code for code in codes if code), said]), 500)


def _wait(message: IncomingMessage, reading: Reading) -> None:
    """Leave it to a person, with whose it may be; nobody is reminded meanwhile."""
    found = finding.find(reading)
    if message.letter_id is None and found.match is not None:
        hit = found.match
        message.letter_id, message.matched_by = hit.letter_id, hit.reason
        message.dispatch_id = hit.dispatch.id if hit.dispatch else None
    for letter_id, reason, detail in found.others:
        if letter_id != message.letter_id:
            db.session.add(
                MatchSuggestion(
                    message_id=message.id, letter_id=letter_id, reason=reason, detail=detail[:300]
                )
            )
    db.session.flush()
    db.session.refresh(message, ["letter", "suggestions"])
    if reading.kind not in _REPORTS:  # a report that is not ours says nothing
        stop_reminding(message)


def stop_reminding(message: IncomingMessage) -> None:
    """Within an act: withdraw the reminders of every letter that the message may answer."""
    ids = {message.letter_id, *(suggestion.letter_id for suggestion in message.suggestions)}
    for letter in _letters(ids):
        sending_effects.withdraw_reminders(letter, "A possible reply arrived.")


def _letters(ids: Iterable[int | None]) -> Iterable[Letter]:
    wanted = [i for i in ids if i is not None]
    return db.session.scalars(sa.select(Letter).where(Letter.id.in_(wanted))).all()
