"""Signing in to mail servers that refuse passwords: OAuth 2 tokens, by refresh or as an app.

The token is asked for over HTTPS (RFC 6749 sections 4.4 and 6), kept until a minute before it
ends, and shown to the server as SASL XOAUTH2.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.client import HTTPException
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_SECONDS = 30
_ANSWER_MAX = 65_536
_EARLY = 60.0
_SHORTEST = 30.0
_LONGEST = 3600.0


class NoToken(OSError):
    """The token could not be had; its words hold no secret."""


@dataclass(frozen=True)
class Account:
    """What the provider gave us. Without `refresh_token` the app signs in as itself."""

    token_url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""

    @property
    def why_unfit(self) -> str:
        """What is wrong with it; empty where nothing is."""
        parts = urlsplit(self.token_url)
        here = parts.hostname in ("127.0.0.1", "::1", "localhost")
        if parts.scheme != "https" and not (parts.scheme == "http" and here):
            return "OAUTH_TOKEN_URL is no https:// address"
        if not self.client_id:
            return "OAUTH_CLIENT_ID is empty"
        if not (self.client_secret or self.refresh_token):
            return "OAUTH_REFRESH_TOKEN and OAUTH_CLIENT_SECRET are both empty"
        return ""


class Tokens:
    """The access tokens of one account; for several threads."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0
        self._refresh_token = account.refresh_token

    def __call__(self) -> str:
        """A token that is good for at least a minute.

        Raises:
            NoToken: the provider gave none.
        """
        with self._lock:
            if not self._token or monotonic() >= self._until:
                answer = _asked(self._account.token_url, self._question())
                self._token = str(answer["access_token"])
                # Some providers give a new one each time and let the old one end.
                self._refresh_token = str(answer.get("refresh_token") or self._refresh_token)
                self._until = monotonic() + _lifetime(answer) - _EARLY
            return self._token

    def forget(self) -> None:
        """Ask for a new token next time: a server refused this one."""
        with self._lock:
            self._token = ""

    def _question(self) -> dict[str, str]:
        account = self._account
        asked = {"client_id": account.client_id, "client_secret": account.client_secret}
        asked["scope"] = account.scope
        if self._refresh_token:
            asked |= {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        else:
            asked["grant_type"] = "client_credentials"
        return {name: value for name, value in asked.items() if value}


def xoauth2(user: str, token: str) -> str:
    """What a server is told to sign in, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


class _NoRedirect(HTTPRedirectHandler):
    """Our secrets go to the address that was set, nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _asked(url: str, question: dict[str, str]) -> dict[str, Any]:
    request = Request(  # noqa: S310 (the scheme is checked when the settings are read)
        url,
        data=urlencode(question).encode(),
        headers={"Accept": "application/json", "User-Agent": "campaign"},
    )
    try:
        with build_opener(_NoRedirect).open(request, timeout=_SECONDS) as answer:
            raw = answer.read(_ANSWER_MAX)
    except HTTPError as error:
        with error:
            raise NoToken(f"the provider refused: {_reason(error.read(_ANSWER_MAX))}") from None
    except (OSError, HTTPException) as error:
        raise NoToken(f"the provider cannot be asked for a token: {error}") from None
    told = _json(raw)
    if not told.get("access_token") or not str(told["access_token"]).isascii():
        raise NoToken(f"the provider gave no token: {_reason(raw)}")
    return told


def _json(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _reason(raw: bytes) -> str:
    """The provider's own words (RFC 6749 section 5.2), one line, never a token."""
    told = _json(raw)
    words = " ".join(str(told.get(name, "")) for name in ("error", "error_description"))
    line = "".join(one if one.isprintable() else " " for one in words)
    return " ".join(line.split())[:300] or "no reason given"


def _lifetime(answer: dict[str, Any]) -> float:
    try:
        told = float(answer.get("expires_in", _LONGEST))
    except (TypeError, ValueError):
        told = _LONGEST
    return min(max(told, _EARLY + _SHORTEST), _LONGEST)
