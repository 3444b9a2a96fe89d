"""DKIM signatures (RFC 6376, RFC 8301) of one message, against keys that were looked up before.

Pure: the message and the answers of the name servers go in. Runs in a worker process with
limits, since a message decides how much work it is.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import dkim

from campaign.replies.mime import Headers, read_headers

MOST = 5  # signatures that are looked at; mails have one or two
_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")
_LATEST = 4_102_444_800  # 1 January 2100
_QUIET = logging.getLogger("campaign.replies.signatures.quiet")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False

Answers = Mapping[str, Sequence[str] | None]
"""TXT records by name; None where no name server answered."""


class Result(StrEnum):
    """How a signature fits. `UNFIT`: it proves nothing by itself, whether it fits or not."""

    RIGHT = "right"
    WRONG = "wrong"
    NO_KEY = "no_key"
    UNANSWERED = "unanswered"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature, the nearest to the top first.

    Attributes:
        domain: who signed (`d=`), in small letters.
        partial: it covers the beginning of the text only (`l=`): anything may follow.
        signed_at: seconds since 1970 as the signer says; None where it does not.
        covers: names of the header fields that it covers, in small letters.
    """

    domain: str
    result: Result
    partial: bool = False
    signed_at: int | None = None
    covers: tuple[str, ...] = ()


def is_name(name: str) -> bool:
    """Whether this may be asked of a name server: a host name and nothing else."""
    return _NAME.fullmatch(name) is not None


def headers_of(raw: bytes) -> Headers:
    """The header fields of a message, its line ends as they come."""
    block = raw[: 1024 * 1024].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return read_headers(block)


def key_names(headers: Headers) -> list[str]:
    """Names of the records that hold the keys of the signatures."""
    found = (_key_name(_tags(value)) for value in headers.all("dkim-signature")[:MOST])
    return [name for name in dict.fromkeys(found) if is_name(name)]


def _key_name(tags: Mapping[str, str]) -> str:
    return f"{tags.get('s', '')}._domainkey.{tags.get('d', '')}".lower()


def _tags(value: str) -> dict[str, str]:
    pairs = (piece.partition("=") for piece in value[:16_384].split(";"))
    return {name.strip().lower(): "".join(said.split()) for name, _, said in pairs}


def check(raw: bytes, answers: Answers) -> list[Signature]:
    """Every signature of the message, at most `MOST`; never raises for what a message holds."""
    values = headers_of(raw).all("dkim-signature")[:MOST]
    return [_checked(raw, number, _tags(value), answers) for number, value in enumerate(values)]


def _checked(raw: bytes, number: int, tags: Mapping[str, str], answers: Answers) -> Signature:
    told = tags.get("t", "")
    return Signature(
        domain=tags.get("d", "").lower()[:253],
        result=_result(raw, number, tags, answers),
        partial="l" in tags,
        signed_at=int(told) if re.fullmatch(r"\d{1,10}", told) and int(told) < _LATEST else None,
        covers=tuple(dict.fromkeys(tags.get("h", "").lower().split(":")))[:50],
    )


def _result(raw: bytes, number: int, tags: Mapping[str, str], answers: Answers) -> Result:
    name = _key_name(tags)
    if not is_name(name) or tags.get("a", "").lower().endswith("sha1"):
        return Result.UNFIT
    said = answers.get(name)
    if said is None:
        return Result.UNANSWERED
    key = next((text for text in said if "p=" in text), None)
    if key is None:
        return Result.NO_KEY
    facts = _tags(key)
    if not facts.get("p") or "y" in facts.get("t", "").lower().split(":"):
        return Result.UNFIT  # taken back, or in a trial of which nobody is to rely on anything

    def record(asked: bytes, timeout: int = 0) -> bytes | None:
        return key.encode() if asked.decode("ascii").rstrip(".").lower() == name else None

    return _fits(raw, number, record)


def _fits(raw: bytes, number: int, record: Any) -> Result:
    try:
        message = dkim.DKIM(raw, logger=_QUIET, minkey=1024)
        return Result.RIGHT if message.verify(number, dnsfunc=record) else Result.WRONG
    except (dkim.ValidationError, dkim.KeyFormatError, dkim.MessageFormatError):
        return Result.UNFIT
    except MemoryError:
        raise
    except Exception:  # whatever the library makes of a malformed one
        return Result.UNFIT


def signed_on(signature: Signature) -> datetime | None:
    """When it was made, aware UTC, as the signer says."""
    told = signature.signed_at
    return None if told is None else datetime.fromtimestamp(told, UTC)
