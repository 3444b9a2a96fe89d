"""The files of a mail, as bytes; runs in the worker process only."""

from __future__ import annotations

from campaign.replies.mime import Part, decode_words, take_apart

FILES_MOST = 60
_BODY = ("text/plain", "text/html")


def parts(raw: bytes) -> list[tuple[str, bytes]]:
    """Name, as its sender gave it, and content of every file of a mail, in order.

    Raises:
        TooMuch: the mail is beyond a limit of `mime`.
    """
    found = []
    for part in take_apart(raw).walk():
        if _is_file(part):
            content = part.payload()
            if content:
                found.append((decode_words(part.file_name)[:300], content))
    return found[:FILES_MOST]


def _is_file(part: Part) -> bool:
    if part.parts or part.content_type.startswith("multipart/") or part.within > 1:
        return False
    if part.content_type in _BODY:
        return part.is_attachment and not part.within
    return True
