"""A batch of frozen texts read as one: the common text once, and every difference by company.

Every word of every text stands there; only where a mail's lines break for its width is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from campaign.drafting.common_text import Common, common
from campaign.drafting.models import FrozenText
from campaign.drafting.plaintext import WIDTH
from campaign.drafting.rules import CAMPAIGN_TEXTS
from campaign.drafting.showing import Shown, text_shown

_EDGES = " \n.,;:()"
PARTS = {
    "letter": "The letter, as e-mail",
    "reminder": "The reminder",
    "final_notice": "The final notice",
    "mention": "The public mention",
    "automatic": "What is automatic afterwards",
}


@dataclass(frozen=True)
class Fill:
    """A place, or several with the same words, where texts differ.

    Attributes:
        number: from 1, as it is printed in the common text.
        field: the template's field that it comes from; empty for words of another origin.
        values: what each letter says there, in the order of the batch.
        usual: what more than half of them say; None where they have no such words in common.
    """

    number: int
    field: str
    values: tuple[str, ...]
    usual: str | None

    @property
    def rare(self) -> tuple[tuple[str, int], ...]:
        """What the others say instead, the rarest first, with how many say so."""
        counts = Counter(self.values)
        told = [(words, n) for words, n in counts.items() if words != self.usual]
        return tuple(sorted(told, key=lambda one: one[1])) if self.usual is not None else ()


@dataclass(frozen=True)
class Part:
    """One part of the common text: words, and the fills between them."""

    title: str
    pieces: tuple[str | Fill, ...]


@dataclass(frozen=True)
class Own:
    """What is one letter's own.

    Attributes:
        fills: where it has words of its own, or other words than most.
        unusual: whether it has other words than most anywhere.
    """

    shown: Shown
    row: FrozenText
    fills: tuple[tuple[Fill, str], ...]
    unusual: bool


@dataclass(frozen=True)
class Group:
    """Letters in one language and with the same parts; the unusual ones first."""

    language: str
    parts: tuple[Part, ...]
    fills: tuple[Fill, ...]
    letters: tuple[Own, ...]

    @property
    def outliers(self) -> tuple[tuple[Fill, str, tuple[str, ...]], ...]:
        """Words that few letters have, the rarest first: the fill, the words, the companies."""
        found = [
            (fill, words, tuple(self._companies(fill, words)))
            for fill in self.fills
            for words, _ in fill.rare
        ]
        return tuple(sorted(found, key=lambda one: len(one[2])))

    def _companies(self, fill: Fill, words: str) -> list[str]:
        return [one.row.letter.company.name for one in self.letters if (fill, words) in one.fills]


def read(rows: Sequence[FrozenText]) -> tuple[Group, ...]:
    """These texts as groups, in the order of their first letters; asks the database nothing."""
    sorted_out: dict[tuple[str, ...], list[tuple[Shown, FrozenText, dict[str, str]]]]
    sorted_out = defaultdict(list)
    for row in rows:
        shown = text_shown(row)
        parts = _parts(shown)
        sorted_out[(shown.content.language, *parts)].append((shown, row, parts))
    return tuple(_group(key[0], key[1:], letters) for key, letters in sorted_out.items())


def _parts(shown: Shown) -> dict[str, str]:
    """Everything that a person reads of one text, by the names in `PARTS`."""
    contacts = [
        f"{', '.join(one.value.splitlines())} by {one.channel.value}"
        f"{'' if one.verified else ', not verified'}"
        for one in shown.contacts
    ]
    told = {}
    for kind in CAMPAIGN_TEXTS:
        mail = shown.mail(kind)
        if mail is not None:
            told[kind.value] = f"Subject: {mail.subject}\n\n{unwrapped(mail.text)}"
    head = "\n".join(f"To: {contact}" for contact in contacts)
    told["letter"] = f"{head}\nAnswers to: {shown.reply_address}\n{told['letter']}"
    if shown.mentions:
        told["mention"] = "\n\n".join(one.text for one in shown.mentions)
    told["automatic"] = "\n".join(shown.automation)
    return {name: told[name] for name in PARTS if name in told}


def unwrapped(text: str) -> str:
    """A mail's text without the line breaks that only its width asked for.

    They fall elsewhere with every name, which would show differences where there are none.
    """
    lines = text.split("\n")
    told = lines[:1]
    for before, line in pairwise(lines):
        words = line.split(maxsplit=1)
        if words and before.strip() and len(before) + 1 + len(words[0]) > WIDTH:
            told[-1] = f"{told[-1]} {line.lstrip()}"
        else:
            told.append(line)
    return "\n".join(told)


def _group(
    language: str,
    names: Sequence[str],
    letters: Sequence[tuple[Shown, FrozenText, dict[str, str]]],
) -> Group:
    read = {name: common([parts[name] for _, _, parts in letters]) for name in names}
    printed = [shown.content.values for shown, _, _ in letters]
    fills: dict[tuple[str, ...], Fill] = {}
    for text in read.values():
        for values in text.places:
            if values not in fills:
                fills[values] = Fill(
                    len(fills) + 1, _field(values, printed), values, _usual(values)
                )
    own = [_own(shown, row, n, list(fills.values())) for n, (shown, row, _) in enumerate(letters)]
    return Group(
        language,
        tuple(Part(PARTS[name], _pieces(text, fills)) for name, text in read.items()),
        tuple(fills.values()),
        tuple(sorted(own, key=lambda one: not one.unusual)),
    )


def _field(values: Sequence[str], printed: Sequence[Mapping[str, str]]) -> str:
    """The template's field that the letters print in a place, whole or a part of it; else empty."""
    told = [value.strip(_EDGES) for value in values]
    for name in printed[0]:
        each = [fields.get(name, "") for fields in printed]
        if len(set(each)) > 1 and all(
            words in whole for words, whole in zip(told, each, strict=True)
        ):
            return name
    return ""


def _usual(values: Sequence[str]) -> str | None:
    words, often = Counter(values).most_common(1)[0]
    return words if often * 2 > len(values) else None


def _pieces(text: Common, fills: dict[tuple[str, ...], Fill]) -> tuple[str | Fill, ...]:
    pieces: list[str | Fill] = [text.words[0]]
    for words, values in zip(text.words[1:], text.places, strict=True):
        pieces += [fills[values], words]
    return tuple(pieces)


def _own(shown: Shown, row: FrozenText, number: int, fills: Sequence[Fill]) -> Own:
    told = tuple((fill, fill.values[number]) for fill in fills if fill.values[number] != fill.usual)
    return Own(shown, row, told, any(fill.usual is not None for fill, _ in told))
