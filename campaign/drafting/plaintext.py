"""A letter as plain text for the text part of an e-mail.

72 columns; footnotes are marked [1], notes on method [i], links (link 1), and all are listed at
the end. Quotations are indented: a line that begins with “>” would read as somebody's earlier mail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from campaign.drafting.tree import Bar, Chart, Node

if TYPE_CHECKING:
    from campaign.drafting.rendering import Sheet

WIDTH = 72
_BREAK = "\n"
_BAR = 20
# Outside of this no character takes two columns.
_MAYBE_WIDE = re.compile("[\u1100-\u1fff\u2300-\U0010ffff]")


def write(sheet: Sheet) -> str:
    """The letter from letterhead to notes; lines end in a line feed."""
    writer = _Writer(sheet.words)
    to, words = sheet.addressee, sheet.words
    parts = [
        _letterhead(sheet),
        _stacked(sheet.date_words, f"{words['reference']}: {sheet.reference}"),
        _stacked(to.company, to.office, *to.channel_lines),
        writer.blocks(sheet.salutation),
        "\n".join(wrap(f"{words['subject']} {sheet.subject}")),
        writer.blocks(sheet.body),
        sheet.closing,
        *(_stacked(who.name, who.role, who.organisation) for who in sheet.signatories),
        _attachments(sheet),
        writer.notes(sheet.notes),
        writer.links(),
    ]
    whole = "\n\n".join(part for part in parts if part.strip())
    return "\n".join(line.rstrip() for line in whole.split("\n")) + "\n"


def _letterhead(sheet: Sheet) -> str:
    head = sheet.letterhead
    ways = (head.email, head.phone and f"{sheet.words['phone']} {head.phone}", head.website)
    return _stacked(head.name, *head.address_lines, *ways)


def _attachments(sheet: Sheet) -> str:
    if not sheet.attachments:
        return ""
    lines: list[str] = []
    for one in sheet.attachments:
        lines += wrap(f"{one.name} ({one.said})", first="- ", rest="  ")
        lines += [f"  {one.address}"] if one.address else []
    return "\n".join((sheet.words["attachments"], *lines))


def _stacked(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def columns(words: str) -> int:
    """How wide words are: Chinese, Japanese and Korean characters take two columns."""
    if not _MAYBE_WIDE.search(words):
        return len(words)
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)


def wrap(words: str, width: int = WIDTH, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` columns; an address or a word that is longer stays whole.

    A run of wide characters has no spaces to break at and is broken anywhere.
    """
    lines: list[str] = []
    for line in words.split(_BREAK):
        current = first if not lines else rest
        used, empty = columns(current), True
        for word in _breakable(line):
            glue = "" if empty or word.startswith("\0") else " "
            word = word.removeprefix("\0")
            wide = columns(word)
            if not empty and used + len(glue) + wide > width:
                lines.append(current)
                current, used, glue = rest, columns(rest), ""
            current, used, empty = current + glue + word, used + len(glue) + wide, False
        lines.append(current)
    return lines


def _breakable(line: str) -> Iterable[str]:
    """Words; wide characters are words of their own, marked to follow without a space."""
    for word in line.split(" "):
        if not _MAYBE_WIDE.search(word):
            yield from (word,) if word else ()
            continue
        at = 0
        for n, one in enumerate(word):
            if n > at and "W" in (_width(one), _width(word[n - 1])) and not _hangs(one):
                yield ("\0" if at else "") + word[at:n]
                at = n
        yield ("\0" if at else "") + word[at:]


def _width(one: str) -> str:
    return "W" if unicodedata.east_asian_width(one) in "WF" else "N"


def _hangs(one: str) -> bool:
    """Whether a character may not begin a line: closing punctuation and combining marks."""
    return unicodedata.category(one) in ("Pe", "Pf", "Po", "Mn", "Mc", "Me")


