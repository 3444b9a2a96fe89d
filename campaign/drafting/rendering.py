"""One letter as text, e-mail, page and PDF, all from the same tree.

Pure but for the PDF engine: no database, no network, no file of the user's. Text becomes data
for the engine and escaped words for Jinja; it never becomes code in either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from typing import TypeVar
from urllib.parse import quote

import css_inline
from jinja2 import Environment
from markupsafe import Markup

from campaign.drafting import (
    attached,
    controls,
    engine,
    filling,
    markdown,
    paper,
    pictures,
    placeholders,
    plaintext,
    tree,
    wording,
)
from campaign.drafting.attached import Attached, Listed
from campaign.drafting.pictures import Picture
from campaign.drafting.tree import Chart, Node
from campaign.kernel.errors import Problem

T = TypeVar("T")

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})
_NO_NOTE = "A notice cannot hold a footnote: write it into the sentence."
_NO_BLOCK = "A notice cannot hold a field that fills a paragraph of its own."


@dataclass(frozen=True)
class Letterhead:
    """Who we are, at the top of the letter."""

    name: str
    address_lines: tuple[str, ...]
    email: str = ""
    phone: str = ""
    website: str = ""
    logo: Picture | None = None


@dataclass(frozen=True)
class Addressee:
    """Whom we write to; `channel_lines` are the postal address or “via email: …”."""

    company: str
    office: str
    channel_lines: tuple[str, ...]


@dataclass(frozen=True)
class Signatory:
    """A person who signs, for an organisation."""

    name: str
    role: str
    organisation: str
    signature: Picture | None = None


@dataclass(frozen=True)
class LetterContent:
    """Everything that a letter is made of.

    Attributes:
        date: the day printed in the letter.
        language: of the text, a BCP 47 tag such as `en` or `de`.
        subject: one line that may hold inline placeholders; no Markdown.
        body: Markdown with placeholders. Where its first paragraph holds
            `((contact.salutation))`, the subject line stands below it, otherwise above the body.
        values: what to print for each inline placeholder, already in words.
        questions: plain words, numbered in this order by `((questions))`.
        notices: Markdown by name (`publication_notice`, …), with inline placeholders.
        closing: “Yours faithfully,”.
        reference: printed in the letter and used for the page's ids.
        undated: prints no date of its own, as a reminder whose mail is dated when it leaves.
        paper: of the PDF, by typst's name; see `paper.of_country`.
        charts: what each `((chart: survey/question))` shows, by `survey/question`.
        attachments: files that go with it, named at its foot.
        lent: the language of the program's own words where there are none in `language`.
    """

    letterhead: Letterhead
    addressee: Addressee
    date: date
    language: str
    subject: str
    body: str
    values: Mapping[str, str]
    questions: tuple[str, ...]
    notices: Mapping[str, str]
    closing: str
    signatories: tuple[Signatory, ...]
    reference: str
    undated: bool = False
    paper: str = paper.A4
    charts: Mapping[str, Chart] = field(default_factory=dict)
    lent: str = ""
    attachments: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A letter with every value filled in: what all four forms print."""

    letterhead: Letterhead
    addressee: Addressee
    date_words: str
    iso_date: str
    language: str
    direction: str
    subject: str
    salutation: tuple[Node, ...]
    body: tuple[Node, ...]
    notes: tuple[Node, ...]
    closing: str
    signatories: tuple[Signatory, ...]
    reference: str
    paper: str
    words: Mapping[str, str]
    attachments: tuple[Listed, ...]


def subject(content: LetterContent) -> str:
    """The subject as one plain line.

    Raises:
        Problem: subject-not-one-line (bad-inputs.md 1 to 3), placeholder-unknown,
            placeholder-missing.
    """
    source, filler = content.subject, _Filler(content)
    for fault in placeholders.faults_of_line(source, filler.custom):
        raise _problem(source, fault)
    parts, at = [], 0
    for mark in markdown.marks(source):
        if placeholders.is_block(mark.name):
            raise Problem("subject-not-one-line", company=content.addressee.company)
        parts += [_unescaped(source[at : mark.start]), filler.words(mark)]
        at = mark.end
    line = "".join((*parts, _unescaped(source[at:])))
    if "??" in source:  # words that are not shown leave their spaces
        line = re.sub(" {2,}", " ", line)
    if not line.strip() or controls.CONTROL.search(line) or re.search("[\n\r\t]", line):
        raise Problem("subject-not-one-line", company=content.addressee.company)
    return line.strip()


