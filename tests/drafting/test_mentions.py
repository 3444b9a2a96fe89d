from __future__ import annotations

import pytest

from campaign.drafting import mentions
from campaign.drafting.mentions import Network

LONG_URL = "https://letters.example.org/" + "a" * 80
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("plain words", 11),
        ("\u10ff", 1),
        ("\u1100", 2),
        ("\u2014", 1),  # a dash, from 8208 on
        ("\u2010\u201f", 2),
        ("\u200d", 1),
        ("\u2026", 2),  # an ellipsis lies between the ranges
        ("\u2032\u2037", 2),
        ("手紙", 4),
        ("e\u0301", 1),  # one letter in NFC
        (LONG_URL, 23),
        ("https://a.example", 23),
        (f"See {LONG_URL}.", 4 + 23 + 1),
        (f"({LONG_URL})", 25),
        ("at letters.example", 3 + 23),
        ("to a@letters.example", 20),
        (FAMILY, 2),
        ("\N{THUMBS UP SIGN}\U0001f3fd", 2),
        ("\U0001f1ec\U0001f1e7", 2),  # a flag of two signs
        ("1\ufe0f\u20e3", 2),
        ("\N{COPYRIGHT SIGN}", 1),
        ("\N{COPYRIGHT SIGN}\ufe0f", 2),
    ],
)
def test_x_weighs_signs_addresses_and_emoji(text: str, length: int) -> None:
    assert mentions.weighted(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (LONG_URL, 23),
        ("@larkspur@social.example hello", 15),
        ("@larkspur@social.example, @other@a.example", 17),
        ("a@b.example", 11),
        (FAMILY + "e\u0301", 2),
        ("手紙", 2),
    ],
)
def test_mastodon_counts_an_account_by_its_local_part(text: str, length: int) -> None:
    assert mentions.characters(text) == length


@pytest.mark.parametrize(
    ("network", "text", "over", "unit"),
    [
        (Network.X, "a" * 280, 0, ""),
        (Network.X, "a" * 281, 1, "weighted characters"),
        (Network.X, "手" * 141, 2, "weighted characters"),
        (Network.MASTODON, "a" * 500, 0, ""),
        (Network.MASTODON, "a" * 507, 7, "characters"),
        (Network.BLUESKY, FAMILY * 166, 0, ""),
        (Network.BLUESKY, FAMILY * 167, 6, "bytes"),
        (Network.BLUESKY, "a" * 303, 3, "characters"),
        (Network.BLUESKY, LONG_URL * 3, 24, "characters"),
        (Network.LINKEDIN, "a" * 3000, 0, ""),
        (Network.LINKEDIN, "\N{THUMBS UP SIGN}" * 1501, 2, "characters"),
        (Network.OTHER, "a" * 290, 10, "weighted characters"),
    ],
)
def test_a_text_over_a_limit_says_by_how_many(
    network: Network, text: str, over: int, unit: str
) -> None:
    found = mentions.too_long(network, text)
    assert (found.over, found.unit) == (over, unit) if found else over == 0


@pytest.mark.parametrize(
    ("value", "network", "written"),
    [
        ("@larkspur", Network.X, "@larkspur"),
        ("https://x.com/larkspur", Network.X, "@larkspur"),
        ("twitter.com/@larkspur/", Network.X, "@larkspur"),
        ("@larkspur@social.example", Network.MASTODON, "@larkspur@social.example"),
        ("larkspur@social.example", Network.MASTODON, "@larkspur@social.example"),
        ("https://social.example/@larkspur", Network.MASTODON, "@larkspur@social.example"),
        ("@larkspur.bsky.social", Network.BLUESKY, "@larkspur.bsky.social"),
        ("@larkspur.example", Network.BLUESKY, "@larkspur.example"),
        ("https://bsky.app/profile/larkspur.example", Network.BLUESKY, "@larkspur.example"),
        (
            "linkedin.com/company/larkspur-mobile/",
            Network.LINKEDIN,
            "https://www.linkedin.com/company/larkspur-mobile",
        ),
        ("@sixteen_letters_", Network.OTHER, "@sixteen_letters_"),
        ("@larkspur-mobile", Network.OTHER, "@larkspur-mobile"),
        (" Larkspur on our forum ", Network.OTHER, "Larkspur on our forum"),
        ("@-larkspur.example", Network.OTHER, "@-larkspur.example"),
        ("@lärkspur", Network.OTHER, "@lärkspur"),
    ],
)
def test_a_handle_is_read_by_the_rules_of_its_network(
    value: str, network: Network, written: str
) -> None:
    assert mentions.handle_of(value) == (network, written)


def test_every_network_has_a_name_limits_and_a_way_to_write_a_handle() -> None:
    for network in Network:
        assert mentions.NAMES[network]
        assert mentions.HOW_WRITTEN[network]
        assert mentions.counts(network, "a")
