"""The networks on which we have an account."""

from __future__ import annotations

from flask import current_app

from campaign.drafting.mentions import Network
from campaign.kernel.social import BlueskyAccount, MastodonAccount
from campaign.sending.bluesky_way import BlueskyWay
from campaign.sending.mastodon_way import SECONDS, MastodonWay
from campaign.sending.ways import Way


class Networks:
    """Ways to post, for the networks that the settings give an account with its secret for."""

    def __init__(
        self, mastodon: MastodonAccount, bluesky: BlueskyAccount, seconds: float = SECONDS
    ) -> None:
        self.mastodon_url = mastodon.url
        self._ways: dict[Network, Way] = {}
        if mastodon.token:
            self._ways[Network.MASTODON] = MastodonWay(mastodon, seconds)
        if bluesky.app_password:
            self._ways[Network.BLUESKY] = BlueskyWay(bluesky, seconds)

    def way(self, network: Network) -> Way | None:
        """How to post there; None where only a person can."""
        return self._ways.get(network)


def networks() -> Networks:
    """Those of the program that runs."""
    found: Networks = current_app.extensions["networks"]
    return found
