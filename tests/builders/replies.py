"""Mail that comes back, and letters that it comes back to; everything through the operations."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from campaign.campaigns.models import Campaign
from campaign.config import Settings
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.files import write_maildir
from campaign.replies import operations
from campaign.replies.models import IncomingMessage
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from campaign.sending.addresses import with_tag
from campaign.sending.models import Dispatch
from tests.builders import drafting
from tests.builders.drafting import Staff


def sent(
    people: Staff, name: str = "Larkspur Mobile", campaign: Campaign | None = None, **facts: str
) -> Letter:
    """A letter that has left; its copy lies in the captured inbox and is not read yet."""
    company = drafting.reachable(name, **facts)
    return send(people, drafting.draft(people, company, campaign))


def send(people: Staff, letter: Letter) -> Letter:
    """Approve and send a draft."""
    drafting.approved(people, letter)
    sending.send([letter.id], actor=people.drafter)
    sending.send_due()
    return letter


def mail_of(letter: Letter) -> Dispatch:
    """The letter's first mail."""
    return outbox.dispatches_of(letter.id)[0]


def settings() -> Settings:
    """The settings of the running app."""
    found: Settings = current_app.extensions["settings"]
    return found


def reply_address(letter: Letter) -> str:
    """Where answers to the letter go."""
    return with_tag(settings().reply_address, letter.reply_token)


def mail(
    *,
    sender: str = "Pip Larch <pip@elsewhere.example>",
    to: str = "answers@brightwater.example",
    subject: str = "Your letter",
    text: str = "We have read it.",
    more: str = "",
) -> bytes:
    """A plain mail; `more` are header lines, each with its line end."""
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\n{more}"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def arrives(raw: bytes, when: datetime | None = None, folder: str = "") -> None:
    """Put a mail into the captured inbox, or into a folder of it."""
    box = settings().captured_inbox
    write_maildir(box / f".{folder}" if folder else box, raw, when or clock.now())


def take_in() -> list[IncomingMessage]:
    """Read the mailboxes and what they held; everything that was ever stored, oldest first."""
    operations.read_mailboxes()
    operations.read_stored()
    return stored()


def stored() -> list[IncomingMessage]:
    """Every message, in the order in which they were stored."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(IncomingMessage).order_by(IncomingMessage.id)))


def taken_in(raw: bytes, when: datetime | None = None, folder: str = "") -> IncomingMessage:
    """A mail that arrived and was read."""
    arrives(raw, when, folder)
    before = {message.id for message in stored()}
    return next(m for m in take_in() if m.id not in before and raw_of(m) == raw)


def raw_of(message: IncomingMessage) -> bytes:
    """The stored bytes of a message."""
    found: bytes = current_app.extensions["files"].get(message.sha256)
    return found


def answered(letter: Letter, text: str = "We keep it for three days.") -> IncomingMessage:
    """A reply of the company that waits for a person."""
    operations.reply_as_company(
        mail_of(letter).id, from_address=mail_of(letter).recipient, text=text
    )
    before = {message.id for message in stored()}
    return next(m for m in take_in() if m.id not in before and m.triage.value == "waiting")


def in_thread(letter: Letter) -> bytes:
    """A stranger's mail that answers the letter's mail."""
    sent_id = mail_of(letter).message_id
    return mail(more=f"In-Reply-To: {sent_id}\nReferences: {sent_id}\n")
