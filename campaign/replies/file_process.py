"""Handing a company's file to the worker process, within limits on time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from campaign.kernel.errors import Problem

SECONDS = 60
MEMORY = 1536 * 2**20
_ROOT = Path(__file__).resolve().parents[2]


class Looked(NamedTuple):
    """What the worker tells of a file; `found` are `Finding` codes, each with words."""

    kind: str
    pages: int
    found: dict[str, list[str]]


def look(raw: bytes) -> Looked:
    """What a file is and tells; one that ends the worker is unreadable. Never raises."""
    try:
        told, _ = _ask("look", raw)
        return Looked(str(told["kind"]), int(told["pages"]), dict(told["found"]))
    except (Problem, KeyError):
        return Looked("other", 0, {"unreadable": []})


def words_of(raw: bytes) -> str | None:
    """All words of a file; None where there may be some that cannot be read. Never raises."""
    try:
        told, text = _ask("words", raw)
    except Problem:
        return None
    return text.decode("utf-8", "replace") if told.get("read") else None


def page_picture(raw: bytes, number: int) -> bytes | None:
    """A PNG of a page; None where there is none.

    Raises:
        Problem: `file-not-drawn`.
    """
    told, picture = _ask("page", raw, number=number)
    if told.get("error") == "no-page":
        return None
    return _made(told, picture)


def burned(raw: bytes, boxes: Iterable[tuple[int, int, int, int, int]]) -> tuple[str, int, bytes]:
    """Kind, number of pages and bytes of a new file with boxes on its pages.

    Raises:
        Problem: `file-not-drawn`.
    """
    told, made = _ask("burn", raw, boxes=[list(box) for box in boxes])
    content = _made(told, made)
    return str(told["kind"]), int(told["pages"]), content


def parts(raw: bytes) -> list[tuple[str, bytes]]:
    """Names and contents of the files of a mail.

    Raises:
        Problem: `file-not-drawn` where the mail cannot be taken apart.
    """
    told, joined = _ask("parts", raw)
    if "error" in told:
        raise Problem("files-not-taken-out")
    found, start = [], 0
    for name, size in told["files"]:
        found.append((str(name), joined[start : start + size]))
        start += size
    return found


def _made(told: dict[str, Any], content: bytes) -> bytes:
    if "error" in told or not content:
        raise Problem("file-not-drawn")
    return content


def _ask(job: str, raw: bytes, **given: object) -> tuple[dict[str, Any], bytes]:
    """One job in a process of its own.

    Raises:
        Problem: `file-not-drawn` where the process took too long or died.
    """
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LANG")}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "campaign.replies.file_worker", str(MEMORY), str(SECONDS)]
    head = json.dumps({"job": job, **given}).encode("ascii") + b"\n"
    try:
        done = subprocess.run(
            command, input=head + raw, capture_output=True, timeout=SECONDS, cwd=_ROOT,
            env=environment, check=True,
        )  # fmt: skip
        told, _, made = done.stdout.partition(b"\n")
        return dict(json.loads(told)), made
    except (OSError, subprocess.SubprocessError, ValueError) as trouble:
        raise Problem("file-not-drawn") from trouble
