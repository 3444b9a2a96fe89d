"""Charsets, wrapped mail, files in odd places and mail within mail: shown as what they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.replies import matching, tnef
from campaign.replies.kinds import Attachment, Enclosed, Oddity
from campaign.replies.reading import read_bytes
from tests.builders import accounts, replies
from tests.pages import page
from tests.replies.bad_inputs import FROM, MIXED, enveloped, signed, smime, text, winmail
from tests.replies.bad_inputs import tnef as winmail_of

RUSSIAN = "Мы получили 512 запросов и отклонили 41 из них."
JAPANESE = "512件の請求を受け、そのうち41件を断りました。"


@pytest.mark.parametrize(
    ("declared", "raw", "shown", "odd"),
    [
        ("utf-8", "für 512 Fälle".encode(), "für 512 Fälle", []),
        ("iso-8859-1", "für „512“ €".encode("cp1252"), "für „512“ €", []),
        ("us-ascii", "für 512".encode("latin-1"), "für 512", []),
        ("iso-8859-1", "für 512".encode(), "für 512", [Oddity.CHARSET_WRONG]),
        ("utf-8", "für 512".encode("latin-1"), "für 512", [Oddity.CHARSET_WRONG]),
        ("utf-16", b"plain 512", "plain 512", []),
        ("gb2312", "我们收到了512份請求".encode("gb18030"), "我们收到了512份請求", []),
        ("shift_jis", "①512件".encode("cp932"), "①512件", []),
        ("ks_c_5601-1987", "요청 512건".encode("cp949"), "요청 512건", []),
        ("", "für 512".encode(), "für 512", []),
        ("", "für 512".encode("cp1252"), "für 512", [Oddity.CHARSET_MISSING]),
        ("", JAPANESE.encode("iso2022_jp"), JAPANESE, []),
        ("", RUSSIAN.encode("cp1251"), RUSSIAN, [Oddity.CHARSET_MISSING]),
        ("", RUSSIAN.encode("koi8_r"), RUSSIAN, [Oddity.CHARSET_MISSING]),
        ("", JAPANESE.encode("shift_jis"), JAPANESE, [Oddity.CHARSET_MISSING]),
        ("x-unknown", "für 512".encode(), "für 512", [Oddity.CHARSET_UNKNOWN]),
    ],
)
def test_letters_are_read_whatever_is_said_of_their_charset(
    declared: str, raw: bytes, shown: str, odd: list[Oddity]
) -> None:
    kind = f"text/plain; charset={declared}" if declared else "text/plain"
    reading = read_bytes(text(kind.encode(), raw))
    assert reading.full_text == shown
    assert list(reading.oddities) == odd


def test_a_page_tells_its_charset_itself() -> None:
    body = b'<meta charset="windows-1251"><p>' + RUSSIAN.encode("cp1251")
    assert read_bytes(text(b"text/html", body)).text == RUSSIAN


@pytest.mark.parametrize("pieces", [False, True])
def test_a_mail_that_is_signed_as_a_whole_is_read(pieces: bool) -> None:
    inner = (
        b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nWe got 512.\r\n--i\r\n"
        b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--i--\r\n"
    )
    reading = read_bytes(smime(signed(inner, pieces=pieces)))
    assert reading.text == "We got 512."
    assert [each.name for each in reading.attachments] == ["a.pdf"]
    assert reading.oddities == (Oddity.SMIME_SIGNED,)


def test_an_encrypted_mail_is_listed_and_has_no_text() -> None:
    reading = read_bytes(smime(enveloped()))
    assert (reading.text, [a.name for a in reading.attachments]) == ("", ["smime.p7m"])


def test_a_clear_signed_text_is_read_without_its_armour() -> None:
    body = (
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nWe got 512.\n\n- - 41 refused\n"
        b"-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    )
    reading = read_bytes(text(b"text/plain", body))
    assert reading.text == "We got 512.\n\n- 41 refused"
    assert reading.oddities == (Oddity.PGP_SIGNED,)


def test_pgp_and_smime_around_a_mail_are_told() -> None:
    for kind, odd in {
        b"multipart/encrypted; protocol=application/pgp-encrypted": Oddity.PGP_ENCRYPTED,
        b"multipart/signed; protocol=application/pgp-signature": Oddity.PGP_SIGNED,
        b"multipart/signed; protocol=application/pkcs7-signature": Oddity.SMIME_SIGNED,
    }.items():
        raw = text(kind + b"; boundary=b", b"--b\r\n\r\nhello\r\n--b--\r\n")
        assert read_bytes(raw).oddities == (odd,)


def test_the_files_of_a_winmail_dat_are_listed() -> None:
    raw = winmail(winmail_of(("réport.pdf", b"%PDF-1"), ("../b.xls", b"12345")))
    reading = read_bytes(raw)
    assert reading.text == "hello"
    assert reading.attachments == (
        Attachment("réport.pdf", "application/octet-stream", 6),
        Attachment("../b.xls", "application/octet-stream", 5),
    )
    assert tnef.files(b"no such thing") == []
    assert [a.name for a in read_bytes(winmail(b"\x78\x9f\x3e\x22")).attachments] == ["winmail.dat"]


def test_a_file_written_into_the_text_is_listed_and_its_lines_are_not_shown() -> None:
    body = b"See the file.\nbegin 644 a b.xls\n#86)C\n`\nend\nKind regards\nAnna\n"
    reading = read_bytes(text(b"text/plain", body))
    assert reading.text == "See the file.\n[a b.xls]"
    assert reading.attachments == (Attachment("a b.xls", "application/octet-stream", 3),)
    prose = "begin 644 people who asked us,\nand ended with 41."
    assert read_bytes(text(b"text/plain", prose.encode())).text == prose


ATTACHED = MIXED + (
    b"--b\r\n\r\nOur answer is attached.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: Legal <legal@company.example>\r\nSubject: =?utf-8?Q?Antwort_f=C3=BCr?= you\r\n"
    b"Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nWe got 512.\r\n--b--\r\n"
)


def test_a_mail_within_the_mail_is_listed_with_what_it_says() -> None:
    reading = read_bytes(ATTACHED)
    assert reading.text == "Our answer is attached."
    assert reading.enclosed == (
        Enclosed(
            "Antwort für you",
            "Legal <legal@company.example>",
            "Mon, 2 Mar 2026 10:00:00 +0000",
            "We got 512.",
        ),
    )
    assert Oddity.MAIL_ATTACHED in reading.oddities


def test_a_mail_that_is_nothing_but_an_attached_one_says_what_that_says() -> None:
    head = FROM + b"Content-Type: message/rfc822\r\n\r\n"
    theirs = b"From: legal@company.example\r\n\r\nWe got 512.\r\n"
    ours = b"From: Open Letters <answers@letters.example>\r\n\r\nHow many?\r\n"
    assert read_bytes(head + theirs).text == "We got 512."
    assert read_bytes(head + ours).text == ""


def test_an_automatic_reply_that_may_hide_something_is_settled_by_nobody_but_a_person() -> None:
    head = FROM + b"Auto-Submitted: auto-replied\r\nSubject: Automatic reply\r\n"
    said = b"We have received your request and will answer it. Please do not reply.\r\n"
    plain = read_bytes(head + b"\r\n" + said)
    odd = read_bytes(head + b"Content-Type: text/plain; charset=x-evil\r\n\r\n" + said)
    assert matching.settles_by_itself(plain, timedelta(seconds=5))
    assert not matching.settles_by_itself(odd, timedelta(seconds=5))


def test_what_is_unusual_stands_in_words_on_the_page_and_attached_mail_opens(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        ref = replies.taken_in(ATTACHED).ref
        locked = replies.taken_in(smime(enveloped())).ref
        email = accounts.user("Tia", Role.APPROVER).email
    accounts.sign_in(client, email)
    shown = page(client.get(f"/staff/inbox/{ref}/")).text
    assert "Another mail is attached to it" in shown
    assert "Antwort für you" in shown
    assert "We got 512." in shown
    assert (
        "It is encrypted (S/MIME) and cannot be read here"
        in page(client.get(f"/staff/inbox/{locked}/")).text
    )


def test_every_oddity_has_words(app: Flask) -> None:
    words = app.jinja_env.get_template("replies/_words.html").module.ODDITIES  # type: ignore[attr-defined]
    assert set(words) == {odd.value for odd in Oddity}
