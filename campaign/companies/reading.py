"""Read an import file of companies into plain rows; nothing is stored here.

Two shapes are read: a CSV file, and the records of the datenanfragen.de company database.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from campaign.companies import cells, places, rules
from campaign.companies.cells import BadCell
from campaign.companies.table import (
    CELL_MAX,
    ROWS_MAX,
    Book,
    ContactRow,
    Refusal,
    Row,
    Sheet,
    column_of,
    read_row,
    read_table,
    too_large,
)
from campaign.kernel.errors import Problem

__all__ = [
    "BYTES_MAX",
    "ContactRow",
    "Refusal",
    "Row",
    "Sheet",
    "decoded",
    "read_csv",
    "read_datenanfragen",
    "too_large",
]

BYTES_MAX = 10_000_000
RECORD_BYTES_MAX = 1_000_000
_DELIMITERS = ",;\t|"


def read_csv(raw: bytes) -> Sheet:
    """Companies and contacts from a CSV file; its columns are found by their headers.

    UTF-8, UTF-16 and Windows-1252 are told apart, and so are commas, semicolons and tabs.
    Several lines with one name or slug are several contacts of one company.

    Raises:
        Problem: `import-too-large`, `import-unreadable`.
    """
    if len(raw) > BYTES_MAX:
        raise too_large("it has more than 10 MB")
    text = decoded(raw)
    if not text.strip():
        return Sheet((), (Refusal("header", "the file is empty"),))
    broken: list[Refusal] = []
    lines = _lines(text, _delimiter(text), broken)
    # Blank lines and the "sep=;" that some spreadsheets write come before the headers.
    header = next((texts for _, texts in lines if _is_header(texts)), [])
    sheet = read_table(header, lines)
    return Sheet(sheet.rows, sheet.refused + tuple(broken))


def decoded(raw: bytes) -> str:
    """The file's text, by its byte order mark, else UTF-8, else Windows-1252.

    Raises:
        Problem: `import-unreadable`.
    """
    for encoding in _encodings(raw):
        try:
            return raw.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise Problem("import-unreadable", why="its characters are in no encoding that we know")


def _encodings(raw: bytes) -> tuple[str, ...]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # Without a mark, UTF-16 shows itself by the zero half of most plain letters.
    start = raw[:400]
    if start[1::2].count(0) > len(start) // 4:
        return ("utf-16-le",)
    if start[0::2].count(0) > len(start) // 4:
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _is_header(texts: list[str]) -> bool:
    first = "".join(texts).strip(_DELIMITERS + " ")
    return bool(first) and not first.startswith("sep=")


def _delimiter(text: str) -> str:
    """The delimiter that makes most known columns of the first line."""
    lines = (line for line in text.splitlines() if _is_header([line]))
    first = next(lines, "")[:CELL_MAX]

    def known(delimiter: str) -> int:
        try:
            header = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(column_of(cell) is not None for cell in header)

    return max(_DELIMITERS, key=known)


def _lines(text: str, delimiter: str, broken: list[Refusal]) -> Iterator[tuple[int, list[str]]]:
    """Number of its first line and cells of each record; what is broken goes to `broken`."""
    # strict: otherwise one quotation mark that is never closed swallows the rest in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise too_large(
                    f"line {start} has a cell of more than {CELL_MAX:,} characters"
                ) from None
            end = reader.line_num
            why = "its quotation marks do not match"
            if end > start:
                why += f"; nothing of lines {start} to {end} was read"
            broken.append(Refusal(f"line {start}", why))


def read_datenanfragen(records: Iterable[tuple[str, bytes]]) -> Sheet:
    """Rows from records of the datenanfragen.de company database (its JSON schema).

    Args:
        records: name of the file and its bytes.

    The records carry no day of checking, so their contacts are not verified (fairness.md
    rule 7); how each was compiled is kept as its source.

    Raises:
        Problem: `import-too-large`.
    """
    book = Book([])
    for number, (name, raw) in enumerate(records, start=1):
        if number > ROWS_MAX:
            raise too_large(f"it has more than {ROWS_MAX:,} records")
        book.add(name, lambda n=number, r=raw: _read_record(n, r, book.rows))  # type: ignore[misc]
    return book.sheet()


def _read_record(number: int, raw: bytes, known: dict[str, Row]) -> Row:
    record = _parsed(raw)
    if record.get("obsolete"):
        raise BadCell("the record is marked obsolete")
    countries = record.get("relevant-countries", [])
    if not isinstance(countries, list):
        raise BadCell("its relevant-countries is not a list")
    texts = {key: _text(record, key) for key in ("name", "slug", "address", "email", "webform")}
    texts |= {"website": _text(record, "web"), "language": _text(record, "request-language")}
    last_line = texts["address"].rstrip().rpartition("\n")[2]
    only = str(countries[0]) if len(countries) == 1 else ""
    texts["country"] = places.country_code(last_line) or places.country_code(only) or ""
    texts["verified_how"] = _source(record)
    texts["form"] = texts.pop("webform")
    row = read_row(
        number, list(texts.values()), {key: n for n, key in enumerate(texts)}, len(texts)
    )
    slug = row.slug or rules.slug_of(row.name)
    if slug in known:
        raise BadCell(f"its slug “{slug}” was already read")
    return replace(row, slug=slug)


def _parsed(raw: bytes) -> dict[str, Any]:
    if len(raw) > RECORD_BYTES_MAX:
        raise BadCell("it is larger than 1 MB")
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadCell("it is not readable as JSON") from None
    if not isinstance(record, dict):
        raise BadCell("it is not a record of the company database")
    return record


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key) or ""
    if not isinstance(value, str) or len(value) > CELL_MAX:
        raise BadCell(f"its {key} is not a text of at most {CELL_MAX:,} characters")
    return value


def _source(record: dict[str, Any]) -> str:
    sources = record.get("sources")
    first = (
        next((s for s in sources if isinstance(s, str)), "") if isinstance(sources, list) else ""
    )
    source = f"datenanfragen.de company database ({_text(record, 'quality') or 'verified'}) {first}"
    return source.strip()[: cells.SOURCE_LENGTH]
