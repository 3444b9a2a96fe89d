"""Letters that wait to be posted, as one bundle to print: letters, labels, posting list."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

import sqlalchemy as sa
import typst
from pypdf import PdfReader, PdfWriter
from sqlalchemy.orm import joinedload

from campaign.accounts.models import User
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.config import ROOT
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import FrozenText, Letter, TextKind
from campaign.drafting.rules import reference
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.sending import operations, parcels, posting_rules, queries
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState
from campaign.web.lists import harmless

_TEMPLATES = ROOT / "templates" / "letter"
_KINDS = {
    TextKind.LETTER: "letter",
    TextKind.REMINDER: "reminder",
    TextKind.FINAL_NOTICE: "final notice",
}
_NOON = time(12)
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same letters make the same bundle


class Task(NamedTuple):
    """A letter to be posted; `address` begins with the company."""

    dispatch: Dispatch
    reference: str
    company: str
    address: tuple[str, ...]
    answer_by: date | None


def waiting() -> list[Task]:
    """What waits to be posted and still can be, by company."""
    found = db.session.scalars(
        sa.select(Dispatch)
        .join(Letter, Letter.id == Dispatch.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .where(
            Dispatch.channel == Channel.POST,
            Dispatch.state == DispatchState.QUEUED,
            queries.may_still_leave(),
            queries.in_time(clock.now()),
        )
        .options(
            joinedload(Dispatch.known_contact),
            joinedload(Dispatch.letter).joinedload(Letter.company),
        )
        .order_by(sa.func.lower(Company.name), Dispatch.id)
    )
    return [_task(dispatch) for dispatch in found]


def _task(dispatch: Dispatch) -> Task:
    company = dispatch.letter.company.name
    lines = tuple(line.strip() for line in dispatch.recipient.splitlines() if line.strip())
    if not lines or lines[0].casefold() != company.casefold():
        lines = (company, *lines)
    return Task(dispatch, reference(dispatch.letter.ref), company, lines, dispatch.states_deadline)


def bundle(tasks: Sequence[Task]) -> bytes:
    """A ZIP of the letters as one PDF, labels, and the list to fill in.

    Raises:
        Problem: `halted-already`; `nothing-to-post`; that a stored file is lost.
    """
    if queries.standing_halt() is not None:
        raise Problem("halted-already", why=queries.halt_words())
    if not tasks:
        raise Problem("nothing-to-post")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (
            ("letters.pdf", _letters(tasks)),
            ("labels-a4.pdf", labels(tasks, "a4")),
            ("labels-us-letter.pdf", labels(tasks, "us-letter")),
            ("posting-list.csv", _list(tasks)),
            *_enclosures(tasks).items(),
        ):
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), data)
    return out.getvalue()


def _letters(tasks: Sequence[Task]) -> bytes:
    """All letters in the order of the list; each begins on a sheet of its own, printed duplex."""
    writer = PdfWriter()
    for task in tasks:
        reader = PdfReader(io.BytesIO(_pdf(task.dispatch)))
        writer.append(reader, outline_item=task.company)
        if len(reader.pages) % 2:
            size = reader.pages[-1].mediabox
            writer.add_blank_page(size.width, size.height)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _enclosures(tasks: Sequence[Task]) -> dict[str, bytes]:
    """The attachments that the letters name, each file once, to be printed and put in."""
    letters = [task.dispatch for task in tasks if task.dispatch.kind is TextKind.LETTER]
    rows = (db.session.get_one(FrozenText, one.frozen_text_id) for one in letters)
    named = {
        one.sha256: one.name for row in rows for one in frozen_texts.load(row).content.attachments
    }
    files = parcels.files()
    return {
        f"enclosures/{number:02}-{name}": files.get(sha256)
        for number, (sha256, name) in enumerate(named.items(), 1)
    }


def _pdf(dispatch: Dispatch) -> bytes:
    text = frozen_texts.load(db.session.get_one(FrozenText, dispatch.frozen_text_id))
    if dispatch.kind is TextKind.LETTER or dispatch.states_deadline is None:
        return text.pdf()
    return text.reminder_pdf(dispatch.kind, dispatch.states_deadline)


def labels(tasks: Sequence[Task], paper: str) -> bytes:
    """Address labels: 21 a sheet of A4 (63.5 × 38.1 mm), 30 of US Letter (2⅝ × 1 in)."""
    told = {"paper": paper, "labels": [list(task.address) for task in tasks]}
    made = typst.compile(
        _TEMPLATES / "labels.typ",
        root=_TEMPLATES,
        font_paths=[_TEMPLATES / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def _list(tasks: Sequence[Task]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(posting_rules.HEADER)
    for task in tasks:
        by = task.answer_by.isoformat() if task.answer_by else ""
        row = (task.dispatch.ref, task.reference, task.company, _KINDS[task.dispatch.kind])
        cells = (*row, ", ".join(task.address[1:]), by, "", "")
        writer.writerow(map(harmless, cells))
    return out.getvalue().encode("utf-8-sig")


def note(sheet: str, *, actor: User | None) -> int:
    """Note from a filled-in list what was posted; all lines or none.

    A day counts from its noon in the zone of staff, at the latest this moment.

    Returns:
        How many letters were noted.

    Raises:
        Problem: `posting-list` with every fault.
    """
    tasks = {task.dispatch.ref: task.dispatch for task in waiting()}
    zone, now = days.zone_of(parcels.settings().timezone), clock.now()
    ordered = {ref: dispatch.created_at.astimezone(zone).date() for ref, dispatch in tasks.items()}
    found = posting_rules.read(sheet, ordered, now.astimezone(zone).date())
    faults = found.faults or (() if found.posted else ("No line has a day of posting.",))
    if faults:
        raise Problem("posting-list", faults=" ".join(faults[:20]))
    for one in found.posted:
        dispatch = tasks[one.task]
        at = min(now, datetime.combine(one.on, _NOON, tzinfo=zone))
        operations.posted(
            dispatch.id, tracking=one.tracking, at=max(at, dispatch.created_at), actor=actor
        )
    return len(found.posted)
