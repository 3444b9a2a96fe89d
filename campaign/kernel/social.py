"""Our accounts on networks where a mention is posted: read from the settings, never stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

_HANDLE = re.compile(r"(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z](?:[a-z\d-]*[a-z\d])?", re.I)
# As Bluesky makes them; the password of the account itself can do far more than post.
_APP_PASSWORD = re.compile(r"[a-z\d]{4}(?:-[a-z\d]{4}){3}")


class Fault(NamedTuple):
    """A setting that is not usable, why, and what to set."""

    name: str
    why: str
    example: str


@dataclass(frozen=True)
class MastodonAccount:
    """An account on a Mastodon server; without token it is only opened in a browser."""

    url: str = ""
    token: str = field(default="", repr=False)

    def fault(self) -> Fault | None:
        """The first setting that is not usable."""
        if self.token and not self.url:
            return Fault("MASTODON_URL", "it is empty", "the server that MASTODON_TOKEN is for")
        if self.url and not is_site(self.url):
            return Fault("MASTODON_URL", "it is no https:// address", "https://social.example")
        if not _one_word(self.token):
            return Fault("MASTODON_TOKEN", "it is no token", "what your server gave you")
        return None


@dataclass(frozen=True)
class BlueskyAccount:
    """An account on Bluesky; without app password it is only opened in a browser."""

    url: str = "https://bsky.social"
    handle: str = ""
    app_password: str = field(default="", repr=False)

    def fault(self) -> Fault | None:
        """The first setting that is not usable."""
        if not is_site(self.url):
            return Fault("BLUESKY_URL", "it is no https:// address", "https://bsky.social")
        if bool(self.handle) != bool(self.app_password):
            lacks = "BLUESKY_HANDLE" if self.app_password else "BLUESKY_APP_PASSWORD"
            return Fault(lacks, "it is empty", "what belongs to the other one of the two")
        if self.handle and not _HANDLE.fullmatch(self.handle):
            return Fault("BLUESKY_HANDLE", "it is no handle", "name.bsky.social, without @")
        if self.app_password and not _APP_PASSWORD.fullmatch(self.app_password):
            why = "it is no app password; never give the account's own"
            return Fault("BLUESKY_APP_PASSWORD", why, "one from Bluesky's settings: abcd-…")
        return None


def is_site(url: str) -> bool:
    """Whether it is the bare address of a site: https, or http on this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_here(url))
    return bool(plain and safe and parts.hostname) and parts.path in ("", "/")


def is_here(url: str) -> bool:
    """Whether it is an address of this machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")


def _one_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
