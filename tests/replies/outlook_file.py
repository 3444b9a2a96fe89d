"""Mails as Outlook saves them (.msg), made here: a compound file (MS-CFB) with its properties."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Tree = Mapping[str, Any]  # names to bytes or to further trees
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_SMALL = 4096


def outlook_file(
    *,
    subject: str = "Your letter",
    text: str = "We keep it for three days.",
    sender: str = "pip@larkspur-mobile.example",
    headers: str = "",
    html: bytes = b"",
    attached: Mapping[str, bytes] | None = None,
    inner: Tree | None = None,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """A mail as a .msg file.

    Args:
        headers: the header as it came by the internet; without it the single properties speak.
        inner: the properties of a mail that is attached.
        more: further text properties by tag.
    """
    tree = properties(
        **{"0037": subject, "1000": text, "0C1F": sender, "0C1A": "Pip Larch", "007D": headers},
        **(more or {}),
    )
    if html:
        tree["__substg1.0_10130102"] = html
    sent = int(
        (datetime(2026, 11, 2, 9, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()
    )
    tree["__properties_version1.0"] = b"\0" * 32 + struct.pack("<IIQ", 0x00390040, 6, sent * 10**7)
    for number, (name, data) in enumerate((attached or {}).items()):
        held = properties(**{"3707": name, "370E": "application/pdf"})
        tree[f"__attach_version1.0_#{number:08X}"] = {**held, "__substg1.0_37010102": data}
    if inner is not None:
        tree["__attach_version1.0_#000000FF"] = {"__substg1.0_3701000D": dict(inner)}
    return compound_file(tree)


def properties(**texts: str) -> dict[str, Any]:
    """Text properties by tag; empty ones are left out."""
    return {
        f"__substg1.0_{tag}001F": words.encode("utf-16-le") for tag, words in texts.items() if words
    }


def compound_file(tree: Tree) -> bytes:
    """The tree as a compound file of version 3."""
    entries: list[list[Any]] = [["Root Entry", 5, _NONE, _NONE, b""]]
    _add(entries, 0, tree)
    small, mini_fat, sectors, fat = bytearray(), list[int](), bytearray(), list[int]()

    def chain(table: list[int], first: int, count: int) -> None:
        table.extend(range(first + 1, first + count))
        table.append(_END)

    def put(data: bytes) -> int:
        first, count = len(fat), -(-len(data) // 512)
        sectors.extend(data.ljust(count * 512, b"\0"))
        chain(fat, first, count)
        return first

    starts = []
    for _, kind, _, _, data in entries:
        if kind != 2 or not data:
            starts.append(_END)
        elif len(data) < _SMALL:
            first, count = len(mini_fat), -(-len(data) // 64)
            small.extend(data.ljust(count * 64, b"\0"))
            chain(mini_fat, first, count)
            starts.append(first)
        else:
            starts.append(put(data))
    starts[0] = put(bytes(small)) if small else _END
    entries[0][4] = bytes(small)
    mini = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat)) if mini_fat else _END
    listed = b"".join(_entry(e, s) for e, s in zip(entries, starts, strict=True))
    folder = put(listed)
    fats = 1
    while (len(fat) + fats) > fats * 128:
        fats += 1
    place = len(fat)
    fat.extend([_FAT] * fats)
    fat.extend([_FREE] * (fats * 128 - len(fat)))
    sectors.extend(struct.pack(f"<{len(fat)}I", *fat))
    difat = [*range(place, place + fats), *[_FREE] * (109 - fats)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, folder, 0, _SMALL,
                        mini, -(-len(mini_fat) // 128), _END, 0, 0)[:52]  # fmt: skip
    return head[:76].ljust(76, b"\0") + struct.pack("<109I", *difat) + bytes(sectors)


def _add(entries: list[list[Any]], parent: int, tree: Tree) -> None:
    before = None
    for name in sorted(tree):
        held = tree[name]
        number = len(entries)
        is_folder = isinstance(held, Mapping)
        entries.append([name, 1 if is_folder else 2, _NONE, _NONE, b"" if is_folder else held])
        if before is None:
            entries[parent][3] = number
        else:
            entries[before][2] = number
        before = number
        if is_folder:
            _add(entries, number, held)


def _entry(entry: list[Any], start: int) -> bytes:
    name, kind, right, child, data = entry
    written = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        written, len(written), kind, 1, _NONE, right, child, b"", 0, 0, 0, start, len(data),
    )  # fmt: skip
