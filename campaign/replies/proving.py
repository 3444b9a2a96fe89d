"""For which domain a message is proved to speak, if for any: the rules, pure.

A proof is a signature of the domain in From (DMARC's alignment, RFC 7489 section 3.1), whole and
fresh; or the word of our own mail server, where the one who runs the program named it. It says
which domain a message comes from, never that it is an answer, and publishes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from campaign.replies.owned import registered, same_owner
from campaign.replies.server_word import Word
from campaign.replies.signatures import Answers, Result, Signature, signed_on

OLD = timedelta(days=7)
"""Mail servers try for up to five days; what is older than this may be sent again by anybody."""


class State(StrEnum):
    """What is known of where a message comes from. Not checked is not failed."""

    PROVED = "proved"
    UNPROVED = "unproved"
    WRONG = "wrong"
    NOT_CHECKED = "not_checked"


class By(StrEnum):
    """What proves it."""

    SIGNATURE = "signature"
    SERVER = "server"


class Caution(StrEnum):
    """What a person should know besides."""

    TWO_FROM = "two_from"
    NAME_SHOWS_ADDRESS = "name_shows_address"
    OTHER_SENDER = "other_sender"
    OTHER_REPLY_TO = "other_reply_to"
    PARTIAL = "partial"
    OLD = "old"
    NOT_TO_US = "not_to_us"
    ARC_ONLY = "arc_only"
    SENT_ONLY = "sent_only"
    ELSEWHERE = "elsewhere"
    WEAK = "weak"
    OWNER_REFUSES = "owner_refuses"
    SERVER_REFUSES = "server_refuses"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the header fields say of who wrote to whom; addresses in small letters.

    Attributes:
        author: the address in From; empty where none can be read.
        authors: every address that stands in any From field, in names and comments too.
        from_fields: how many From fields there are.
        to_us: whether To or Cc names one of our addresses.
        sent_at: its Date, where it can be read; believed only where a signature covers it.
    """

    author: str
    authors: tuple[str, ...] = ()
    from_fields: int = 1
    senders: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    to_us: bool = True
    arc: bool = False
    sent_at: datetime | None = None

    @property
    def domain(self) -> str:
        """The domain in From."""
        return _domain(self.author)


@dataclass(frozen=True, slots=True)
class Check:
    """What was found when the message was read, kept with it.

    Attributes:
        domain: the domain in From that is proved; empty for none.
        claimed: the domain in From.
        signers: domains whose whole and fresh signature fits, aligned or not.
        policy: what the owner of `claimed` asks for (DMARC): reject, quarantine, none, or empty.
        other: the addresses that the cautions are about.
        signed_at: ISO 8601, when the proof was signed, as the signer says.
        why_not: why nothing was checked, one sentence; empty where it was.
    """

    state: State
    domain: str = ""
    by: By | None = None
    claimed: str = ""
    signers: tuple[str, ...] = ()
    policy: str = ""
    cautions: tuple[Caution, ...] = ()
    other: tuple[str, ...] = ()
    signed_at: str = ""
    why_not: str = ""


def not_checked(envelope: Envelope, why: str) -> Check:
    """The check of a message that nobody could check."""
    cautions, other = _of_names(envelope)
    return Check(
        State.NOT_CHECKED,
        claimed=envelope.domain,
        cautions=cautions,
        other=other,
        why_not=why,
    )


def judge(
    envelope: Envelope,
    signatures: Sequence[Signature],
    word: Word | None,
    answers: Answers,
    arrived_at: datetime,
) -> Check:
    """What a message is proved to come from.

    Args:
        word: what our own mail server says, if it was named.
        answers: what the name servers said when the message was read.
        arrived_at: when our server got it, aware.
    """
    policy = _policy(envelope.domain, answers)
    fitting = [s for s in signatures if s.result is Result.RIGHT]
    whole = [s for s in fitting if not s.partial]
    fresh = [s for s in whole if not _is_old(s, envelope, arrived_at)]
    aligned = [s for s in fresh if _aligned(s.domain, envelope.domain, policy)]
    cautions, other = _of_names(envelope)
    one_author = Caution.TWO_FROM not in cautions and Caution.NAME_SHOWS_ADDRESS not in cautions
    by = _by(envelope, signatures, aligned, word, arrived_at) if one_author else None
    state = State.PROVED if by else _unproved(envelope, signatures, one_author)
    more = [] if by else _why(envelope, signatures, fitting, whole, fresh, word, policy)
    if (by or fresh) and not envelope.to_us:
        more.append(Caution.NOT_TO_US)
    signed = signed_on(aligned[0]) if by is By.SIGNATURE else None
    return Check(
        state=state,
        domain=envelope.domain if by else "",
        by=by,
        claimed=envelope.domain,
        signers=tuple(dict.fromkeys(s.domain for s in fresh)),
        policy=policy.get("p", ""),
        cautions=(*cautions, *more),
        other=other,
        signed_at=signed.isoformat() if signed else "",
    )


