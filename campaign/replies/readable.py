"""The readable text of a message, from its plain and HTML parts; every step is linear."""

from __future__ import annotations

import html
import re

from campaign.replies.kinds import TEXT_LIMIT, Attachment
from campaign.replies.mime import Part, clean, decode_words

_SILENT = {"script", "style", "head", "title", "svg", "math", "template"}
_BREAKS = {"br", "p", "div", "tr", "li", "table", "blockquote", "h1", "h2", "h3", "h4", "hr", "pre"}
_TAG = re.compile(r"\s*(/?)\s*([a-zA-Z][a-zA-Z0-9]{0,20})")
_ENCODED_FILE = re.compile(
    r"^(?:begin [0-7]{3,4} |=ybegin [^\n]{0,200}?name=)([^\n]{1,200})$", re.M
)


class _Page:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.silent = ""
        self.quotes = 0

    def tag(self, closing: bool, name: str) -> None:
        if self.silent:
            if closing and name == self.silent:
                self.silent = ""
            return
        if name in _SILENT and not closing:
            self.silent = name
        if name == "blockquote":
            self.quotes = max(0, min(20, self.quotes + (-1 if closing else 1)))
        if name in _BREAKS:
            self.out.append("\n" + "> " * self.quotes)
        elif name in ("td", "th"):
            self.out.append(" ")

    def words(self, text: str) -> None:
        if not self.silent and text:
            self.out.append(re.sub(r"\s+", " ", text))


def text_of_html(source: str) -> str:
    """The text of a page for reading and matching, quotations marked by `>`.

    It is no sanitiser: the result is text and is shown as text only.
    """
    page = _Page()
    first, *segments = source[: TEXT_LIMIT * 2].split("<")
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
            page.tag(bool(match.group(1)), match.group(2).lower())
            page.words(text)
        elif not tag.startswith("!"):
            page.words("<" + segment)
    lines = [
        re.sub(r"[ \t\xa0]+", " ", line).strip()
        for line in html.unescape("".join(page.out)).split("\n")
    ]
    return clean(re.sub(r"(?:\n(?:> ?)*){3,}", "\n\n", "\n".join(lines)).strip())


def _is_text(part: Part) -> bool:
    return not part.is_attachment and part.content_type in ("text/plain", "text/html")


def _texts(part: Part) -> list[str]:
    """Texts below a part; of alternatives the plain one, unless it is empty."""
    if part.within:
        return []
    if part.content_type.startswith("multipart/") and not part.parts:
        return [part.text(TEXT_LIMIT * 2)]  # a multipart without its boundary: all as text
    if part.content_type == "multipart/alternative":
        found = [(p.content_type, t) for p in part.parts for t in _texts(p) if t.strip()]
        plain = [t for kind, t in found if kind != "text/html"]
        return plain or [t for _, t in found]
    if part.parts:
        return [t for p in part.parts for t in _texts(p)]
    if not _is_text(part):
        return []
    text = part.text(TEXT_LIMIT * 4)
    return [text_of_html(text) if part.content_type == "text/html" else text]


def full_text(message: Part) -> str:
    """All text that a reader would see, in order, at most `TEXT_LIMIT` characters.

    A message with nothing else shows what its attached messages say, so that a forwarded
    answer is not an empty one.
    """
    texts = _texts(message)
    text = "\n\n".join(t.strip("\n") for t in texts if t.strip())
    if not text.strip():
        inner = [p for p in message.walk() if p.within and _is_text(p)]
        text = "\n\n".join(p.text(TEXT_LIMIT) for p in inner[:5])
    return text[:TEXT_LIMIT]


def attachments(message: Part, text: str) -> tuple[Attachment, ...]:
    """The parts that are no text of the message, files written into its text included."""
    found = []
    for part in message.walk():
        nested = part.within > 1 or (
            part.within and not part.parts and part.content_type in ("text/plain", "text/html")
        )
        if part.parts or part.content_type.startswith("multipart/") or nested or _is_text(part):
            continue
        found.append(Attachment(part.file_name, part.content_type, len(part.payload())))
    for match in _ENCODED_FILE.finditer(text):
        found.append(Attachment(decode_words(match.group(1)), "application/octet-stream", 0))
    return tuple(found[:200])
