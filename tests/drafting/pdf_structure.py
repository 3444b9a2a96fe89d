"""What a screen reader finds in a PDF: its structure tree, read without the words on the page."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import NullObject

_HEADING = re.compile(r"/H([1-6])")


class Element:
    """One element of the tree, its children in reading order."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.kind = str(raw["/S"])
        self.children: list[Element] = []
        self.annotations: list[Any] = []
        self.has_words = False
        self._read(raw.get("/K", []))

    def _read(self, inner: Any) -> None:
        inner = inner.get_object() if hasattr(inner, "get_object") else inner
        if isinstance(inner, list):
            for one in inner:
                self._read(one)
        elif isinstance(inner, int):
            self.has_words = True
        elif inner.get("/Type") == "/OBJR":
            self.annotations.append(inner["/Obj"].get_object())
        elif "/S" in inner:
            self.children.append(Element(inner))
        else:
            self.has_words = True  # a reference to content on another page

    def all(self) -> Iterator[Element]:
        """This element and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.all()

    def kinds(self) -> list[str]:
        return [child.kind for child in self.children]

    def attribute(self, name: str) -> Any:
        for attributes in self.raw.get("/A", []):
            if name in attributes:
                return attributes[name]
        return None


class Tagged:
    """A PDF as assistive technology sees it."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(pdf))
        self.root: Any = self.reader.trailer["/Root"]
        tree: Any = self.root["/StructTreeRoot"]["/K"]  # type: ignore[index]
        tops = tree if isinstance(tree, list) else [tree]
        self.elements = [one for top in tops for one in Element(top.get_object()).all()]

    def of(self, *kinds: str) -> list[Element]:
        return [one for one in self.elements if one.kind in kinds]

    def headings(self) -> list[tuple[int, str]]:
        """Level and words of every heading in reading order."""
        found = [(one, _HEADING.fullmatch(one.kind)) for one in self.elements]
        return [(int(is_one[1]), str(one.raw.get("/T", ""))) for one, is_one in found if is_one]

    def bookmarks(self) -> list[str]:
        return list(_titles(self.reader.outline))

    def links(self) -> list[Any]:
        """The places on the pages that can be followed."""
        notes = (note.get_object() for page in self.reader.pages for note in page.annotations or ())
        return [note for note in notes if note["/Subtype"] == "/Link"]

    def fonts(self) -> Iterator[Any]:
        pages: Any = self.reader.pages
        for page in pages:
            for font in page["/Resources"].get("/Font", {}).values():
                yield from font.get_object().get("/DescendantFonts", [font])


def _titles(outline: Any) -> Iterator[str]:
    for one in outline:
        if isinstance(one, list):
            yield from _titles(one)
        else:
            yield str(one.title)


def _headings_in_order(pdf: Tagged) -> bool:
    levels = [0, *(level for level, _ in pdf.headings())]
    return len(levels) > 1 and all(b <= a + 1 for a, b in itertools.pairwise(levels))


def _lists_whole(pdf: Tagged) -> bool:
    return all(one.children and set(one.kinds()) <= {"/LI", "/L"} for one in pdf.of("/L")) and all(
        "/LBody" in one.kinds() for one in pdf.of("/LI")
    )


def _tables_headed(pdf: Tagged) -> bool:
    def headed(table: Element) -> bool:
        cells = [one for one in table.all() if one.kind == "/TH"]
        return bool(cells) and all(one.attribute("/Scope") == "/Column" for one in cells)

    return all(headed(one) for one in pdf.of("/Table"))


def _links_spoken(pdf: Tagged) -> bool:
    """Every link is an element with words and a description; none lies outside the tree."""
    elements = pdf.of("/Link")
    inside = [note for one in elements for note in one.annotations]
    return (
        len(inside) == len(pdf.links())
        and all(str(note.get("/Contents", "")).strip() for note in inside)
        and all(any(part.has_words for part in one.all()) for one in elements)
    )


def _notes_numbered(pdf: Tagged) -> bool:
    """Every number that jumps to a note has its note, and every note its number."""
    cited = {str(link["/Contents"]) for link in pdf.links() if "/Dest" in link}
    numbers = {one for one in cited if one.startswith("Footnote ")}
    notes = pdf.of("/Note")
    return len(notes) == len(numbers) and all(map(_begins_with_number, notes))


def _begins_with_number(note: Element) -> bool:
    """The number stands first, or in the first of several paragraphs."""
    return "/Lbl" in (
        *note.kinds()[:1],
        *(kind for one in note.children[:1] for kind in one.kinds()),
    )


def _embedded(font: Any) -> bool:
    descriptor = font.get_object().get("/FontDescriptor", {})
    return bool({"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys())


CHECKS: dict[str, Callable[[Tagged], bool]] = {
    "tagged": lambda pdf: bool(pdf.root.get("/MarkInfo", {}).get("/Marked")) and bool(pdf.elements),
    "language": lambda pdf: bool(pdf.root.get("/Lang")),
    "title": lambda pdf: bool(pdf.reader.metadata and pdf.reader.metadata.title),
    "title shown": lambda pdf: (
        pdf.root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", NullObject()) == True  # noqa: E712
    ),
    "headings": _headings_in_order,
    "bookmarks": lambda pdf: pdf.bookmarks() == [words for _, words in pdf.headings()],
    "lists": _lists_whole,
    "tables": _tables_headed,
    "pictures": lambda pdf: all(one.raw.get("/Alt") for one in pdf.of("/Figure")),
    "links": _links_spoken,
    "notes": _notes_numbered,
    "fonts": lambda pdf: all(map(_embedded, pdf.fonts())),
}
"""What must hold of every letter, by name."""


def faults(pdf: bytes) -> list[str]:
    """The names of the checks that a PDF fails."""
    tagged = Tagged(pdf)
    return [name for name, holds in CHECKS.items() if not holds(tagged)]