def _by(
    envelope: Envelope,
    signatures: Sequence[Signature],
    aligned: Sequence[Signature],
    word: Word | None,
    arrived_at: datetime,
) -> By | None:
    if aligned:
        return By.SIGNATURE
    ours = envelope.domain
    if word is None or not ours:
        return None
    passed = word.aligned == ours
    if passed and same_owner(word.sent, ours):
        return By.SERVER
    # The server may take a signature that covers the beginning only, or an old one again.
    bears = any(
        same_owner(s.domain, ours) and not s.partial and not _is_old(s, envelope, arrived_at)
        for s in signatures
    )
    signed = passed or any(same_owner(domain, ours) for domain in word.signed)
    return By.SERVER if signed and bears else None


def _unproved(envelope: Envelope, signatures: Sequence[Signature], one_author: bool) -> State:
    theirs = [s for s in signatures if same_owner(s.domain, envelope.domain)]
    results = {s.result for s in theirs}
    if Result.RIGHT in results or not one_author:
        return State.UNPROVED
    if Result.UNANSWERED in results:
        return State.NOT_CHECKED
    return State.WRONG if Result.WRONG in results else State.UNPROVED


def _why(
    envelope: Envelope,
    signatures: Sequence[Signature],
    fitting: Sequence[Signature],
    whole: Sequence[Signature],
    fresh: Sequence[Signature],
    word: Word | None,
    policy: Mapping[str, str],
) -> list[Caution]:
    """Why it is not proved, as far as something looks like a proof."""
    unfit = any(s.result in (Result.UNFIT, Result.NO_KEY) for s in signatures)
    sent = word is not None and bool(word.sent)
    holds = (
        (Caution.PARTIAL, len(whole) < len(fitting)),
        (Caution.OLD, len(fresh) < len(whole)),
        (Caution.ELSEWHERE, any(not same_owner(s.domain, envelope.domain) for s in fresh)),
        (Caution.WEAK, unfit and not fitting),
        (Caution.ARC_ONLY, envelope.arc and not fitting),
        (Caution.SENT_ONLY, sent and not fitting),
        (Caution.OWNER_REFUSES, policy.get("p", "") in ("reject", "quarantine")),
        (Caution.SERVER_REFUSES, word is not None and word.refused),
    )
    return [caution for caution, here in holds if here]


def _of_names(envelope: Envelope) -> tuple[tuple[Caution, ...], tuple[str, ...]]:
    """Cautions about addresses that differ, and these addresses."""
    others = [a for a in envelope.authors if not _one_place(a, envelope.author)]
    senders = [a for a in envelope.senders if not _one_place(a, envelope.author)]
    answers = [a for a in envelope.reply_to if not _one_place(a, envelope.author)]
    holds = (
        (Caution.TWO_FROM, envelope.from_fields != 1),
        (Caution.NAME_SHOWS_ADDRESS, bool(others)),
        (Caution.OTHER_SENDER, bool(senders)),
        (Caution.OTHER_REPLY_TO, bool(answers)),
    )
    cautions = tuple(caution for caution, here in holds if here)
    return cautions, tuple(dict.fromkeys([*others, *senders, *answers]))[:5]


def _one_place(one: str, other: str) -> bool:
    return one == other or same_owner(_domain(one), _domain(other))


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _aligned(signer: str, author: str, policy: Mapping[str, str]) -> bool:
    if policy.get("adkim", "").lower() == "s":
        return bool(author) and signer == author
    return same_owner(signer, author)


def _is_old(signature: Signature, envelope: Envelope, arrived_at: datetime) -> bool:
    """Whether it was signed long before it came: then it may be a copy of another mail."""
    told = signed_on(signature)
    if told is None and "date" in signature.covers:
        told = envelope.sent_at
    return told is None or arrived_at - told > OLD


def policy_names(domain: str) -> list[str]:
    """Names of the records in which the owner of a domain says what is to be refused."""
    owner = registered(domain)
    return [f"_dmarc.{d}" for d in dict.fromkeys((domain, owner)) if owner]


def _policy(domain: str, answers: Answers) -> dict[str, str]:
    """The owner's DMARC record as tags; empty where there is none."""
    for name in policy_names(domain):
        for text in answers.get(name) or ():
            pairs = (piece.partition("=") for piece in text[:2000].split(";"))
            tags = {key.strip().lower(): said.strip().lower() for key, _, said in pairs}
            if tags.get("v") == "dmarc1":
                return tags
    return {}


def to_dict(check: Check) -> dict[str, Any]:
    """The check as JSON-safe values."""
    return asdict(check)


def from_dict(values: Mapping[str, Any]) -> Check:
    """The opposite of `to_dict`, also after a journey through JSON."""
    known = {name: values[name] for name in Check.__dataclass_fields__ if name in values}
    known["state"] = State(known["state"])
    known["by"] = By(known["by"]) if known.get("by") else None
    known["cautions"] = tuple(Caution(c) for c in known.get("cautions", ()))
    for name in ("signers", "other"):
        known[name] = tuple(known.get(name, ()))
    return Check(**known)
