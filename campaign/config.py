"""Settings: read once from the environment, checked, then never changed.

A bad value stops the start with one line that names it (contract.md, "Environment").
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaign.kernel.errors import Problem
from campaign.kernel.oauth import Account
from campaign.kernel.social import BlueskyAccount, MastodonAccount, is_here

ROOT = Path(__file__).resolve().parent.parent
CAPTURE = "capture:"
# In a mail they become a third larger; many servers refuse mails of more than 25 MB.
ATTACHMENTS_MB_MOST = 15
UNDO_MINUTES = 5
# Settings that are numbers: the largest one, and what to set instead of a wrong one.
_NUMBERS = {
    "attachments_mb": (ATTACHMENTS_MB_MOST, "10; larger mails are refused by many servers"),
    "mails_per_minute": (100_000, "300, or what your mail server allows; 0 for any number"),
    "mails_per_domain": (100_000, "60, or what your mail server allows; 0 for any number"),
    "retention_months": (240, "24; personal data may be kept no longer than it is needed"),
    "undo_minutes": (60, "5, so that a letter sent by mistake can be taken back"),
}


@dataclass(frozen=True)
class Settings:
    """Everything that the one who runs the program can choose.

    Attributes:
        mail_url: `capture:` keeps every mail on this machine; `smtp://`, `smtps://` send.
        mail_from: who letters come from; answers sent there must reach a mailbox that is read.
        inbox_url: one or more mailbox addresses, separated by spaces.
        timezone: zone in which staff read times (IANA name).
        org_address: postal address of the organisation, lines separated by `\\n`.
        staff_chat_urls: addresses of chat rooms as Apprise writes them, separated by spaces.
        signing_key: file with the private Ed25519 key under what anybody can check; without one,
            the key follows from `secret_key`.
        signing_keys_before: public keys that were used before, separated by spaces.
        dkim_key: file with the private key that our mails are signed with; empty for none.
        oauth_token_url: where tokens come from, where a mail address says `?auth=xoauth2`.
        retention_months: how long after the last word about a letter the personal data of those
            who answered it is kept.
        attachments_mb: how much of a letter's attachments travels with the mail, in megabytes
            (10^6 bytes); the rest is linked to.
        mastodon_url, bluesky_url: the servers of our accounts there; mentions are posted by them
            where a token, or an app password, is given too.
        mails_per_minute, mails_per_domain: how many mails a minute the mail server bears, over all
            and to one domain; 0 for any number. A campaign can be slower, never faster.
        undo_minutes: for how long what was sent can be taken back before the first mail leaves.
        check_senders: `yes` or `no`: whether name servers are asked who signed a message; empty
            for yes where mail is sent for real.
        authserv_id: the name under which our own mail server writes Authentication-Results;
            empty where nobody's word is taken.
        clamd_url: the virus scanner that companies' files are shown to; empty for none.
    """

    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    instance_dir: Path
    mail_url: str = field(default=CAPTURE, repr=False)
    mail_from: str = "letters@brightwater.example"
    reply_address: str = "answers@brightwater.example"
    archive_address: str = ""
    inbox_url: str = field(default="", repr=False)
    files_url: str = field(default="file:", repr=False)
    base_url: str = "http://127.0.0.1:8000"
    org_name: str = "Brightwater Digital Rights"
    org_address: str = "7 Lockkeeper's Row\nAllerford AF4 2BW"
    timezone: str = "Europe/London"
    staff_chat_urls: str = field(default="", repr=False)
    signing_key: str = ""
    signing_keys_before: str = ""
    dkim_key: str = ""
    dkim_selector: str = ""
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_client_secret: str = field(default="", repr=False)
    oauth_refresh_token: str = field(default="", repr=False)
    oauth_scope: str = ""
    attachments_mb: int = 10
    retention_months: int = 24
    mastodon_url: str = ""
    mastodon_token: str = field(default="", repr=False)
    bluesky_url: str = "https://bsky.social"
    bluesky_handle: str = ""
    bluesky_app_password: str = field(default="", repr=False)
    mails_per_minute: int = 300
    mails_per_domain: int = 60
    undo_minutes: int = 0
    check_senders: str = ""
    authserv_id: str = ""
    clamd_url: str = ""
    testing: bool = False

    @property
    def mastodon(self) -> MastodonAccount:
        """Our account on Mastodon."""
        return MastodonAccount(self.mastodon_url.rstrip("/"), self.mastodon_token)

    @property
    def bluesky(self) -> BlueskyAccount:
        """Our account on Bluesky."""
        url = self.bluesky_url.rstrip("/")
        return BlueskyAccount(url, self.bluesky_handle, self.bluesky_app_password)

    @property
    def oauth(self) -> Account | None:
        """The account that signs in to mail servers by token; None where none does."""
        if not any("auth=xoauth2" in urlsplit(url).query for url in self._mail_addresses):
            return None
        return Account(
            self.oauth_token_url,
            self.oauth_client_id,
            self.oauth_client_secret,
            self.oauth_refresh_token,
            self.oauth_scope,
        )

    @property
    def _mail_addresses(self) -> tuple[str, ...]:
        return (self.mail_url, *self.inbox_url.split())

    @property
    def captured(self) -> bool:
        """Whether mail stays on this machine."""
        return self.mail_url.startswith(CAPTURE)

    @property
    def checks_senders(self) -> bool:
        """Whether name servers are asked who signed a message that came in."""
        return self.check_senders == "yes" if self.check_senders else not self.captured

    @property
    def captured_outbox(self) -> Path:
        """Maildir that holds what would have left."""
        return self.instance_dir / "captured" / "outbox"

    @property
    def captured_inbox(self) -> Path:
        """Maildir that stands for our mailbox while mail is captured."""
        return self.instance_dir / "captured" / "inbox"

    @property
    def inbox_urls(self) -> tuple[str, ...]:
        """The mailboxes to read; the captured one unless others are named."""
        return tuple(self.inbox_url.split()) or (f"maildir:{self.captured_inbox}",)

    @property
    def inbox_captured(self) -> bool:
        """Whether the mailboxes read are the captured one only."""
        return self.inbox_urls == (f"maildir:{self.captured_inbox}",)

    @property
    def archive(self) -> str:
        """Our own address that gets a copy of every letter as proof that the relay took it."""
        return self.archive_address or self.reply_address

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment.

        The instance folder and, where none is given, its secret key are made on first use.

        Raises:
            Problem: `bad-setting`, naming the variable and what to do.
        """
        env = os.environ if environ is None else environ
        known: dict[str, Any] = {
            name: env[name.upper()].strip()
            for name in cls.__dataclass_fields__
            if name not in ("instance_dir", "testing") and env.get(name.upper(), "").strip()
        }
        captured = known.get("mail_url", CAPTURE).startswith(CAPTURE)
        folder = "demonstration" if captured else "main"
        instance = Path(env.get("INSTANCE_DIR") or ROOT / "instance" / folder).resolve()
        try:
            instance.mkdir(parents=True, exist_ok=True)
            known.setdefault("secret_key", _kept_secret(instance / "secret_key"))
        except OSError as error:
            raise _bad(
                "INSTANCE_DIR",
                f"{instance} cannot be written ({error.strerror})",
                "a folder of yours",
            ) from error
        # Some people answer the sender whatever Reply-To says: by default both are one address.
        if "reply_address" in known:
            known.setdefault("mail_from", known["reply_address"])
        # Nobody has to wait for what stays on this machine.
        known.setdefault("undo_minutes", "0" if captured else str(UNDO_MINUTES))
        for name, (most, advice) in _NUMBERS.items():
            if name in known:
                known[name] = _number(name, known[name], most, advice)
        known.setdefault("database_url", f"sqlite:///{instance / 'campaign.sqlite3'}")
        settings = cls(instance_dir=instance, **known)
        settings.check()
        return settings

    def check(self) -> None:
        """Check what can be checked without a network.

        Raises:
            Problem: `bad-setting`, for the first value that is not usable.
        """
        if len(self.secret_key) < 16:
            raise _bad("SECRET_KEY", "it is shorter than 16 characters", "a long random text")
        if self.retention_months < 1:
            raise _bad("RETENTION_MONTHS", "0 months would erase what is open", "24")
        self._check_database()
        self._check_mail()
        self._check_senders()
        self._check_site()
        self._check_networks()
        if urlsplit(self.files_url).scheme not in ("file", "s3"):
            raise _bad("FILES_URL", "its kind is unknown", "file:, file:PATH or s3://BUCKET")
        if self.clamd_url and not _is_scanner(self.clamd_url):
            raise _bad("CLAMD_URL", "it names no scanner", "tcp://127.0.0.1:3310 or unix:PATH")

    def _check_database(self) -> None:
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise _bad(
                "DATABASE_URL",
                "its kind is unknown",
                "postgresql+psycopg://USER:PASSWORD@HOST/NAME or sqlite:///PATH",
            )

    def _check_senders(self) -> None:
        if self.check_senders not in ("", "yes", "no"):
            raise _bad("CHECK_SENDERS", "it is neither yes nor no", "yes or no")
        if any(c.isspace() or c in ';"()' for c in self.authserv_id):
            raise _bad("AUTHSERV_ID", "it is no name of a mail server", "mx.example.org")

    def _check_mail(self) -> None:
        if urlsplit(self.mail_url).scheme not in ("capture", "smtp", "smtps"):
            raise _bad("MAIL_URL", "its kind is unknown", "capture:, smtp://… or smtps://…")
        if not self.captured and not self.inbox_url:
            raise _bad(
                "INBOX_URL",
                "it is empty while MAIL_URL sends for real",
                "the mailbox that answers arrive in, so that no reply is missed",
            )
        for url in self.inbox_urls:
            if urlsplit(url).scheme not in ("imap", "imaps", "maildir"):
                raise _bad("INBOX_URL", "its kind is unknown", "imaps://USER:PASSWORD@HOST/")
        if self.oauth is not None and self.oauth.why_unfit:
            raise _bad(
                "OAUTH_*",
                f"a mail address says auth=xoauth2 and {self.oauth.why_unfit}",
                "what your mail provider gave you (see the README)",
            )
        for name in ("reply_address", "mail_from", "archive"):
            value = getattr(self, name)
            local, at, domain = value.partition("@")
            if not (local and at and "." in domain) or any(c.isspace() for c in value):
                setting = "ARCHIVE_ADDRESS" if name == "archive" else name.upper()
                raise _bad(setting, f"“{value}” is no e-mail address", "one address: a@b.org")

    def _check_site(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise _bad("TIMEZONE", f"no zone is “{self.timezone}”", "Europe/London") from error
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise _bad("BASE_URL", "it is no web address", "https://letters.example.org")
        if any(ord(c) < 32 for c in self.org_name):
            raise _bad("ORG_NAME", "it holds a control character", "one line of text")

    def _check_networks(self) -> None:
        for account in (self.mastodon, self.bluesky):
            fault = account.fault()
            if fault:
                raise _bad(*fault)
        # A captured letter has reached nobody: a public word that we wrote would be false.
        posts = {
            "MASTODON_TOKEN": self.mastodon_token and self.mastodon_url,
            "BLUESKY_APP_PASSWORD": self.bluesky_app_password and self.bluesky_url,
        }
        for name, url in posts.items():
            if self.captured and url and not is_here(url):
                raise _bad(
                    name, "mail is captured, so nobody was written to", "nothing, or MAIL_URL"
                )


def _is_scanner(url: str) -> bool:
    try:
        parts = urlsplit(url)
        there = bool(parts.hostname and parts.port)
    except ValueError:
        return False
    return bool(parts.path) if parts.scheme == "unix" else parts.scheme == "tcp" and there


def _number(name: str, value: str, most: int, advice: str) -> int:
    if not (value.isascii() and value.isdigit()) or int(value) > most:
        why = f"“{value}” is no whole number from 0 to {most}"
        raise _bad(name.upper(), why, advice)
    return int(value)


def _kept_secret(path: Path) -> str:
    """The instance's secret key: read from its folder, made there on the first start."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # another process of this instance was first
    return path.read_text().strip()


def _bad(name: str, why: str, example: str) -> Problem:
    return Problem("bad-setting", name=name, why=why, fix=f"Set {name} to {example}.")
