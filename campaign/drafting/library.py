"""Starting texts to copy from: files in `templates/letter/library`, each with a small header."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from campaign.config import ROOT
from campaign.drafting.completeness import STANDARD
from campaign.kernel import languages
from campaign.kernel.languages import ENGLISH

FOLDER = ROOT / "templates" / "letter" / "library"


class Start(NamedTuple):
    """A starting text.

    Attributes:
        kind: of the campaign's text that it can become; “other” for one to send by hand.
        language: a BCP 47 tag.
    """

    name: str
    title: str
    kind: str
    language: str
    subject: str
    body: str


_LIFE = (
    "first-letter", "reminder", "final-notice", "extension-granted", "acknowledgement", "chaser",
    "rejoinder", "correction-notice", "follow-up",
)  # fmt: skip


@lru_cache(maxsize=1)
def starts() -> tuple[Start, ...]:
    """All starting texts in the order of a letter's life, each in English first."""
    found = [_read(path.stem, path.read_text("utf-8")) for path in FOLDER.glob("*.md")]
    return tuple(sorted(found, key=_place))


def _place(start: Start) -> tuple[int, bool, str]:
    return _LIFE.index(start.name.partition(".")[0]), start.language != ENGLISH, start.language


_FIRST = {"letter": "first-letter", "reminder": "reminder", "final_notice": "final-notice"}


def standard(kind: str, language: str) -> Start:
    """The text of a kind that a campaign in this language starts with; in English where none is
    ours."""
    own = {one.language: one for one in starts() if one.name.partition(".")[0] == _FIRST[kind]}
    tag = languages.served(language, ENGLISH, own) or ENGLISH
    if tag != ENGLISH:
        return own[tag]
    return Start(kind, own[tag].title, kind, ENGLISH, *STANDARD[kind])


def _read(name: str, text: str) -> Start:
    head, _, body = text.partition("\n\n")
    known = dict(line.split(": ", 1) for line in head.splitlines())
    return Start(
        name, known["title"], known["kind"], known["language"], known["subject"], body.strip()
    )
