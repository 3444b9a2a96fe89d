"""Tables as Excel files to download."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter
from flask import Response

_MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELL_MAX = 32_767  # characters; Excel takes no more
_WIDTH = 36
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same rows are the same bytes, for caches
# Nothing that a person typed becomes a formula or a link (bad-inputs.md 80), and no row is kept
# in memory once it is written.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx_file(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A table as an XLSX download; every cell is text but a decimal, which is a number."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, _WIDTH)
        bold = book.add_format({"bold": True})
        for column, words in enumerate(header):
            sheet.write_string(0, column, words, bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(line, column, cell)
                    continue
                text = "" if cell is None else str(cell)
                sheet.write_string(line, column, text[:_CELL_MAX])
    response = Response(out.getvalue(), mimetype=_MIMETYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
