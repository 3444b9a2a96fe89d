"""Addresses on the networks where we mention companies: of a post, and of a network's composer."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from campaign.companies.rules import clean_web_address
from campaign.drafting.mentions import NAMES, Network, handle_of
from campaign.kernel.errors import Problem

_HANDLE = r"(?:[a-z\d-]+\.)+[a-z][a-z\d-]*"
# What the address of one post looks like behind “https://”, and what to write instead.
_POSTS: dict[Network, tuple[str, str]] = {
    Network.X: (
        r"(?:www\.|mobile\.)?(?:x|twitter)\.com/\w{1,15}/status/\d{1,25}/?",
        "https://x.com/name/status/123",
    ),
    Network.MASTODON: (
        rf"{_HANDLE}(?::\d+)?/(?:@[\w.-]+(?:@{_HANDLE})?(?:/statuses)?|users/[\w.-]+/statuses|notice)"
        r"/[a-z\d]+/?",
        "https://social.example/@name/123",
    ),
    Network.BLUESKY: (
        rf"bsky\.app/profile/(?:{_HANDLE}|did:[a-z]+:[\w.:%-]+)/post/[\w.~-]+/?",
        "https://bsky.app/profile/name.bsky.social/post/3k…",
    ),
    Network.LINKEDIN: (
        r"(?:[a-z]{2,3}\.)?linkedin\.com/(?:posts/[^/\s]+|feed/update/urn:li:(?:activity|share|ugcpost):\d+)/?",
        "https://www.linkedin.com/posts/…",
    ),
}


def network_of(contact: str) -> Network:
    """The network of the account that a contact names."""
    return handle_of(contact).network


def post_address(contact: str, link: str) -> str:
    """The address of a post that mentions that account.

    What a network adds to an address that is shared, behind the question mark, is left out.

    Raises:
        Problem: `mention-link`, where no post of the account's network has it; `bad-contact`.
    """
    address, network = clean_web_address(link), network_of(contact)
    if network not in _POSTS:
        return address
    pattern, example = _POSTS[network]
    bare = urlsplit(address)._replace(query="", fragment="").geturl()
    if not re.fullmatch(rf"https?://{pattern}", bare, re.IGNORECASE | re.ASCII):
        raise Problem("mention-link", network=NAMES[network], example=example)
    return bare


def composer(network: Network, text: str, mastodon_url: str) -> str:
    """The address that opens the network's own window for a new post, with the text in it.

    Sources: X “Web Intents” (`/intent/post`); Mastodon `ShareController` (`/share`); Bluesky
    “Action Intent Links” (`/intent/compose`); LinkedIn has none that is documented, its start
    page takes `shareActive` and `text`.

    Args:
        mastodon_url: the server that our account is on; empty where it is not known.

    Returns:
        Nothing for a network that has none.
    """
    homes = {
        Network.X: "https://x.com/intent/post?",
        Network.MASTODON: f"{mastodon_url}/share?" if mastodon_url else "",
        Network.BLUESKY: "https://bsky.app/intent/compose?",
        Network.LINKEDIN: "https://www.linkedin.com/feed/?shareActive=true&",
    }
    home = homes.get(network, "")
    return home and home + urlencode({"text": text}, quote_via=quote)
