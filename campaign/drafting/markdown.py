"""The language of letters: CommonMark, tables, footnotes and `((placeholders))`.

One source becomes one tree of `Node`, and that tree feeds the text, the HTML and the PDF.
Placeholders are found while the Markdown is read and filled in the finished tree, so a value
is never read as Markdown and never searched for placeholders. Raw HTML is text. Links go to
http, https and mailto only. Pictures are refused.

A placeholder is two opening brackets, a name and two closing ones, in one line. A backslash
before the first bracket prints the brackets as they are: `\\((not a field))`. As the target of
a link a placeholder stands inside the link's own brackets: `[our notice](((privacy_link)))`.

`((name??words shown where the answer is yes))` shows its words or nothing. The words are inline
Markdown without placeholders and footnotes; brackets in them stand in pairs.

Footnotes are numbered 1, 2, 3. Those whose label begins with `method`, as `[^method-poll]`, say
how something was found out: they are a series of their own, i, ii, iii.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin

from campaign.drafting.tree import Node, every, level_headings, trimmed

METHOD = "method"
"""How the label of a note on method begins."""

NESTED = "A placeholder cannot stand inside another. To print two brackets write \\((."
UNCLOSED = "The closing )) is missing in this line. To print two brackets write \\((."
EMPTY = "There is no name between the brackets."
EMPTY_CONDITION = "Write after ?? what is shown where the answer is yes."
NO_NOTE_SHOWN = "A footnote cannot hang on a yes/no field: write it into the words."
NO_NESTED_LINK = "A link cannot stand inside another link."
NO_PICTURES = "Pictures cannot stand in a letter. Link to the picture or attach it."
NO_NESTED_NOTE = "A footnote cannot stand inside another footnote."
NO_WORDS = "A link or a heading needs words: without any, nobody can see, hear or follow it."
BAD_LINK = "A link starts with https://, http:// or mailto:, or is one placeholder."

_PLACEHOLDER = re.compile(r"\(\((?!\()[ \t]*((?:(?!\?\?)[^()\n])*?)[ \t]*\)\)")
_CONDITION = re.compile(r"\(\((?!\()[ \t]*((?:(?!\?\?)[^()\n])+?)[ \t]*\?\?")
_IN_CONDITION = re.compile(r"\\.|\(\(|[()\n]")
_OPENING = re.compile(r"\\.|\({2,}", re.DOTALL)
_ENDING = re.compile(r"\)\)|\(\(|\?\?|\n|\Z")
TARGET = re.compile(r"(?:mailto:)?" + _PLACEHOLDER.pattern)


class Fault(NamedTuple):
    """What is wrong in a source, and where; line and column count from 1."""

    line: int
    column: int
    text: str
    why: str


class Mark(NamedTuple):
    """A placeholder in a source: from `start` to `end`; `why` is empty where it is sound.

    `shown` are the words after `??`, None where it prints its value.
    """

    start: int
    end: int
    name: str
    why: str = ""
    shown: str | None = None


class Place(NamedTuple):
    """Where a placeholder stands: `where` is alone, text, code or target."""

    name: str
    where: str
    line: int


class Document(NamedTuple):
    """A source that was read: its tree, its placeholders' places and its faults."""

    nodes: tuple[Node, ...]
    places: tuple[Place, ...]
    faults: tuple[Fault, ...]


@lru_cache(maxsize=512)
def marks(source: str) -> tuple[Mark, ...]:
    """Every placeholder of a source, sound or not, in order."""
    return tuple(_marks(source))


def _marks(source: str) -> Iterator[Mark]:
    at = 0
    while found := _OPENING.search(source, at):
        at = found.end()
        if found[0].startswith("\\"):
            continue
        start = at - 2
        if len(found[0]) > 3:
            yield Mark(found.start(), at, "", NESTED)
            continue
        ending = _ENDING.search(source, at)
        assert ending is not None  # \Z always matches
        name = source[at : ending.start()].strip()
        if ending[0] == "??":
            mark = _condition_mark(source, start, name, ending.end())
            at = mark.end
            yield mark
            continue
        why = {"((": NESTED, "))": "" if name else EMPTY}.get(ending[0], UNCLOSED)
        at = ending.end()
        yield Mark(start, ending.end() if ending[0] == "))" else ending.start(), name, why)


def _condition_mark(source: str, start: int, name: str, at: int) -> Mark:
    """The placeholder whose words to show begin at `at`."""
    end, why = _end_of_shown(source, at)
    shown = source[at:end].strip()
    if not why:
        why = EMPTY if not name else "" if shown else EMPTY_CONDITION
    return Mark(start, end if why in (NESTED, UNCLOSED) else end + 2, name, why, shown)


