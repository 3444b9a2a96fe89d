"""Which text of a campaign a page is about: its kind and its language.

The campaign's main language needs no word in an address: `letter`, and `letter.de` for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.drafting import library
from campaign.drafting.rules import CAMPAIGN_TEXTS, TextKind
from campaign.drafting.sources import Text, Texts, all_texts
from campaign.drafting.texts import NAMES
from campaign.kernel import languages
from campaign.kernel.errors import Problem


@dataclass(frozen=True)
class Which:
    """A text of a campaign.

    Attributes:
        main: the campaign's main language.
    """

    kind: TextKind
    language: str
    main: str

    @property
    def value(self) -> str:
        """How addresses and other tables call it."""
        return self.kind.value + ("" if self.language == self.main else f".{self.language}")

    def __str__(self) -> str:
        return self.value

    @property
    def key(self) -> tuple[TextKind, str]:
        """Its place among a campaign's texts."""
        return self.kind, self.language

    @property
    def name(self) -> str:
        """What staff call it."""
        told = NAMES[self.kind]
        return told if self.language == self.main else f"{told} in {languages.name(self.language)}"


def parse(given: str, main: str) -> Which | None:
    """The text that an address names; None for what is none, or has another address."""
    kind, dot, tag = given.partition(".")
    if kind not in CAMPAIGN_TEXTS:
        return None
    if not dot:
        return Which(TextKind(kind), main, main)
    try:
        known = languages.clean(tag) == tag != main
    except Problem:
        return None
    return Which(TextKind(kind), tag, main) if known else None


def start(which: Which, known: Texts, name: str = "") -> Text:
    """The text in use, or what a text in a new language starts from, which nobody has saved.

    Args:
        name: of a starting text; where none is given, ours in that language, else a copy of the
            text in the main language, to be translated.
    """
    saved = known.get(which.key)
    chosen = _library(which.kind).get(name)
    if chosen is not None:
        version = saved.version if saved else 0
        return Text(chosen.subject, chosen.body, version, which.language)
    if saved is not None:
        return saved
    ours = library.standard(which.kind.value, which.language)
    if languages.base(ours.language) == languages.base(which.language):
        return Text(ours.subject, ours.body, 0, which.language)
    copied = known[which.kind, which.main]
    return Text(copied.subject, copied.body, 0, which.language)


def text_in_use(which: Which, campaign_id: int) -> Text:
    """The newest version of a text, or what it starts from."""
    return start(which, all_texts(campaign_id, which.main))


def _library(kind: TextKind) -> Mapping[str, library.Start]:
    return {one.name: one for one in library.starts() if one.kind == kind.value}


def offered(which: Which) -> list[tuple[str, str]]:
    """The starting texts for this kind: those in its language first, as name and words."""
    found = sorted(
        _library(which.kind).values(),
        key=lambda one: languages.base(one.language) != languages.base(which.language),
    )
    return [(one.name, f"{one.title} ({languages.name(one.language)})") for one in found]


def tabs(which: Which, known: Texts) -> list[tuple[str, str, bool]]:
    """A text's languages as words, value of the address, and whether it is this one: main first."""
    tags = {tag for kind, tag in known if kind is which.kind} | {which.language}
    order = sorted(tags, key=lambda tag: (tag != which.main, languages.name(tag)))
    each = [Which(which.kind, tag, which.main) for tag in order]
    return [(languages.name(one.language), one.value, one == which) for one in each]
