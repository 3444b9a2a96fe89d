import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

import pytest

from campaign.kernel.errors import Problem
from campaign.sending.message import Mail, assert_wire, build, new_message_id

MAIL = Mail(
    from_name="Example Campaign",
    from_address="letters@ours.example",
    to_name="Ethics Office",
    to_address="ethics@company.example",
    reply_to="letters+abcdefghijklmnopqrstuvwx27@ours.example",
    subject="Questions about your policy",
    text="Dear Sir or Madam,\n\nhow do you do?\n",
    html="<p>Dear Sir or Madam,</p>\n",
    message_id="<one@ours.example>",
    date=datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC),
)

HARD_TEXTS = [
    "",
    "plain\n",
    "no line break at the end",
    "mixed\r\nline\rbreaks\n\r\r\n",
    "\n.\n..\n.\r\n\r.\r",
    "From the start\nFrom " + "x" * 200 + "\n",
    "From " * 60 + "ä\n",
    "x" * 100_000,
    "ä" * 100_000,
    "株式会社の皆様\n" * 50,
    "=_ looks like a boundary\n--=_x\n",
    "trailing space \ntab\t\n",
    "=?utf-8?q?not_a_header?=\n{{ config }} ((deadline)) %s\n",
    "nul \x00 bell \x07 vt \x0b nel \x85 ls \u2028 bom \ufeff\n",
]


