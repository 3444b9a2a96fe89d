"""Settings: what is refused, and that the refusal names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.config import Settings
from campaign.kernel.errors import Problem


def _env(tmp_path: Path, **values: str) -> dict[str, str]:
    return {"INSTANCE_DIR": str(tmp_path), **values}


def test_nothing_set_gives_a_captured_instance_with_a_key_of_its_own(tmp_path: Path) -> None:
    settings = Settings.from_env(_env(tmp_path))
    assert settings.captured
    assert settings.inbox_captured
    assert settings.archive == settings.reply_address
    assert settings.database_url == f"sqlite:///{tmp_path / 'campaign.sqlite3'}"
    assert Settings.from_env(_env(tmp_path)).secret_key == settings.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_what_is_sent_for_real_can_be_taken_back_for_a_while(tmp_path: Path) -> None:
    assert Settings.from_env(_env(tmp_path)).undo_minutes == 0
    real = {"MAIL_URL": "smtp://mail.example.org", "INBOX_URL": "imaps://u:p@mail.example.org/"}
    assert Settings.from_env(_env(tmp_path, **real)).undo_minutes == 5
    assert Settings.from_env(_env(tmp_path, **real, UNDO_MINUTES="0")).undo_minutes == 0
    paced = Settings.from_env(_env(tmp_path, MAILS_PER_MINUTE="20", MAILS_PER_DOMAIN="0"))
    assert (paced.mails_per_minute, paced.mails_per_domain) == (20, 0)


def test_letters_come_from_the_address_that_is_read_unless_another_is_named(tmp_path: Path) -> None:
    reply = {"REPLY_ADDRESS": "answers@letters.example"}
    assert Settings.from_env(_env(tmp_path, **reply)).mail_from == "answers@letters.example"
    other = Settings.from_env(_env(tmp_path, **reply, MAIL_FROM="office@letters.example"))
    assert other.mail_from == "office@letters.example"


def test_senders_are_checked_where_mail_is_sent_for_real(tmp_path: Path) -> None:
    real = {"MAIL_URL": "smtp://mail.example.org", "INBOX_URL": "imaps://u:p@mail.example.org/"}
    assert not Settings.from_env(_env(tmp_path)).checks_senders
    assert Settings.from_env(_env(tmp_path, CHECK_SENDERS="yes")).checks_senders
    assert Settings.from_env(_env(tmp_path, **real)).checks_senders
    assert not Settings.from_env(_env(tmp_path, **real, CHECK_SENDERS="no")).checks_senders


def test_secrets_are_not_in_what_is_printed_of_the_settings(tmp_path: Path) -> None:
    settings = Settings.from_env(
        _env(
            tmp_path,
            SECRET_KEY="k" * 40,
            MAIL_URL="smtp://u:hunter2@mail.example.org",
            INBOX_URL="imaps://u:hunter2@mail.example.org/",
            MASTODON_URL="https://social.example/",
            MASTODON_TOKEN="hunter2",
            BLUESKY_HANDLE="us.example",
            BLUESKY_APP_PASSWORD="abcd-efgh-ijkl-mnop",
        )
    )
    assert "efgh" not in f"{settings!r}{settings.mastodon!r}{settings.bluesky!r}"
    assert "hunter2" not in repr(settings.mastodon)
    assert settings.mastodon.url == "https://social.example"
    assert "hunter2" not in repr(settings)
    assert "kkkk" not in repr(settings)


BAD = [
    ("SECRET_KEY", "short", {}),
    ("DATABASE_URL", "mysql://x", {}),
    ("DATABASE_URL", "postgresql://x/y", {}),
    ("MAIL_URL", "gopher://x", {}),
    ("INBOX_URL", "pop3://x", {}),
    ("FILES_URL", "ftp://x", {}),
    ("MAILS_PER_MINUTE", "fast", {}),
    ("MAILS_PER_DOMAIN", "-1", {}),
    ("UNDO_MINUTES", "61", {}),
    ("RETENTION_MONTHS", "0", {}),
    ("RETENTION_MONTHS", "two", {}),
    ("RETENTION_MONTHS", "241", {}),
    ("MAIL_FROM", "nobody", {}),
    ("REPLY_ADDRESS", "a b@example.org", {}),
    ("ARCHIVE_ADDRESS", "archive@localhost", {}),
    ("CHECK_SENDERS", "sometimes", {}),
    ("AUTHSERV_ID", "mx.example.org; dmarc=pass", {}),
    ("TIMEZONE", "Europe/Atlantis", {}),
    ("TIMEZONE", "../etc/passwd", {}),
    ("BASE_URL", "letters.example.org", {}),
    ("ORG_NAME", "A\nBcc: x@y.example", {}),
    ("MASTODON_URL", "social.example", {}),
    ("MASTODON_URL", "http://social.example", {}),
    ("MASTODON_URL", "https://u:p@social.example", {}),
    ("MASTODON_URL", "https://social.example/@us", {}),
    ("MASTODON_URL", "", {"MASTODON_TOKEN": "abc"}),
    ("MASTODON_TOKEN", "two words", {"MASTODON_URL": "http://127.0.0.1:1"}),
    ("MASTODON_TOKEN", "abc", {"MASTODON_URL": "https://social.example"}),
    ("BLUESKY_URL", "bsky.social", {}),
    ("BLUESKY_HANDLE", "", {"BLUESKY_APP_PASSWORD": "abcd-efgh-ijkl-mnop"}),
    ("BLUESKY_APP_PASSWORD", "", {"BLUESKY_HANDLE": "us.example"}),
    ("BLUESKY_HANDLE", "@us.example", {"BLUESKY_APP_PASSWORD": "abcd-efgh-ijkl-mnop"}),
    ("BLUESKY_APP_PASSWORD", "the account's own", {"BLUESKY_HANDLE": "us.example"}),
    ("BLUESKY_APP_PASSWORD", "abcd-efgh-ijkl-mnop", {"BLUESKY_HANDLE": "us.example"}),
    ("INBOX_URL", "", {"MAIL_URL": "smtp://mail.example.org"}),
]


@pytest.mark.parametrize(("name", "value", "beside"), BAD)
def test_a_bad_value_stops_the_start_with_one_line_that_names_it(
    tmp_path: Path, name: str, value: str, beside: dict[str, str]
) -> None:
    with pytest.raises(Problem) as caught:
        Settings.from_env(_env(tmp_path, **{**beside, name: value}))
    assert caught.value.code == "bad-setting"
    assert caught.value.details["name"] == name
    assert "\n" not in str(caught.value)


def test_an_instance_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="INSTANCE_DIR"):
        Settings.from_env({"INSTANCE_DIR": str(tmp_path / "file" / "instance")})


def test_real_sending_never_shares_the_folder_of_the_demonstration() -> None:
    captured = Settings.from_env({})
    real = Settings.from_env(
        {"MAIL_URL": "smtp://mail.example.org", "INBOX_URL": "imaps://u:p@mail.example.org/"}
    )
    assert captured.instance_dir != real.instance_dir
