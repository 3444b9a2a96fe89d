"""Pictures in letters: the logo and the signatures. A letter names each by its hash.

The bytes are read only where a form needs them: the PDF, and the mail that carries them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from campaign.kernel.errors import Problem

if TYPE_CHECKING:
    from campaign.drafting.rendering import LetterContent

Read = Callable[[str], bytes]
"""Gives the bytes with a SHA-256; raises Problem where they are missing or damaged."""


@dataclass(frozen=True)
class Picture:
    """A picture of a letter; width and height in pixels."""

    sha256: str
    media_type: str
    width: int
    height: int

    @property
    def cid(self) -> str:
        """Its name within a mail (RFC 2392)."""
        return f"{self.sha256[:32]}@picture"

    def within(self, width: int, height: int) -> tuple[int, int]:
        """The size in which it fits into so much room, in the same unit."""
        scale = min(width / self.width, height / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


class Inline(NamedTuple):
    """A picture as a mail carries it."""

    cid: str
    media_type: str
    raw: bytes


def unread(sha256: str) -> bytes:
    """Read nothing: for letters without pictures.

    Raises:
        Problem: `file-missing`.
    """
    raise Problem("file-missing", sha=sha256)


def of(content: LetterContent) -> tuple[Picture, ...]:
    """The pictures of a letter, each once."""
    all_of_them = [content.letterhead.logo, *(one.signature for one in content.signatories)]
    return tuple(dict.fromkeys(one for one in all_of_them if one is not None))


def inline(content: LetterContent, read: Read) -> tuple[Inline, ...]:
    """The pictures of a letter for its mail.

    Raises:
        Problem: `file-missing` or `file-damaged`.
    """
    return tuple(Inline(one.cid, one.media_type, read(one.sha256)) for one in of(content))


def shown_in(html: str, carried: tuple[Inline, ...]) -> str:
    """The HTML of a mail for a look at it in a page, its pictures written into it."""
    for one in carried:
        html = html.replace(f'"cid:{one.cid}"', f'"{_data_address(one.media_type, one.raw)}"')
    return html


def unsigned(content: LetterContent) -> LetterContent:
    """The letter without the pictures of signatures (fairness.md rule 26)."""
    signatories = tuple(replace(one, signature=None) for one in content.signatories)
    return replace(content, signatories=signatories)


_SIGNATURE = re.compile(r'<img class="signature"[^>]*>')


def without_signatures(page: str) -> str:
    """A letter's page without the pictures of signatures (fairness.md rule 26)."""
    return _SIGNATURE.sub("", page)


def set_in(sheet: dict[str, Any], read: Read) -> None:
    """Put the bytes of pictures into a sheet for the PDF engine, which reads no file itself.

    A picture goes as a drawing that holds it: the engine takes bytes as words only.
    """
    for one in _pictures_in(sheet):
        size = f'width="{one["width"]}" height="{one["height"]}"'
        one["svg"] = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} '
            f'href="{_data_address(one["media_type"], read(one["sha256"]))}"/></svg>'
        )


def _pictures_in(sheet: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = [sheet["letterhead"]["logo"], *(one["signature"] for one in sheet["signatories"])]
    return (one for one in found if one)


def _data_address(media_type: str, raw: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(raw).decode('ascii')}"


def from_json(stored: Mapping[str, Any] | None) -> Picture | None:
    """A picture as a bundle holds it."""
    return Picture(**stored) if stored else None


def told(content: dict[str, Any]) -> None:
    """Leave out of a letter's JSON the pictures that it does not have.

    So texts frozen before there were pictures say the same as ever.
    """
    for holder, name in _holders(content):
        if holder[name] is None:
            del holder[name]


def _holders(content: Mapping[str, Any]) -> list[tuple[dict[str, Any], str]]:
    signing = [(one, "signature") for one in content["signatories"]]
    return [(content["letterhead"], "logo"), *signing]
