"""Reaching a mail server: greeting, sign-in, encryption, and the setting that names it."""

import ssl
from itertools import repeat

import pytest
from flask import Flask
from flask_mail import Mail as FlaskMail

from campaign.kernel.errors import Problem
from campaign.sending.smtp import SmtpTransport
from campaign.sending.transport import (
    Handover,
    TransportTrouble,
    Waits,
    check_mail_url,
    open_transport,
    parse_mail_url,
)
from tests.sending.mails import DATA, PARCEL, Gate, opened, say_and_go_on, sent
from tests.sending.smtp_server import (
    DROP,
    Peer,
    flood,
    make_certificate,
    plain_login,
    trusting,
)

# Opening the connection


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"GREETING": [b"554 no service\r\n"]}, "554 no service"),
        ({"GREETING": [b"421 too busy\r\n"]}, "421 too busy"),
        ({"GREETING": [DROP]}, "closed the connection"),
        ({"GREETING": [flood(b"220-hello\r\n")]}, "too long"),
        ({"GREETING": [b"SSH-2.0-OpenSSH_9\r\n"]}, "not SMTP"),
        ({"EHLO": [b"550 no\r\n"], "HELO": [b"550 go away\r\n"]}, "550 go away"),
        ({"MAIL": [b"530 5.7.0 Authentication required\r\n"]}, "Authentication required"),
    ],
)
def test_a_server_that_cannot_be_used_at_all_stops_the_run(script, words):
    with Peer(script=script) as peer, pytest.raises(TransportTrouble) as caught:
        sent(peer)
    assert words in caught.value.why
    assert f"127.0.0.1:{peer.port}" in caught.value.why


def test_a_server_that_is_not_there_stops_the_run_and_is_tried_again_later():
    with Peer() as gone:
        url = gone.url
    with opened(url) as transport, pytest.raises(TransportTrouble, match="refused"):
        transport.send(PARCEL, Gate())


def test_a_connection_that_cannot_be_reopened_stops_the_run():
    script = {"GREETING": [None, b"421 too busy\r\n"], "MAIL": [None, DROP]}
    with Peer(script=script) as peer, opened(peer.url) as transport:
        transport.send(PARCEL, Gate())
        gate = Gate()
        with pytest.raises(TransportTrouble):
            transport.send(PARCEL, gate)
        assert gate.calls == 0
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED


def test_we_sign_in_where_the_url_says_so():
    with Peer(extensions=("AUTH PLAIN",)) as peer:
        url = peer.url.replace("//", "//us%40ours.example:p%2Fss%20word@")
        with opened(url) as transport:
            assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert plain_login("us@ours.example", "p/ss word") in peer.commands


def test_a_refused_sign_in_stops_the_run_without_telling_the_password():
    script = {"AUTH": repeat(b"535 5.7.8 bad credentials\r\n")}
    with Peer(script=script, extensions=("AUTH PLAIN LOGIN",)) as peer:
        url = peer.url.replace("//", "//us:secret-word@")
        with opened(url) as transport, pytest.raises(TransportTrouble) as caught:
            transport.send(PARCEL, Gate())
    assert "535" in caught.value.why
    assert "secret-word" not in caught.value.why
    assert "MAIL" not in peer.verbs()


@pytest.mark.parametrize("mechanism", ["CRAM-MD5", "LOGIN", "PLAIN"])
@pytest.mark.parametrize(
    "challenge", [b"334 abc\r\n", b"334 \xff\r\n", b"334 \r\n", b"334 !!!!\r\n"]
)
def test_a_challenge_that_is_none_stops_the_run_like_any_refusal(mechanism, challenge):
    script = {"AUTH": repeat(challenge)}
    with Peer(script=script, extensions=(f"AUTH {mechanism}",)) as peer:
        url = peer.url.replace("//", "//us:secret-word@")
        waits = Waits(connect=2, command=0.5, after_dot=0.5)
        with opened(url, waits=waits) as transport, pytest.raises(TransportTrouble) as caught:
            transport.send(PARCEL, Gate())
    assert "secret-word" not in caught.value.why
    assert "MAIL" not in peer.verbs()


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "mail..example", ".example"])
def test_a_host_that_can_have_no_address_stops_the_run_in_words(host):
    with opened(f"smtp://{host}?tls=none") as transport, pytest.raises(TransportTrouble) as caught:
        transport.send(PARCEL, Gate())
    assert host in caught.value.why


def test_a_server_without_sign_in_stops_the_run_where_we_have_a_password():
    with (
        Peer(extensions=()) as peer,
        opened(peer.url.replace("//", "//us:word@")) as transport,
        pytest.raises(TransportTrouble, match="AUTH"),
    ):
        transport.send(PARCEL, Gate())
    assert "MAIL" not in peer.verbs()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """Folder and server context by kind."""
    made = {}
    for kind, days, name in [
        ("good", 2, "IP:127.0.0.1"),
        ("expired", -1, "IP:127.0.0.1"),
        ("other-host", 2, "DNS:other.example"),
    ]:
        folder = tmp_path_factory.mktemp(kind)
        made[kind] = (folder, make_certificate(folder, days=days, name=name))
    return made


def tls_url(peer: Peer, implicit: bool) -> str:
    return peer.url.replace("smtp:", "smtps:") if implicit else peer.url + "?tls=starttls"


