"""What is done with the files of a reply: nothing is public until a person approves each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from flask import current_app
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.database import transaction
from campaign.drafting.attachment_rules import clean_name
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.publishing import queries
from campaign.replies import (
    file_boxes,
    file_kinds,
    file_process,
    file_queries,
    redaction_queries,
    redaction_rules,
    scanning,
)
from campaign.replies import queries as replies
from campaign.replies.file_boxes import ReasonedBox
from campaign.replies.file_models import How, ReplyFile, ReplyFileVersion
from campaign.replies.models import Reply
from campaign.replies.scanning import Scan

UPLOAD_MOST = 25 * 2**20


def _store() -> FileStore:
    found: FileStore = current_app.extensions["files"]
    return found


def _scanned(raw: bytes) -> scanning.Verdict:
    return scanning.scan(raw, current_app.extensions["settings"].clamd_url)


def take_out(reply_id: int, *, actor: User) -> list[ReplyFile]:
    """Take the files out of a reply's mail, look into each, show each to the virus scanner.

    Once only; the mail stays as it came. Nothing is public by this.

    Raises:
        Problem: `files-not-taken-out`, `file-not-drawn`; that the store has no room.
    """
    message = db.session.get_one(Reply, reply_id).message
    raw = _store().get(message.sha256) if message else b""
    looked = [_looked(name, content) for name, content in file_process.parts(raw)] if raw else []
    with transaction() as session:
        reply = session.get_one(Reply, reply_id, with_for_update=True)
        known = file_queries.files_of(reply.id)
        if known:
            return known
        for position, one in enumerate(looked):
            one.reply_id, one.position = reply.id, position
            session.add(one)
        session.flush()
        record(
            "reply.files_taken_out",
            reply,
            actor=actor,
            files=[[one.name, one.kind, one.size, one.sha256, one.scan.value] for one in looked],
        )
    return looked


def _looked(name: str, raw: bytes) -> ReplyFile:
    looked, verdict = file_process.look(raw), _scanned(raw)
    return ReplyFile(
        name=name[:300],
        kind=looked.kind,
        size=len(raw),
        sha256=_store().put(raw),
        pages=looked.pages if file_kinds.KINDS[looked.kind].pages else 0,
        found=json.dumps(looked.found),
        scan=verdict.scan,
        scan_detail=verdict.detail,
        public_name="",
    )


def scan_again(file_id: int, *, actor: User) -> Scan:
    """Show a file to the virus scanner once more; what is not clean is public no more."""
    raw = _store().get(db.session.get_one(ReplyFile, file_id).sha256)
    verdict = _scanned(raw)
    with transaction() as session:
        file = _locked(session, file_id)
        if verdict.scan in (Scan.INFECTED, Scan.UNSCANNABLE):
            _close(file, "The virus scanner does not let it through.", actor)
        file.scan, file.scan_detail = verdict.scan, verdict.detail
        record(
            "reply.file_scanned",
            file.reply,
            actor=actor,
            file=file.ref,
            scan=file.scan.value,
            said=file.scan_detail,
        )
    return verdict.scan


def _locked(session: Session, file_id: int) -> ReplyFile:
    file = session.get(ReplyFile, file_id, with_for_update=True)
    if file is None:
        raise Problem("not-there", what="file")
    session.refresh(file, ["versions"])
    return file


def cover(
    file_id: int, boxes: Iterable[ReasonedBox], *, seen: int, actor: User
) -> ReplyFileVersion:
    """Make a version of a PDF or picture with black boxes burned into it.

    Where the file is public and nothing that was covered is seen, the new version takes its
    place at once; else a person approves it first.

    Args:
        seen: number of the version that the person saw, 0 for none.

    Raises:
        Problem: `redaction-changed`, `file-no-pages`, `file-no-boxes`, `file-not-drawn`.
    """
    file, given = db.session.get_one(ReplyFile, file_id), tuple(boxes)
    if not given:
        raise Problem("file-no-boxes")
    if not file.pages:
        raise Problem("file-no-pages")
    made = file_process.burned(_store().get(file.sha256), [box.place for box in given])
    return _version(file_id, How.BOXES, made, given, seen=seen, actor=actor)


def replace(file_id: int, raw: bytes, *, seen: int, actor: User) -> ReplyFileVersion:
    """Take a PDF that somebody redacted by other means; it is published as pictures of its pages.

    So nothing lies below what was covered, whatever program was used.

    Raises:
        Problem: `redaction-changed`, `upload-no-pdf`, `upload-infected`, `file-not-drawn`.
    """
    if not raw or len(raw) > UPLOAD_MOST or file_kinds.kind_of(raw) != "pdf":
        raise Problem("upload-no-pdf", limit=UPLOAD_MOST // 2**20)
    if _scanned(raw).scan in (Scan.INFECTED, Scan.UNSCANNABLE):
        raise Problem("upload-infected")
    made = file_process.burned(raw, [])
    return _version(file_id, How.UPLOADED, made, (), seen=seen, actor=actor)


def _version(
    file_id: int,
    how: How,
    made: tuple[str, int, bytes],
    boxes: tuple[ReasonedBox, ...],
    *,
    seen: int,
    actor: User,
) -> ReplyFileVersion:
    kind, pages, content = made
    sha256 = _store().put(content)
    with transaction(publishes=True) as session:
        file = _locked(session, file_id)
        if len(file.versions) != seen:
            raise Problem("redaction-changed")
        before = file.shown
        version = ReplyFileVersion(
            file_id=file.id,
            number=seen + 1,
            how=how,
            boxes=file_boxes.to_json(boxes),
            kind=kind,
            size=len(content),
            sha256=sha256,
            pages=pages,
            by_id=actor.id,
        )
        session.add(version)
        session.flush()
        record(
            "reply.file_redacted",
            file.reply,
            actor=actor,
            file=file.ref,
            number=version.number,
            how=how.value,
            reasons=sorted({box.reason.value for box in boxes}),
        )
        if before is not None:
            _follow(file, before, version, boxes, actor)
    return version


def _follow(
    file: ReplyFile,
    before: ReplyFile | ReplyFileVersion,
    version: ReplyFileVersion,
    boxes: tuple[ReasonedBox, ...],
    actor: User,
) -> None:
    """What a new version means for a file that is public."""
    if isinstance(before, ReplyFileVersion):
        covered = file_boxes.from_json(before.boxes)
        hides = before.how is How.BOXES and not file_boxes.reveals(covered, boxes)
    else:
        hides = True
    if version.how is How.BOXES and hides:
        file.published = version.number
        file.public_name = file_kinds.public_name(file.public_name, version.kind)
    else:
        _close(file, "A new version waits for approval.", actor)


def approve(file_id: int, number: int, name: str, *, actor: User) -> None:
    """Let one version of a file be public with its reply, under a name that a person chose.

    Args:
        number: of the version; 0 for the file as it came.

    Raises:
        Problem: `file-name-missing`, `file-second-person`, `file-not-clean`, `file-closed`,
            `file-tells`, `publication-stopped`, `not-there`.
    """
    file = db.session.get_one(ReplyFile, file_id)
    chosen = _chosen(file, number)
    words = file_process.words_of(_store().get(chosen.sha256)) if not number else ""
    with transaction(publishes=True) as session:
        file = _locked(session, file_id)
        chosen = _chosen(file, number)
        public_name = file_kinds.public_name(clean_name(name)[:80], chosen.kind)
        if not clean_name(name):
            raise Problem("file-name-missing")
        _may_approve(file, chosen, actor)
        told = hidden_words(file.reply.letter_id)
        if told and (words is None or redaction_rules.tells(f"{words}\n{public_name}", told)):
            raise Problem("file-tells")
        file.published, file.public_name = number, public_name
        file.published_by_id, file.published_at = actor.id, clock.now()
        record(
            "reply.file_published",
            file.reply,
            actor=actor,
            file=file.ref,
            number=number,
            name=public_name,
            sha256=chosen.sha256,
        )


def _chosen(file: ReplyFile, number: int) -> ReplyFile | ReplyFileVersion:
    if number == 0:
        return file
    found = next((one for one in file.versions if one.number == number), None)
    if found is None or found is not file.newest:
        raise Problem("redaction-changed")
    return found


def _may_approve(file: ReplyFile, chosen: ReplyFile | ReplyFileVersion, actor: User) -> None:
    company = file.reply.letter.company.name
    if not actor.may(May.PUBLISH):
        raise Problem("redaction-publisher", company=company)
    if file.scan in (Scan.INFECTED, Scan.UNSCANNABLE):
        raise Problem("file-not-clean")
    if isinstance(chosen, ReplyFile):
        stops = file_kinds.STOPS & file.findings.keys()
        if stops:
            raise Problem("file-closed", why=file_kinds.FINDINGS[min(stops)])
    elif chosen.how is How.UPLOADED and chosen.by_id == actor.id:
        raise Problem("file-second-person")
    held = queries.stops(file.reply.letter)
    if held:
        raise Problem("publication-stopped", company=company, stops="; ".join(held))


def close(file_id: int, *, actor: User) -> None:
    """Let a file be public no more, from this moment; open to whoever may triage."""
    with transaction(publishes=True) as session:
        _close(_locked(session, file_id), "A person took it back.", actor)


def _close(file: ReplyFile, why: str, actor: User) -> None:
    if file.published is None:
        return
    file.published = file.published_by_id = file.published_at = None
    record("reply.file_unpublished", file.reply, actor=actor, file=file.ref, why=why)


def hidden_words(letter_id: int) -> list[str]:
    """Words that are left out of the texts of a letter's replies now."""
    thread = replies.thread(letter_id)
    states = redaction_queries.versions([reply.id for reply in thread])
    return redaction_rules.masks(
        passage
        for reply in thread
        for redaction in states.get(reply.id, ())[-1:]
        for passage in redaction_rules.hidden_in(reply.text, redaction.found)
    )


def public_words(letter_id: int) -> dict[int, str | None]:
    """What the public files of a letter say, by id; None where words may stand that none can read.

    What boxes were burned into is not read: it holds pictures only. Call outside of acts.
    """
    return {
        file.id: "" if file.published else file_process.words_of(_store().get(file.sha256))
        for file in _public_files(letter_id)
    }


def _public_files(letter_id: int) -> list[ReplyFile]:
    ids = [reply.id for reply in replies.thread(letter_id)]
    return [file for found in file_queries.published(ids).values() for file in found]


def close_telling(letter_id: int, words: Mapping[int, str | None], actor: User) -> None:
    """Within the act that leaves words out of a reply: close the letter's files that tell them.

    Args:
        words: what its files say; a file that was approved since is closed too.
    """
    told = hidden_words(letter_id)
    for file in _public_files(letter_id) if told else []:
        said = words.get(file.id)
        if said is None or redaction_rules.tells(f"{said}\n{file.public_name}", told):
            _close(file, "It holds words that were left out.", actor)
