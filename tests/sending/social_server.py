"""A server on loopback that speaks as Mastodon and as Bluesky do, and breaks as told.

Mastodon: `/api/v1/…`, with idempotency keys. Bluesky: `/xrpc/…`, where no record is made twice
under one key.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from campaign.kernel import clock

TOKEN = "a-token-for-tests"
HANDLE = "brightwater.example"
APP_PASSWORD = "abcd-efgh-ijkl-mnop"
DID = "did:plc:us"
STATUSES = "/api/v1/statuses"
RECORD = "/xrpc/com.atproto.repo.createRecord"


class Fault(StrEnum):
    """How an answer fails; a number is answered instead."""

    SILENT = "silent"  # the post is taken; the answer never comes
    DROP = "drop"  # the post is taken; the connection is closed
    DROP_BEFORE = "drop before"  # the connection is closed and nothing is taken
    HALF = "half"  # the post is taken; half of the answer comes
    TAKEN_500 = "taken, 500"  # the post is taken; the answer is a server's error
    RUBBISH = "rubbish"  # the post is taken; the answer makes no sense
    ELSEWHERE = "elsewhere"  # a redirect to the same place


class Social:
    """What the server has: posts taken, in order, and the faults to come, by path.

    Attributes:
        asked: every request, as (method, path).
        records: what was posted on Bluesky, by its record key.
    """

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, str]] = []
        self.faults: dict[str, list[Fault | int]] = {}
        self.posts: list[str] = []
        self.statuses: dict[str, dict[str, Any]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.known = {"larkspur.bsky.social": "did:plc:larkspur"}
        self.released = threading.Event()

    def fails(self, path: str, *faults: Fault | int) -> None:
        """The next requests of that path fail so."""
        self.faults.setdefault(path, []).extend(faults)

    def next_fault(self, path: str) -> Fault | int | None:
        waiting = self.faults.get(path)
        return waiting.pop(0) if waiting else None

    def mastodon(self, path: str, given: dict[str, Any], headers: Any) -> tuple[int, Any]:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "The access token is invalid"}
        if path == "/api/v1/accounts/verify_credentials":
            return 200, {"id": "7", "username": "us", "acct": "us", "url": f"{self.url}/@us"}
        if path == "/api/v1/accounts/7/statuses":
            return 200, list(self.statuses.values())[::-1]
        if path.endswith("/source"):
            number = path.split("/")[-2]
            found = next(one for one in self.statuses.values() if one["id"] == number)
            return 200, {"id": number, "text": found["said"], "spoiler_text": ""}
        if path == STATUSES:
            return 200, self._status(given["status"], headers["Idempotency-Key"])
        return 404, {"error": "Record not found"}

    def _status(self, text: str, key: str) -> dict[str, Any]:
        if key not in self.statuses:
            self.posts.append(text)
            number = str(100 + len(self.posts))
            self.statuses[key] = {
                "id": number,
                "url": f"{self.url}/@us/{number}",
                "uri": f"{self.url}/users/us/statuses/{number}",
                "created_at": clock.now().isoformat().replace("+00:00", "Z"),
                "content": "<p>html</p>",
                "said": text,
            }
        return self.statuses[key]

    def bluesky(self, path: str, given: dict[str, Any], headers: Any) -> tuple[int, Any]:
        name = path.removeprefix("/xrpc/")
        if name == "com.atproto.server.createSession":
            if (given["identifier"], given["password"]) != (HANDLE, APP_PASSWORD):
                return 401, {"error": "AuthenticationRequired", "message": "Invalid password"}
            return 200, {"did": DID, "handle": HANDLE, "accessJwt": "jwt", "refreshJwt": "r"}
        if name == "com.atproto.identity.resolveHandle":
            did = self.known.get(given["handle"])
            return (200, {"did": did}) if did else (400, _error("Unable to resolve handle"))
        if headers.get("Authorization") != "Bearer jwt":
            return 401, {"error": "AuthMissing", "message": "Authentication Required"}
        if name == "com.atproto.repo.createRecord":
            return self._create(given)
        if name == "com.atproto.repo.getRecord":
            found = self.records.get(given["rkey"])
            if not found:
                return 400, {"error": "RecordNotFound", "message": "Could not locate record"}
            return 200, {"uri": _uri(given["rkey"]), "value": found}
        return 501, {"error": "MethodNotImplemented"}

    def _create(self, given: dict[str, Any]) -> tuple[int, Any]:
        key = given["rkey"]
        if given["repo"] != DID or key in self.records:
            return 400, _error("Record already exists")
        self.records[key] = given["record"]
        self.posts.append(given["record"]["text"])
        return 200, {"uri": _uri(key), "cid": "bafy"}


def _uri(key: str) -> str:
    return f"at://{DID}/app.bsky.feed.post/{key}"


def _error(words: str) -> dict[str, str]:
    return {"error": "InvalidRequest", "message": words}


class _Handler(BaseHTTPRequestHandler):
    """Answers as the server's `Social` says; a subclass has it."""

    social: Social

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        self._take(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        self._take(json.loads(raw) if "json" in kind else dict(parse_qsl(raw.decode())))

    def _take(self, given: dict[str, Any]) -> None:
        path = urlsplit(self.path).path
        self.social.asked.append((self.command, path))
        fault = self.social.next_fault(path)
        if fault is Fault.DROP_BEFORE:
            return
        if fault is Fault.ELSEWHERE:
            self._answer(307, {}, {"Location": path})
            return
        if isinstance(fault, int):
            self._answer(fault, {"error": f"told to say {fault}", "message": "told to"})
            return
        speak = self.social.bluesky if path.startswith("/xrpc/") else self.social.mastodon
        code, body = speak(path, given, self.headers)
        self._answer_badly(fault, code) if fault else self._answer(code, body)

    def _answer_badly(self, fault: Fault, code: int) -> None:
        if fault is Fault.RUBBISH:
            self._answer(code, "<html>rubbish")
        elif fault is Fault.TAKEN_500:
            self._answer(500, {"error": "Internal"})
        elif fault is Fault.HALF:
            self.send_response(code)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"uri":')
        elif fault is Fault.SILENT:
            self.social.released.wait(20)

    def _answer(self, code: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def serving() -> Iterator[Social]:
    """The server, for as long as the block lasts."""
    social = Social()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"social": social}))
    server.daemon_threads = True
    social.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield social
    finally:
        social.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
