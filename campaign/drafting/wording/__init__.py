"""The words that the program itself writes in a letter, one file for each language.

A language without a file is served by another's words, which is never done silently: staff are
warned, and a publication notice in another language than the letter's counts as none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from campaign.kernel import languages

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Words:
    """The program's words in one language.

    Attributes:
        language: a BCP 47 tag.
        labels: what stands beside facts: “Date”, “Our reference”, “Page {page} of {pages}”.
        ways: by which way a letter comes, by channel: “via e-mail: {value}”;
            `network`, a mention where we know the network; `further`, every way but the first.
        greeting: `nobody`, whom a letter greets where no name is known; `strip`, the words that a
            greeting begins with and that a name is entered with all the same.
        closing: `person` and `office`, by whom the letter is addressed to.
        deadline: `long`, and the place in it: `city`, `anywhere`, `offset`.
        notices: Markdown by the name of the block that prints it.
        mention: what a campaign's mention says before anybody has changed it.
    """

    language: str
    labels: Mapping[str, str]
    ways: Mapping[str, str]
    greeting: Mapping[str, Any]
    closing: Mapping[str, str]
    deadline: Mapping[str, str]
    notices: Mapping[str, str]
    mention: str


@lru_cache(maxsize=1)
def known() -> Mapping[str, Words]:
    """All sets of words, by language."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _read(path: Path) -> Words:
    told = tomllib.loads(path.read_text("utf-8"))
    notices = {name: _one_line(words) for name, words in told.pop("notices").items()}
    return Words(
        language=path.stem, notices=notices, mention=_one_line(told.pop("mention")), **told
    )


def _one_line(words: str) -> str:
    # Not `split()`: French sets spaces that do not break before its colons.
    return re.sub("[ \n]+", " ", words).strip()


def lent(language: str, main: str = languages.ENGLISH) -> str:
    """Whose words a letter in this language gets where it has none of its own; empty if it has.

    Args:
        main: the campaign's main language.
    """
    if languages.served(language, "", known()):
        return ""
    return languages.served(main, languages.ENGLISH, known()) or languages.ENGLISH


def of(language: str, lent: str = "") -> Words:
    """The words for a letter in a language.

    Args:
        lent: the language whose words it gets where it has none of its own.
    """
    tag = languages.served(lent or language, languages.ENGLISH, known())
    return known()[tag or languages.ENGLISH]
