"""What lists share: search, pages, and export."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Response, abort, request

from campaign.extensions import db

PER_PAGE = 50
SEARCH_LENGTH = 200
# What a spreadsheet takes for a formula (bad-inputs.md 80).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Listed(NamedTuple):
    """One page of a list, as the macro `pager` wants it."""

    items: list[Any]
    page: int
    pages: int
    total: int


def searched() -> str:
    """The search words in the address (`q`); 400 where nobody can have typed them."""
    words = request.args.get("q", "").strip()
    if len(words) > SEARCH_LENGTH or "\x00" in words:
        abort(400)
    return words


def page_number(param: str = "page") -> int:
    """The page asked for in the address, from 1; 400 for what is no such number."""
    asked = request.args.get(param, "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", asked, re.ASCII):
        abort(400)
    return int(asked)


def listed(query: sa.Select[Any], *, per_page: int = PER_PAGE) -> Listed:
    """The page of `query` that the address asks for; 404 after the last one."""
    page = page_number()
    counted = sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    pages = max(1, -(-total // per_page))
    if page > pages:
        abort(404)
    rows = db.session.scalars(query.limit(per_page).offset((page - 1) * per_page))
    return Listed(list(rows), page, pages, total)


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A table as a CSV download (RFC 4180, UTF-8 with a mark that spreadsheets look for)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def harmless(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula; a number is none."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, Decimal):
        return text
    return f"'{text}" if text.startswith(_FORMULA) else text
