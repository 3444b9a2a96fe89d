"""Ordering letters: from an approved text to a dispatch for each contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.effects import fix_questions
from campaign.companies.models import Contact
from campaign.companies.rules import Channel, is_verified
from campaign.database import transaction
from campaign.drafting import queries as drafting
from campaign.drafting.composing import FrozenContact
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.rules import Calendar
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.sending import outbox, parcels, planning, queries
from campaign.sending.addresses import domain_of, is_ours, new_token
from campaign.sending.models import Batch, Dispatch
from campaign.sending.order_reading import Reader
from campaign.sending.pacing import Pace
from campaign.sending.parcels import Approved, Stored
from campaign.sending.smtp import SmtpTransport
from campaign.sending.timing import Printed
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
    printed: Printed
    copies: tuple[_Copy, ...]


@dataclass(frozen=True)
class Order:
    """How letters that are ordered together are to leave.

    Attributes:
        leaves_at: aware; no e-mail leaves before.
        pace: of these letters alone; 0 for what the mail server bears.
    """

    leaves_at: datetime
    pace: Pace = field(default_factory=Pace.unlimited)


def send(
    letter_ids: Sequence[int],
    *,
    actor: User | None,
    not_before: datetime | None = None,
    pace: Pace | None = None,
) -> list[Dispatch]:
    """Order approved letters to be sent: a dispatch for each contact, all letters or none.

    The exact bytes of each mail are made and stored first. A letter that was ordered already
    gives its dispatches as they are, so that a double click orders nothing twice. What is ordered
    together for one campaign is one batch.

    Args:
        not_before: aware; e-mails wait until then.
        pace: how fast these letters may leave; as the mail server bears it by default.

    Raises:
        Problem: `letter-not-approved`, `text-changed`, `letter-out-of-date`, `period-too-short`,
            `letter-without-contacts`, `contact-unusable`, `contact-is-ours`, `bad-address`,
            `server-takes-ascii` or `server-not-asked`, naming the company.
    """
    wanted = sorted(set(letter_ids))
    now = clock.now()
    order = Order(max(now, not_before or now), pace or Pace.unlimited())
    reader = Reader(wanted)
    made = {one.id: _make(reader, one, order.leaves_at) for one in _all_of(reader, wanted)}
    _check_times([one for one in made.values() if one], order)
    _server_takes([copy for one in made.values() if one for copy in one.copies])
    with transaction() as session:
        locked = sa.select(Letter.id).where(Letter.id.in_(wanted)).order_by(Letter.id)
        session.execute(locked.with_for_update())
        batches = _Batches(session, order, actor)
        reader = Reader(wanted)
        ordered: list[Dispatch] = []
        for letter in _all_of(reader, wanted):
            ordered.extend(_order(session, reader, letter, made[letter.id], batches))
        batches.close()
        return ordered


def _all_of(reader: Reader, wanted: Sequence[int]) -> list[Letter]:
    if len(reader.letters) < len(wanted):
        raise Problem("not-there", what="letter")
    return [reader.letters[letter_id] for letter_id in wanted]


def _check_times(made: Sequence[_Made], order: Order) -> None:
    """Hold every letter to rule 2 at the moment at which its pace lets it leave."""
    mails = [(one, domain_of(copy.recipient)) for one in made for copy in one.copies if copy.mail]
    moments = planning.moments([domain for _one, domain in mails], order.leaves_at, order.pace)
    for (one, _domain), moment in zip(mails, moments, strict=True):
        if one.printed.over_at <= moment:
            letter = db.session.get_one(Letter, one.letter_id)
            raise too_short(letter, one.printed, moment)


def too_short(letter: Letter, printed: Printed, leaves_at: datetime) -> Problem:
    """That a letter would leave the company too little time by its own words (rule 2)."""
    return Problem(
        "period-too-short",
        company=letter.company.name,
        day=days.date_in_words(days.local_date(leaves_at, days.zone_of(printed.zone))),
        date=days.date_in_words(printed.deadline_on),
        last=days.date_in_words(printed.last_day),
    )


class _Batches:
    """The batch of each campaign of an order, made with its first letter."""

    def __init__(self, session: Session, order: Order, actor: User | None) -> None:
        self.session, self.order, self.actor = session, order, actor
        self.made: dict[int, Batch] = {}

    def of(self, letter: Letter) -> Batch:
        """The batch that the letter leaves with."""
        if letter.campaign_id not in self.made:
            pace = self.order.pace
            self.made[letter.campaign_id] = Batch(
                campaign_id=letter.campaign_id,
                letters=0,
                ordered_by_id=self.actor.id if self.actor else None,
                leaves_at=self.order.leaves_at,
                per_minute=pace.per_minute or None,
                per_domain=pace.per_domain or None,
            )
            self.session.add(self.made[letter.campaign_id])
            self.session.flush()
        batch = self.made[letter.campaign_id]
        batch.letters += 1
        return batch

    def close(self) -> None:
        """Note what was ordered."""
        for batch in self.made.values():
            record(
                "batch.ordered",
                batch,
                actor=self.actor,
                letters=batch.letters,
                leaves_at=batch.leaves_at.isoformat(),
                per_minute=batch.per_minute,
                per_domain=batch.per_domain,
            )


@dataclass(frozen=True)
class Look:
    """One letter before it is ordered: to whom it would go, or what stands in its way."""

    letter: Letter
    contacts: tuple[FrozenContact, ...]
    problem: str = ""
    printed: Printed | None = None


def look(letter_ids: Sequence[int], leaves_at: datetime | None = None) -> list[Look]:
    """What `send` would do with these letters; makes and stores nothing.

    Args:
        leaves_at: aware; now by default.
    """
    moment = max(clock.now(), leaves_at or clock.now())
    looks = []
    reader = Reader(letter_ids)
    for _id, letter in sorted(reader.letters.items()):
        try:
            approved, contacts = _sendable(reader, letter, moment)
            ways = tuple(frozen for frozen, _contact in contacts)
            looks.append(Look(letter, ways, "", _printed(approved)))
        except Problem as problem:
            looks.append(Look(letter, (), str(problem)))
    return looks


def _make(reader: Reader, letter: Letter, leaves_at: datetime) -> _Made | None:
    """Check a letter and make its mails; None where it was ordered already."""
    if reader.ordered(letter):
        return None
    approved, contacts = _sendable(reader, letter, leaves_at)
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
    return _Made(letter.id, approved.row.sha256, _printed(approved), tuple(copies))


def _printed(approved: Approved) -> Printed:
    company = approved.row.letter.company
    return Printed(
        dated_on=approved.row.dated_on,
        deadline_on=approved.row.deadline_on,
        zone=approved.text.zone,
        calendar=Calendar(company.country, company.region, company.timezone),
    )


def _sendable(
    reader: Reader, letter: Letter, leaves_at: datetime
) -> tuple[Approved, list[tuple[FrozenContact, Contact]]]:
    """The approved text and the contacts that it names, each still fit to be written to."""
    approved = _approved(reader, letter, leaves_at)
    known = {contact.ref: contact for contact in letter.company.contacts}
    contacts = [
        (frozen, _fit(letter, frozen.value, known.get(frozen.ref)))
        for frozen in approved.text.contacts
    ]
    if not contacts:
        raise Problem("letter-without-contacts", company=letter.company.name)
    return approved, contacts


def _approved(reader: Reader, letter: Letter, leaves_at: datetime) -> Approved:
    if letter.state is not LetterState.APPROVED:
        raise Problem("letter-not-approved", company=letter.company.name)
    approved = queries.approved_text(letter)
    if approved.row.round != letter.round:
        raise Problem("letter-not-approved", company=letter.company.name)
    if reader.is_stale(approved.row):
        raise Problem("text-changed", company=letter.company.name)
    if parcels.end_of(approved.row.deadline_on, approved) <= leaves_at:
        raise Problem(
            "letter-out-of-date",
            company=letter.company.name,
            date=days.date_in_words(approved.row.deadline_on),
        )
    printed = _printed(approved)
    if printed.over_at <= leaves_at:
        raise too_short(letter, printed, leaves_at)
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


def _order(
    session: Session, reader: Reader, letter: Letter, made: _Made | None, batches: _Batches
) -> list[Dispatch]:
    """Write the dispatches of one letter, under its lock and after a second look."""
    ordered = reader.ordered(letter)
    if ordered:
        return ordered
    leaves_at = batches.order.leaves_at
    approved, _contacts = _sendable(reader, letter, leaves_at)
    if made is None or made.sha256 != approved.row.sha256:
        raise Problem("letter-not-approved", company=letter.company.name)
    fix_questions(letter.campaign)
    batch = batches.of(letter)
    dispatches = [_new(letter, approved, copy, batch, made.printed) for copy in made.copies]
    session.add_all(dispatches)
    letter.state = LetterState.SENDING
    session.flush()
    record(
        "letter.sent_off",
        letter,
        actor=batches.actor,
        text=approved.row.sha256,
        round=letter.round,
        not_before=leaves_at.isoformat(),
        dispatches=[
            {"ref": d.ref, "channel": d.channel.value, "to": d.recipient, "sha256": d.file_sha256}
            for d in dispatches
        ],
    )
    return dispatches


def _new(
    letter: Letter, approved: Approved, copy: _Copy, batch: Batch, printed: Printed
) -> Dispatch:
    return Dispatch(
        letter_id=letter.id,
        frozen_text_id=approved.row.id,
        kind=TextKind.LETTER,
        round=letter.round,
        batch_id=batch.id,
        contact_id=copy.contact_id,
        channel=copy.channel,
        recipient=copy.recipient,
        verified=copy.verified,
        states_deadline=approved.row.deadline_on,
        not_after=printed.not_after,
        not_before=batch.leaves_at,
        **(copy.mail.columns() if copy.mail else {"token": new_token()}),
    )
