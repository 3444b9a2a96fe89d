"""Reports that are only text: each shape of each server, told by what it is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from campaign.replies.kinds import Kind
from campaign.replies.reading import read_bytes

_TABLE = tomllib.loads((Path(__file__).parent / "mail" / "text_reports.toml").read_text())
FAILED, US = _TABLE["failed"], _TABLE["us"]
ROWS: list[dict[str, Any]] = _TABLE["report"]


def written(sender: str, subject: str, body: str, more: str = "") -> bytes:
    """A plain mail to us; `more` are further header lines."""
    head = f"From: {sender}\nTo: {US}\nSubject: {subject}\n{more}MIME-Version: 1.0\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{body}\n".encode()


def filled(text: str) -> str:
    """A text of the table with its placeholders filled in."""
    text = text.replace("{original}", _TABLE["original"])
    return text.replace("{failed}", FAILED).replace("{us}", US)


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
@pytest.mark.parametrize("more", ["", "Return-Path: <>\n"], ids=["no path", "null path"])
def test_a_report_in_words_is_told_by_what_it_says(row: dict[str, Any], more: str) -> None:
    raw = written(filled(row["from"]), filled(row["subject"]), filled(row["body"]), more)
    seen = read_bytes(raw)
    assert (seen.kind, seen.hard) == (Kind(row["kind"]), row.get("hard"))
    assert (seen.recipient, seen.status) == (row.get("recipient", FAILED), row.get("status"))
