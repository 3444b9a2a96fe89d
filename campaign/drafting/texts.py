"""What is wrong in a text that is being written, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from campaign.drafting import charts, figures, markdown, placeholders
from campaign.drafting.rules import NOT_IN, TextKind
from campaign.kernel.errors import Problem

NAMES = {
    TextKind.LETTER: "letter",
    TextKind.REMINDER: "reminder",
    TextKind.FINAL_NOTICE: "final notice",
}
"""What staff call the texts of a campaign."""

_NO_BLOCK = "This field fills a paragraph of its own and cannot stand in a subject."


class Found(NamedTuple):
    """A fault: where it stands (`Subject` or `Line 3, column 5`), the words, what to do."""

    where: str
    line: int
    column: int
    text: str
    why: str

    @property
    def place(self) -> str:
        """The place in words."""
        return self.where or f"Line {self.line}, column {self.column}"


def faults(kind: TextKind, subject: str, body: str, custom: placeholders.Custom) -> list[Found]:
    """Everything that keeps a text from being saved: first the subject's, then by line.

    Args:
        custom: the campaign's own fields.
    """
    of_line = placeholders.faults_of_line(subject, custom)
    in_subject = [Found("Subject", *fault) for fault in of_line]
    blocks = filter(placeholders.is_block, placeholders.names(subject))
    in_subject += _of_marks(subject, dict.fromkeys(blocks, _NO_BLOCK), "Subject")
    in_subject += _of_marks(subject, NOT_IN[kind], "Subject")
    in_subject += [Found("Subject", *fault) for fault in figures.faults(subject)]
    in_body = [Found("", *fault) for fault in placeholders.faults(body, custom)]
    in_body += [Found("", *fault) for fault in (*charts.faults(body), *figures.faults(body))]
    in_body += _of_marks(body, NOT_IN[kind], "")
    return [*in_subject, *sorted(in_body)]


def refuse(found: Sequence[Found]) -> None:
    """Refuse a text that has faults.

    Raises:
        Problem: `template-faults` with every place.
    """
    if found:
        places = "; ".join(f"{fault.place}: “{fault.text}” – {fault.why}" for fault in found)
        raise Problem("template-faults", places=places)


def _of_marks(source: str, refused: dict[str, str], where: str) -> list[Found]:
    return [
        Found(where, *markdown.position(source, mark.start), f"(({mark.name}))", refused[mark.name])
        for mark in markdown.marks(source)
        if mark.name in refused
    ]
