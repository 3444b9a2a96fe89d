"""The tree that a letter is: what every form of it is written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """An answer of a survey: its label and its percent, “45.6”."""

    label: str
    percent: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A question of a survey as bars, and where the numbers come from."""

    question: str
    bars: tuple[Bar, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a letter.

    Blocks: p, plain (a paragraph in a tight list), h, quote, ul, ol, li, pre, rule, table,
    row, head, cell, chart. Inline: text, br, strong, em, code, link, note, field, when (its
    children are shown where the field's value is yes).

    Attributes:
        text: the words of a text, or the name of a field or of a when.
        href: the target of a link.
        number: level of a heading, first number of a list, number of a footnote in its series.
        again: this footnote was cited before.
        method: this footnote says how something was found out: marked i, ii, iii.
        align: alignment of a table cell, or empty.
        chart: what a chart shows.
    """

    kind: str
    children: tuple[Node, ...] = ()
    text: str = ""
    href: str = ""
    number: int = 0
    again: bool = False
    method: bool = False
    align: str = ""
    chart: Chart | None = None

    @property
    def sign(self) -> str:
        """What marks a footnote: 1, 2, 3, or i, ii, iii for a note on method."""
        return roman(self.number) if self.method else str(self.number)


def roman(number: int) -> str:
    """A number from 1 to 3999 in small Roman numerals."""
    parts = []
    for value, sign in _ROMAN:
        parts.append(sign * (number // value))
        number %= value
    return "".join(parts)


def level_headings(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Headings that start at 1 and go down one level at a time, as PDF/UA-1 demands.

    Those in quotations, lists and footnotes count too: the PDF reads them in the same order.
    """
    levels = sorted({node.number for node in every(nodes) if node.kind == "h"})
    before = 0

    def levelled(node: Node) -> Node:
        nonlocal before
        number = node.number
        if node.kind == "h":
            before = number = min(levels.index(number) + 1, before + 1)
        children = tuple(map(levelled, node.children))
        if number == node.number and children == node.children:
            return node
        return replace(node, number=number, children=children)

    return tuple(map(levelled, nodes)) if levels else nodes


def every(nodes: Iterable[Node]) -> Iterator[Node]:
    """All nodes of a tree in the order of reading, children after their parent."""
    for node in nodes:
        yield node
        yield from every(node.children)


def notes(nodes: Iterable[Node]) -> Iterator[Node]:
    """The footnotes of a tree in order, each once."""
    for node in nodes:
        if node.kind == "note":
            if not node.again:
                yield node
        else:
            yield from notes(node.children)


def numbered_notes(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The footnotes as they are listed: those with numbers, then those on method."""
    return tuple(sorted(notes(nodes), key=lambda note: note.method))


def trimmed(nodes: tuple[Node, ...], start: bool = True, end: bool = True) -> tuple[Node, ...]:
    """Inline nodes without the spaces around them."""
    if start and nodes and nodes[0].kind == "text":
        nodes = (replace(nodes[0], text=nodes[0].text.lstrip(" ")), *nodes[1:])
    if end and nodes and nodes[-1].kind == "text":
        nodes = (*nodes[:-1], replace(nodes[-1], text=nodes[-1].text.rstrip(" ")))
    return tuple(node for node in nodes if node.kind != "text" or node.text)
