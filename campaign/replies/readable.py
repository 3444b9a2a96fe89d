"""The readable text of a message, from its plain and HTML parts; every step is linear."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from campaign.replies.kinds import TEXT_LIMIT, Attachment
from campaign.replies.lines import Line, read_lines, unflowed, written
from campaign.replies.mime import Part, decode_words
from campaign.replies.pages import lines_of_page, text_of_html

__all__ = ["Body", "attachments", "body", "full_text", "text_of_html"]

_ENCODED_FILE = re.compile(
    r"^(?:begin [0-7]{3,4} |=ybegin [^\n]{0,200}?name=)([^\n]{1,200})$", re.M
)
# A plain part that says no more than "see the HTML" hides an answer.
_TIMES_MORE, _WORDS_MORE = 2, 30


@dataclass
class Body:
    """What a reader would see.

    Attributes:
        text: as it stands, quotations marked by `>`.
        lines: the same, each with its depth.
        page: the lines of the HTML that says the same as the plain text chosen, if there is one.
    """

    text: str = ""
    lines: list[Line] = field(default_factory=list)
    page: list[Line] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(len(line.text.split()) for line in self.lines)


def _is_text(part: Part) -> bool:
    return not part.is_attachment and part.content_type in ("text/plain", "text/html")


def _plain(text: str) -> Body:
    return Body(text, read_lines(text))


def _body_of(part: Part) -> Body:
    text = part.text(TEXT_LIMIT * 4)
    if part.content_type == "text/html":
        lines = lines_of_page(text[: TEXT_LIMIT * 2])
        return Body(written(lines), lines)
    if part.parameter("format").lower() == "flowed":
        text = unflowed(text, delete_space=part.parameter("delsp").lower() == "yes")
    return _plain(text[:TEXT_LIMIT])


def _bodies(part: Part) -> list[Body]:
    """Texts below a part; of alternatives one."""
    if part.within:
        return []
    if part.content_type.startswith("multipart/") and not part.parts:
        return [_plain(part.text(TEXT_LIMIT * 2))]  # without its boundary: all as text
    if part.content_type == "multipart/alternative":
        return _one_of(part)
    if part.parts:
        return [body for each in part.parts for body in _bodies(each)]
    return [_body_of(part)] if _is_text(part) else []


def _one_of(part: Part) -> list[Body]:
    """Of alternatives the plain one, unless it is empty or says much less than the page."""
    found = [
        (each.content_type, body)
        for each in part.parts
        for body in _bodies(each)
        if body.text.strip()
    ]
    plain = [body for kind, body in found if kind == "text/plain"]
    pages = [body for kind, body in found if kind != "text/plain"]
    if not plain or not pages:
        return plain or pages
    more = sum(body.words for body in pages)
    if more > _TIMES_MORE * sum(body.words for body in plain) + _WORDS_MORE:
        return pages
    if len(plain) == len(pages) == 1:
        plain[0].page = pages[0].lines
    return plain


def body(message: Part) -> Body:
    """All text that a reader would see, in order, at most `TEXT_LIMIT` characters.

    A message with nothing else shows what its attached messages say, so that a forwarded
    answer is not an empty one.
    """
    found = [each for each in _bodies(message) if each.text.strip()]
    if not found:
        inner = [p for p in message.walk() if p.within and _is_text(p)]
        found = [_body_of(p) for p in inner[:5]]
    text = "\n\n".join(each.text.strip("\n") for each in found)
    lines = [line for each in found for line in (*each.lines, Line(""))]
    page = found[0].page if len(found) == 1 else []
    return Body(text[:TEXT_LIMIT], _within_limit(lines), _within_limit(page))


def _within_limit(lines: list[Line]) -> list[Line]:
    size = 0
    for i, line in enumerate(lines):
        size += len(line.text) + 1
        if size > TEXT_LIMIT:
            return lines[:i]
    return lines


def full_text(message: Part) -> str:
    """The text of `body`."""
    return body(message).text


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
