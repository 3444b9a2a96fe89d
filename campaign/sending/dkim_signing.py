"""Signing our mails with DKIM (RFC 6376), where the settings name a key.

A relay may sign them too; then no key is needed here. The signature is part of the exact bytes
that are made once and kept.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from pathlib import Path

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from campaign.kernel.errors import Problem

_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_KEY_MAX, _KEY_BITS = 32_768, 1024
# What a reader sees and what the answer depends on; nothing that a relay may rewrite.
_SIGNED = (
    b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"in-reply-to",
    b"references", b"mime-version", b"content-type", b"content-language",
)  # fmt: skip


@dataclass(frozen=True)
class Signer:
    """Our key, under the name that the world finds it by: `selector._domainkey.domain`.

    Attributes:
        key: the private key as the library wants it (PKCS 1, PEM).
        public_key: what the record says after `p=`.
    """

    domain: str
    selector: str
    key: bytes = field(repr=False)
    public_key: str

    @property
    def record(self) -> str:
        """The name of the TXT record that holds the public key."""
        return f"{self.selector}._domainkey.{self.domain}"

    def signed(self, raw: bytes) -> bytes:
        """The mail with its signature as its first header field; CRLF as in `raw`."""
        signature: bytes = dkim.sign(
            raw,
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*_SIGNED, b"from", b"subject", b"date"],  # none can be added
        )
        return signature + raw


def open_signer(path: str, selector: str, domain: str) -> Signer | None:
    """The signer that the settings name; None where they name none.

    Args:
        path: a file with a private RSA key of at least 1024 bits, in PEM, without a password.

    Raises:
        Problem: `bad-setting`.
    """
    if not path:
        return None
    if not _SELECTOR.fullmatch(selector):
        raise _bad("DKIM_SELECTOR", "it is no name of a record", "letters")
    try:
        raw = Path(path).read_bytes()[:_KEY_MAX]
    except OSError as error:
        why = f"the file cannot be read ({error.strerror})"
        raise _bad("DKIM_KEY", why, "the file with your private key") from None
    try:
        key = load_pem_private_key(raw, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _KEY_BITS:
        why = f"the file holds no private RSA key of {_KEY_BITS} bits or more, in PEM, unlocked"
        raise _bad("DKIM_KEY", why, "a file that “openssl genrsa 2048” made")
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    traditional = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return Signer(domain, selector, traditional, base64.b64encode(public).decode())


def _bad(name: str, why: str, example: str) -> Problem:
    return Problem("bad-setting", name=name, why=why, fix=f"Set {name} to {example}.")
