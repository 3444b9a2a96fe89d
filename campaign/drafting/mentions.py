"""How long a public mention may be, and how a handle is written, on each network.

A mention is never a delivery (fairness.md rule 7): it only says in public that we wrote.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import regex

URL_LENGTH = 23
"""What every web address counts on X and Mastodon, whatever its length.

Sources: twitter-text `config/v3.json` (`transformedURLLength`); Mastodon
`app/validators/status_length_validator.rb` (`URL_PLACEHOLDER_CHARS`).
"""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_URL = regex.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'’”)\]]", regex.IGNORECASE)
_BARE_URL = regex.compile(r"(?<![\w@./-])(?:[\p{L}\d-]+\.)+\p{L}{2,}(?![\w@])(?:/[^\s<>\"]*)?")
_REMOTE = regex.compile(r"(?<![\w/])@(\w(?:[\w.-]*\w)?)@[\w-]+(?:\.[\w-]+)+", regex.ASCII)
_GRAPHEME = regex.compile(r"\X")
# A sign that is shown as a picture: by itself, by a selector, as a flag or as a keycap.
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}.*[\ufe0f\u200d]|\u20e3")


class Network(StrEnum):
    """Where a company is mentioned; OTHER is one whose rules we do not know."""

    X = "x"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    LINKEDIN = "linkedin"
    OTHER = "other"


class Handle(NamedTuple):
    """A company's account: its network, and how a text writes it."""

    network: Network
    written: str


class Counted(NamedTuple):
    """One count of a text against one limit, in a unit."""

    length: int
    limit: int
    unit: str

    @property
    def over(self) -> int:
        """How many too many; 0 where it fits."""
        return max(0, self.length - self.limit)


NAMES = {
    Network.X: "X",
    Network.MASTODON: "Mastodon",
    Network.BLUESKY: "Bluesky",
    Network.LINKEDIN: "LinkedIn",
    Network.OTHER: "another network",
}
"""What the networks are called."""

HOW_WRITTEN = {
    Network.X: "@name: up to 15 letters, digits and underscores",
    Network.MASTODON: "@name@server.example",
    Network.BLUESKY: "@name.bsky.social, or @ and a domain of the company's own",
    Network.LINKEDIN: "https://www.linkedin.com/company/name",
    Network.OTHER: "We do not know this network: the shortest limit, that of X, is used",
}
"""How a handle is written on each network.

Sources: X help, “Help with username registration”; Mastodon `Account::USERNAME_RE`; AT Protocol
specification, “Handle”; the address of a company's page on LinkedIn, since a name there becomes
a mention only when a person picks it from a list.
"""

# What a person may have entered, with the handle as the text writes it. The first that fits.
_HANDLES: tuple[tuple[Network, str, str], ...] = (
    (Network.X, r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/@?(\w{1,15})/?", "@{}"),
    (Network.X, r"@(\w{1,15})", "@{}"),
    (
        Network.LINKEDIN,
        r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/((?:company|school|in)/[\w%.-]+)/?",
        "https://www.linkedin.com/{}",
    ),
    (Network.BLUESKY, r"(?:https?://)?bsky\.app/profile/((?:[a-z\d-]+\.)+[a-z][a-z\d-]*)/?", "@{}"),
    (Network.MASTODON, r"@?(\w(?:[\w.-]*\w)?@(?:[a-z\d-]+\.)+[a-z][a-z\d-]*)", "@{}"),
    (Network.BLUESKY, r"@((?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z](?:[a-z\d-]*[a-z\d])?)", "@{}"),
)
_MASTODON_PAGE = regex.compile(
    r"https?://((?:[a-z\d-]+\.)+[a-z]+)/@(\w[\w.-]*)/?", regex.I | regex.A
)


def handle_of(value: str) -> Handle:
    """The account that a contact names, by its address or its handle.

    A value that fits no network is OTHER and written as it stands, for a person to look at.
    """
    given = value.strip()
    for network, pattern, written in _HANDLES:
        found = regex.fullmatch(pattern, given, regex.IGNORECASE | regex.ASCII)
        if found:
            return Handle(network, written.format(found[1]))
    page = _MASTODON_PAGE.fullmatch(given)
    if page:
        return Handle(Network.MASTODON, f"@{page[2]}@{page[1]}")
    return Handle(Network.OTHER, given)


def counts(network: Network, text: str) -> tuple[Counted, ...]:
    """The text counted as the network counts it, against each limit that it sets."""
    return tuple(Counted(count(text), limit, unit) for count, limit, unit in _RULES[network])


def too_long(network: Network, text: str) -> Counted | None:
    """The count that is over its limit; None where the text fits."""
    return next((one for one in counts(network, text) if one.over), None)


def addresses_in(text: str) -> list[tuple[int, int]]:
    """Where each web address in a text begins and ends."""
    return [found.span() for found in _URL.finditer(text)]


def weighted(text: str) -> int:
    """The weighted length of a text on X.

    Source: twitter-text `config/v3.json`: in Unicode NFC a code point in one of four ranges
    weighs 1 and any other 2; an emoji of any length weighs 2; a web address 23. A domain
    without a scheme is one too where its ending exists; as we keep no list of endings, it
    weighs 23, or what its letters weigh where that is more.
    """
    text = unicodedata.normalize("NFC", text)
    rest = _URL.sub("", text)
    total = URL_LENGTH * len(_URL.findall(text))
    for bare in _BARE_URL.findall(rest):
        total += max(0, URL_LENGTH - _weight(bare))
    return total + _weight(rest)


def _weight(text: str) -> int:
    return sum(
        2 if _EMOJI.search(sign) else sum(map(_weight_of, sign)) for sign in _GRAPHEME.findall(text)
    )


def _weight_of(character: str) -> int:
    return 1 if any(low <= ord(character) <= high for low, high in _LIGHT) else 2


def characters(text: str) -> int:
    """The length on Mastodon.

    Source: `app/validators/status_length_validator.rb`: grapheme clusters, a web address 23, an
    account of another server by its local part (`@name`) only.
    """
    return graphemes(_REMOTE.sub(r"@\1", _URL.sub("x" * URL_LENGTH, text)))


def graphemes(text: str) -> int:
    """Extended grapheme clusters (UAX 29): what people see as one sign."""
    return len(_GRAPHEME.findall(text))


def utf8_bytes(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode())


def utf16_units(text: str) -> int:
    """UTF-16 code units, as a browser's form counts."""
    return len(text.encode("utf-16-le")) // 2


_X = ((weighted, 280, "weighted characters"),)
# Sources of the limits: twitter-text `config/v3.json`; Mastodon's default (a server may allow
# more); the lexicon `app.bsky.feed.post`; LinkedIn help, “Character limits” of a post, where
# the unit is not said: UTF-16 units never count less than another.
_RULES: dict[Network, tuple[tuple[Callable[[str], int], int, str], ...]] = {
    Network.X: _X,
    Network.MASTODON: ((characters, 500, "characters"),),
    Network.BLUESKY: ((graphemes, 300, "characters"), (utf8_bytes, 3000, "bytes")),
    Network.LINKEDIN: ((utf16_units, 3000, "characters"),),
    Network.OTHER: _X,
}