def parsed(mail: Mail) -> EmailMessage:
    message = message_from_bytes(build(mail), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def normal(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


def test_a_simple_mail_is_these_very_bytes():
    assert build(replace(MAIL, html="")) == (
        b"Date: Sun, 01 Mar 2026 12:30:05 +0000\r\n"
        b"From: Example Campaign <letters@ours.example>\r\n"
        b"To: Ethics Office <ethics@company.example>\r\n"
        b"Reply-To: letters+abcdefghijklmnopqrstuvwx27@ours.example\r\n"
        b"Subject: Questions about your policy\r\n"
        b"Message-ID: <one@ours.example>\r\n"
        b"Content-Language: en\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Dear Sir or Madam,\r\n\r\nhow do you do?\r\n"
    )


def test_the_same_mail_gives_the_same_bytes_and_another_id_gives_another_boundary():
    mail = replace(MAIL, attachments=(("a.pdf", "application/pdf", b"%PDF"),))
    assert build(mail) == build(replace(mail))
    other = build(replace(mail, message_id="<two@ours.example>"))
    boundaries = re.findall(rb'boundary="([^"]+)"', build(mail) + other)
    assert len(set(boundaries)) == len(boundaries) == 4


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_any_text_arrives_as_written_in_short_ascii_lines(text):
    raw = build(replace(MAIL, text=text, html=text))
    assert_wire(raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert not re.search(rb"^From ", raw, re.MULTILINE)
    message = parsed(replace(MAIL, text=text, html=text))
    for part in message.iter_parts():
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert normal(payload.decode("utf-8")) == normal(text)


def test_text_with_half_a_character_is_refused():
    with pytest.raises(Problem) as caught:
        build(replace(MAIL, text="broken \ud83d"))
    assert caught.value.code == "bad-message"


SUBJECTS = [
    "Short",
    "Ein Brief über Äpfel – „dringend“",
    "word " * 60 + "end",
    "x" * 300,
    "two  spaces",
    "=?utf-8?q?sneaky?=",
    "株式会社" * 60,
    "👩‍👩‍👧‍👦" * 20,
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_any_subject_arrives_as_written_in_short_lines(subject):
    assert parsed(replace(MAIL, subject=subject))["Subject"] == subject
    raw = build(replace(MAIL, subject=subject))
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    for word in re.findall(rb"=\?utf-8\?b\?[^?]*\?=", raw):
        assert len(word) <= 75


@pytest.mark.parametrize("field", ["subject", "from_name", "to_name"])
@pytest.mark.parametrize("end", ["\r\n", "\r\n ", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_no_header_can_be_smuggled_in(field, end):
    changed: dict[str, Any] = {field: f"Acme{end}Bcc: v@evil.example"}
    with pytest.raises(Problem) as caught:
        build(replace(MAIL, **changed))
    assert caught.value.code == "control-character"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to_address", "a@b.example, c@d.example"),
        ("to_address", "a@b.example\r\nBcc: v@evil.example"),
        ("to_address", "a b@c.example"),
        ("to_address", "ä@b.example"),
        ("to_address", ""),
        ("from_address", "<a@b.example>"),
        ("reply_to", "a@b.example>\r\nX: y"),
        ("message_id", "no-brackets@ours.example"),
        ("message_id", "<a@b>\r\nX: y"),
        ("message_id", "<a b@c>"),
        ("language", "en\r\nX: y"),
        ("language", ""),
        ("date", datetime(2026, 3, 1)),  # noqa: DTZ001 the point of the test
    ],
)
def test_what_could_not_be_written_safely_is_refused(field, value):
    with pytest.raises(Problem) as caught:
        build(replace(MAIL, **{field: value}))
    assert caught.value.code == "bad-message"


NAMES = [
    "Plain Name",
    "Comma, Inc.",
    'The "Best" Company \\ Sons',
    '"Acme" <ceo@evil.example>',
    "ceo@evil.example",
    "Ärzte & Söhne",
    "Zażółć, „Gęślą” <x@evil.example>",
    "=?utf-8?q?x?= <y@evil.example>",
    "A very long name of a company with many words that goes on and on, Incorporated",
    "株式会社" * 20,
    "(comment) name; group: a@b.example;",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("field", "header", "address"),
    [
        ("from_name", "From", "letters@ours.example"),
        ("to_name", "To", "ethics@company.example"),
    ],
)
def test_a_name_is_only_ever_a_name(name, field, header, address):
    # The older reader: the newer one of Python 3.11 leaves a space between encoded words.
    message = message_from_bytes(build(replace(MAIL, **{field: name})))
    ((phrase, found),) = getaddresses([str(message[header])])
    assert (str(make_header(decode_header(phrase))), found) == (name, address)
    (newer,) = parsed(replace(MAIL, **{field: name}))[header].addresses
    assert newer.addr_spec == address


def test_an_empty_name_leaves_the_bare_address():
    assert b"\r\nTo: ethics@company.example\r\n" in build(replace(MAIL, to_name=""))


def test_there_is_exactly_one_of_each_header():
    raw = build(replace(MAIL, in_reply_to="<q@c.example>", references=("<p@c.example>",)))
    names = [name.lower() for name, _ in message_from_bytes(raw).items()]
    assert len(names) == len(set(names))
    assert "message-id" in names
    assert "auto-submitted" not in names


def test_no_header_is_there_that_makes_it_a_mass_mail():
    """No List-Unsubscribe, no Precedence, no tracking: it is a letter, and asks for an answer."""
    mail = replace(MAIL, html="", in_reply_to="<q@c.example>", references=("<p@c.example>",))
    assert {name.lower() for name, _ in message_from_bytes(build(mail)).items()} == {
        *("date", "from", "to", "reply-to", "subject", "message-id", "in-reply-to", "references"),
        *("content-language", "mime-version", "content-type", "content-transfer-encoding"),
    }


def test_a_reply_names_its_thread_and_drops_what_is_no_message_id():
    evil = '<x@y>"\r\nBcc: v@evil.example'
    long = "<" + "x" * 300 + "@c.example>"
    message = parsed(
        replace(MAIL, in_reply_to=long, references=("<a@c.example>", evil, "x", long, long))
    )
    assert message["In-Reply-To"] == long
    assert str(message["References"]).split() == ["<a@c.example>", long]
    assert "In-Reply-To" not in parsed(replace(MAIL, in_reply_to=evil))


def test_a_long_thread_keeps_its_first_and_newest_ids():
    ids = tuple(f"<{n}@c.example>" for n in range(100))
    kept = str(parsed(replace(MAIL, references=ids))["References"]).split()
    assert kept == [ids[0], *ids[-19:]]


def test_the_date_keeps_the_offset_it_was_given():
    east = timezone(timedelta(hours=5, minutes=30))
    message = parsed(replace(MAIL, date=datetime(2026, 3, 1, 18, 0, tzinfo=east)))
    assert message["Date"].datetime == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("letter.pdf", "letter.pdf"),
        ("Übersicht 2026.pdf", "Übersicht 2026.pdf"),
        ("回复.pdf", "回复.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("a\r\nBcc: x.pdf", "aBcc_ x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        ('quote".pdf', "quote_.pdf"),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("..", "attachment"),
        ("", "attachment"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".pdf", "x" * 75 + ".pdf"),
        ("回" * 300 + ".pdf", "回" * 75 + ".pdf"),
        ("50% = half; a=b.csv", "50% = half; a=b.csv"),
    ],
)
def test_a_file_name_is_harmless_and_readable(given, shown):
    mail = replace(MAIL, attachments=((given, "application/pdf", b"%PDF-1.7\n"),))
    assert max(map(len, build(mail).split(b"\r\n"))) <= 100
    (part,) = parsed(mail).iter_attachments()
    assert part.get_filename() == shown
    assert part.get_payload(decode=True) == b"%PDF-1.7\n"
    fallback = part["Content-Type"].params["name"]
    assert fallback.isascii()
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9 ._()+,=@-]*", fallback)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("application/pdf", "application/pdf"),
        ("Text/CSV", "text/csv"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/pdf\r\nX: y", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_file_goes_under_a_type_from_the_list_or_as_mere_bytes(given, sent):
    mail = replace(MAIL, attachments=(("file", given, bytes(range(256)) * 50),))
    (part,) = parsed(mail).iter_attachments()
    assert part.get_content_type() == sent
    assert part.get_payload(decode=True) == bytes(range(256)) * 50
    assert [p.get_content_type() for p in parsed(mail).walk()][:4] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_new_message_ids_differ_and_are_well_formed():
    ids = {new_message_id("ours.example") for _ in range(100)}
    assert len(ids) == 100
    for one in ids:
        build(replace(MAIL, message_id=one))
    for domain in ("", "a b", "a>\r\nX: y", "bücher.example"):
        with pytest.raises(Problem):
            new_message_id(domain)


@pytest.mark.parametrize(
    "raw",
    [
        b"a\nb\r\n",
        b"a\rb\r\n",
        b"a\r\r\n",
        b"a\n\r\n",
        b"a\r\nb\r",
        b"\n",
        b"x" * 999 + b"\r\n",
        b"a\r\n" + b"x" * 999,
        b"\xc3\xa4\r\n",
        b"a\0\r\n",
    ],
)
def test_bytes_that_a_server_may_change_are_refused_before_the_wire(raw):
    with pytest.raises(Problem) as caught:
        assert_wire(raw)
    assert caught.value.code == "bad-message"


def test_good_bytes_pass():
    for raw in (b"", b"a", b"a\r\n.\r\n\r\n", b"x" * 998 + b"\r\n"):
        assert_wire(raw)


PICTURES = (
    ("ab12@picture", "image/png", b"\x89PNG" + bytes(range(256))),
    ("cd34@picture", "image/jpeg", b"\xff\xd8\xff" + bytes(range(256))),
)


def test_pictures_travel_with_the_html_that_shows_them():
    attached = (("a.pdf", "application/pdf", b"%PDF"),)
    message = parsed(replace(MAIL, pictures=PICTURES, attachments=attached))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/jpeg",
        "application/pdf",
    ]
    shown = [part for part in message.walk() if part["Content-ID"]]
    assert [
        (part["Content-ID"], part.get_content_type(), part.get_payload(decode=True))
        for part in shown
    ] == [(f"<{cid}>", kind, raw) for cid, kind, raw in PICTURES]
    assert {part.get_content_disposition() for part in shown} == {"inline"}
    assert all(part.get_filename() is None for part in shown)
    assert [part.get_filename() for part in message.iter_attachments()] == ["a.pdf"]
    body = message.get_body(("html",))
    assert body is not None
    assert normal(body.get_content()) == normal(MAIL.html)


def test_a_mail_with_pictures_is_short_ascii_lines_and_always_the_same():
    raw = build(replace(MAIL, pictures=PICTURES))
    assert_wire(raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 100
    assert raw == build(replace(MAIL, pictures=PICTURES))
    assert len(set(re.findall(rb'boundary="([^"]+)"', raw))) == 2


@pytest.mark.parametrize(
    "picture",
    [
        ("ab12@picture", "image/svg+xml", b""),
        ("ab12@picture", "image/png\r\nX: y", b""),
        ("ab12>\r\nX: y@picture", "image/png", b""),
        ("", "image/png", b""),
    ],
)
def test_a_picture_of_another_kind_or_name_is_refused(picture):
    with pytest.raises(Problem) as caught:
        build(replace(MAIL, pictures=(picture,)))
    assert caught.value.code == "bad-message"
