"""Import files on disk: CSV, XLSX, or a folder of datenanfragen records."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import python_calamine

from campaign.companies.reading import BYTES_MAX, read_csv, read_datenanfragen
from campaign.companies.table import ROWS_MAX, Sheet, read_table, too_large
from campaign.kernel.errors import Problem

UNPACKED_MAX = 200 * 2**20  # octets that an XLSX may unpack to
KINDS = ("csv", "xlsx", "datenanfragen")


def read_path(path: Path, kind: str | None = None) -> Sheet:
    """Read an import file, or a folder of records.

    Args:
        kind: one of `KINDS`; None goes by the ending, a folder or `.json` is datenanfragen.

    Raises:
        Problem: it cannot be read, is too large or of no kind that we know.
    """
    kind = kind or _kind_of(path)
    try:
        if kind == "datenanfragen":
            return read_datenanfragen(_records(path))
        if path.is_dir():
            raise Problem("import-unreadable", why="it is a folder")
        raw = _bounded(path)
    except OSError as error:
        raise Problem("import-unreadable", why=str(error.strerror)) from error
    return read_xlsx(raw) if kind == "xlsx" else read_csv(raw)


def _kind_of(path: Path) -> str:
    if path.is_dir() or path.suffix.lower() == ".json":
        return "datenanfragen"
    return "xlsx" if path.suffix.lower() == ".xlsx" else "csv"


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        raw = file.read(BYTES_MAX + 1)
    if len(raw) > BYTES_MAX:
        raise too_large("the file")
    return raw


def _records(path: Path) -> Iterator[tuple[str, bytes]]:
    for record in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        yield record.name, _bounded(record)


def read_xlsx(raw: bytes) -> Sheet:
    """The first sheet of a workbook; its first line that is not empty is the header.

    Raises:
        Problem: it is no workbook, or unpacks to more than is allowed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_MAX:
                raise too_large("the workbook")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=ROWS_MAX + 2)
    except (zipfile.BadZipFile, python_calamine.CalamineError, IndexError) as error:
        raise Problem("import-unreadable", why="it is no XLSX workbook") from error
    lines = [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    filled = [(number, texts) for number, texts in lines if any(texts)]
    if not filled:
        raise Problem("import-unreadable", why="it is empty")
    return read_table(filled[0][1], filled[1:])


def _text(cell: object) -> str:
    """A cell as text; whole numbers without a decimal point, dates as ISO 8601."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    isoformat = getattr(cell, "isoformat", None)
    return isoformat() if isoformat else str(cell).strip()
