"""What is wrong with the recipients of a batch of letters before it goes to approval.

Pure: values in, findings out. What stops a letter by itself (`Obstacle`) was found by
`composing`; what only a look at the whole batch shows is found here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from campaign.companies.rules import Channel
from campaign.drafting.finding_kinds import KINDS, Kind, Mend
from campaign.drafting.placeholders import PREFIX
from campaign.drafting.speaking import Note
from campaign.kernel import days

__all__ = [
    "KINDS",
    "Finding",
    "Group",
    "Kind",
    "Mend",
    "Obstacle",
    "Recipient",
    "Way",
    "bare_name",
    "findings",
    "grouped",
]

_NAMED = 3


class Obstacle(NamedTuple):
    """What keeps a letter from approval by itself: an error's code, a field if any, its words."""

    code: str
    field: str
    words: str


class Way(NamedTuple):
    """A contact that a letter goes to; `state` as in `companies.queries.contact_state`."""

    ref: str
    channel: Channel
    value: str
    state: str


@dataclass(frozen=True)
class Recipient:
    """A letter of the campaign and the company that gets it.

    Attributes:
        names: the company's name and, where known, its legal name.
        bad: addresses that came back and that the letter does not go to.
        deadline: the inclusive day that the letter prints.
        approvals_needed: how many people have to sign.
        notes: what is to be known about the languages of the letter.
        checked: whether the letter is of the batch; others are only compared with.
    """

    ref: str
    slug: str
    names: tuple[str, ...]
    domains: frozenset[str]
    country: str | None
    region: str | None
    ways: tuple[Way, ...]
    bad: tuple[str, ...]
    deadline: date
    approvals_needed: int = 1
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[Note, ...] = ()
    checked: bool = True


class Finding(NamedTuple):
    """One thing about one company; `contact` is an opaque id where it is about a contact, `given`
    the language that it gets."""

    kind: str
    recipient: Recipient
    detail: str
    field: str = ""
    contact: str = ""
    given: str = ""


class Group(NamedTuple):
    """The findings of one kind, by company."""

    kind: Kind
    title: str
    findings: tuple[Finding, ...]


def findings(recipients: Sequence[Recipient]) -> tuple[Finding, ...]:
    """Everything about the letters of the batch, in the order of the recipients."""
    twins, sharers = _twins(recipients), _sharers(recipients)
    return tuple(
        finding
        for one in recipients
        if one.checked
        for finding in (
            *_obstacles(one),
            *(Finding(n.kind, one, n.detail, n.field, given=n.given) for n in one.notes),
            *_contacts(one),
            *_alike(one, twins, "duplicate"),
            *_alike(one, sharers, "same-inbox"),
            *_days(one),
        )
    )


def grouped(found: Iterable[Finding]) -> tuple[Group, ...]:
    """Findings by what is to be done, in words: what blocks first."""
    by_kind: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in found:
        by_kind[finding.kind, finding.field].append(finding)
    order = list(KINDS)
    keys = sorted(by_kind, key=lambda key: (not KINDS[key[0]].blocks, order.index(key[0]), key[1]))
    return tuple(_group(KINDS[kind], field, by_kind[kind, field]) for kind, field in keys)


def _group(kind: Kind, field: str, found: Sequence[Finding]) -> Group:
    number = len({one.recipient.ref for one in found})
    said = {"companies": f"{number:,} companies", "ask": "ask", "get": "get"}
    if number == 1:
        said = {"companies": "1 company", "ask": "asks", "get": "gets"}
    return Group(kind, kind.title.format(**said, field=field, given=found[0].given), tuple(found))


def _obstacles(one: Recipient) -> list[Finding]:
    return [
        Finding(_kind_of(obstacle, one), one, obstacle.words, obstacle.field)
        for obstacle in one.obstacles
    ]


def _kind_of(obstacle: Obstacle, one: Recipient) -> str:
    if obstacle.code == "no-contact" and one.bad:
        return "all-bad"
    if obstacle.code != "placeholder-missing":
        return obstacle.code if obstacle.code in KINDS else "other"
    if obstacle.field in KINDS:
        return obstacle.field
    if obstacle.field.startswith(PREFIX):
        return "own-field"
    return "company-field" if obstacle.field.startswith("company.") else obstacle.code


def _contacts(one: Recipient) -> list[Finding]:
    found = [
        Finding(way.state, one, ", ".join(way.value.splitlines()), contact=way.ref)
        for way in one.ways
        if way.state in ("unverified", "stale") and way.channel is not Channel.MENTION
    ]
    if one.bad and one.ways:
        found.append(Finding("bad-beside", one, "; ".join(one.bad)))
    return found


_Told = dict[str, dict[str, str]]  # by letter: the other's name, and what the two share


def _alike(one: Recipient, told: _Told, kind: str) -> list[Finding]:
    others = sorted(told.get(one.ref, {}).values(), key=str.casefold)
    if not others:
        return []
    more = f"; and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
    return [Finding(kind, one, "; ".join(others[:_NAMED]) + more)]


def _twins(recipients: Sequence[Recipient]) -> _Told:
    keys = [
        (one, {*((name, "same name") for name in map(bare_name, one.names)),
               *((domain, f"same domain {domain}") for domain in one.domains)})
        for one in recipients
    ]  # fmt: skip
    return _sharing(keys)


def _sharers(recipients: Sequence[Recipient]) -> _Told:
    keys = [
        (one, {(way.value.casefold(), f"also at {way.value}") for way in one.ways
               if way.channel is Channel.EMAIL})
        for one in recipients
    ]  # fmt: skip
    return _sharing(keys)


def _sharing(keys: Sequence[tuple[Recipient, set[tuple[str, str]]]]) -> _Told:
    by_key: dict[str, dict[str, Recipient]] = defaultdict(dict)
    for one, has in keys:
        for key, _ in has:
            by_key[key][one.ref] = one
    told: _Told = defaultdict(dict)
    for one, has in keys:
        for key, what in sorted(has):
            for other in by_key[key].values():
                if other.ref != one.ref:
                    told[one.ref].setdefault(other.ref, f"{other.names[0]} ({what})")
    return told


def _days(one: Recipient) -> list[Finding]:
    found = []
    day = days.date_in_words(one.deadline)
    explained = all(it.code != "short-period-unexplained" for it in one.obstacles)
    if one.approvals_needed > 1 and explained:
        found.append(Finding("second-approver", one, f"Deadline {day}"))
    if not days.is_working_day(one.deadline, one.country, one.region):
        found.append(Finding("closed-day", one, f"Deadline {one.deadline:%A} {day}"))
    if not one.country:
        found.append(Finding("no-country", one, "Country not known"))
    return found


_FORMS = frozenset(
    """
    ab ag aktiengesellschaft as asa aps bv co company corp corporation doo ev gmbh inc
    incorporated kft kg kgaa kk limited llc llp lp ltd mbh nv ohg oy oyj plc pty sa sarl sas se
    sl slu spa srl sro ug zrt
    """.split()
)
"""Legal forms as they end a name, without dots and in small letters."""


def bare_name(name: str) -> str:
    """A company's name without its legal form, case, accents and punctuation, to compare.

    “The Élan Ltd.” and “elan limited” are the same; a name that is nothing but legal forms
    keeps its first word.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[\W_]+", " ", re.sub(r"[./'’]", "", plain)).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    if words[-3:] == ["sp", "z", "oo"] and len(words) > 3:
        del words[-3:]
    while len(words) > 1 and words[-1] in _FORMS | {"and"}:
        words.pop()
    return " ".join(words) or name