def _end_of_shown(source: str, at: int) -> tuple[int, str]:
    """Where the words of a condition end, and why they do not end well."""
    depth = 0
    while found := _IN_CONDITION.search(source, at):
        at = found.end()
        if found[0] == "((":
            return at, NESTED
        if found[0] == "\n":
            return found.start(), UNCLOSED
        if found[0] == "(":
            depth += 1
        elif found[0] == ")" and depth:
            depth -= 1
        elif found[0] == ")" and source.startswith(")", at):
            return found.start(), ""
    return len(source), UNCLOSED


def position(source: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    before = source[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _placeholder(state: StateInline, silent: bool) -> bool:
    found = _PLACEHOLDER.match(state.src, state.pos, state.posMax)
    if not found or not found[1]:
        return False
    if not silent:
        state.push("placeholder", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _condition(state: StateInline, silent: bool) -> bool:
    found = _CONDITION.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    end, why = _end_of_shown(state.src, found.end())
    if why or end + 2 > state.posMax:
        return False
    if not silent:
        last = state.posMax
        state.push("when_open", "", 1).meta = {"name": found[1]}
        state.pos, state.posMax = found.end(), end
        state.md.inline.tokenize(state)
        state.push("when_close", "", -1)
        state.posMax = last
    state.pos = end + 2
    return True


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin)
    reader.inline.add_terminator_char("(")
    reader.inline.ruler.before("escape", "placeholder", _placeholder)
    reader.inline.ruler.before("escape", "condition", _condition)
    # Every target is let through here so that `_link` can tell the writer which one is wrong.
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    return reader


_READER = _reader()


@lru_cache(maxsize=512)
def parse(source: str) -> Document:
    """Read a source. Never raises: what is wrong stands in `faults`."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    builder = _Builder(source)
    nodes = builder.blocks(SyntaxTreeNode(_READER.parse(source)).children)
    return Document(level_headings(nodes), tuple(builder.places), tuple(builder.faults))


class _Builder:
    """Turns markdown-it's tree into ours and notes what a letter may not hold."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.places: list[Place] = []
        self.faults: list[Fault] = []
        self._notes: dict[int, SyntaxTreeNode] = {}
        self._cited: dict[int, Node] = {}
        self._in_note = self._in_link = self._in_condition = False
        self._line = 1
        self._last = 1

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Node, ...]:
        for node in nodes:
            if node.type == "footnote_block":
                self._notes = {note.meta["id"]: note for note in node.children}
        return tuple(self._block(node) for node in nodes if node.type in _BLOCKS)

    def _block(self, node: SyntaxTreeNode) -> Node:
        if node.map:
            self._line, self._last = node.map[0] + 1, node.map[1]
        return _BLOCKS[node.type](self, node)

    def _paragraph(self, node: SyntaxTreeNode) -> Node:
        inline = self._words(node)
        if len(inline) == 1 and inline[0].kind == "field":
            self.places[-1] = self.places[-1]._replace(where="alone")
        return Node("plain" if node.hidden else "p", inline)

    def _heading(self, node: SyntaxTreeNode) -> Node:
        words = self._words(node)
        if not _says_something(words):
            self._fault("#", NO_WORDS)
        return Node("h", words, number=int(node.tag[1:]))

    def _list(self, node: SyntaxTreeNode) -> Node:
        items = tuple(Node("li", self.blocks(item.children)) for item in node.children)
        if node.type == "bullet_list":
            return Node("ul", items)
        return Node("ol", items, number=int(node.attrs.get("start", 1)))

    def _code_block(self, node: SyntaxTreeNode) -> Node:
        return Node("pre", self._code(node.content.rstrip("\n")))

    def _table(self, node: SyntaxTreeNode) -> Node:
        return Node(
            "table", tuple(self._row(row) for part in node.children for row in part.children)
        )

    def _row(self, row: SyntaxTreeNode) -> Node:
        cells = []
        for cell in row.children:
            style = str(cell.attrs.get("style", ""))
            align = style.removeprefix("text-align:")
            cells.append(Node("cell", self._words(cell), align=align))
        return Node("head" if row.children[0].type == "th" else "row", tuple(cells))

    def _words(self, node: SyntaxTreeNode) -> tuple[Node, ...]:
        if node.map:
            self._line, self._last = node.map[0] + 1, node.map[1]
        children = node.children[0].children if node.children else []
        return tuple(part for child in children for part in self._inline(child))

    def _inline(self, node: SyntaxTreeNode) -> Iterable[Node]:
        if node.type == "text":
            return (Node("text", text=node.content),)
        if node.type == "softbreak":
            return (Node("text", text=" "),)
        if node.type == "hardbreak":
            return (Node("br"),)
        if node.type == "placeholder":
            return (self._field(node.content, "text"),)
        if node.type == "code_inline":
            return (Node("code", self._code(node.content)),)
        return _INLINE[node.type](self, node)

    def _field(self, name: str, where: str) -> Node:
        self.places.append(Place(name, where, self._line))
        return Node("field", text=name)

    def _code(self, words: str) -> tuple[Node, ...]:
        parts, at = [], 0
        for mark in marks(words):
            parts.append(Node("text", text=words[at : mark.start]))
            if mark.shown is None:
                parts.append(self._field(mark.name, "code"))
            else:
                parts.append(Node("when", (Node("text", text=mark.shown),), text=mark.name))
            at = mark.end
        return (*parts, Node("text", text=words[at:]))

    def _wrapped(self, node: SyntaxTreeNode) -> Iterable[Node]:
        children = tuple(part for child in node.children for part in self._inline(child))
        return (Node(node.type, children),)

    def _when(self, node: SyntaxTreeNode) -> Iterable[Node]:
        self._in_condition = True
        children = tuple(part for child in node.children for part in self._inline(child))
        self._in_condition = False
        return (Node("when", trimmed(children), text=node.meta["name"]),)

    def _link(self, node: SyntaxTreeNode) -> Iterable[Node]:
        href = str(node.attrs["href"])
        if found := TARGET.fullmatch(href):
            self._field(found[1], "target")
        elif "((" in href or not is_allowed_link(href):
            self._fault(href, BAD_LINK)
        if self._in_link:
            self._fault("[", NO_NESTED_LINK)
        outer, self._in_link = self._in_link, True
        children = tuple(part for child in node.children for part in self._inline(child))
        self._in_link = outer
        if not _says_something(children):
            self._fault(href, NO_WORDS)
        return (Node("link", children, href=href),)

    def _image(self, node: SyntaxTreeNode) -> Iterable[Node]:
        self._fault("![", NO_PICTURES)
        return ()

    def _note(self, node: SyntaxTreeNode) -> Iterable[Node]:
        name = int(node.meta["id"])
        if self._in_condition:
            self._fault("[^", NO_NOTE_SHOWN)
            return ()
        if self._in_note:
            self._fault("[^", NO_NESTED_NOTE)
            return ()
        if name in self._cited:
            return (replace(self._cited[name], again=True),)
        method = str(node.meta.get("label") or "").casefold().startswith(METHOD)
        number = 1 + sum(one.method is method for one in self._cited.values())
        self._cited[name] = note = Node("note", number=number, method=method)
        line, last, self._in_note = self._line, self._last, True
        children = self.blocks(self._notes[name].children) if name in self._notes else ()
        self._line, self._last, self._in_note = line, last, False
        return (replace(note, children=children),)

    def _fault(self, text: str, why: str) -> None:
        lines = self.source.split("\n")
        for line in range(self._line, min(self._last, len(lines)) + 1):
            column = lines[line - 1].find(text) + 1
            if column:
                self.faults.append(Fault(line, column, text, why))
                return
        self.faults.append(Fault(self._line, 1, text, why))


_BLOCKS: dict[str, Callable[[_Builder, SyntaxTreeNode], Node]] = {
    "paragraph": _Builder._paragraph,
    "heading": _Builder._heading,
    "blockquote": lambda builder, node: Node("quote", builder.blocks(node.children)),
    "bullet_list": _Builder._list,
    "ordered_list": _Builder._list,
    "code_block": _Builder._code_block,
    "fence": _Builder._code_block,
    "hr": lambda builder, node: Node("rule"),
    "table": _Builder._table,
}
_INLINE: dict[str, Callable[[_Builder, SyntaxTreeNode], Iterable[Node]]] = {
    "strong": _Builder._wrapped,
    "em": _Builder._wrapped,
    "link": _Builder._link,
    "when": _Builder._when,
    "image": _Builder._image,
    "footnote_ref": _Builder._note,
}


def _says_something(nodes: Iterable[Node]) -> bool:
    return any(node.kind == "field" or node.text.strip() for node in every(nodes))


def is_allowed_link(href: str) -> bool:
    """Whether a link may stand in a letter: http and https with a host, and mailto."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc)
    return parts.scheme == "mailto" and "@" in parts.path
