"""Whose an incoming message may be: tokens, addresses, names (reliability.md, “Receiving” 5).

Pure: what a message says and what is known of companies goes in, reasons come out. Only our
Message-ID, a token or a reference matches; everything else suggests. No name of a sender
proves anything, because anybody can write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from campaign.companies.rules import own_domain
from campaign.replies.kinds import MAY_HIDE, AutoNote, Kind, Reading
from campaign.replies.mime import Part, TooMuch, take_apart
from campaign.replies.rules import MatchReason

_FORM_OF_ONE = "[a-z2-7]{26}"
# The tag before the @ or, where a forwarder wrapped the address, before a "=".
_TAGGED = re.compile(rf"\+(b-)?({_FORM_OF_ONE})(?=[@=])", re.IGNORECASE)
_ALONE = re.compile(rf"(?<![A-Za-z0-9])({_FORM_OF_ONE})(?![A-Za-z0-9])", re.IGNORECASE)
# What a company's name ends in and what people leave out.
_FORMS = frozenset(
    """
    ab ag asa as bv co corp corporation ev eg gmbh group holding holdings inc incorporated kg kgaa
    limited llc llp ltd nv oy oyj plc sa sarl sas se spa sl srl ug
    """.split()
)
_SHORTEST_NAME = 3
_SHORTEST_IN_DOMAIN = 5
_AT_ONCE = timedelta(hours=1)  # a program answers within minutes; a person may take longer
# Ours to look at: one may hold anything, the other holds our mail back until somebody acts.
_TELLS_NOTHING = (None, AutoNote.OTHER, AutoNote.CHALLENGE)
_LONGEST_NOTICE = 1500  # characters of an automatic reply that says one thing only
_POINTS = re.compile(r"^\s*(?:\d{1,2}[.)]|[Qq]\d{1,2}|[-*•])\s*\S", re.MULTILINE)
_ANSWERS = re.compile(
    r"\banswers?\b|\bantwort|\bréponse|\brespuesta|\brisposta|\bantwoord"
    r"|\bour (?:position|view|statement|practice|policy)\b|\bplease find\b|\battached\b",
    re.IGNORECASE,
)


class Tokens(NamedTuple):
    """Tokens of tagged addresses of ours, lower-cased: in reply and in bounce addresses."""

    reply: tuple[str, ...]
    bounce: tuple[str, ...]


def tokens_in(strings: Iterable[str]) -> Tokens:
    """The tokens of all tagged addresses in the strings, each once, in order."""
    found = [pair for text in strings for pair in _TAGGED.findall(text)]
    reply = dict.fromkeys(token.lower() for mark, token in found if not mark)
    bounce = dict.fromkeys(token.lower() for mark, token in found if mark)
    return Tokens(tuple(reply), tuple(bounce))


def tokens_alone(text: str, most: int = 200) -> tuple[str, ...]:
    """What looks like a token of ours standing in a text by itself."""
    return tuple(dict.fromkeys(token.lower() for token in _ALONE.findall(text)))[:most]


@dataclass(frozen=True)
class Known:
    """What the company of one letter is known by.

    Attributes:
        addresses: mail addresses of its contacts, lower-cased.
        domains: its own domains as A-labels.
        names: its names as written.
    """

    letter_id: int
    addresses: frozenset[str]
    domains: frozenset[str]
    names: tuple[str, ...]


class Suggested(NamedTuple):
    """A letter that a message may belong to, with the reason in words."""

    letter_id: int
    reason: MatchReason
    detail: str


def suggestions(senders: Sequence[str], words: str, known: Iterable[Known]) -> list[Suggested]:
    """Every letter whose company the message may come from, with the strongest reason.

    Args:
        senders: addresses that the message claims to come from, lower-cased.
        words: its subject, the sender's name and its text.
    """
    domains = {own_domain(s.rpartition("@")[2]): s for s in senders if "@" in s}
    folded = f" {fold(words)} "
    joined = {re.sub("[^a-z0-9.]", "", domain): domain for domain in domains if domain}
    found = (_suggested(company, senders, domains, folded, joined) for company in known)
    return [suggested for suggested in found if suggested is not None]


def _suggested(
    known: Known,
    senders: Sequence[str],
    domains: dict[str, str],
    folded: str,
    joined: dict[str, str],
) -> Suggested | None:
    contact = next((s for s in senders if s in known.addresses), None)
    if contact:
        return Suggested(known.letter_id, MatchReason.CONTACT, contact)
    domain = next((d for d in domains if d and d in known.domains), None)
    if domain:
        return Suggested(known.letter_id, MatchReason.DOMAIN, domain)
    for name in known.names:
        core = core_name(name)
        if f" {core} " in folded:
            return Suggested(known.letter_id, MatchReason.NAME, name)
        compact = core.replace(" ", "")
        inside = next((whole for bare, whole in joined.items() if compact in bare), None)
        if inside and len(compact) >= _SHORTEST_IN_DOMAIN:
            return Suggested(known.letter_id, MatchReason.NAME, f"{name}, in {inside}")
    return None


def fold(text: str) -> str:
    """Words in small letters without accents and marks, one space between them."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("'s", ""))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def core_name(name: str) -> str:
    """A company's name as people write it: folded, without its legal form where enough is left."""
    words = fold(re.sub(r"(?<=\w)\.(?=\w)", "", name)).split()
    core = list(words)
    while len(core) > 1 and core[-1] in _FORMS:
        core.pop()
    short = " ".join(core)
    return short if len(short) >= _SHORTEST_NAME else " ".join(words)


def settles_by_itself(reading: Reading, after: timedelta) -> bool:
    """Whether an automatic reply says nothing but that it is one.

    Answers written in a ticket system often carry the headers of automatic mail, and people
    write what programs write. A message is settled without a person only if its headers and
    its words both show what it is, if it came at once, if it is short, and if nothing in it
    looks like an answer; a false “did not respond” is the worst outcome.

    Args:
        after: from the moment our mail was accepted to the moment this one arrived.
    """
    if reading.kind is not Kind.AUTO_REPLY or reading.auto_note in _TELLS_NOTHING:
        return False
    if not reading.by_machine or after > _AT_ONCE:
        return False
    if any(not a.content_type.startswith("image/") for a in reading.attachments):
        return False
    if MAY_HIDE.intersection(reading.oddities):
        return False
    if not reading.text.strip() or len(reading.text) > _LONGEST_NOTICE:
        return False
    promises = re.sub(
        r"\b(?:will|shall|to|an?|for|your|any|of|as soon as|once|receive|await(?:ing)?)\b"
        r"[^.!?\n]{0,40}\banswers?\b",
        " ",
        reading.text,
        flags=re.IGNORECASE,
    )
    return len(_POINTS.findall(reading.text)) < 2 and not _ANSWERS.search(promises)


def same_content(ours: bytes, theirs: bytes) -> bool:
    """Whether two mails have the same body, whatever headers and encoding a relay gave one.

    `theirs` comes from outside; taking it apart is bounded.
    """
    if _body(ours) == _body(theirs):
        return True
    try:
        return _leaves(take_apart(ours)) == _leaves(take_apart(theirs))
    except TooMuch:
        return False


def _body(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip(b"\n")


def _leaves(message: Part) -> list[tuple[str, bytes]]:
    """Type and decoded content of every part that holds no other; line ends alike."""
    return [
        (part.content_type, b"\n".join(part.payload().rstrip().splitlines()))
        for part in message.walk()
        if not part.parts
    ]
