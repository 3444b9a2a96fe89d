"""Files that people give as evidence of delivery: pictures and PDFs, told by their content."""

from __future__ import annotations

from campaign.kernel.errors import Problem
from campaign.sending import parcels

BYTES_MOST = 10 * 2**20
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "pdf": b"%PDF-"}


def ending(raw: bytes) -> str:
    """What its name ends with, by its first bytes; empty for what is no evidence."""
    return next((name for name, start in _BEGINNINGS.items() if raw.startswith(start)), "")


def keep(raw: bytes | None) -> str | None:
    """Put a file into the store and give its SHA-256; None where none was given.

    Raises:
        Problem: `proof-file-large`, `proof-file-type`, or that the store has no room.
    """
    if not raw:
        return None
    if len(raw) > BYTES_MOST:
        raise Problem("proof-file-large", limit=BYTES_MOST // 2**20)
    if not ending(raw):
        raise Problem("proof-file-type")
    return parcels.files().put(raw)
