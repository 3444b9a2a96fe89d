"""Who a message is from, in words for the person who reads it (fairness.md rule 21); pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from campaign.kernel.text import shorten
from campaign.replies.lookalikes import How, Likeness, is_mixed, likeness
from campaign.replies.owned import is_free_mail, registered
from campaign.replies.proving import By, Caution, Check, State


class Tone(StrEnum):
    """How a sentence is to be taken."""

    PROVED = "proved"
    PLAIN = "plain"
    WARNING = "warning"


class Claim(NamedTuple):
    """A sentence about the sender."""

    words: str
    tone: Tone


@dataclass(frozen=True)
class Party:
    """A company that the message may be from.

    Attributes:
        contacts: its mail addresses, in small letters.
        domains: its own registered domains, as A-labels.
    """

    name: str
    contacts: frozenset[str]
    domains: frozenset[str]


@dataclass(frozen=True)
class Sender:
    """What is known of the sender besides the message.

    Attributes:
        address: in From, its domain in A-labels; empty where none can be read.
        shown: the address as people read it.
        before: messages of this address that persons filed before.
        passes_on: who is named as the author of mails that are attached to it.
    """

    address: str
    shown: str
    before: int = 0
    passes_on: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The domain of the address."""
        return self.address.rpartition("@")[2]


def said_of(
    sender: Sender, check: Check | None, parties: Sequence[Party], others: Iterable[Party] = ()
) -> list[Claim]:
    """Everything to be said, the most important first.

    Args:
        check: None for a message that nobody has read yet.
        parties: companies that the message is matched or suggested to.
        others: further companies that a look-alike may try to be.
    """
    if not sender.address:
        return [Claim("It names no sender that can be read.", Tone.WARNING)]
    if check is None:
        return [_plain(f"Claims to be from {_name(sender)}; it has not been looked at yet.")]
    owner = next((party for party in parties if _owns(party, sender.host)), None)
    said = [_first(sender, check, parties, owner)]
    if owner is None:
        said += _alike(sender, [*parties, *others])
    said += [Claim(words, Tone.WARNING) for words in _cautions(check)]
    if sender.passes_on:
        names = ", ".join(shorten(address, 100) for address in sender.passes_on[:3])
        said.append(_plain(f"It passes on a mail that names {names} as its author."))
    said.append(_plain(_before(sender.before)))
    return said


def _plain(words: str) -> Claim:
    return Claim(words, Tone.PLAIN)


def _name(sender: Sender) -> str:
    if sender.shown == sender.address:
        return sender.address
    return f"{sender.address} (reads as {sender.shown})"


def _owns(party: Party, host: str) -> bool:
    return bool(registered(host)) and registered(host) in party.domains


def _first(sender: Sender, check: Check, parties: Sequence[Party], owner: Party | None) -> Claim:
    names = " or ".join(dict.fromkeys(party.name for party in parties))
    if check.state is State.PROVED:
        return _proved(sender, check, names, owner, parties)
    holder = next((p for p in parties if sender.address in p.contacts), None)
    who = f"Claims to be from {_name(sender)}"
    if holder:
        who += f", a contact of {holder.name}"
    elif owner:
        who += f"; {registered(sender.host)} is a domain of {owner.name}"
    elif names:
        domain = registered(sender.host) or sender.host
        who += f"; {domain} is not a domain that we know for {names}"
    else:
        who += ", whom we do not know"
    tone = Tone.WARNING if check.state is State.WRONG else Tone.PLAIN
    return Claim(f"{who}. {_stands(check)}", tone)


def _stands(check: Check) -> str:
    if check.state is State.WRONG:
        return "Its signature does not fit: it was changed on its way, or it is forged."
    if check.state is State.NOT_CHECKED:
        return f"Whether it is was not checked: {check.why_not or 'nobody could say.'}"
    return "Nothing proves that it is."


