"""Ordering letters: from an approved text to a dispatch for each contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.effects import fix_questions
from campaign.companies.models import Contact
from campaign.companies.rules import Channel, is_verified
from campaign.database import transaction
from campaign.drafting import queries as drafting
from campaign.drafting.composing import FrozenContact
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.sending import outbox, parcels, queries
from campaign.sending.addresses import is_ours, new_token
from campaign.sending.models import Dispatch
from campaign.sending.parcels import Approved, Stored
from campaign.sending.smtp import SmtpTransport
from campaign.sending.transport import PAGE_WAITS, TransportTrouble


@dataclass(frozen=True)
class _Copy:
    """A letter to one contact, made and not yet ordered; `mail` for e-mail only."""

    contact_id: int
    channel: Channel
    recipient: str
    verified: bool
    mail: Stored | None


@dataclass(frozen=True)
class _Made:
    """All copies of one letter, and the hash of the text that they were made from."""

    letter_id: int
    sha256: str
    copies: tuple[_Copy, ...]


def send(
    letter_ids: Sequence[int], *, actor: User | None, not_before: datetime | None = None
) -> list[Dispatch]:
    """Order approved letters to be sent: a dispatch for each contact, all letters or none.

    The exact bytes of each mail are made and stored first. A letter that was ordered already
    gives its dispatches as they are, so that a double click orders nothing twice.

    Args:
        not_before: aware; e-mails wait until then.

    Raises:
        Problem: `letter-not-approved`, `text-changed`, `letter-out-of-date`,
            `letter-without-contacts`, `contact-unusable`, `contact-is-ours`, `bad-address`,
            `server-takes-ascii` or `server-not-asked`, naming the company.
    """
    wanted = sorted(set(letter_ids))
    leaves_at = max(clock.now(), not_before or clock.now())
    made = {letter_id: _make(letter_id, leaves_at) for letter_id in wanted}
    _server_takes([copy for one in made.values() if one for copy in one.copies])
    with transaction() as session:
        ordered: list[Dispatch] = []
        for letter_id in wanted:
            ordered.extend(_order(session, letter_id, made[letter_id], leaves_at, actor))
        return ordered


@dataclass(frozen=True)
class Look:
    """One letter before it is ordered: to whom it would go, or what stands in its way."""

    letter: Letter
    contacts: tuple[FrozenContact, ...]
    problem: str = ""


def look(letter_ids: Sequence[int]) -> list[Look]:
    """What `send` would do with these letters now; makes and stores nothing."""
    looks = []
    for letter_id in sorted(set(letter_ids)):
        letter = db.session.get(Letter, letter_id)
        if letter is None:
            continue
        try:
            contacts = _sendable(letter, clock.now())[1]
            looks.append(Look(letter, tuple(frozen for frozen, _contact in contacts)))
        except Problem as problem:
            looks.append(Look(letter, (), str(problem)))
    return looks


def _make(letter_id: int, leaves_at: datetime) -> _Made | None:
    """Check a letter and make its mails; None where it was ordered already."""
    letter = db.session.get_one(Letter, letter_id)
    if _ordered(letter):
        return None
    approved, contacts = _sendable(letter, leaves_at)
    copies = [
        _Copy(
            contact.id,
            frozen.channel,
            frozen.value,
            is_verified(contact.verified_how, contact.verified_on, drafting.today()),
            parcels.letter(approved, frozen, leaves_at)
            if frozen.channel is Channel.EMAIL
            else None,
        )
        for frozen, contact in contacts
    ]
    return _Made(letter_id, approved.row.sha256, tuple(copies))


def _sendable(
    letter: Letter, leaves_at: datetime
) -> tuple[Approved, list[tuple[FrozenContact, Contact]]]:
    """The approved text and the contacts that it names, each still fit to be written to."""
    approved = _approved(letter, leaves_at)
    known = {contact.ref: contact for contact in letter.company.contacts}
    contacts = [
        (frozen, _fit(letter, frozen.value, known.get(frozen.ref)))
        for frozen in approved.text.contacts
    ]
    if not contacts:
        raise Problem("letter-without-contacts", company=letter.company.name)
    return approved, contacts


def _approved(letter: Letter, leaves_at: datetime) -> Approved:
    if letter.state is not LetterState.APPROVED:
        raise Problem("letter-not-approved", company=letter.company.name)
    approved = queries.approved_text(letter)
    if approved.row.round != letter.round:
        raise Problem("letter-not-approved", company=letter.company.name)
    if drafting.is_stale(approved.row):
        raise Problem("text-changed", company=letter.company.name)
    if parcels.end_of(approved.row.deadline_on, approved) <= leaves_at:
        raise Problem(
            "letter-out-of-date",
            company=letter.company.name,
            date=days.date_in_words(approved.row.deadline_on),
        )
    return approved


def _fit(letter: Letter, value: str, contact: Contact | None) -> Contact:
    """Refuse what a letter must not go to; our own addresses would answer us in circles."""
    company = letter.company.name
    if contact is None or not contact.usable:
        raise Problem("contact-unusable", company=company, value=value)
    ours = parcels.settings()
    own = (ours.mail_from, ours.reply_address, ours.archive)
    if contact.channel is Channel.EMAIL and is_ours(value, own):
        raise Problem("contact-is-ours", company=company, value=value)
    return contact


def _server_takes(copies: Sequence[_Copy]) -> None:
    """Refuse addresses beyond ASCII that our mail server would not take (SMTPUTF8, RFC 6531)."""
    beyond = [one for one in copies if one.mail and not one.recipient.isascii()]
    if not beyond:
        return
    company = db.session.get_one(Contact, beyond[0].contact_id).company.name
    about = {"company": company, "value": beyond[0].recipient}
    db.session.rollback()  # no transaction stays open while a server is talked to
    way = outbox.way_of_the_settings(PAGE_WAITS)
    try:
        if isinstance(way, SmtpTransport) and not way.takes_beyond_ascii():
            raise Problem("server-takes-ascii", **about)
    except TransportTrouble as trouble:
        raise Problem("server-not-asked", **about, why=trouble.why) from trouble
    finally:
        way.close()


def _ordered(letter: Letter) -> list[Dispatch]:
    return [
        dispatch
        for dispatch in queries.dispatches_of(letter.id, letter.round)
        if dispatch.kind is TextKind.LETTER
    ]


def _order(
    session: Session,
    letter_id: int,
    made: _Made | None,
    leaves_at: datetime,
    actor: User | None,
) -> list[Dispatch]:
    """Write the dispatches of one letter, under its lock and after a second look."""
    letter = session.get_one(Letter, letter_id, with_for_update=True, populate_existing=True)
    ordered = _ordered(letter)
    if ordered:
        return ordered
    approved, _contacts = _sendable(letter, leaves_at)
    if made is None or made.sha256 != approved.row.sha256:
        raise Problem("letter-not-approved", company=letter.company.name)
    fix_questions(letter.campaign)
    dispatches = [_new(letter, approved, copy, leaves_at) for copy in made.copies]
    session.add_all(dispatches)
    letter.state = LetterState.SENDING
    session.flush()
    record(
        "letter.sent_off",
        letter,
        actor=actor,
        text=approved.row.sha256,
        round=letter.round,
        not_before=leaves_at.isoformat(),
        dispatches=[
            {"ref": d.ref, "channel": d.channel.value, "to": d.recipient, "sha256": d.file_sha256}
            for d in dispatches
        ],
    )
    return dispatches


def _new(letter: Letter, approved: Approved, copy: _Copy, leaves_at: datetime) -> Dispatch:
    return Dispatch(
        letter_id=letter.id,
        frozen_text_id=approved.row.id,
        kind=TextKind.LETTER,
        round=letter.round,
        contact_id=copy.contact_id,
        channel=copy.channel,
        recipient=copy.recipient,
        verified=copy.verified,
        states_deadline=approved.row.deadline_on,
        not_after=parcels.end_of(approved.row.deadline_on, approved),
        not_before=leaves_at,
        **(copy.mail.columns() if copy.mail else {"token": new_token()}),
    )
