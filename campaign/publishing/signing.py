"""Signatures under what anybody can check later: histories, their heads, and the chain's hashes.

Ed25519 (RFC 8032) over canonical JSON (RFC 8785) of everything but the signature itself.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from campaign.config import Settings
from campaign.history.rules import canonical
from campaign.kernel.errors import Problem

_PURPOSE = b"campaign: signatures of public histories, 1"
_RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


class Signer:
    """The organisation's key, and those that it had before, which still check older files."""

    def __init__(self, key: Ed25519PrivateKey, before: tuple[bytes, ...] = ()) -> None:
        self._key, self._before = key, before

    def signed(self, content: dict[str, Any]) -> dict[str, Any]:
        """The content with its signature beside it."""
        signature = self._key.sign(canonical(content).encode())
        told = {"alg": "Ed25519", "kid": _name(self._public), "sig": _text(signature)}
        return {**content, "signature": told}

    def public_keys(self) -> list[dict[str, str]]:
        """The public keys as JSON Web Keys (RFC 8037), the present one first."""
        return [
            {"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": _name(raw), "x": _text(raw)}
            for raw in (self._public, *self._before)
        ]

    @property
    def _public(self) -> bytes:
        return self._key.public_key().public_bytes(*_RAW)


def signer_of(settings: Settings) -> Signer:
    """The key in the file that is set; without one, a key that follows from `SECRET_KEY`.

    Raises:
        Problem: `bad-setting`: the file or an earlier key cannot be read.
    """
    key = _from_file(settings.signing_key) if settings.signing_key else _derived(settings)
    return Signer(key, tuple(map(_earlier, settings.signing_keys_before.split())))


def _derived(settings: Settings) -> Ed25519PrivateKey:
    stretch = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE)
    return Ed25519PrivateKey.from_private_bytes(stretch.derive(settings.secret_key.encode()))


def _from_file(path: str) -> Ed25519PrivateKey:
    try:
        found = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise Problem(
            "bad-setting", name="SIGNING_KEY", why="the file holds no Ed25519 key",
            fix="Set SIGNING_KEY to a file made by: openssl genpkey -algorithm ed25519",
        )  # fmt: skip
    return found


def _earlier(words: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise Problem(
            "bad-setting", name="SIGNING_KEYS_BEFORE", why=f"“{words[:60]}” is no public key",
            fix="Set it to the x of an earlier key, as the page of the keys shows it.",
        ) from None  # fmt: skip
    return raw


def _name(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
