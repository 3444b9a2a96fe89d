"""What the header of a message says of where it comes from; pure, run within limits."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from campaign.replies import headers as fields
from campaign.replies.mime import Headers, decode_words
from campaign.replies.owned import as_written_on_wire
from campaign.replies.proving import Envelope, policy_names
from campaign.replies.server_word import Word, server_word
from campaign.replies.signatures import headers_of, is_name, key_names

_MOST = 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Who it names, what our own server says, and which records have to be asked for."""

    envelope: Envelope
    word: Word | None
    names: tuple[str, ...]


def origin_of(raw: bytes, ours: Collection[str], server: str) -> Origin:
    """What the header says.

    Args:
        ours: our own addresses, in small letters; answers may bear a tag.
        server: the name of our own mail server in Authentication-Results; empty for none.
    """
    headers = headers_of(raw)
    author = as_written_on_wire(fields.author(headers)[1])
    envelope = Envelope(
        author=author,
        authors=_addresses(headers, "from"),
        from_fields=len(headers.all("from")),
        senders=_addresses(headers, "sender"),
        reply_to=_addresses(headers, "reply-to"),
        to_us=_names_us(headers, ours),
        arc=headers.has("arc-seal"),
        sent_at=_date(headers.get("date")),
    )
    names = [*key_names(headers), *policy_names(envelope.domain)]
    return Origin(
        envelope, server_word(headers, server), tuple(name for name in names if is_name(name))
    )


def _addresses(headers: Headers, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for value in headers.all(name)[:_MOST]:
        cut = value[: fields.MAX_ADDRESS_HEADER + 1]
        found += fields.addresses(cut) + fields.addresses(decode_words(cut))
    return tuple(dict.fromkeys(as_written_on_wire(one) for one in found[:100]))[:_MOST]


def _names_us(headers: Headers, ours: Collection[str]) -> bool:
    domains = {address.lower().rpartition("@")[2] for address in ours}
    named = (*_addresses(headers, "to"), *_addresses(headers, "cc"))
    return any(address.rpartition("@")[2] in domains for address in named)


def _date(value: str) -> datetime | None:
    with suppress(ValueError, TypeError, OverflowError, IndexError):
        told = parsedate_to_datetime(value[:100])
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    return None


def to_dict(origin: Origin) -> dict[str, Any]:
    """The origin as JSON-safe values."""
    told = asdict(origin)
    sent = origin.envelope.sent_at
    told["envelope"]["sent_at"] = sent.isoformat() if sent else None
    told["word"] = origin.word._asdict() if origin.word else None
    return told


def from_dict(told: dict[str, Any]) -> Origin:
    """The opposite of `to_dict`, after a journey through JSON."""
    held: dict[str, Any] = _tuples(told["envelope"])
    held["sent_at"] = datetime.fromisoformat(held["sent_at"]) if held["sent_at"] else None
    word = Word(**_tuples(told["word"])) if told["word"] else None
    return Origin(Envelope(**held), word, tuple(told["names"]))


def _tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
