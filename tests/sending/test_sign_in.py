"""Signing in by token to servers that refuse passwords: mail out, mail in, and the provider."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import repeat
from typing import Any
from urllib.parse import parse_qs

import pytest

from campaign.config import Settings
from campaign.kernel.errors import Problem
from campaign.kernel.oauth import Account, NoToken, Tokens
from campaign.replies.mailboxes import FolderEnd, Found, MailboxTrouble, open_mailbox
from campaign.sending.transport import Handover, TransportTrouble, check_mail_url
from tests.replies.odd_mail import WHEN
from tests.replies.test_mailboxes_misbehaving import GOOD, _scripted
from tests.sending.mails import PARCEL, Gate, opened
from tests.sending.smtp_server import Peer

SECRETS = ("app-secret", "long-lived", "token-1", "token-2")


class Provider:
    """A token endpoint: what it was asked, and what it answers."""

    def __init__(self, *answers: tuple[int, dict[str, Any] | bytes]) -> None:
        self.asked: list[dict[str, str]] = []
        self._answers = iter(answers)
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                provider.asked.append({k: v[0] for k, v in parse_qs(raw.decode()).items()})
                status, told = next(provider._answers)
                body = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Tokens:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return Tokens(self.account)

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def account(self) -> Account:
        url = f"http://127.0.0.1:{self._server.server_port}/token"
        return Account(url, "our-app", "app-secret", "long-lived", "mail.send mail.read")


def _given(number: int, **more: Any) -> tuple[int, dict[str, Any]]:
    return 200, {"access_token": f"token-{number}", "expires_in": 3600, **more}


def _shown(number: int, user: str = "us@ours.example") -> str:
    said = f"user={user}\x01auth=Bearer token-{number}\x01\x01"
    return base64.b64encode(said.encode()).decode()


@contextmanager
def _way(peer: Peer, tokens: Tokens) -> Iterator[Any]:
    url = peer.url.replace("//", "//us%40ours.example@") + "?auth=xoauth2"
    with opened(url, tokens=tokens) as transport:
        yield transport


def test_a_mail_leaves_after_a_sign_in_by_token() -> None:
    provider = Provider(_given(1))
    with (
        Peer(extensions=("AUTH LOGIN XOAUTH2",)) as peer,
        provider as tokens,
        _way(peer, tokens) as transport,
    ):
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert f"AUTH XOAUTH2 {_shown(1)}" in peer.commands
    assert provider.asked == [
        {
            "client_id": "our-app",
            "client_secret": "app-secret",
            "scope": "mail.send mail.read",
            "grant_type": "refresh_token",
            "refresh_token": "long-lived",
        }
    ]


def test_a_refused_token_stops_the_run_and_the_next_run_asks_for_another() -> None:
    reason = base64.b64encode(b'{"status":"400"}')
    script = {"AUTH": [b"334 " + reason + b"\r\n", None], "": repeat(b"535 5.7.8 bad\r\n")}
    provider = Provider(_given(1), _given(2))
    with Peer(script=script, extensions=("AUTH XOAUTH2",)) as peer, provider as tokens:
        with _way(peer, tokens) as transport, pytest.raises(TransportTrouble, match="535") as told:
            transport.send(PARCEL, Gate())
        with _way(peer, tokens) as transport:
            assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert not any(secret in told.value.why for secret in SECRETS)
    assert f"AUTH XOAUTH2 {_shown(2)}" in peer.commands


def test_a_server_without_such_a_sign_in_is_never_told_the_token() -> None:
    with (
        Peer(extensions=("AUTH PLAIN LOGIN",)) as peer,
        Provider(_given(1)) as tokens,
        _way(peer, tokens) as transport,
        pytest.raises(TransportTrouble, match="XOAUTH2"),
    ):
        transport.send(PARCEL, Gate())
    assert not any(command.startswith("AUTH") for command in peer.commands)


def test_a_mailbox_is_read_after_a_sign_in_by_token() -> None:
    asked: list[bytes] = []
    script = {**GOOD, b"AUTHENTICATE": b"+ \r\nTAG OK signed in\r\n", b"": b""}
    with _authenticating(script, asked) as url, Provider(_given(1)) as tokens:
        found = list(open_mailbox(url, tokens).read(lambda folder, validity: 0))
    assert found == [Found("INBOX", 9, "5", b"abcd", WHEN), FolderEnd("INBOX", 9)]
    at = asked.index(b"AUTHENTICATE XOAUTH2")
    assert asked[at + 1] == _shown(1, "u").encode()
    assert not any(command.startswith(b"LOGIN") for command in asked)


def test_a_mailbox_that_refuses_the_token_is_trouble_and_no_token_is_told() -> None:
    script = {**GOOD, b"AUTHENTICATE": b"TAG NO [AUTHENTICATIONFAILED] no\r\n"}
    with _authenticating(script, []) as url, Provider(_given(1), _given(2)) as tokens:
        with pytest.raises(MailboxTrouble) as told:
            list(open_mailbox(url, tokens).read(lambda folder, validity: 0))
        assert tokens() == "token-2"
    assert "AUTHENTICATIONFAILED" in told.value.why
    assert not any(secret in told.value.why for secret in SECRETS)


@contextmanager
def _authenticating(script: dict[bytes, bytes], asked: list[bytes]) -> Iterator[str]:
    """The scripted server, at an address that says how we sign in."""
    with _scripted(script, asked) as url:
        yield url.replace("u:geheim@", "u@") + "?auth=xoauth2"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((400, {"error": "invalid_grant", "error_description": "Token expired."}), "invalid_grant"),
        ((500, b"<html>"), "no reason given"),
        ((200, b"not json"), "no reason given"),
        ((200, {"token_type": "Bearer"}), "no token"),
        ((302, {}), "refused"),
    ],
)
def test_a_provider_that_gives_no_token_is_told_in_one_line(
    answer: tuple[int, Any], words: str
) -> None:
    with Provider(answer) as tokens, pytest.raises(NoToken, match=words) as told:
        tokens()
    assert "\n" not in str(told.value)
    assert not any(secret in str(told.value) for secret in SECRETS)


def test_a_provider_that_is_not_there_is_told_too() -> None:
    with pytest.raises(NoToken, match="cannot be asked"):
        Tokens(Account("http://127.0.0.1:1/token", "our-app", "app-secret"))()


def test_a_token_serves_until_it_ends_and_the_newest_refresh_token_counts() -> None:
    provider = Provider(_given(1, refresh_token="newer"), _given(2))
    with provider as tokens:
        assert [tokens(), tokens()] == ["token-1", "token-1"]
        tokens.forget()
        assert tokens() == "token-2"
    assert [asked["refresh_token"] for asked in provider.asked] == ["long-lived", "newer"]


def test_without_a_refresh_token_the_app_signs_in_as_itself() -> None:
    provider = Provider(_given(1))
    with provider:
        account = provider.account
        assert Tokens(Account(account.token_url, "our-app", "app-secret"))() == "token-1"
    assert provider.asked[0]["grant_type"] == "client_credentials"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://us:secret@mail.example?auth=xoauth2",
        "smtp://mail.example?auth=xoauth2",
        "smtp://us@mail.example?auth=plain",
        "smtp://us@mail.example?auth=xoauth2&tls=none",
    ],
)
def test_a_mail_address_with_a_token_has_a_user_no_password_and_tls(url: str) -> None:
    with pytest.raises(Problem) as told:
        check_mail_url(url)
    assert told.value.code == "bad-setting"
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "OAUTH_TOKEN_URL is no https"),
        ({"OAUTH_TOKEN_URL": "http://login.example/token"}, "OAUTH_TOKEN_URL is no https"),
        ({"OAUTH_TOKEN_URL": "https://login.example/token"}, "OAUTH_CLIENT_ID is empty"),
        (
            {"OAUTH_TOKEN_URL": "https://login.example/token", "OAUTH_CLIENT_ID": "app"},
            "are both empty",
        ),
    ],
)
def test_a_start_without_the_providers_settings_says_which_is_missing(
    tmp_path: Any, changes: dict[str, str], words: str
) -> None:
    env = {
        "INSTANCE_DIR": str(tmp_path),
        "MAIL_URL": "smtp://us@mail.example?auth=xoauth2",
        "INBOX_URL": "imaps://us@mail.example/?auth=xoauth2",
        **changes,
    }
    with pytest.raises(Problem, match=words):
        Settings.from_env(env)
