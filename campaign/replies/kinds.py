"""What the reading of one incoming mail yields. Values only; imports nothing of ours."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message is. `OWN_COPY` is decided by those who can see the outbox, never here."""

    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DELAY = "delay"
    DELIVERY_RECEIPT = "delivery_receipt"
    OWN_COPY = "own_copy"
    UNREADABLE = "unreadable"


class AutoNote(StrEnum):
    """What an automatic reply says. `OTHER`: only its headers show that it is one, or no more.

    `CHALLENGE`: our mail is held back until a person shows that a person wrote it.
    """

    CONFIRMS_RECEIPT = "confirms_receipt"
    UNMONITORED = "unmonitored"
    LEFT = "left"
    OUT_OF_OFFICE = "out_of_office"
    CHALLENGE = "challenge"
    OTHER = "other"


class Oddity(StrEnum):
    """What is unusual about a message; each is said in words where a person judges it."""

    CHARSET_UNKNOWN = "charset_unknown"
    CHARSET_WRONG = "charset_wrong"
    CHARSET_MISSING = "charset_missing"
    CODING_BROKEN = "coding_broken"
    STRUCTURE_BROKEN = "structure_broken"
    NO_HEADER = "no_header"
    PAGE_ONLY = "page_only"
    CUT = "cut"
    TNEF = "tnef"
    UUENCODE = "uuencode"
    YENC = "yenc"
    SMIME_SIGNED = "smime_signed"
    SMIME_ENCRYPTED = "smime_encrypted"
    SMIME_OTHER = "smime_other"
    PGP_SIGNED = "pgp_signed"
    PGP_ENCRYPTED = "pgp_encrypted"
    PGP_KEY = "pgp_key"
    MAIL_ATTACHED = "mail_attached"


# With one of these, part of the mail may say something that the program cannot read.
MAY_HIDE = frozenset(
    {
        Oddity.CHARSET_UNKNOWN,
        Oddity.CHARSET_WRONG,
        Oddity.CHARSET_MISSING,
        Oddity.CODING_BROKEN,
        Oddity.STRUCTURE_BROKEN,
        Oddity.NO_HEADER,
        Oddity.CUT,
        Oddity.TNEF,
        Oddity.UUENCODE,
        Oddity.YENC,
        Oddity.SMIME_ENCRYPTED,
        Oddity.SMIME_OTHER,
        Oddity.PGP_ENCRYPTED,
        Oddity.MAIL_ATTACHED,
    }
)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A mail within the mail. Nothing of it is trusted; `date` is what it says itself."""

    subject: str
    sender: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the message's own text. `size` is in octets after decoding."""

    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One message as read. All strings are free of NUL and lone surrogates.

    Attributes:
        hard: True where the address itself is bad (unknown user or host, moved for good),
            False for every other bounce, None for whatever is no bounce.
        recipient: the first address that failed, is late or was reached, if one is named.
        status: the enhanced status code (RFC 3463) as the mail states it.
        text: the newest text without quotation and signature.
        full_text: the whole readable text, at most `TEXT_LIMIT` characters.
        from_address: lower-cased, "" when there is none that can be read.
        claimed_senders: every address in every From, Sender and Reply-To header.
        recipients: every string in which our token may stand.
        reported_ids: Message-IDs of the mail that this one quotes or returns.
        reported_strings: envelope sender and further headers of that mail.
        forwarded_ids: Message-IDs that a mail attached to this one answers.
        forwarded_senders: addresses that mails attached to this one name as their authors.
        oddities: what is unusual about it, in the order of `Oddity`.
        enclosed: mails within it, at most ten.
        by_machine: header fields, not only words, say that no person wrote it (RFC 3834).
        relayed: a delivery receipt that says only that the mail was passed on.
        said: what the server that a report speaks for said itself, without the report's manners.
        error: for `UNREADABLE`, one plain sentence.
    """

    kind: Kind
    hard: bool | None = None
    recipient: str | None = None
    status: str | None = None
    text: str = ""
    full_text: str = ""
    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    claimed_senders: tuple[str, ...] = ()
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    return_path: str = ""
    reported_ids: tuple[str, ...] = ()
    reported_strings: tuple[str, ...] = ()
    forwarded_ids: tuple[str, ...] = ()
    forwarded_senders: tuple[str, ...] = ()
    auto_note: AutoNote | None = None
    attachments: tuple[Attachment, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    by_machine: bool = False
    relayed: bool = False
    said: str = ""
    error: str | None = None


TEXT_LIMIT = 200_000


def unreadable(error: str) -> Reading:
    """The reading of a message that cannot be read; it still blocks "did not respond"."""
    return Reading(kind=Kind.UNREADABLE, error=error)


def to_dict(reading: Reading) -> dict[str, Any]:
    """The reading as JSON-safe values."""
    return asdict(reading)


def from_dict(values: dict[str, Any]) -> Reading:
    """The opposite of `to_dict`, also after a journey through JSON."""
    plain: dict[str, Any] = {
        k: tuple(v) if isinstance(v, (list, tuple)) else v for k, v in values.items()
    }
    plain["kind"] = Kind(values["kind"])
    note = values.get("auto_note")
    plain["auto_note"] = AutoNote(note) if note is not None else None
    plain["attachments"] = tuple(Attachment(**dict(a)) for a in values.get("attachments") or ())
    plain["oddities"] = tuple(Oddity(odd) for odd in values.get("oddities") or ())
    plain["enclosed"] = tuple(Enclosed(**dict(each)) for each in values.get("enclosed") or ())
    return Reading(**plain)
