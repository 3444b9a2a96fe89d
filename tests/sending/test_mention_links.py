"""Addresses of posts and of composers."""

from __future__ import annotations

import pytest

from campaign.drafting.mentions import Network
from campaign.kernel.errors import Problem
from campaign.sending import mention_links

X, MASTODON, BLUESKY = "@larkspur", "@larkspur@social.example", "@larkspur.bsky.social"
LINKEDIN, OTHER = "https://www.linkedin.com/company/larkspur", "larkspur on a forum"


@pytest.mark.parametrize(
    ("contact", "given", "kept"),
    [
        (X, "https://x.com/us/status/1234567890", None),
        (X, "x.com/us/status/12?s=20", "https://x.com/us/status/12"),
        (X, "https://twitter.com/us/status/12#m", "https://twitter.com/us/status/12"),
        (MASTODON, "https://social.example/@us/112233", None),
        (MASTODON, "https://social.example/@us@other.example/112233", None),
        (MASTODON, "https://social.example/users/us/statuses/112233", None),
        (MASTODON, "https://gts.example/@us/statuses/01HXYZ", None),
        (BLUESKY, "https://bsky.app/profile/us.example/post/3kabc2", None),
        (BLUESKY, "https://bsky.app/profile/did:plc:abc/post/3kabc2", None),
        (LINKEDIN, "https://www.linkedin.com/posts/us_title-activity-7-x?utm=1",
         "https://www.linkedin.com/posts/us_title-activity-7-x"),
        (LINKEDIN, "https://www.linkedin.com/feed/update/urn:li:share:7/", None),
        (OTHER, "https://forum.example/thread?id=1", None),
    ],
)  # fmt: skip
def test_the_address_of_a_post_is_kept_without_what_sharing_adds(
    contact: str, given: str, kept: str | None
) -> None:
    assert mention_links.post_address(contact, given) == (kept or given)


@pytest.mark.parametrize(
    ("contact", "given"),
    [
        (X, "https://x.com/us"),
        (X, "https://x.com/intent/post?text=a"),
        (X, "https://x.com.evil.example/us/status/1"),
        (X, "https://evil.example/x.com/us/status/1"),
        (X, "https://social.example/@us/112233"),
        (MASTODON, "https://social.example/@us"),
        (MASTODON, "https://x.com/us/status/12"),
        (BLUESKY, "https://bsky.app/profile/us.example"),
        (BLUESKY, "https://bsky.app/profile/us.example/post/"),
        (LINKEDIN, "https://www.linkedin.com/company/us"),
        (LINKEDIN, "https://linkedin.com.evil.example/posts/a"),
    ],
)
def test_what_is_no_post_on_that_network_is_refused(contact: str, given: str) -> None:
    with pytest.raises(Problem) as refused:
        mention_links.post_address(contact, given)
    assert refused.value.code == "mention-link"


@pytest.mark.parametrize("given", ["javascript:alert(1)", "https://a b/", "https://localhost/1"])
@pytest.mark.parametrize("contact", [X, OTHER])
def test_what_is_no_address_is_refused(contact: str, given: str) -> None:
    with pytest.raises(Problem):
        mention_links.post_address(contact, given)


@pytest.mark.parametrize(
    ("network", "address"),
    [
        (Network.X, "https://x.com/intent/post?text=A%20%26%20%23b%0A%C3%A9"),
        (Network.MASTODON, "https://social.example/share?text=A%20%26%20%23b%0A%C3%A9"),
        (Network.BLUESKY, "https://bsky.app/intent/compose?text=A%20%26%20%23b%0A%C3%A9"),
        (
            Network.LINKEDIN,
            "https://www.linkedin.com/feed/?shareActive=true&text=A%20%26%20%23b%0A%C3%A9",
        ),
        (Network.OTHER, ""),
    ],
)
def test_a_composer_opens_with_the_whole_text(network: Network, address: str) -> None:
    found = mention_links.composer(network, "A & #b\né", "https://social.example")
    assert found == address


def test_without_a_server_of_ours_mastodon_has_no_composer() -> None:
    assert mention_links.composer(Network.MASTODON, "A", "") == ""
