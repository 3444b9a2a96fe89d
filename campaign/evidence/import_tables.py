"""Files of publishers as plain tables: every sheet of a workbook, or the lines of a CSV file."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import python_calamine

from campaign.companies.reading import decoded
from campaign.kernel.errors import Problem

BYTES_MAX = 64 * 2**20
UNPACKED_MAX = 512 * 2**20  # octets that a workbook may unpack to
ROWS_MAX = 200_000  # in a sheet
_DELIMITERS = ",;\t|"


def _too_large(what: str) -> Problem:
    limit = f"{BYTES_MAX // 2**20} MB and {ROWS_MAX:,} lines in a sheet"
    return Problem("import-too-large", what=f"{what} is over the limit", limit=limit)


class Line(NamedTuple):
    """One line: its number as a spreadsheet counts, and its cells as text."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """A cell's text; empty beyond the last."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """One sheet; a CSV file is a sheet without a name."""

    name: str
    lines: tuple[Line, ...]

    def locator(self, line: int, column: int | None = None) -> str:
        """Where a cell stands, in words that a person can follow."""
        if not self.name:
            return f"line {line}"
        place = f"row {line}" if column is None else f"cell {_letters(column)}{line}"
        return f"sheet “{self.name}”, {place}"


def _letters(column: int) -> str:
    """A column as a spreadsheet names it: 0 is A, 26 is AA."""
    name, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def read_file(path: Path) -> tuple[bytes, list[Table]]:
    """A file's bytes and its tables.

    Raises:
        Problem: `import-unreadable`, `import-too-large`.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise Problem("import-unreadable", why=str(error.strerror)) from error
    return raw, read_bytes(raw)


def read_bytes(raw: bytes) -> list[Table]:
    """The tables of a workbook or of a CSV file, told apart by their content.

    Raises:
        Problem: `import-unreadable`, `import-too-large`.
    """
    if len(raw) > BYTES_MAX:
        raise _too_large("the file")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(raw)
    return [Table("", tuple(_csv(decoded(raw))))]


def _workbook(raw: bytes) -> list[Table]:
    try:
        if raw.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_MAX:
                    raise _too_large("the workbook")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        return [_sheet(book, name) for name in book.sheet_names]
    except (zipfile.BadZipFile, python_calamine.CalamineError) as error:
        raise Problem("import-unreadable", why="it is no workbook that can be read") from error


def _sheet(book: python_calamine.CalamineWorkbook, name: str) -> Table:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=ROWS_MAX + 1)
    if len(rows) > ROWS_MAX:
        raise _too_large(f"the sheet “{name[:60]}”")
    lines = (Line(n, tuple(map(_text, row))) for n, row in enumerate(rows, start=1))
    return Table(name, tuple(line for line in lines if any(line.cells)))


def _text(cell: object) -> str:
    """A cell as text; whole numbers without a decimal point, dates as ISO 8601."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    isoformat = getattr(cell, "isoformat", None)
    return isoformat() if isoformat else " ".join(str(cell).split())


def _csv(text: str) -> Iterator[Line]:
    head = text[:10_000].split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        before = 0
        for row in reader:
            number, before = before + 1, reader.line_num
            cells = tuple(" ".join(cell.split()) for cell in row)
            if any(cells):
                yield Line(number, cells)
            if number > ROWS_MAX:
                raise _too_large("the file")
    except csv.Error as error:
        why = f"line {before + 1} is broken: {error}"
        raise Problem("import-unreadable", why=why) from None
