"""The evidence of one letter as one ZIP: what left, how we know, what came back, the history.

For a lawyer, a court, an ombudsman: every file byte for byte as it left or arrived, with a
manifest of hashes that anybody can check without this program.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import Enum
from typing import IO, Any, NamedTuple

import sqlalchemy as sa
from flask import current_app, render_template

from campaign.accounts.models import User
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import FrozenText, Letter
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.publishing import queries as publishing
from campaign.publishing.models import Record
from campaign.replies import note_queries
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.note_models import Note
from campaign.sending import queries as sending
from campaign.sending.mime import safe_filename
from campaign.sending.models import DeliveryEvidence, Dispatch

_SECRET = frozenset({"lease_holder", "lease_until"})
# So that the same letter makes the same bytes: the time of a file in it says nothing.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class Item(NamedTuple):
    """A file of the bundle; `missing` says why the bytes are not there."""

    path: str
    what: str
    data: bytes = b""
    missing: str = ""


def write(letter: Letter, out: IO[bytes]) -> None:
    """Write the bundle as a ZIP.

    A file that is lost or damaged is named in the manifest and does not keep the rest back.
    """
    told: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for item in _items(letter):
            entry: dict[str, Any] = {"path": item.path, "what": item.what}
            if item.missing:
                told.append({**entry, "missing": item.missing})
                continue
            sha256 = hashlib.sha256(item.data).hexdigest()
            told.append({**entry, "sha256": sha256, "size": len(item.data)})
            _put(bundle, item.path, item.data)
        sums = "".join(f"{one['sha256']}  {one['path']}\n" for one in told if "sha256" in one)
        _put(bundle, "SHA256SUMS", sums.encode())
        manifest = {
            "letter": letter.ref,
            "campaign": letter.campaign.title,
            "company": letter.company.name,
            "state": letter.state,
            "made_at": clock.now(),
            "files": told,
        }
        _put(bundle, "manifest.json", _json(manifest))


def _put(bundle: zipfile.ZipFile, path: str, data: bytes) -> None:
    about = zipfile.ZipInfo(path, _NO_TIME)
    about.compress_type = zipfile.ZIP_DEFLATED
    about.external_attr = 0o644 << 16
    bundle.writestr(about, data)


def _items(letter: Letter) -> Iterator[Item]:
    dispatches = [*sending.dispatches_of(letter.id), *sending.answers_sent(letter.id)]
    messages = _messages(letter, dispatches)
    replies = list(db.session.scalars(sa.select(Reply).where(Reply.letter_id == letter.id)))
    texts = _texts(letter, dispatches)
    readme = render_template("desk/evidence.txt", letter=letter)
    yield Item("README.txt", "What is what, and how to check it.", readme.encode())
    for text in texts:
        yield from _of_text(text)
    for number, dispatch in enumerate(dispatches, 1):
        yield from _of_dispatch(number, dispatch, messages)
    for message in messages.values():
        name = f"messages/{message.arrived_at:%Y%m%dT%H%M%SZ}-{message.ref[:8]}"
        yield Item(f"{name}.json", "What the program read in it.", _json(_columns(message)))
        yield _stored(f"{name}.eml", "A message that came in, as it arrived.", message.sha256)
    if replies:
        thread = [_columns(reply) for reply in replies]
        yield Item("thread.json", "What people filed as the company's words.", _json(thread))
    notes = note_queries.notes_of(letter.id, all_of_them=True)
    for number, note in enumerate(notes, 1):
        yield from _of_note(number, note)
    record = publishing.record_of(letter.id)
    if record is not None:
        yield _of_record(record)
    about: list[Any] = [letter, *texts, *dispatches, *messages.values(), *replies, *notes]
    about += [record] if record else []
    lines = [_json_line(asdict(link)) for link in history.links_about([row.ref for row in about])]
    yield Item("history.jsonl", "The events of the chained history.", "".join(lines).encode())


def _texts(letter: Letter, dispatches: list[Dispatch]) -> list[FrozenText]:
    """The texts that something was sent of, oldest first."""
    ids = {dispatch.frozen_text_id for dispatch in dispatches}
    query = sa.select(FrozenText).where(FrozenText.id.in_(ids)).order_by(FrozenText.version)
    return list(db.session.scalars(query))


def _messages(letter: Letter, dispatches: list[Dispatch]) -> dict[str, IncomingMessage]:
    """What came in about the letter, by opaque id: filed to it, or named by its evidence."""
    named = {one.source_ref for dispatch in dispatches for one in dispatch.evidence}
    query = (
        sa.select(IncomingMessage)
        .where(
            sa.or_(
                IncomingMessage.letter_id == letter.id,
                IncomingMessage.ref.in_(named - {""}),
            )
        )
        .order_by(IncomingMessage.arrived_at, IncomingMessage.id)
    )
    return {message.ref: message for message in db.session.scalars(query)}


def _of_text(row: FrozenText) -> Iterator[Item]:
    folder, text = f"text-{row.version}", frozen_texts.load(row)
    mail = text.letter_mail()
    yield Item(
        f"{folder}/approved.json",
        "The text as its approvers signed it: its SHA-256 is the hash that they signed.",
        row.bundle.encode(),
    )
    signed = _json([_columns(one) for one in row.approvals])
    yield Item(f"{folder}/approvals.json", "Who signed that hash, and when.", signed)
    yield Item(f"{folder}/letter.txt", "The letter as text.", mail.text.encode())
    yield Item(f"{folder}/letter.html", "The letter as e-mail HTML.", mail.html.encode())
    yield _stored(f"{folder}/letter.pdf", "The letter as PDF.", text.bundle["pdf_sha256"])
    for number, one in enumerate(text.content.attachments, 1):
        path = f"{folder}/attachment-{number:02}-{safe_filename(one.name)}"
        yield _stored(path, "A file that the letter names at its foot.", one.sha256)


def _of_dispatch(
    number: int, dispatch: Dispatch, messages: dict[str, IncomingMessage]
) -> Iterator[Item]:
    folder = f"dispatch-{number:02}-{dispatch.kind}-{dispatch.channel}"
    told = {
        **_columns(dispatch),
        "attempts": [_columns(one) for one in sending.attempts_of(dispatch)],
        "evidence": [_evidence(one, messages) for one in dispatch.evidence],
    }
    what = "State, the servers' answers, and what speaks for or against delivery."
    yield Item(f"{folder}/dispatch.json", what, _json(told))
    if dispatch.file_sha256:
        yield _stored(f"{folder}/mail.eml", "The mail, byte for byte.", dispatch.file_sha256)
    for one in dispatch.evidence:
        if one.file_sha256:
            path = f"{folder}/evidence-{one.id}{_ending(one.file_sha256)}"
            yield _stored(path, f"What a person kept as evidence: {one.kind}.", one.file_sha256)


def _of_note(number: int, note: Note) -> Iterator[Item]:
    folder = f"note-{number:02}-{note.kind}"
    told = {
        **_columns(note),
        "versions": [_columns(one) for one in note.versions],
        "files": [_columns(one) for one in note.files],
    }
    yield Item(f"{folder}/note.json", "A call or a meeting, in every version.", _json(told))
    for place, one in enumerate(note.files, 1):
        path = f"{folder}/file-{place:02}-{safe_filename(one.name)}"
        yield _stored(path, "A file of that note.", one.sha256)


def _evidence(one: DeliveryEvidence, messages: dict[str, IncomingMessage]) -> dict[str, Any]:
    source = messages.get(one.source_ref)
    return {**_columns(one), "message_sha256": source.sha256 if source else None}


def _of_record(record: Record) -> Item:
    told = {**_columns(record), "entries": [_columns(one) for one in record.entries]}
    return Item("record.json", "What was published, each entry with its basis.", _json(told))


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files


def _stored(path: str, what: str, sha256: str) -> Item:
    try:
        return Item(path, what, _files().get(sha256))
    except Problem as problem:
        return Item(path, what, missing=str(problem))


def _ending(sha256: str) -> str:
    """The ending of a file's name by what it holds; none where it is not sure."""
    try:
        start = _files().get(sha256)[:16]
    except Problem:
        return ""
    known = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"%PDF-": ".pdf", b"GIF8": ".gif"}
    return next((end for magic, end in known.items() if start.startswith(magic)), "")


def _columns(row: Any) -> dict[str, Any]:
    """A row as its columns; people by name, no numbers that mean nothing outside, no leases."""
    told = {}
    for attribute in sa.inspect(type(row)).column_attrs:
        column = attribute.columns[0]
        if column.primary_key or attribute.key in _SECRET:
            continue
        keys = {key.target_fullname for key in column.foreign_keys}
        if "user_account.id" in keys:
            person = db.session.get(User, getattr(row, attribute.key) or 0)
            told[attribute.key.removesuffix("_id")] = str(person) if person else None
        elif not keys:
            told[attribute.key] = getattr(row, attribute.key)
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value)} has no place in a bundle")


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _json_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain) + "\n"
