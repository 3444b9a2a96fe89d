"""Posting on Mastodon and Bluesky, against a server that speaks as they do and breaks as told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.kernel import clock
from campaign.kernel.social import BlueskyAccount, MastodonAccount
from campaign.sending.bluesky_text import facets, handles_in
from campaign.sending.bluesky_way import BlueskyWay
from campaign.sending.mastodon_way import MastodonWay
from campaign.sending.ways import Post, Refused, Unsure, Way
from tests.sending import social_server
from tests.sending.social_server import APP_PASSWORD, HANDLE, RECORD, STATUSES, TOKEN, Fault, Social

SECONDS = 0.4
TEXT = "@larkspur.bsky.social We wrote to you – see https://letters.example/zoë?a=1."


@pytest.fixture
def social() -> Iterator[Social]:
    with social_server.serving() as server:
        yield server


def mastodon(social: Social, token: str = TOKEN) -> Way:
    return MastodonWay(MastodonAccount(social.url, token), SECONDS)


def bluesky(social: Social, password: str = APP_PASSWORD) -> Way:
    return BlueskyWay(BlueskyAccount(social.url, HANDLE, password), SECONDS)


Opened = Callable[[Social], Way]
BOTH = [
    pytest.param(mastodon, STATUSES, id="Mastodon"),
    pytest.param(bluesky, RECORD, id="Bluesky"),
]


def new(way: Way, text: str = TEXT) -> Post:
    now = clock.now()
    return Post(text, way.new_key(now), now, "en-GB")


@pytest.mark.parametrize(("opened", "path"), BOTH)
def test_a_post_is_taken_and_its_address_told(social: Social, opened: Opened, path: str) -> None:
    way = opened(social)
    post = new(way)
    address = way.post(post)
    assert social.posts == [TEXT]
    assert address in (
        f"{social.url}/@us/101",
        f"https://bsky.app/profile/{HANDLE}/post/{post.key}",
    )
    assert way.find(post) == address


IN_WORDS = {
    Fault.SILENT: "it did not answer in time",
    Fault.DROP: "the connection broke before it had answered",
    Fault.RUBBISH: "its answer makes no sense",
}


@pytest.mark.parametrize("fault", IN_WORDS, ids=str)
@pytest.mark.parametrize(("opened", "path"), BOTH)
def test_a_lost_answer_is_told_in_words_for_people(
    social: Social, opened: Opened, path: str, fault: Fault
) -> None:
    way = opened(social)
    post = new(way)
    social.fails(path, fault)
    with pytest.raises(Unsure) as told:
        way.post(post)
    assert str(told.value) == IN_WORDS[fault]


REFUSALS = (400, 401, 403, 404, 422, 429)
DOUBTS = (500, 502, 503, 504, *Fault)


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize(("opened", "path"), BOTH)
def test_a_network_that_says_no_took_nothing(
    social: Social, opened: Opened, path: str, code: int
) -> None:
    way = opened(social)
    post = new(way)
    social.fails(path, code)
    with pytest.raises(Refused, match=str(code)):
        way.post(post)
    assert social.posts == []
    assert way.find(post) is None
    way.post(post)
    assert social.posts == [TEXT]


@pytest.mark.parametrize("fault", DOUBTS, ids=str)
@pytest.mark.parametrize(("opened", "path"), BOTH)
def test_a_lost_answer_is_a_doubt_that_the_network_settles(
    social: Social, opened: Opened, path: str, fault: Fault | int
) -> None:
    way = opened(social)
    post = new(way)
    social.fails(path, fault)
    with pytest.raises(Unsure):
        way.post(post)
    assert social.asked.count(("POST", path)) == 1, "it was tried again by itself"
    there = len(social.posts) == 1
    assert (way.find(post) is not None) is there
    # A person who presses again all the same posts nothing twice.
    try:
        way.post(post)
    except Refused:
        assert there
    assert social.posts == [TEXT]


@pytest.mark.parametrize(
    ("opened", "first"),
    [
        (mastodon, "/api/v1/accounts/verify_credentials"),
        (bluesky, "/xrpc/com.atproto.server.createSession"),
        (bluesky, "/xrpc/com.atproto.identity.resolveHandle"),
    ],
    ids=["Mastodon", "Bluesky", "Bluesky, an account"],
)
@pytest.mark.parametrize("fault", [401, 429, 500, Fault.SILENT, Fault.DROP_BEFORE, Fault.RUBBISH])
def test_what_fails_before_the_post_is_a_refusal(
    social: Social, opened: Opened, first: str, fault: Fault | int
) -> None:
    social.fails(first, fault)
    way = opened(social)
    with pytest.raises(Refused):
        way.post(new(way))
    assert social.posts == []


@pytest.mark.parametrize(
    ("way", "name"),
    [
        (lambda s: mastodon(s, "wrong-token"), "MASTODON_TOKEN"),
        (lambda s: bluesky(s, "wwww-rrrr-oooo-nggg"), "BLUESKY_APP_PASSWORD"),
    ],
    ids=["Mastodon", "Bluesky"],
)
def test_a_secret_that_is_not_accepted_is_named_and_never_told(
    social: Social, caplog: pytest.LogCaptureFixture, way: Opened, name: str
) -> None:
    caplog.set_level(logging.DEBUG)
    opened = way(social)
    post = new(opened)
    with pytest.raises(Refused, match=name) as refused:
        opened.post(post)
    for secret in ("wrong-token", "wwww-rrrr-oooo-nggg"):
        assert secret not in str(refused.value)
        assert secret not in caplog.text


@pytest.mark.parametrize("opened", [mastodon, bluesky])
def test_a_server_that_tells_our_secret_is_not_quoted_with_it(
    social: Social, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    leak = {"error": "x", "message": f"bad {APP_PASSWORD}"}
    monkeypatch.setattr(social, "bluesky", lambda *_: (400, leak))
    monkeypatch.setattr(social, "mastodon", lambda *_: (422, {"error": f"bad {TOKEN}"}))
    way = opened(social)
    post = new(way)
    with pytest.raises(Refused, match="bad •••"):
        way.post(post)


@pytest.mark.parametrize(("opened", "path"), BOTH)
def test_a_server_that_is_not_there_took_nothing(opened: Opened, path: str) -> None:
    gone = Social()
    gone.url = "http://127.0.0.1:9"
    way = opened(gone)
    post = new(way)
    with pytest.raises(Refused, match=r"^it cannot be reached$"):
        way.post(post)


@pytest.mark.parametrize(("opened", "path"), BOTH)
def test_the_same_words_of_an_earlier_post_are_not_taken_for_this_one(
    social: Social, opened: Opened, path: str
) -> None:
    way = opened(social)
    way.post(new(way))
    for status in social.statuses.values():
        status["created_at"] = "2026-01-01T00:00:00Z"
    assert way.find(new(way)) is None


# What Bluesky is told


def test_links_and_mentions_are_told_by_their_place_in_bytes(social: Social) -> None:
    way = bluesky(social)
    way.post(new(way))
    (record,) = social.records.values()
    raw = record["text"].encode()
    told = [
        (raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), one["features"])
        for one in record["facets"]
    ]
    assert told == [
        (
            "@larkspur.bsky.social",
            [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:larkspur"}],
        ),
        (
            "https://letters.example/zoë?a=1",
            [
                {
                    "$type": "app.bsky.richtext.facet#link",
                    "uri": "https://letters.example/zoë?a=1",
                }
            ],
        ),
    ]
    assert record["langs"] == ["en-GB"]
    assert record["createdAt"].endswith("Z")


def test_an_account_that_bluesky_does_not_know_is_named_and_nothing_is_posted(
    social: Social,
) -> None:
    way = bluesky(social)
    with pytest.raises(Refused, match=r"knows no account @nobody\.example"):
        way.post(new(way, "@nobody.example We wrote to you."))
    assert social.posts == []


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@a.example and @b.example, @a.example.", ("a.example", "b.example")),
        ("mail a@b.example", ()),
        ("@a@b.example", ()),
        ("https://x.example/@a.example", ()),
        ("@name", ()),
        ("(@a-1.example)", ("a-1.example",)),
    ],
)
def test_only_handles_are_mentions(text: str, handles: tuple[str, ...]) -> None:
    assert handles_in(text) == handles


@given(st.text(st.sampled_from("aé\U0001f600 @.\n"), max_size=40))
def test_whatever_stands_before_a_link_its_bytes_are_found(before: str) -> None:
    text = f"{before} https://a.example/b"
    known = dict.fromkeys(handles_in(text), "did:plc:x")
    last = facets(text, known)[-1]
    raw = text.encode()
    assert raw[last["index"]["byteStart"] : last["index"]["byteEnd"]] == b"https://a.example/b"


def test_a_record_key_is_as_long_as_they_are_and_they_come_in_order(social: Social) -> None:
    way = bluesky(social)
    keys = [way.new_key(datetime(2026, 11, 26, 7, second, tzinfo=UTC)) for second in range(30)]
    assert keys == sorted(set(keys))
    assert {len(key) for key in keys} == {13}
    assert all(key[0] in "234567abcdefghij" for key in keys)