def sheet(content: LetterContent) -> Sheet:
    """The letter with every value filled in.

    Raises:
        Problem: placeholder-unknown, placeholder-missing, placeholder-not-a-link, letter-text,
            letter-control-character, subject-not-one-line.
    """
    controls.refuse(content)
    filler = _Filler(content)
    salutation, body = _parted(_sound(content.body, filler.custom))
    return Sheet(
        letterhead=content.letterhead,
        addressee=content.addressee,
        date_words=_date_line(content),
        iso_date=content.date.isoformat(),
        language=content.language.replace("_", "-"),
        direction="rtl" if re.split("[-_]", content.language)[0] in _RIGHT_TO_LEFT else "ltr",
        subject=subject(content),
        salutation=(salutation := filling.fill(salutation, filler.filling)),
        body=(body := filling.fill(body, filler.filling)),
        notes=tree.numbered_notes((*salutation, *body)),
        closing=content.closing,
        signatories=content.signatories,
        reference=content.reference,
        paper=content.paper,
        words=(words := wording.of(content.language, content.lent).labels),
        attachments=attached.listed(content.attachments, words["decimal"]),
    )


def filled(letter: LetterContent | Sheet) -> Sheet:
    """The letter with every value filled in, once for all the forms that are made of it."""
    return letter if isinstance(letter, Sheet) else sheet(letter)


def as_text(letter: LetterContent | Sheet) -> str:
    """The letter as plain text of 72 columns, links and footnotes numbered at the end."""
    return plaintext.write(filled(letter))


def as_email_html(letter: LetterContent | Sheet, env: Environment) -> str:
    """The letter as a whole HTML document for e-mail: styles inlined, nothing remote."""
    page = env.get_template("letter/email.html").render(sheet=filled(letter))
    return css_inline.inline(page, keep_style_tags=True, load_remote_stylesheets=False)


def as_page_html(letter: LetterContent | Sheet, env: Environment) -> Markup:
    """The letter as a part of a page: one `div.letter-sheet`, its headings from h3 down.

    The ids in it begin with the letter's reference, so that several letters fit on one page.
    """
    ids = re.sub(r"[^a-z0-9]+", "-", letter.reference.lower()).strip("-") or "letter"
    page = env.get_template("letter/page.html").render(sheet=filled(letter), ids=ids)
    return Markup(page)  # noqa: S704 (made by an autoescaping template)


def as_pdf(letter: LetterContent | Sheet, read: pictures.Read = pictures.unread) -> bytes:
    """The letter as an accessible PDF (PDF/UA-1): the same bytes for the same letter.

    Args:
        read: gives the bytes of its pictures.

    Raises:
        Problem: letter-not-printable, where our fonts lack a character; those of `sheet` and
            of `read`.
    """
    return _set(filled(letter), read, engine.pdf)


def as_pages_png(
    letter: LetterContent | Sheet, read: pictures.Read = pictures.unread
) -> list[bytes]:
    """The pages of the PDF as pictures, for looking."""
    return _set(filled(letter), read, engine.pictures)


def refuse_unprintable(sheet: Sheet) -> None:
    """Refuse a letter with a character that no font of ours has, without making its PDF.

    Raises:
        Problem: letter-not-printable.
    """
    if character := engine.unprintable("".join(_printed(sheet))):
        raise _not_printable(sheet, engine.no_sign_for(character))


def _printed(sheet: Sheet) -> Iterator[str]:
    """All words that the PDF prints, in no order."""
    yield controls.all_words((asdict(sheet.letterhead), asdict(sheet.addressee)))
    yield controls.all_words([asdict(one) for one in sheet.signatories])
    yield controls.all_words([asdict(one) for one in sheet.attachments])
    yield from (sheet.date_words, sheet.subject, sheet.closing, sheet.reference)
    yield from sheet.words.values()
    for node in tree.every((*sheet.salutation, *sheet.body)):
        yield node.text
        if node.chart:
            yield controls.all_words(asdict(node.chart))


