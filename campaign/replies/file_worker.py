"""The process in which files of companies are looked at: `python -m campaign.replies.file_worker`.

One job, then it ends. On stdin and stdout: a line of JSON, then bytes. It imports neither Flask
nor SQLAlchemy, writes no file, reaches no network of its own accord, and has limits on memory
and time, so that no file can do more than fail.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from zipfile import BadZipFile

from campaign.replies import file_kinds, file_office, file_pages
from campaign.replies.file_kinds import Finding, TooMuch
from campaign.replies.file_parts import parts

Told = tuple[dict[str, Any], bytes]


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this platform; the time limit still holds
        return
    limits = {
        "RLIMIT_AS": memory,
        "RLIMIT_CPU": seconds,
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": 0,
    }
    for name, value in limits.items():
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def look(raw: bytes, given: dict[str, Any]) -> Told:
    """What the file is, what it tells, how many pages it has."""
    kind = file_kinds.kind_of(raw)
    looked, pages = _looked(raw, kind)
    found = {finding.value: words for finding, words in looked.found.items()}
    return {"kind": kind, "pages": pages, "found": found}, b""


def _looked(raw: bytes, kind: str) -> tuple[file_office.Looked, int]:
    looked = file_office.Looked()
    try:
        if kind == "pdf":
            return file_pages.look_at_pdf(raw)
        if kind in ("png", "jpeg"):
            return file_pages.look_at_picture(raw), 1
        if file_kinds.KINDS[kind].office:
            return file_office.look(raw), 0
        if kind == "other":
            looked.tell(_other(raw))
    except TooMuch:
        looked.tell(Finding.BOMB)
    except (MemoryError, Exception):
        looked.tell(Finding.UNREADABLE)
    return looked, 0


def _other(raw: bytes) -> Finding:
    if raw.startswith(b"PK\x03\x04"):
        try:
            file_kinds.opened(raw)
        except TooMuch:
            return Finding.BOMB
        except (BadZipFile, ValueError, OSError, NotImplementedError):
            return Finding.UNREADABLE
    return Finding.UNKNOWN


def words(raw: bytes, given: dict[str, Any]) -> Told:
    """All words of a file; `read` is false where there may be some that cannot be read."""
    kind, read, text = file_kinds.kind_of(raw), True, ""
    try:
        if kind == "pdf":
            text = file_pages.text_of_pdf(raw)
        elif kind in ("png", "jpeg"):
            text = " ".join(file_pages.look_at_picture(raw).text)
        elif kind == "text":
            text = raw.decode("utf-8")
        elif file_kinds.KINDS[kind].office:
            text = "".join(file_office.look(raw).text)
        else:
            read = False
    except (MemoryError, Exception):
        read = False
    return {"read": read}, text.encode("utf-8", "replace")


def page(raw: bytes, given: dict[str, Any]) -> Told:
    """A picture of one page."""
    kind = file_kinds.kind_of(raw)
    return {}, file_pages.page_picture(raw, kind, int(given["number"]))


def burn(raw: bytes, given: dict[str, Any]) -> Told:
    """The file anew, with boxes on its pages."""
    kind = file_kinds.kind_of(raw)
    boxes = [file_pages.Box(*one) for one in given["boxes"]]
    made, pages = file_pages.burned(raw, kind, boxes)
    return {"kind": kind, "pages": pages}, made


def take_apart(raw: bytes, given: dict[str, Any]) -> Told:
    """The files of a mail, one after the other."""
    found = parts(raw)
    return {"files": [[name, len(content)] for name, content in found]}, b"".join(
        content for _, content in found
    )


JOBS: dict[str, Callable[[bytes, dict[str, Any]], Told]] = {
    "look": look,
    "words": words,
    "page": page,
    "burn": burn,
    "parts": take_apart,
}


def main(memory: int, seconds: int) -> None:
    """Do the one job."""
    _limit(memory, seconds)
    given = json.loads(sys.stdin.buffer.readline(2**20))
    raw = sys.stdin.buffer.read()
    try:
        told, made = JOBS[given["job"]](raw, given)
    except TooMuch:
        told, made = {"error": "large"}, b""
    except IndexError:
        told, made = {"error": "no-page"}, b""
    except (MemoryError, Exception) as trouble:
        told, made = {"error": type(trouble).__name__}, b""
    sys.stdout.buffer.write(json.dumps(told).encode("ascii") + b"\n" + made)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
