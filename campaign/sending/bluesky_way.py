"""Posting on Bluesky by its XRPC calls, once: under a record key that is made beforehand.

No record can be made twice under one key, and whether it is there can be asked by it. The
library `atproto` was measured: 0.x, 20 packages with 73 MB of files, 61 MB of memory; three
calls need none of it (AT Protocol specification, “HTTP API”; lexicons `com.atproto.server.
createSession`, `com.atproto.repo.createRecord` and `getRecord`, `app.bsky.feed.post`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import requests

from campaign.kernel.social import BlueskyAccount
from campaign.sending.bluesky_text import facets, handles_in
from campaign.sending.ways import Post, Refused, Unsure, no_answer, plain

SECONDS = 20.0
_ANSWER_MOST = 262_144  # bytes
_COLLECTION = "app.bsky.feed.post"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


class _NoAnswer(Exception):
    """Nothing came back that can be read."""


class _Said(NamedTuple):
    """An answer: its HTTP status and its JSON."""

    code: int
    body: Mapping[str, Any]

    @property
    def well(self) -> bool:
        return 200 <= self.code < 300

    @property
    def words(self) -> str:
        if self.well:
            return "its answer makes no sense"
        told = self.body.get("message") or self.body.get("error") or "no reason given"
        return f"{self.code}: {told}"


class _Session(NamedTuple):
    """We are signed in."""

    did: str
    token: str


class BlueskyWay:
    """Our account on Bluesky."""

    def __init__(self, account: BlueskyAccount, seconds: float = SECONDS) -> None:
        self._account, self._seconds = account, seconds

    def new_key(self, at: datetime) -> str:
        """A record key (AT Protocol specification, “TID”): microseconds, then ten random bits."""
        number = int(at.timestamp() * 1_000_000) << 10 | secrets.randbits(10)
        return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(13)))

    def post(self, post: Post) -> str:
        """Post once and give its address.

        Raises:
            Refused: the server said no, knows no account that the text mentions, or was not
                asked to post: we sign in first.
            Unsure: no answer, a server's error, or an answer that makes no sense.
        """
        me = self._sign_in()
        known = {handle: self._did(handle) for handle in handles_in(post.text)}
        record = {
            "$type": _COLLECTION,
            "text": post.text,
            "createdAt": post.at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "langs": [post.language],
            "facets": facets(post.text, known),
        }
        given = {"repo": me.did, "collection": _COLLECTION, "rkey": post.key, "record": record}
        try:
            said = self._ask("com.atproto.repo.createRecord", me, body=given)
        except _NoAnswer as error:
            raise Unsure(self._told(error)) from None
        if 400 <= said.code < 500:
            raise Refused(self._told(said.words))
        if not said.well or not str(said.body.get("uri", "")).endswith(post.key):
            raise Unsure(self._told(said.words))
        return self._address(post.key)

    def find(self, post: Post) -> str | None:
        """The address of the record with the key; None where there is none.

        Raises:
            Refused: the server cannot be asked.
        """
        me = self._sign_in()
        asked = {"repo": me.did, "collection": _COLLECTION, "rkey": post.key}
        said = self._first("com.atproto.repo.getRecord", me, query=asked)
        if said.well and said.body.get("uri"):
            return self._address(post.key)
        if said.body.get("error") == "RecordNotFound" or said.code == 404:
            return None
        raise Refused(self._told(said.words))

    def _sign_in(self) -> _Session:
        given = {
            "identifier": self._account.handle,
            "password": self._account.app_password,
        }
        said = self._first("com.atproto.server.createSession", None, body=given)
        if said.code == 401:
            raise Refused("401: Bluesky does not accept BLUESKY_HANDLE with BLUESKY_APP_PASSWORD")
        did, token = said.body.get("did"), said.body.get("accessJwt")
        if not (said.well and did and token):
            raise Refused(self._told(said.words))
        return _Session(str(did), str(token))

    def _did(self, handle: str) -> str:
        said = self._first(
            "com.atproto.identity.resolveHandle", None, query={"handle": handle.lower()}
        )
        if not (said.well and said.body.get("did")):
            raise Refused(self._told(f"Bluesky knows no account @{handle} ({said.words})"))
        return str(said.body["did"])

    def _first(
        self,
        name: str,
        me: _Session | None,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> _Said:
        """Ask what posts nothing: without an answer nothing was posted."""
        try:
            return self._ask(name, me, query=query, body=body)
        except _NoAnswer as error:
            raise Refused(self._told(error)) from None

    def _ask(
        self,
        name: str,
        me: _Session | None,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> _Said:
        headers = {"User-Agent": "campaign", "Accept": "application/json"}
        if me:
            headers["Authorization"] = f"Bearer {me.token}"
        try:
            with requests.request(
                "POST" if body is not None else "GET",
                f"{self._account.url}/xrpc/{name}",
                params=query,
                json=body,
                headers=headers,
                timeout=self._seconds,
                allow_redirects=False,
                stream=True,
                auth=_as_given,
            ) as answer:
                raw = answer.raw.read(_ANSWER_MOST, decode_content=True)
                code = answer.status_code
        except Exception as error:  # also what the library under it raises amid a body
            raise _NoAnswer(no_answer(error)) from None
        return _Said(code, _json(raw))

    def _told(self, words: object) -> str:
        return plain(words, self._account.app_password)

    def _address(self, key: str) -> str:
        return f"https://bsky.app/profile/{self._account.handle.lower()}/post/{key}"


def _as_given(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep our header: without this a ~/.netrc would put another in its place."""
    return request


def _json(raw: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(raw)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
