"""In which languages a company gets what it gets, and whether that is what it asks for.

A letter never mixes languages in silence: each fallback is a note to staff, told in the check of
recipients and on the board. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from campaign.kernel import languages


class Note(NamedTuple):
    """Something to know about one letter; `field` and `given` are languages in words."""

    kind: str
    field: str
    given: str
    detail: str


class Spoken(NamedTuple):
    """The languages of one letter, BCP 47 tags.

    Attributes:
        wanted: the company's own; empty while it is unknown.
        main: the campaign's.
        letter: of the letter's text.
        questions: of the questions in it.
        others: of what goes with it, by what it is called.
        lent: of the program's words in it where they are not in its own.
        notice_given: whether the letter carries the publication notice.
    """

    wanted: str
    main: str
    letter: str
    questions: str
    others: Mapping[str, str]
    lent: str
    notice_given: bool


def notes(spoken: Spoken, have: Collection[str]) -> tuple[Note, ...]:
    """What staff should know about the languages of one letter.

    Args:
        have: the languages in which the campaign has a letter.
    """
    told, text = [], languages.name(spoken.letter)
    if spoken.lent:
        lent = languages.name(spoken.lent)
        told.append(Note("lent-words", text, lent, f"Letter in {text}, notices in {lent}"))
    elif not spoken.notice_given:
        told.append(Note("no-notice", text, text, f"Letter in {text}"))
    if spoken.wanted and not _same(spoken.wanted, spoken.letter):
        asked = languages.name(spoken.wanted)
        told.append(Note("other-language", asked, text, f"Asks for {asked}, gets {text}"))
    if not spoken.wanted and len(have) > 1:
        told.append(Note("no-language", "", text, f"Language not known, gets {text}"))
    if not _same(spoken.questions, spoken.letter):
        asked = languages.name(spoken.questions)
        told.append(Note("mixed-questions", text, asked, f"Questions in {asked}"))
    others = {
        what: languages.name(tag)
        for what, tag in spoken.others.items()
        if not _same(tag, spoken.letter)
    }
    if others:
        said = "; ".join(f"{what.capitalize()} in {name}" for what, name in others.items())
        told.append(Note("mixed-texts", text, "", said))
    return tuple(told)


def _same(one: str, other: str) -> bool:
    """Whether who reads the one reads the other: Austrian German and German."""
    return languages.base(one) == languages.base(other)
