"""Survey answers as people type them, and what stands below a chart. Blank is not zero."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

NOT_REPORTED = "not reported"

_FLAG = "!"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?\s*%?", re.ASCII)
_SLUG_LIMIT, _WORDING_LIMIT, _LABEL_LIMIT = 40, 500, 200


class Answer(NamedTuple):
    """An answer and its share, exactly as the source prints it; None where it prints none."""

    label: str
    percent: Decimal | None


class Asked(NamedTuple):
    """A question of a survey: its short name, its wording and its answers.

    Attributes:
        flag: why its numbers can be misread, such as an answer that is ambiguous in print; no
            chart is drawn of it then. Empty where nothing speaks against one.
    """

    slug: str
    wording: str
    answers: tuple[Answer, ...]
    flag: str = ""


class Wrong(NamedTuple):
    """What is wrong in a line of what was typed; lines count from 1."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers of a survey come from; what the source does not print is empty."""

    pollster: str
    client: str = ""
    method: str = ""
    universe: str = ""
    start: date | None = None
    end: date | None = None
    sample: int | None = None
    weighted: bool | None = None
    invented: bool = False


def percent(words: str) -> Decimal | None:
    """A share from 0 to 100 as typed, its decimals kept; None where it is not reported.

    Raises:
        ValueError: it is neither.
    """
    words = words.strip()
    if words.lower() in ("", NOT_REPORTED):
        return None
    if not _PERCENT.fullmatch(words):
        raise ValueError(words)
    share = Decimal(words.rstrip("%").strip())
    if share > 100:
        raise ValueError(words)
    return share


def read(typed: str) -> tuple[tuple[Asked, ...], tuple[Wrong, ...]]:
    """Questions as typed: `short-name: wording`, then a line `answer: percent` for each answer.

    A line `! why` flags the question. An empty line ends it.
    """
    reader = _Reader()
    for number, line in enumerate(typed.splitlines(), 1):
        reader.line(number, line.strip())
    reader.end()
    return tuple(reader.asked), tuple(reader.wrong)


