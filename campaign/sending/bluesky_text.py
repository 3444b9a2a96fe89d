"""Links and mentions in a post on Bluesky: pure. A text is plain there; what is a link is said
beside it, by its place in bytes of UTF-8 (`app.bsky.richtext.facet`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from campaign.drafting.mentions import addresses_in

_MENTION = regex.compile(
    r"(?<![\w@./-])@((?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z](?:[a-z\d-]*[a-z\d])?)(?![\w@-])",
    regex.IGNORECASE | regex.ASCII,
)
_FACET = "app.bsky.richtext.facet"


def handles_in(text: str) -> tuple[str, ...]:
    """The accounts that a text mentions, each once."""
    return tuple(dict.fromkeys(found[1] for found in _MENTION.finditer(text)))


def facets(text: str, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """What in the text is a link or a mention, by its place in bytes.

    Args:
        known: the decentralised identifier (DID) of each account that is mentioned.
    """
    links = [
        (at, _facet(text, at, end, {"$type": f"{_FACET}#link", "uri": text[at:end]}))
        for at, end in addresses_in(text)
    ]
    mentions = [
        (
            found.start(),
            _facet(text, *found.span(), {"$type": f"{_FACET}#mention", "did": known[found[1]]}),
        )
        for found in _MENTION.finditer(text)
    ]
    return [facet for _, facet in sorted([*links, *mentions], key=lambda one: one[0])]


def _facet(text: str, at: int, end: int, feature: Mapping[str, str]) -> dict[str, Any]:
    return {
        "index": {
            "byteStart": len(text[:at].encode()),
            "byteEnd": len(text[:end].encode()),
        },
        "features": [dict(feature)],
    }
