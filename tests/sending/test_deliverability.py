"""What other servers make of our mails: records explained, signatures that hold, a test mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from flask import Flask, current_app
from flask.testing import FlaskClient

from campaign.config import Settings
from campaign.extensions import db
from campaign.factory import create_app
from campaign.kernel.errors import Problem
from campaign.sending import deliverability, deliverability_rules, operations, queries
from campaign.sending.deliverability import Names
from campaign.sending.deliverability_rules import Standing
from campaign.sending.dkim_signing import Signer, open_signer
from tests.builders import accounts, sending
from tests.pages import page
from tests.sending.name_server import NameServer
from tests.sending.smtp_server import Peer

SPF = "v=spf1 include:_spf.mail.example -all"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _key_file(folder: Path, password: bytes = b"") -> Path:
    path = folder / "dkim.pem"
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    return path


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    made = open_signer(str(_key_file(tmp_path)), "letters", "brightwater.example")
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("texts", "lookups", "standing", "words"),
    [
        ([SPF], 2, Standing.GOOD, "not trusted"),
        (["v=spf1 mx ~all"], 1, Standing.GOOD, "not trusted"),
        (["v=spf1 redirect=_spf.mail.example"], 3, Standing.GOOD, "not trusted"),
        ([], 0, Standing.BAD, "Nobody is told"),
        (["v=spf10 -all", "google-site=1"], 0, Standing.BAD, "Nobody is told"),
        ([SPF, "v=spf1 -all"], 2, Standing.BAD, "several"),
        ([SPF], 11, Standing.BAD, "ask 11 questions"),
        (["v=spf1 +all"], 0, Standing.BAD, "every server of the world"),
        (["v=spf1 all"], 0, Standing.BAD, "every server of the world"),
        (["v=spf1 mx ?all"], 1, Standing.UNSURE, "says nothing"),
        (["v=spf1 mx"], 1, Standing.UNSURE, "says nothing"),
    ],
)
def test_an_spf_record_in_words(
    texts: list[str], lookups: int, standing: Standing, words: str
) -> None:
    found = deliverability_rules.spf("odw.example", texts, lookups)
    assert (found.standing, words in found.means) == (standing, True)
    assert bool(found.to_do) is (standing is not Standing.GOOD)


@pytest.mark.parametrize(
    ("texts", "standing", "words"),
    [
        (["v=DMARC1; p=reject; rua=mailto:a@b.example"], Standing.GOOD, "refused"),
        (["v=DMARC1;p=Quarantine"], Standing.GOOD, "spam"),
        (["v=DMARC1; p=none"], Standing.UNSURE, "protects nobody"),
        (["v=DMARC1; sp=none"], Standing.BAD, "no policy"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], Standing.BAD, "several"),
        (["v=DMARC11; p=none"], Standing.BAD, "Anybody"),
        ([], Standing.BAD, "Anybody"),
    ],
)
def test_a_dmarc_record_in_words(texts: list[str], standing: Standing, words: str) -> None:
    found = deliverability_rules.dmarc("_dmarc.odw.example", texts)
    assert (found.standing, words in found.means) == (standing, True)


def _known(signer: Signer, **changes: list[str]) -> dict[tuple[str, str], list[str]]:
    return {
        ("brightwater.example", "TXT"): ["some-site=1", SPF],
        ("brightwater.example", "MX"): ["20 b.mail.example.", "10 a.mail.example."],
        ("_spf.mail.example", "TXT"): ["v=spf1 include:_more.mail.example a mx ip4:192.0.2.0/24"],
        ("_more.mail.example", "TXT"): ["v=spf1 include:_spf.mail.example exists:%{i}.x.example"],
        (signer.record, "TXT"): [f"v=DKIM1; k=rsa; p={signer.public_key}"],
        ("_dmarc.brightwater.example", "TXT"): ["v=DMARC1; p=reject"],
    }


@pytest.fixture
def signing(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """The program with a key to sign with."""
    key = str(_key_file(tmp_path))
    made = create_app(replace(settings, dkim_key=key, dkim_selector="letters"))
    yield made
    with made.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.database("sqlite")
def test_a_domain_in_good_order_is_found_so_by_a_real_name_server(
    signing: Flask, signer: Signer
) -> None:
    with NameServer(_known(signer)) as server, signing.app_context():
        look = deliverability.look(Names(server.address))
    assert look.trouble == ""
    assert {one.name: one.standing for one in look.findings} == {
        "SPF": Standing.GOOD,
        "DKIM": Standing.GOOD,
        "DMARC": Standing.GOOD,
        "Sender and bounce address": Standing.GOOD,
        "Mail to brightwater.example": Standing.GOOD,
    }
    assert look.findings[-1].found == "a.mail.example, b.mail.example"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("lost", "name", "words"),
    [
        ("letters._domainkey.brightwater.example", "DKIM", "not published"),
        ("_dmarc.brightwater.example", "DMARC", "Anybody"),
    ],
)
def test_what_is_missing_is_named_with_the_record_to_publish(
    signing: Flask, signer: Signer, lost: str, name: str, words: str
) -> None:
    known = {key: texts for key, texts in _known(signer).items() if key[0] != lost}
    with NameServer(known) as server, signing.app_context():
        look = deliverability.look(Names(server.address))
    (found,) = [one for one in look.findings if one.name == name]
    assert (found.standing, words in found.means) == (Standing.BAD, True)
    assert lost in found.to_do


@pytest.mark.database("sqlite")
def test_another_key_than_ours_is_found(signing: Flask, signer: Signer) -> None:
    known = {**_known(signer), (signer.record, "TXT"): ["v=DKIM1; p=MIIBIjANBgkq"]}
    with NameServer(known) as server, signing.app_context():
        look = deliverability.look(Names(server.address))
    assert "not ours" in {one.name: one for one in look.findings}["DKIM"].means


def test_the_lookups_of_an_spf_record_are_counted_through_all_that_it_takes_in(
    signer: Signer,
) -> None:
    with NameServer(_known(signer)) as server:
        assert deliverability._lookups(Names(server.address), SPF) == 6


@pytest.mark.database("sqlite")
def test_a_name_server_that_is_silent_leaves_nothing_known(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverability, "_SECONDS", 0.3)
    with NameServer({}, silent=True) as server, app.app_context():
        look = deliverability.look(Names(server.address))
    assert look.findings == ()
    assert look.trouble


@pytest.mark.database("sqlite")
def test_a_letter_carries_a_signature_that_holds_until_a_byte_is_changed(
    signing: Flask, signer: Signer
) -> None:
    with signing.app_context():
        (dispatch,) = sending.ordered()
        raw: bytes = current_app.extensions["files"].get(dispatch.file_sha256)
    asked: list[bytes] = []

    def published(name: bytes, timeout: float = 5) -> bytes:
        asked.append(name)
        return f"v=DKIM1; k=rsa; p={signer.public_key}".encode()

    assert raw.startswith(b"DKIM-Signature: ")
    assert dkim.verify(raw, dnsfunc=published)
    assert asked == [f"{signer.record}.".encode()]
    for old, new in ((b"\r\nSubject: ", b"\r\nSubject: x"), (b"\r\nFrom: ", b"\r\nFrom: x ")):
        assert not dkim.verify(raw.replace(old, new, 1), dnsfunc=published)
    assert not dkim.verify(raw[:-20] + b"x" + raw[-19:], dnsfunc=published)
    assert not dkim.verify(b"Subject: another\r\n" + raw, dnsfunc=published)


@pytest.mark.parametrize("kind", ["missing", "no key", "locked", "selector"])
def test_a_key_that_cannot_be_used_stops_the_start_in_one_line(tmp_path: Path, kind: str) -> None:
    path = _key_file(tmp_path, b"secret" if kind == "locked" else b"")
    if kind == "no key":
        path.write_text("-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----\n")
    if kind == "missing":
        path = tmp_path / "nowhere.pem"
    with pytest.raises(Problem) as told:
        open_signer(str(path), "a b" if kind == "selector" else "letters", "odw.example")
    assert told.value.code == "bad-setting"
    assert "PRIVATE" not in str(told.value)


@pytest.mark.database("sqlite")
def test_the_test_goes_to_the_one_who_asks_and_nobody_else(settings: Settings) -> None:
    with Peer() as peer:
        real = replace(settings, mail_url=peer.url, inbox_url=f"maildir:{settings.instance_dir}/m")
        app = create_app(real)
        with app.app_context():
            who = accounts.admin()
            outcome = deliverability.send_test(actor=who)
            assert outcome.code == 250
            (mail,) = peer.mails
            assert mail.recipients == [who.email]
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@pytest.mark.database("sqlite")
def test_a_test_does_not_leave_while_everything_is_halted(app: Flask) -> None:
    with app.app_context():
        who = accounts.admin()
        operations.halt(why="Something is wrong.", actor=who)
        with pytest.raises(Problem, match="halted"):
            deliverability.send_test(actor=who)
        assert queries.standing_halt() is not None


@pytest.mark.database("sqlite")
def test_the_page_explains_and_only_an_administrator_looks_and_tests(
    app: Flask, client: FlaskClient, signer: Signer
) -> None:
    address = "/staff/settings/deliverability/"
    with app.app_context():
        boss, reader = accounts.admin().email, accounts.user("Vic Viewer").email
    accounts.sign_in(client, reader)
    assert page(client.get(address)).select("main form") == []
    assert accounts.post(client, f"{address}look", {}, page=address).status_code == 403
    other = app.test_client()
    accounts.sign_in(other, boss)
    with NameServer(_known(signer)) as server:
        app.extensions["names"] = Names(server.address)
        shown = page(accounts.post(other, f"{address}look", {}, page=address))
    assert "Could be better" in shown.text  # it does not sign
    assert SPF in shown.texts("code")
    sent = accounts.post(other, f"{address}test", {}, page=address)
    assert "The test went to" in page(other.get(sent.headers["Location"])).text