class _Filler:
    """The values of one letter's placeholders, as nodes that nobody reads again."""

    def __init__(self, content: LetterContent) -> None:
        first = content.signatories[0] if content.signatories else Signatory("", "", "")
        head = content.letterhead
        known = {
            "letter.date": _date_line(content),
            "letter.reference": content.reference,
            "contact.office": content.addressee.office,
            "organisation.name": head.name,
            "organisation.address": "\n".join(head.address_lines),
            "signatory.name": first.name,
            "signatory.role": first.role,
        }
        self._values = {**known, **content.values}
        self._content = content
        self._company = content.addressee.company
        self.custom = placeholders.kinds_by_value(self._values)
        self.filling = filling.Filling(self.inline, self.block, self.target, self.holds)

    def value(self, name: str) -> str:
        words = self._values.get(name, "")
        if not words.strip():
            raise Problem("placeholder-missing", company=self._company, field=name)
        return words.strip()

    def holds(self, name: str) -> bool:
        return self.value(name) == placeholders.YES

    def words(self, mark: markdown.Mark) -> str:
        """What a placeholder prints in a line without Markdown."""
        if mark.shown is None:
            return self.value(mark.name)
        return _unescaped(mark.shown) if self.holds(mark.name) else ""

    def inline(self, name: str, bare: bool) -> tuple[Node, ...]:
        words = _lines(self.value(name))
        if name in placeholders.TARGETS and not bare:
            return (Node("link", words, href=self.target(name)),)
        return words

    def target(self, name: str) -> str:
        words = self.value(name)
        if name == "reply.address" and _ADDRESS.fullmatch(words):
            return "mailto:" + quote(words, safe="@+.!#$&'*/=^_`{|}~-")
        if name == "reply.address" or not _is_web_address(words):
            raise Problem("placeholder-not-a-link", company=self._company, field=name)
        return words

    def block(self, name: str) -> tuple[Node, ...] | None:
        if key := placeholders.chart_key(name):
            return self._chart(name, key)
        if name not in placeholders.BLOCKS:
            return None
        if name == "questions":
            return self._questions()
        source = self._content.notices.get(name, "")
        if not source.strip():
            raise Problem("placeholder-missing", company=self._company, field=name)
        nodes = _sound(source, self.custom)
        if any(tree.notes(nodes)):
            raise Problem("letter-text", line=1, column=1, text="[^", why=_NO_NOTE)
        if any(map(placeholders.is_block, placeholders.names(source))):
            raise Problem("letter-text", line=1, column=1, text=name, why=_NO_BLOCK)
        return filling.fill(nodes, self.filling)

    def _chart(self, name: str, key: str) -> tuple[Node, ...]:
        if key not in self._content.charts:
            raise Problem("placeholder-missing", company=self._company, field=name)
        return (Node("chart", chart=self._content.charts[key]),)

    def _questions(self) -> tuple[Node, ...]:
        asked = [words.strip() for words in self._content.questions]
        if not asked or not all(asked):
            raise Problem("placeholder-missing", company=self._company, field="questions")
        items = (Node("li", (Node("plain", _lines(words)),)) for words in asked)
        return (Node("ol", tuple(items), number=1),)


def _date_line(content: LetterContent) -> str:
    return "" if content.undated else placeholders.date_words(content.date, content.language)


def _sound(source: str, custom: placeholders.Custom) -> tuple[Node, ...]:
    """The tree of a source, or the first of its faults as a Problem."""
    for fault in placeholders.faults(source, custom):
        raise _problem(source, fault)
    return markdown.parse(source).nodes


def _problem(source: str, fault: placeholders.Fault) -> Problem:
    if fault.why == placeholders.UNKNOWN:
        name = fault.text.strip("() \t")
        return Problem("placeholder-unknown", field=name, line=fault.line)
    return Problem("letter-text", **fault._asdict())


def _parted(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The salutation, where the letter begins with one, and the rest."""
    greeting = Node("field", text="contact.salutation")
    if nodes and nodes[0].kind == "p" and greeting in nodes[0].children:
        return nodes[:1], nodes[1:]
    return (), nodes


def _lines(words: str) -> tuple[Node, ...]:
    """A value as it is, its line breaks kept."""
    parts: list[Node] = []
    for line in words.splitlines():
        parts += [Node("br"), Node("text", text=line.strip())]
    return tuple(parts[1:])


def _unescaped(words: str) -> str:
    return words.replace("\\(", "(").replace("\\\\", "\\")


def _is_web_address(words: str) -> bool:
    clean = not re.search(r"[\s<>\"]", words)
    return clean and not words.startswith("mailto:") and markdown.is_allowed_link(words)


def _set(sheet: Sheet, read: pictures.Read, made: Callable[[str, object, datetime], T]) -> T:
    """What the PDF engine makes of a letter."""
    told = asdict(sheet)
    pictures.set_in(told, read)
    midnight = datetime.combine(date.fromisoformat(sheet.iso_date), time(), tzinfo=UTC)
    try:
        return made("letter.typ", told, midnight)
    except engine.Refused as refused:
        raise _not_printable(sheet, refused.why) from refused


def _not_printable(sheet: Sheet, why: str) -> Problem:
    return Problem("letter-not-printable", company=sheet.addressee.company, why=why)
