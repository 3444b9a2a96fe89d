"""Files that a letter names at its foot. A letter names each by its hash; the bytes lie apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Attached:
    """A file as a letter names it; `size` in bytes.

    Attributes:
        address: where the recipient can fetch it; empty where it travels with the mail.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    address: str = ""

    @property
    def said(self) -> str:
        """The size in words, as it is printed after the name."""
        return size_words(self.size)


class Offered(NamedTuple):
    """A file that letters of a campaign name, with its address; whether mails have room for it."""

    file: Attached
    fits: bool


def for_letter(offered: Iterable[Offered], carried: bool) -> tuple[Attached, ...]:
    """The files as one letter names them: with an address where they do not come with it.

    Args:
        carried: the letter goes as a mail or in an envelope, which can hold files; a form cannot.
    """
    return tuple(
        replace(one.file, address="") if carried and one.fits else one.file for one in offered
    )


@dataclass(frozen=True)
class Listed:
    """A file as a letter prints it: its name, its size in words, its address if it has one."""

    name: str
    said: str
    address: str


def listed(attachments: Iterable[Attached], decimal: str) -> tuple[Listed, ...]:
    """The files as a letter prints them, with the decimal sign of its language."""
    return tuple(
        Listed(one.name, one.said.replace(".", decimal), one.address) for one in attachments
    )


def size_words(size: int) -> str:
    """A number of bytes in words, as file managers show it: decimal units, never nothing.

    Args:
        size: in bytes.
    """
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def unlinked(attachments: Iterable[Attached]) -> tuple[Attached, ...]:
    """The files without their addresses, which are for recipients alone."""
    return tuple(replace(one, address="") for one in attachments)


_LINK = re.compile(r'<a class="attachment"[^>]*>(.*?)</a>', re.DOTALL)


def without_links(page: str) -> str:
    """A letter's page without the addresses of its files, which are for recipients alone."""
    return _LINK.sub(r"\1", page)


def travelling(sizes: Iterable[int], most: int) -> tuple[bool, ...]:
    """Which files travel with a mail: in their order, as long as they fit into `most` bytes."""
    left, found = most, []
    for size in sizes:
        found.append(size <= left)
        left -= size if size <= left else 0
    return tuple(found)


def from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Attached, ...]:
    """Files as a bundle holds them."""
    return tuple(Attached(**one) for one in stored)
