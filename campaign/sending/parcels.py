"""The mails of a letter: their exact bytes, made and kept before anything is queued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app

from campaign.config import Settings
from campaign.drafting.composing import FrozenContact
from campaign.drafting.frozen import Frozen, MailText
from campaign.drafting.models import FrozenText, TextKind
from campaign.drafting.pictures import Inline
from campaign.kernel import clock, days
from campaign.kernel.files import FileStore
from campaign.sending.addresses import check_address, domain_of, new_token, with_tag
from campaign.sending.dkim_signing import Signer
from campaign.sending.message import Mail, build, new_message_id
from campaign.sending.models import Dispatch

# Tells the address that bounces come to from the one that answers come to.
BOUNCE_TAG = "b-"


@dataclass(frozen=True)
class Approved:
    """A frozen text that its approvers signed, with its row."""

    row: FrozenText
    text: Frozen


@dataclass(frozen=True)
class Stored:
    """A mail whose bytes are in the file store; the names are columns of `Dispatch`."""

    message_id: str
    token: str
    envelope_sender: str
    sha256: str
    size: int

    def columns(self) -> dict[str, Any]:
        """The columns of a dispatch that carries this mail."""
        return {
            "message_id": self.message_id,
            "token": self.token,
            "envelope_sender": self.envelope_sender,
            "file_sha256": self.sha256,
            "size": self.size,
        }


def settings() -> Settings:
    """The settings of the running app."""
    found: Settings = current_app.extensions["settings"]
    return found


def files() -> FileStore:
    """Where bytes are kept."""
    found: FileStore = current_app.extensions["files"]
    return found


def signed(raw: bytes) -> bytes:
    """A mail of ours with its DKIM signature, where the settings name a key."""
    signer: Signer | None = current_app.extensions["dkim"]
    return signer.signed(raw) if signer else raw


def end_of(deadline: date, approved: Approved) -> datetime:
    """The UTC moment at which a stated day is over in the zone that the text names."""
    return days.end_of_day(deadline, days.zone_of(approved.text.zone))


def letter(approved: Approved, contact: FrozenContact, leaves_at: datetime) -> Stored:
    """The letter itself for one contact.

    Raises:
        Problem: `bad-address`, `bad-message`, that a file that goes with it is missing or
            damaged, or that the file store has no room.
    """
    company = approved.row.letter.company
    return _store(
        approved.text.letter_mail(),
        approved.text.carried_pictures(TextKind.LETTER),
        reply_to=approved.text.reply_address,
        language=approved.text.language,
        to_name=contact.person or company.name,
        to_address=check_address(contact.value, beyond_ascii=True),
        leaves_at=leaves_at,
        attachments=tuple(
            (one.name, one.media_type, files().get(one.sha256)) for one in approved.text.mail_files
        ),
    )


def reminder(
    approved: Approved,
    first: Dispatch,
    kind: TextKind,
    deadline: date,
    *,
    again: Dispatch | None = None,
) -> Stored:
    """A reminder or notice in the thread of the letter's mail `first`.

    Args:
        again: the same reminder, withdrawn before it left; keeps its Message-ID and token.
    """
    named = {contact.ref: contact.person for contact in approved.text.contacts}
    return _store(
        approved.text.reminder_mail(kind, deadline),
        approved.text.carried_pictures(kind),
        reply_to=approved.text.reply_address,
        language=approved.text.language_of(kind),
        to_name=named.get(first.contact.ref) or approved.row.letter.company.name,
        to_address=first.recipient,
        leaves_at=clock.now(),
        parent=first.message_id,
        references=(first.message_id,) if first.message_id else (),
        again=again,
    )


def answer(
    approved: Approved,
    words: MailText,
    *,
    to_name: str,
    to_address: str,
    parent: str | None,
    references: tuple[str, ...],
) -> Stored:
    """A mail that a person wrote in the thread of a letter.

    Args:
        parent: Message-ID of the mail that it answers.

    Raises:
        Problem: `bad-address`, `bad-message`, or that the file store has no room.
    """
    return _store(
        words,
        (),
        reply_to=approved.text.reply_address,
        language=approved.text.language,
        to_name=to_name,
        to_address=check_address(to_address),
        leaves_at=clock.now(),
        parent=parent,
        references=references,
    )


def _store(
    words: MailText,
    pictures: tuple[Inline, ...],
    *,
    reply_to: str,
    language: str,
    to_name: str,
    to_address: str,
    leaves_at: datetime,
    parent: str | None = None,
    references: tuple[str, ...] = (),
    again: Dispatch | None = None,
    attachments: tuple[tuple[str, str, bytes], ...] = (),
) -> Stored:
    ours = settings()
    token = again.token if again else new_token()
    message_id = (again and again.message_id) or new_message_id(domain_of(ours.mail_from))
    made = build(
        Mail(
            from_name=ours.org_name,
            from_address=ours.mail_from,
            to_name=to_name,
            to_address=to_address,
            reply_to=reply_to,
            subject=words.subject,
            text=words.text,
            html=words.html,
            pictures=pictures,
            attachments=attachments,
            message_id=message_id,
            date=leaves_at,
            in_reply_to=parent,
            references=references,
            language=language,
            beyond_ascii=not to_address.isascii(),
        )
    )
    raw = signed(made)
    sender = with_tag(ours.reply_address, BOUNCE_TAG + token)
    return Stored(message_id, token, sender, files().put(raw), len(raw))
