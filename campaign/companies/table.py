"""Companies in a table: which column means what, and lines about one company made one row.

What cannot be used is refused with its line, and the rest is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from campaign.companies import cells, places, rules
from campaign.companies.cells import BadCell
from campaign.companies.rules import Channel
from campaign.kernel.errors import Problem

ROWS_MAX = 100_000
CELL_MAX = 10_000
_LIMIT = "10 MB, 100,000 rows and 10,000 characters in a cell"


@dataclass(frozen=True)
class ContactRow:
    """One way to reach a company, as the file gives it."""

    channel: Channel
    value: str
    office: str = ""
    person: str = ""
    salutation: str = ""
    verified_how: str = ""
    verified_on: date | None = None


@dataclass(frozen=True)
class Row:
    """One company with all its contacts; `line` is the first that names it."""

    line: int
    name: str
    slug: str
    legal_name: str = ""
    country: str | None = None
    region: str | None = None
    timezone: str | None = None
    language: str | None = None
    website: str = ""
    contacts: tuple[ContactRow, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """What was not read: "line 7", "header" or the name of a file, and why."""

    where: str
    why: str


class Sheet(NamedTuple):
    """What an import file holds."""

    rows: tuple[Row, ...]
    refused: tuple[Refusal, ...]


def too_large(what: str) -> Problem:
    """The error for an import beyond the limits."""
    return Problem("import-too-large", what=what, limit=_LIMIT)


COLUMNS = {
    "name": "name",
    "company": "name",
    "companyname": "name",
    "legalname": "legal_name",
    "slug": "slug",
    "country": "country",
    "region": "region",
    "timezone": "timezone",
    "zone": "timezone",
    "language": "language",
    "website": "website",
    "web": "website",
    "email": "email",
    "mail": "email",
    "emailaddress": "email",
    "form": "form",
    "webform": "form",
    "address": "address",
    "post": "address",
    "postaladdress": "address",
    "mention": "mention",
    "handle": "mention",
    "office": "office",
    "role": "office",
    "person": "person",
    "salutation": "salutation",
    "verifiedhow": "verified_how",
    "verifiedon": "verified_on",
}


def column_of(header: str) -> str | None:
    """Which column a header means, whatever its case, spaces, hyphens and underscores."""
    return COLUMNS.get("".join(c for c in header.casefold() if c.isalnum()))


def read_table(header: list[str], lines: Iterable[tuple[int, list[str]]]) -> Sheet:
    """Rows from a table, whatever file it came from.

    Args:
        header: the texts of the first row.
        lines: line number and cells of each further row.

    Raises:
        Problem: `import-too-large`.
    """
    columns, refused = _read_header(header)
    if "name" not in columns:
        why = "there is no column “name”; the first line must name the columns"
        return Sheet((), (*refused, Refusal("header", why)))
    book, width = Book(refused), len(header)
    for count, (line, texts) in enumerate(lines, start=1):
        if count > ROWS_MAX:
            raise too_large(f"it has more than {ROWS_MAX:,} rows")
        if any(len(text) > CELL_MAX for text in texts):
            raise too_large(f"line {line} has a cell of more than {CELL_MAX:,} characters")
        if any(text.strip() for text in texts):
            book.add(f"line {line}", lambda n=line, t=texts: read_row(n, t, columns, width))  # type: ignore[misc]
    return book.sheet()


def _read_header(header: list[str]) -> tuple[dict[str, int], list[Refusal]]:
    columns: dict[str, int] = {}
    unknown: list[str] = []
    for position, text in enumerate(header):
        column = column_of(text)
        if column is None or column in columns:
            unknown += [text.strip()[:60]] if text.strip() else []
        else:
            columns[column] = position
    if not unknown:
        return columns, []
    names = ", ".join(f"“{text}”" for text in unknown[:20])
    return columns, [Refusal("header", f"unknown or repeated columns, not read: {names}")]


def read_row(line: int, texts: list[str], columns: dict[str, int], width: int) -> Row:
    """One company from the cells of one line.

    Args:
        columns: at which place each known column stands.
        width: how many cells the header has.

    Raises:
        BadCell, Problem: a cell cannot be used.
    """
    if any(text.strip() for text in texts[width:]):
        raise BadCell("it has more cells than the header; put quotation marks round commas")

    def cell(column: str) -> str:
        position = columns.get(column, len(texts))
        return texts[position] if position < len(texts) else ""

    name = cells.name("name", cell("name"), cells.NAME_LENGTH)
    if not name:
        raise BadCell("the name is missing")
    slug = cells.one_line("slug", cell("slug"), rules.SLUG_LENGTH)
    if slug and not rules.is_slug(slug):
        raise BadCell(f"“{slug}” is not a slug; use a-z, 0-9 and single hyphens")
    country = cells.country(cell("country"))
    return Row(
        line=line,
        name=name,
        slug=slug,
        legal_name=cells.name("legal name", cell("legal_name"), cells.NAME_LENGTH),
        country=country,
        region=_region(country, cell("region")),
        timezone=cells.zone(cell("timezone")),
        language=cells.language(cell("language")),
        website=_website(cell("website")),
        contacts=_contacts(cell),
    )


def _region(country: str | None, text: str) -> str | None:
    if not text.strip():
        return None
    code = places.region_code(country, text)
    if code is None:
        raise BadCell(f"“{text[:60]}” is not a region; write its ISO 3166-2 code, such as BY")
    return code


def _website(text: str) -> str:
    if not text.strip():
        return ""
    value = rules.clean_web_address(text)
    if len(value) > 300:
        raise BadCell("the website is longer than 300 characters")
    return value


_READERS: tuple[tuple[str, Channel, Callable[[str], str]], ...] = (
    ("email", Channel.EMAIL, rules.clean_email),
    ("form", Channel.FORM, rules.clean_web_address),
    ("address", Channel.POST, cells.postal_address),
    ("mention", Channel.MENTION, lambda text: cells.one_line("mention", text, 200)),
)


def _contacts(cell: Callable[[str], str]) -> tuple[ContactRow, ...]:
    shared = ContactRow(
        Channel.EMAIL,
        "",
        office=cells.name("office", cell("office")),
        person=cells.name("person", cell("person")),
        salutation=cells.name("salutation", cell("salutation")),
        verified_how=cells.name("verified_how", cell("verified_how"), cells.SOURCE_LENGTH),
        verified_on=cells.day("verified_on", cell("verified_on")),
    )
    return tuple(
        replace(shared, channel=channel, value=read(cell(column)))
        for column, channel, read in _READERS
        if cell(column).strip()
    )


@dataclass
class Book:
    """Companies in the order of the file; several lines about one company become one row."""

    refused: list[Refusal]
    rows: dict[str, Row] = field(default_factory=dict)
    slugs_by_name: dict[str, str] = field(default_factory=dict)

    def add(self, where: str, read: Callable[[], Row]) -> None:
        """Keep what `read` gives, or the reason why it gives nothing."""
        try:
            self._keep(read())
        except BadCell as bad:
            self.refused.append(Refusal(where, str(bad)))
        except Problem as problem:
            self.refused.append(Refusal(where, str(problem)))

    def _keep(self, row: Row) -> None:
        same_name = " ".join(row.name.casefold().split())
        slug = row.slug or self.slugs_by_name.get(same_name) or rules.slug_of(row.name)
        known = self.rows.get(slug)
        row = replace(row, slug=slug)
        self.rows[slug] = _merged(known, row) if known else row
        self.slugs_by_name.setdefault(same_name, slug)

    def sheet(self) -> Sheet:
        """All that was kept; a company without zone gets that of a country with one clock."""
        rows = (
            replace(row, timezone=places.only_zone(row.country))
            if row.country and not row.timezone
            else row
            for row in self.rows.values()
        )
        return Sheet(tuple(rows), tuple(self.refused))


_SHARED_FACTS = ("legal_name", "country", "region", "timezone", "language", "website")


def _merged(known: Row, row: Row) -> Row:
    if known.name.casefold().split() != row.name.casefold().split():
        raise BadCell(
            f"its slug “{row.slug}” belongs to “{known.name}” on line {known.line};"
            " give each company a slug of its own"
        )
    facts: dict[str, Any] = {}
    for fact in _SHARED_FACTS:
        old, new = getattr(known, fact), getattr(row, fact)
        if old and new and old != new:
            raise BadCell(f"its {fact} differs from line {known.line}: “{new}” and “{old}”")
        facts[fact] = old or new
    taken = {(contact.channel, contact.value) for contact in known.contacts}
    fresh = tuple(c for c in row.contacts if (c.channel, c.value) not in taken)
    if row.contacts and not fresh:
        raise BadCell(f"it repeats the contacts of line {known.line} or one that follows it")
    return replace(known, contacts=known.contacts + fresh, **facts)