def _proved(
    sender: Sender, check: Check, names: str, owner: Party | None, parties: Sequence[Party]
) -> Claim:
    by_server = check.by is By.SERVER
    who = "Our mail server vouches for" if by_server else "Signed by"
    domain = check.domain
    if is_free_mail(domain):
        words = f"{who} {domain}, where anybody can have an address: {sender.shown} sent it"
        return _plain(f"{words}, and that says nothing about {names or 'any company'}.")
    if owner is None:
        known = f"not a domain that we know for {names}" if names else "not a domain that we know"
        return _plain(f"{who} {domain}, which is {known}.")
    address = f"{sender.address} is {'' if _is_contact(sender, parties) else 'not '}a contact"
    return Claim(
        f"{who} {domain}, which is {_whose(owner.name)} domain. {address} that we have.",
        Tone.PROVED,
    )


def _is_contact(sender: Sender, parties: Iterable[Party]) -> bool:
    return any(sender.address in party.contacts for party in parties)


def _whose(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


_LIKE = {
    How.LETTERS: "{domain} only looks like {like}, {whose} domain: its letters are others.",
    How.SPELLING: "{domain} differs from {like}, {whose} domain, by a letter or two.",
    How.ENDING: "{domain} bears the name of {like}, {whose} domain, with another ending.",
    How.WITHIN: "{domain} has the name of {like}, {whose} domain, in it and is another domain.",
    How.BELOW: "{host} begins like {like}, {whose} domain, and belongs to {domain}.",
    How.MAILBOX: "{domain} gives addresses to everybody; the part before the @ names {name}.",
}


def _alike(sender: Sender, parties: Iterable[Party]) -> list[Claim]:
    found: list[tuple[Likeness, Party]] = []
    for party in parties:
        like = likeness(sender.address, party.domains)
        if like is not None and not _owns(party, sender.host):
            found.append((like, party))
    said = [_like(sender, like, party) for like, party in found[:3]]
    if is_mixed(sender.host):
        words = f"{_name(sender)} mixes letters of several scripts, which look alike."
        said.append(Claim(words, Tone.WARNING))
    elif is_free_mail(sender.host) and not said:
        said.append(_plain(f"{sender.host} gives addresses to everybody."))
    return said


def _like(sender: Sender, like: Likeness, party: Party) -> Claim:
    words = _LIKE[like.how].format(
        host=sender.host,
        domain=registered(sender.host) or sender.host,
        like=like.domain,
        whose=_whose(party.name),
        name=party.name,
    )
    return Claim(words, Tone.WARNING)


_CAUTIONS = {
    Caution.TWO_FROM: "It names its sender twice, or not at all: programs show one or the other.",
    Caution.NAME_SHOWS_ADDRESS: "The sender’s name shows another address: {other}.",
    Caution.OTHER_SENDER: "It was handed in by somebody else than it names: {other}.",
    Caution.OTHER_REPLY_TO: "Answers to it would go elsewhere: {other}.",
    Caution.PARTIAL: "A signature covers its beginning only: anything may have been added below.",
    Caution.OLD: "It was signed more than a week before it came, or at a time that it does not"
    " tell: anybody can send a copy of an old mail again.",
    Caution.NOT_TO_US: "None of our addresses stands in To or Cc: it may have been written to"
    " others and passed on.",
    Caution.ARC_ONLY: "Somebody who passed it on says that it was right (ARC). That proves nothing"
    " to us.",
    Caution.SENT_ONLY: "The server that handed it in may send for the address that errors go to"
    " (SPF). That says nothing about the sender that people see.",
    Caution.ELSEWHERE: "It is signed by {signers}, not by the domain that it names as its sender.",
    Caution.WEAK: "It bears a signature that proves nothing: its key is gone, too weak or broken.",
    Caution.OWNER_REFUSES: "Whoever owns {claimed} asks to {policy} mail like this, which bears no"
    " proof (DMARC).",
    Caution.SERVER_REFUSES: "Our mail server found that it is not what it claims to be (DMARC).",
}
_ASKS = {"reject": "refuse", "quarantine": "put aside"}


def _cautions(check: Check) -> list[str]:
    values = {
        "other": ", ".join(shorten(address, 100) for address in check.other),
        "signers": ", ".join(check.signers[:3]),
        "claimed": check.claimed,
        "policy": _ASKS.get(check.policy, "refuse"),
    }
    return [_CAUTIONS[caution].format(**values) for caution in check.cautions]


def _before(count: int) -> str:
    if not count:
        return "It is the first that we have from this address."
    were = "messages from this address were" if count > 1 else "message from this address was"
    return f"{count} earlier {were} filed."