class _Writer:
    """Writes a tree and gathers its links."""

    def __init__(self, said: Mapping[str, str]) -> None:
        self._said = said
        self._links: list[str] = []

    def blocks(self, nodes: Iterable[Node], width: int = WIDTH) -> str:
        return "\n\n".join("\n".join(self._block(node, width)) for node in nodes)

    def notes(self, notes: Sequence[Node]) -> str:
        return "\n".join(("-" * 24, *(self._note(note) for note in notes))) if notes else ""

    def links(self) -> str:
        if not self._links:
            return ""
        return "\n".join(
            (self._said["links"], *(f"({n}) {href}" for n, href in enumerate(self._links, 1)))
        )

    def _note(self, note: Node) -> str:
        head = f"[{note.sign}] "
        words = self.blocks(note.children, WIDTH - len(head))
        return "\n".join(_indented(words.split("\n"), head, " " * len(head)))

    def _block(self, node: Node, width: int) -> list[str]:
        if node.kind in ("p", "plain"):
            return wrap(self.words(node.children), width)
        if node.kind == "h":
            lines = wrap(self.words(node.children), width)
            return [*lines, "-" * max(map(columns, lines))]
        if node.kind == "quote":
            return _indented(self.blocks(node.children, width - 4).split("\n"), "    ", "    ")
        if node.kind in ("ul", "ol"):
            return self._list(node, width)
        if node.kind == "pre":
            return _indented(self.words(node.children).split("\n"), "    ", "    ")
        if node.kind == "table":
            return self._table(node, width)
        if node.chart is not None:
            return _chart(node.chart, width, self._said)
        return ["* * *"]

    def _list(self, node: Node, width: int) -> list[str]:
        lines: list[str] = []
        loose = any(child.kind == "p" for item in node.children for child in item.children)
        for n, item in enumerate(node.children, node.number):
            head = f"{n}. " if node.kind == "ol" else "- "
            inner = width - len(head)
            between = "\n\n" if loose else "\n"
            parts = ("\n".join(self._block(child, inner)) for child in item.children)
            words = between.join(parts).split("\n")
            lines += [""] if loose and lines else []
            lines += _indented(words, head, " " * len(head))
        return lines

    def _table(self, node: Node, width: int) -> list[str]:
        rows = [[self.words(cell.children) for cell in row.children] for row in node.children]
        wide = [max(columns(row[n]) for row in rows) for n in range(len(rows[0]))]
        if sum(wide) + 3 * len(wide) > width:
            return self._narrow_table(rows, width)
        aligns = [cell.align for cell in node.children[0].children]
        lines = [
            "   ".join(map(_padded, row, wide, aligns)) for row in rows
        ]  # fmt: skip
        return [lines[0], "   ".join("-" * one for one in wide), *lines[1:]]

    def _narrow_table(self, rows: list[list[str]], width: int) -> list[str]:
        """A table that is too wide for the columns: each row as lines of “heading: value”."""
        lines: list[str] = []
        for row in rows[1:]:
            lines += [""] if lines else []
            for name, words in zip(rows[0], row, strict=True):
                lines += wrap(f"{name}: {words}", width, "", "    ")
        return lines

    def words(self, nodes: Iterable[Node]) -> str:
        return "".join(self._inline(node) for node in nodes)

    def _inline(self, node: Node) -> str:
        if node.kind == "text":
            return node.text
        if node.kind == "br":
            return _BREAK
        if node.kind == "note":
            return f" [{node.sign}]"
        words = self.words(node.children)
        if node.kind == "strong":
            return f"*{words}*"
        if node.kind == "em":
            return f"_{words}_"
        return self._link(words, node.href) if node.kind == "link" else words

    def _link(self, words: str, href: str) -> str:
        if words in (href, href.removeprefix("mailto:")):
            return words
        href = href.removeprefix("mailto:")
        if href not in self._links:
            self._links.append(href)
        said = self._said["link"].format(n=self._links.index(href) + 1)
        return f"{words} ({said})"


def _chart(chart: Chart, width: int, said: Mapping[str, str]) -> list[str]:
    """A chart: each answer with its percent first, then a bar with one sign for each 5%."""
    label_width = max(16, width - _BAR - 12)
    labels = [wrap(bar.label, label_width) for bar in chart.bars]
    wide = max(columns(line) for lines in labels for line in lines)
    shares = [_share(bar, said) for bar in chart.bars]
    share_width = max(map(len, shares))
    out = [*wrap(chart.question, width), ""]
    for bar, lines, share in zip(chart.bars, labels, shares, strict=True):
        drawn = "=" * round(float(bar.percent) * _BAR / 100)
        last = _padded(lines[-1], wide, "left")
        out += [*lines[:-1], f"{last}   {share:>{share_width}}   {drawn}".rstrip()]
    return [*out, "", *wrap(chart.source, width)]


def _share(bar: Bar, said: Mapping[str, str]) -> str:
    return said["share"].format(percent=bar.percent.replace(".", said["decimal"]))


def _indented(lines: Iterable[str], first: str, rest: str) -> list[str]:
    return [(rest if n else first) + line for n, line in enumerate(lines)]


def _padded(words: str, width: int, align: str) -> str:
    gap = " " * (width - columns(words))
    return gap + words if align == "right" else words + gap
