"""Reports with the fields of RFC 3464, proper and broken."""

from __future__ import annotations

import pytest

from campaign.replies.reading import read_bytes
from tests.replies.table_field_reports import FORMS, REASONS, STAGES, Row, built

ROWS = [*REASONS, *STAGES, *FORMS]


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:60] for row in ROWS])
def test_a_report_with_fields_is_told_by_its_fields_and_words(row: Row) -> None:
    _name, fields, kind, hard, recipient, status = row
    seen = read_bytes(built(**fields))
    assert (seen.kind, seen.hard, seen.recipient, seen.status) == (kind, hard, recipient, status)