class _Reader:
    """Reads questions line by line and notes what is wrong."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.wrong: list[Wrong] = []
        self._head: tuple[int, str, str] | None = None
        self._answers: list[Answer] = []
        self._flag = ""

    def line(self, number: int, line: str) -> None:
        if not line:
            self.end()
        elif self._head is None:
            self._question(number, line)
        elif line.startswith(_FLAG):
            self._flagged(number, line.removeprefix(_FLAG).strip())
        else:
            self._answer(number, line)

    def end(self) -> None:
        """Close the question that is being read."""
        if self._head is None:
            return
        number, slug, wording = self._head
        if not self._answers:
            self.wrong.append(Wrong(number, f"The question “{slug}” has no answers below it."))
        self.asked.append(Asked(slug, wording, tuple(self._answers), self._flag))
        self._head, self._answers, self._flag = None, [], ""

    def _flagged(self, number: int, why: str) -> None:
        if not why or len(why) > _WORDING_LIMIT:
            why = f"After ! say in at most {_WORDING_LIMIT} characters what is unclear."
            self.wrong.append(Wrong(number, why))
        elif self._flag:
            self.wrong.append(Wrong(number, "One line with ! says all that is unclear."))
        self._flag = why

    def _question(self, number: int, line: str) -> None:
        slug, _, wording = (part.strip() for part in line.partition(":"))
        self._head = (number, slug, wording)
        if not _SLUG.fullmatch(slug) or len(slug) > _SLUG_LIMIT or not wording:
            why = "A question begins with a short name in small letters, a colon and its wording."
        elif slug in {one.slug for one in self.asked}:
            why = f"The short name “{slug}” is used twice."
        elif len(wording) > _WORDING_LIMIT:
            why = f"The wording is longer than {_WORDING_LIMIT} characters."
        else:
            return
        self.wrong.append(Wrong(number, why))

    def _answer(self, number: int, line: str) -> None:
        label, colon, words = (part.strip() for part in line.rpartition(":"))
        label, share = label.removeprefix("- "), None
        why = ""
        if not colon or not label:
            why = "An answer is its label, a colon and its percent."
        elif label in {one.label for one in self._answers}:
            why = f"The answer “{label}” stands there twice."
        elif len(label) > _LABEL_LIMIT:
            why = f"The label is longer than {_LABEL_LIMIT} characters."
        else:
            try:
                share = percent(words)
            except ValueError:
                why = (
                    f"“{words}” is no percent from 0 to 100 such as 45.6. "
                    "Leave it empty where the source reports none; that is not zero."
                )
        self._answers.append(Answer(label, share))
        if why:
            self.wrong.append(Wrong(number, why))


def typed(asked: Iterable[Asked]) -> str:
    """Questions as `read` reads them."""
    return "\n\n".join(
        "\n".join((f"{one.slug}: {one.wording}", *_flag(one), *map(_line, one.answers)))
        for one in asked
    )


def _flag(asked: Asked) -> tuple[str, ...]:
    return (f"{_FLAG} {asked.flag}",) if asked.flag else ()


def _line(answer: Answer) -> str:
    share = NOT_REPORTED if answer.percent is None else str(answer.percent)
    return f"{answer.label}: {share}"


_SAID = {True: "yes", False: "no", None: ""}
_NAMES = {
    "title": "Title",
    "questions": "",
    "pollster": "Pollster",
    "client": "Client",
    "universe": "Who was asked",
    "coverage": "Coverage",
    "method": "Method",
    "fieldwork_start": "Fieldwork began",
    "fieldwork_end": "Fieldwork ended",
    "sample_size": "How many people answered",
    "weighted": "Weighted",
    "tables_url": "Address of the tables",
    "archive_url": "Address of an archived copy",
    "note": "Note",
    "invented": "Invented for a demonstration",
}

FACTS = tuple(name for name in _NAMES if name != "questions")
"""What a person enters of a survey beside its questions."""


def in_lines(facts: Mapping[str, Any]) -> str:
    """A survey in lines, to compare two writings of it.

    Args:
        facts: by the names of `operations.save_survey`, the questions as typed.
    """
    lines = []
    for key, name in _NAMES.items():
        said = facts[key]
        words = _SAID[said] if said is None or isinstance(said, bool) else str(said)
        words = "\n".join(line.rstrip() for line in words.strip().splitlines())
        lines.append(f"{name}: {words}" if name else f"\n{words}\n")
    return "\n".join(lines)


def mark(facts: Mapping[str, Any]) -> str:
    """What tells one state of a survey from another."""
    return hashlib.sha256(in_lines(facts).encode()).hexdigest()


def is_reported(answers: Sequence[Answer]) -> bool:
    """Whether a chart can be drawn: there are answers, and each has its percent."""
    return bool(answers) and all(answer.percent is not None for answer in answers)


def source_line(source: Source) -> str:
    """Where the numbers come from, in one sentence; an invented poll says so first."""
    who = f"{source.pollster} for {source.client}" if source.client else source.pollster
    said = [who, *filter(None, (_sample(source), source.method, _weighted(source.weighted)))]
    if source.start and source.end:
        said.append(f"fieldwork {period(source.start, source.end)}")
    words = ", ".join(said) + "."
    if source.invented:
        return f"Invented for this demonstration; nobody was asked. Shown as: {words}"
    return f"Source: {words}"


def _sample(source: Source) -> str:
    if source.sample is None:
        return source.universe
    return f"n = {source.sample:,} {source.universe}".strip()


def _weighted(weighted: bool | None) -> str:
    return {None: "", True: "weighted", False: "not weighted"}[weighted]


def period(start: date, end: date) -> str:
    """Two days as one period, “7–8 November 2019”, in English."""
    last = f"{end.day} {end:%B %Y}"
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    year = "" if start.year == end.year else f" {start.year}"
    return f"{start.day} {start:%B}{year} – {last}"
