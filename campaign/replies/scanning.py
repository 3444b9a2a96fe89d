"""Showing files to a virus scanner: clamd, by its INSTREAM command (clamd(8))."""

from __future__ import annotations

import socket
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

SECONDS = 60.0
_CHUNK = 64 * 1024
_ANSWER_MOST = 4096


class Scan(StrEnum):
    """What the scanner says of a file."""

    NONE = "none"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"


class Verdict(NamedTuple):
    """What it says, and its own words for it."""

    scan: Scan
    detail: str = ""


def scan(raw: bytes, url: str) -> Verdict:
    """Ask the scanner at `url` (`tcp://HOST:PORT` or `unix:PATH`). Never raises.

    Without a scanner nothing is said; one that does not answer makes the file unscannable.
    """
    if not url:
        return Verdict(Scan.NONE)
    try:
        answer = _ask(raw, url)
    except OSError as error:
        return Verdict(Scan.UNSCANNABLE, f"The scanner does not answer ({type(error).__name__}).")
    return _read(answer)


def _read(answer: str) -> Verdict:
    words = answer.partition(":")[2].strip() or answer
    if words == "OK":
        return Verdict(Scan.CLEAN)
    if words.endswith(" FOUND"):
        return Verdict(Scan.INFECTED, words.removesuffix(" FOUND")[:200])
    return Verdict(Scan.UNSCANNABLE, words[:200] or "The scanner said nothing.")


def _ask(raw: bytes, url: str) -> str:
    with _connected(url) as line:
        line.settimeout(SECONDS)
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(raw), _CHUNK):
            piece = raw[start : start + _CHUNK]
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
        answer = b""
        while b"\0" not in answer and len(answer) < _ANSWER_MOST:
            piece = line.recv(_ANSWER_MOST)
            if not piece:
                break
            answer += piece
    text = answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
    return "".join(c for c in text if c.isprintable())


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(SECONDS)
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=SECONDS)
