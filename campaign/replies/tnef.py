"""The files in a winmail.dat (MS-OXTNEF): their names and bytes, nothing run and nothing else.

The library for it has had no release since 2021, copies the rest of the file for each of its
records and counts recipients up to four thousand million, so the few records that are wanted
are read here, in one pass.
"""

from __future__ import annotations

from typing import NamedTuple

from campaign.replies.charsets import clean

_SIGNATURE = b"\x78\x9f\x3e\x22"
_TITLE, _DATA, _NEW_FILE = 0x8010, 0x800F, 0x9002
_ATTACHMENT = 2  # level of a record
_HEAD, _MOST = 9, 60


class TnefFile(NamedTuple):
    """One file; its name as the sender gave it, for showing only."""

    name: str
    content: bytes


def files(raw: bytes) -> list[TnefFile]:
    """The files, at most sixty; none where it is no TNEF. Never raises."""
    if not raw.startswith(_SIGNATURE):
        return []
    found: list[TnefFile] = []
    at = 6
    while at + _HEAD <= len(raw) and len(found) <= _MOST:
        attribute = int.from_bytes(raw[at + 1 : at + 3], "little")
        size = int.from_bytes(raw[at + 5 : at + 9], "little")
        if raw[at] == _ATTACHMENT:
            if attribute == _NEW_FILE:
                found.append(TnefFile("", b""))
            value = raw[at + _HEAD : at + _HEAD + size]
            if found and attribute == _TITLE:
                found[-1] = found[-1]._replace(name=_name(value))
            elif found and attribute == _DATA:
                found[-1] = found[-1]._replace(content=value)
        at += _HEAD + size + 2
    return [each for each in found[:_MOST] if each.content or each.name]


def _name(raw: bytes) -> str:
    raw = raw.partition(b"\0")[0][:500]
    try:
        return clean(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return clean(raw.decode("cp1252", "replace"))
