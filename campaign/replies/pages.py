"""The lines of an HTML mail, with what its structure tells of quotation and signature.

It is no sanitiser: the result is text and is shown as text only. Every step is linear.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from campaign.replies.lines import MAX_DEPTH, Line, Mark, written
from campaign.replies.mime import clean

_SILENT = {"script", "style", "head", "title", "svg", "math", "template"}
_LINES = {"div", "tr", "table", "section", "article", "header", "footer", "center", "form", "dt"}
_BLOCKS = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "ul", "ol", "dl"}
_VOID = {"br", "hr", "img", "meta", "link", "input", "base", "col", "wbr", "o:p"}
_TAG = re.compile(r"\s*(/?)\s*([a-zA-Z][a-zA-Z0-9:]{0,20})")
_ATTRIBUTE = re.compile(
    r"(?:^|\s)(class|id|style|name|start|type)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.I
)
_ATTRIBUTES_READ, _STACK = 600, 400

# What mail programs call the parts of a reply: as a class or an id, after a leading `x_`.
_NAMES: dict[str, Mark] = {
    "gmail_attr": Mark.ATTRIBUTION,
    "moz-cite-prefix": Mark.ATTRIBUTION,
    "moz-email-headers-table": Mark.ATTRIBUTION,
    "divrplyfwdmsg": Mark.EARLIER,
    "outlookmessageheader": Mark.EARLIER,
    "ms-outlook-mobile-reference-message": Mark.EARLIER,
    "mail-editor-reference-message-container": Mark.EARLIER,
    "yahoo_quoted": Mark.EARLIER,
    "zmail_extra": Mark.EARLIER,
    "gmail_signature": Mark.SIGNATURE,
    "moz-signature": Mark.SIGNATURE,
    "signature": Mark.SIGNATURE,
    "ms-outlook-mobile-signature": Mark.SIGNATURE,
    "protonmail_signature_block": Mark.SIGNATURE,
    "protonmail_signature_block-user": Mark.SIGNATURE,
    "applemailsignature": Mark.SIGNATURE,
    "zmail_signature": Mark.SIGNATURE,
    "yahoo-signature": Mark.SIGNATURE,
}
_QUOTES = {"gmail_quote_container_text", "tutanota_quote", "freshdesk_quote", "quoted_text"}
# Outlook draws a line above the head of an earlier mail.
_OUTLOOK_LINE = re.compile(
    r"border-top:\s*solid\s+#?(?:e1e1e1|b5c4df|windowtext)\b[^;]*;?\s*padding:\s*3", re.I
)


class _Open(NamedTuple):
    name: str
    quotes: int
    mark: Mark


class _Attributes(NamedTuple):
    names: frozenset[str]
    style: str
    name: str
    start: str


def _attributes(tag: str) -> _Attributes:
    names: set[str] = set()
    said = {"style": "", "name": "", "start": ""}
    for match in _ATTRIBUTE.finditer(tag[:_ATTRIBUTES_READ]):
        key, value = match.group(1).lower(), match.group(2).strip("\"'")
        if key in ("class", "id"):
            names |= {re.sub(r"^(?:x_)+|_\d+$", "", each) for each in value.lower().split()}
        elif key in said:
            said[key] = value
    return _Attributes(frozenset(names), said["style"], said["name"].lower(), said["start"])


class _Page:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.words_now: list[str] = []
        self.silent = ""
        self.open: list[_Open] = []
        self.quotes = 0
        self.mark = Mark.NONE
        self.earlier = False
        self.counters: list[int] = []
        self.bullet = ""
        self.gap = False

    # ---- lines -------------------------------------------------------------------------

    def words(self, text: str) -> None:
        if self.silent or not text:
            return
        if any(each.name == "pre" for each in self.open[-10:]):
            first, *more = text.split("\n")
            self.words_now.append(first)
            for each in more:
                self.new_line(even_empty=True)
                self.words_now.append(each)
            return
        self.words_now.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def new_line(self, *, even_empty: bool = False, gap: bool = False) -> None:
        raw = html.unescape("".join(self.words_now))
        self.words_now = []
        text = clean(re.sub(r"[ \t\xa0]+", " ", raw.replace("\n", " ")).strip())
        if text:
            self._add(text)
        elif even_empty or "\xa0" in raw:
            self._blank()
        self.gap = self.gap or (gap and not self.bullet)

    def _add(self, text: str) -> None:
        if self.gap:
            self._blank()
        mark = Mark.EARLIER if self.earlier else self.mark
        self.earlier = False
        self.lines.append(Line(self.bullet + text, self.quotes, mark))
        self.bullet, self.gap = "", False

    def _blank(self) -> None:
        self.gap = False
        if self.lines and not self.lines[-1].blank:
            self.lines.append(Line("", self.quotes))

    # ---- tags --------------------------------------------------------------------------

    def tag(self, closing: bool, name: str, rest: str) -> None:
        if self.silent:
            if closing and name == self.silent:
                self.silent = ""
            return
        if name in _SILENT and not closing:
            self.silent = "" if rest.endswith("/") else name
            return
        self._break(closing, name, rest)
        if closing:
            self._close(name)
        elif name not in _VOID:
            self._enter(name, rest)

    def _break(self, closing: bool, name: str, rest: str) -> None:
        if name == "br":
            self.new_line(even_empty=True)
        elif name == "li":
            self.new_line()
            if not closing and self.counters:
                self.counters[-1] += 1
                count = self.counters[-1]
                self.bullet = f"{count}. " if count > 0 else "- "
        elif name in ("td", "th"):
            self.words_now.append(" ")
        elif name in _BLOCKS or name in _LINES:
            own_gap = name in _BLOCKS and "msonormal" not in rest[:200].lower()
            last = self.open[-1].mark if self.open else Mark.NONE
            self.new_line(gap=own_gap and last is not Mark.ATTRIBUTION)

    def _enter(self, name: str, rest: str) -> None:
        if len(self.open) >= _STACK:
            return
        said = _attributes(rest)
        quotes, mark = self.quotes, self.mark
        if name == "blockquote" or said.names & _QUOTES or (name == "div" and said.name == "quote"):
            quotes = min(MAX_DEPTH, quotes + 1)
        named = next((_NAMES[each] for each in said.names if each in _NAMES), Mark.NONE)
        if named is Mark.EARLIER or _OUTLOOK_LINE.search(said.style):
            self.earlier = True
        elif named and not quotes:
            mark = named
        if name in ("ol", "ul"):
            first = int(said.start) if said.start.isdigit() and len(said.start) < 4 else 1
            self.counters = [*self.counters[-20:], first - 1 if name == "ol" else -1_000_000]
        self.open.append(_Open(name, self.quotes, self.mark))
        self.quotes, self.mark = quotes, mark

    def _close(self, name: str) -> None:
        if name in ("ol", "ul") and self.counters:
            self.counters.pop()
        for at in range(len(self.open) - 1, max(-1, len(self.open) - 40), -1):
            if self.open[at].name == name:
                self.quotes, self.mark = self.open[at].quotes, self.open[at].mark
                del self.open[at:]
                return


def lines_of_page(source: str) -> list[Line]:
    """The lines of a page, quotations counted; attribution and signature where it names them."""
    page = _Page()
    first, *segments = source.split("<")
    page.words(first)
    comment = False
    for segment in segments:
        if comment or segment.startswith("!--"):
            comment = "-->" not in segment
            page.words("" if comment else segment.partition("-->")[2])
            continue
        tag, closed, text = segment.partition(">")
        match = _TAG.match(tag)
        if match and closed:
            page.tag(bool(match.group(1)), match.group(2).lower(), tag[match.end() :])
            page.words(text)
        elif not tag.startswith("!"):
            page.words("<" + segment)
    page.new_line()
    while page.lines and page.lines[-1].blank:
        page.lines.pop()
    return page.lines


def text_of_html(source: str) -> str:
    """The text of a page for reading and matching, quotations marked by `>`."""
    return written(lines_of_page(source))