@pytest.mark.parametrize("implicit", [False, True])
def test_a_mail_goes_encrypted_to_a_server_whose_certificate_holds(certificates, implicit):
    folder, context = certificates["good"]
    with (
        Peer(tls=context, implicit_tls=implicit) as peer,
        opened(tls_url(peer, implicit), context=trusting(folder)) as transport,
    ):
        for _ in range(3):
            assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert peer.mails[0].data == DATA
    assert peer.connections == 1
    assert ("STARTTLS" in peer.verbs()) is not implicit


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    ("kind", "trusted", "words"),
    [
        ("expired", True, "expired"),
        ("other-host", True, "IP address mismatch"),
        ("good", False, "self-signed"),
    ],
)
def test_a_certificate_that_does_not_hold_stops_the_run(
    certificates, kind, trusted, words, implicit
):
    folder, context = certificates[kind]
    client = trusting(folder) if trusted else None
    with (
        Peer(tls=context, implicit_tls=implicit) as peer,
        opened(tls_url(peer, implicit), context=client) as transport,
        pytest.raises(TransportTrouble) as caught,
    ):
        transport.send(PARCEL, Gate())
    assert words in caught.value.why.replace("self signed", "self-signed")
    assert "MAIL" not in peer.verbs()


@pytest.mark.parametrize(
    "answer", [None, b"454 4.7.0 not now\r\n", b"502 no such command\r\n", DROP]
)
def test_encryption_that_is_withheld_is_never_done_without(answer):
    script = {} if answer is None else {"STARTTLS": repeat(answer)}
    extensions = ("SIZE 1000000", *(["STARTTLS"] if script else []))
    with (
        Peer(script=script, extensions=extensions) as peer,
        opened(peer.url + "?tls=starttls") as transport,
    ):
        for _ in range(2):
            with pytest.raises(TransportTrouble):
                transport.send(PARCEL, Gate())
    assert set(peer.verbs()) <= {"EHLO", "STARTTLS", "QUIT"}


def test_words_spoken_before_encryption_do_not_count_as_said_within_it(certificates):
    folder, context = certificates["good"]
    injected = say_and_go_on(b"220 go ahead\r\n250-evil.example\r\n250 AUTH PLAIN\r\n")
    with (
        Peer(script={"STARTTLS": [injected]}, tls=context) as peer,
        opened(peer.url + "?tls=starttls", context=trusting(folder)) as transport,
        pytest.raises(TransportTrouble, match="before TLS"),
    ):
        transport.send(PARCEL, Gate())
    assert "MAIL" not in peer.verbs()


def test_by_default_certificates_and_host_names_are_checked():
    transport = open_transport("smtp://mail.example")
    assert isinstance(transport, SmtpTransport)
    context = transport._connection._context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert transport._connection.mail.use_tls


def test_flask_mails_own_settings_serve_where_they_name_the_same_server():
    with Peer() as peer:
        app = Flask("test")
        server = parse_mail_url(peer.url)
        assert server is not None
        app.config.update(server.flask_mail_config())
        FlaskMail(app)
        with opened(peer.url, app=app) as transport:
            assert transport._connection.mail is app.extensions["mail"]  # type: ignore[attr-defined]
            assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED


# The setting


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, "starttls"),
        ("smtp://u:p@mail.example", "mail.example", 587, "starttls"),
        ("smtp://u:p@mail.example:2525/?tls=starttls", "mail.example", 2525, "starttls"),
        ("smtp://relay.internal?tls=none", "relay.internal", 25, "none"),
        ("smtps://u:p@mail.example", "mail.example", 465, "implicit"),
        ("smtp://localhost:1025", "localhost", 1025, "none"),
        ("smtp://127.0.0.1", "127.0.0.1", 25, "none"),
        ("smtp://[::1]:25", "::1", 25, "none"),
        ("smtp://u:p@127.0.0.1:1025", "127.0.0.1", 1025, "none"),
        ("smtp://127.0.0.1?tls=starttls", "127.0.0.1", 25, "starttls"),
    ],
)
def test_the_mail_url_says_where_and_how_safely(url, host, port, tls):
    server = parse_mail_url(url)
    assert server is not None
    assert (server.host, server.port, server.tls) == (host, port, tls)


def test_captured_mail_needs_no_server():
    assert parse_mail_url("capture:") is None
    check_mail_url("capture:")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp:mail.example",
        "smtp://mail.example:0",
        "smtp://mail.example:99999",
        "smtp://mail.example:port",
        "smtp://[::1",
        "smtp://ma il.example",
        "smtp://mail.example/path",
        "smtp://us:sec/ret@mail.example",
        "smtp://us:sec#ret@mail.example",
        "smtp://us@mail.example",
        "smtp://us:sec%0d%0aret@mail.example",
        "smtp://mail.example?tls=maybe",
        "smtp://mail.example?tls=",
        "smtp://mail.example?verify=no",
        "smtps://mail.example?tls=none",
        "smtp://us:secret@mail.example?tls=none",
        "capture:somewhere",
    ],
)
def test_an_unusable_mail_url_stops_the_start_and_keeps_its_password(url):
    with pytest.raises(Problem) as caught:
        check_mail_url(url)
    assert caught.value.code == "bad-setting"
    assert "MAIL_URL" in str(caught.value)
    assert not any(word in str(caught.value) for word in ("secret", "sec/ret", "sec#ret"))


def test_the_password_is_in_no_description_of_the_server():
    assert "secret" not in repr(parse_mail_url("smtp://us:secret@mail.example"))
