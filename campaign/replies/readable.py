"""The readable text of a message, from its plain and HTML parts; every step is linear."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaign.replies import embedded
from campaign.replies.headers import author
from campaign.replies.kinds import TEXT_LIMIT, Attachment, Enclosed
from campaign.replies.lines import Line, read_lines, unflowed, written
from campaign.replies.mime import Part, decode_words
from campaign.replies.pages import lines_of_page, text_of_html

__all__ = ["Body", "attachments", "body", "enclosed", "full_text", "text_of_html"]

# A plain part that says no more than "see the HTML" hides an answer.
_TIMES_MORE, _WORDS_MORE = 2, 30
_MAILS, _MAIL_TEXT = 10, 20_000


@dataclass
class Body:
    """What a reader would see.

    Attributes:
        text: as it stands, quotations marked by `>`.
        lines: the same, each with its depth.
        page: the lines of the HTML that says the same as the plain text chosen, if there is one.
        files: files written into the text itself.
        passed_on_from: the author of the attached mail whose text stands for the mail's own.
    """

    text: str = ""
    lines: list[Line] = field(default_factory=list)
    page: list[Line] = field(default_factory=list)
    files: list[embedded.TextFile] = field(default_factory=list)
    passed_on_from: str = ""

    @property
    def words(self) -> int:
        return sum(len(line.text.split()) for line in self.lines)


def _is_text(part: Part) -> bool:
    return not part.is_attachment and part.content_type in ("text/plain", "text/html")


def _plain(text: str) -> Body:
    text, files = embedded.without_files(text)
    text = text[:TEXT_LIMIT]
    return Body(text, read_lines(embedded.without_armour(text)), files=files)


def _body_of(part: Part) -> Body:
    text = part.text(TEXT_LIMIT * 4)
    if part.content_type == "text/html":
        lines = lines_of_page(text[: TEXT_LIMIT * 2])
        return Body(written(lines), lines)
    if part.parameter("format").lower() == "flowed":
        text = unflowed(text, delete_space=part.parameter("delsp").lower() == "yes")
    return _plain(text)


def _bodies(part: Part, within: int = 0) -> list[Body]:
    """Texts below a part of a mail that lies in `within` others; of alternatives one."""
    if part.within > within:
        return []
    if part.content_type.startswith("multipart/") and not part.parts:
        return [_plain(part.text(TEXT_LIMIT * 2))]  # without its boundary: all as text
    if part.content_type == "multipart/alternative":
        return _one_of(part, within)
    if part.parts:
        return [body for each in part.parts for body in _bodies(each, within)]
    return [_body_of(part)] if _is_text(part) else []


def _one_of(part: Part, within: int) -> list[Body]:
    """Of alternatives the plain one, unless it is empty or says much less than the page."""
    found = [
        (each.content_type, body)
        for each in part.parts
        for body in _bodies(each, within)
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
    if found:
        return _together(found)
    inner = _mails_in(message)[:5]
    whole = _together([each for mail in inner for each in _bodies(mail, mail.within)])
    if len(inner) == 1:
        whole.passed_on_from = " ".join(author(inner[0].headers))
    return whole


def _together(found: list[Body]) -> Body:
    text = "\n\n".join(each.text.strip("\n") for each in found)
    lines = [line for each in found for line in (*each.lines, Line(""))]
    page = found[0].page if len(found) == 1 else []
    files = [file for each in found for file in each.files]
    return Body(text[:TEXT_LIMIT], _within_limit(lines), _within_limit(page), files)


def _mails_in(message: Part) -> list[Part]:
    """The mails that it carries, not those within them."""
    return [
        part.parts[0]
        for part in message.walk()
        if part.within == message.within and part.parts and part.parts[0].within > part.within
    ]


def enclosed(message: Part) -> tuple[Enclosed, ...]:
    """What each mail within the mail says, to be read where the mail is judged."""
    found = []
    for mail in _mails_in(message)[:_MAILS]:
        name, address = author(mail.headers)
        sender = f"{name} <{address}>" if name and address else name or address
        text = _together(_bodies(mail, mail.within)).text[:_MAIL_TEXT]
        subject = decode_words(mail.headers.get("subject"))[:998]
        found.append(Enclosed(subject, sender, mail.headers.get("date")[:100], text))
    return tuple(found)


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


def attachments(message: Part, files: list[embedded.TextFile]) -> tuple[Attachment, ...]:
    """The parts that are no text of the message, and the files written into its text."""
    found = []
    for part in message.walk():
        nested = part.within > 1 or (
            part.within and not part.parts and part.content_type in ("text/plain", "text/html")
        )
        if part.parts or part.content_type.startswith("multipart/") or nested or _is_text(part):
            continue
        found.append(Attachment(part.file_name, part.content_type, len(part.payload())))
    for file in files:
        name = decode_words(file.name)
        found.append(Attachment(name, "application/octet-stream", file.size))
    return tuple(found[:200])
