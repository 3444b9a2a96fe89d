"""Addresses beyond ASCII: taken only where our mail server takes them, and shown as they read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.config import Settings
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.kernel.mail_names import mixes_scripts, read_as
from campaign.replies.reading import read_bytes
from campaign.sending import deliverability, operations, outbox, parcels
from campaign.sending.addresses import check_address
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from campaign.sending.transport import PAGE_WAITS, Handover, Waits
from tests.builders import accounts, companies, drafting
from tests.builders import sending as build
from tests.pages import page
from tests.sending.mails import PARCEL, sent
from tests.sending.smtp_server import Peer

ADDRESS = "büro@larkspur.example"
OFFERS = ("SIZE 10485760", "8BITMIME", "SMTPUTF8", "DSN")
HEAD = f"To: <{ADDRESS}>\r\nMessage-ID: <1@ours.example>\r\n\r\n".encode()
BEYOND = replace(PARCEL, recipient=ADDRESS, data=HEAD + b"Words.\r\n", beyond_ascii=True)


@contextmanager
def server(ctx: AppContext, url: str) -> Iterator[None]:
    """The settings name this mail server."""
    before: Settings = ctx.app.extensions["settings"]
    ctx.app.extensions["settings"] = replace(before, mail_url=url)
    yield
    ctx.app.extensions["settings"] = before


def approved(to: str = ADDRESS) -> Letter:
    people = build.staff()
    company = companies.company("Larkspur Mobile")
    companies.contact(company, to)
    return drafting.approved(people, drafting.draft(people, company))


def ordered(letter: Letter) -> list[Dispatch]:
    return operations.send([letter.id], actor=build.staff().drafter)


def test_the_rest_of_such_an_address_is_as_strict_as_ever() -> None:
    assert check_address(ADDRESS, beyond_ascii=True) == ADDRESS
    for bad in ("ü ü@c.example", "ü,v@c.example", "ü\u2028@c.example", '"ü"@c.example', "ü\0@c.e"):
        with pytest.raises(Problem):
            check_address(bad, beyond_ascii=True)
    with pytest.raises(Problem):
        check_address(ADDRESS)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "ü\r\nRCPT TO:<v@evil.example>"},
        {"recipient": "ü> <v@evil.example"},
        {"recipient": "ü\u2028x@c.example"},
        {"recipient": "ü\x85x@c.example"},
        {"envelope_sender": "ü@ours.example"},
        {"data": HEAD + "ä\r\n".encode()},
        {"data": HEAD.replace(b"\r\n\r\n", b"\n\n")},
        {"beyond_ascii": False},
    ],
)
def test_nothing_else_goes_beyond_ascii_with_it(changes: dict[str, object]) -> None:
    with Peer(extensions=OFFERS) as peer:
        outcome, asked = sent(peer, replace(BEYOND, **changes))  # type: ignore[arg-type]
    assert (outcome.handover, asked, peer.connections) == (Handover.FAILED, 0, 0)


def test_a_server_with_smtputf8_gets_it_as_the_standard_says() -> None:
    with Peer(extensions=OFFERS) as peer:
        outcome, _ = sent(peer, BEYOND)
    assert outcome.handover is Handover.ACCEPTED
    assert peer.mails[0].recipients == [ADDRESS, PARCEL.archive]
    assert peer.mails[0].data == BEYOND.data
    (mail,) = (command for command in peer.commands if command.startswith("MAIL"))
    assert mail.endswith(" BODY=8BITMIME SMTPUTF8")


def test_a_server_without_it_is_offered_nothing() -> None:
    with Peer(extensions=("SIZE 10485760", "8BITMIME")) as peer:
        outcome, asked = sent(peer, BEYOND)
    assert (outcome.handover, asked) == (Handover.FAILED, 0)
    assert "SMTPUTF8" in outcome.reply
    assert "MAIL" not in peer.verbs()


@pytest.mark.usefixtures("ctx")
def test_an_address_beyond_ascii_is_refused_before_the_queue(ctx: AppContext) -> None:
    """bad-inputs.md A.9: unless the relay offers SMTPUTF8."""
    letter = approved()
    with Peer() as poor, server(ctx, poor.url), pytest.raises(Problem) as caught:
        ordered(letter)
    assert caught.value.code == "server-takes-ascii"
    assert ADDRESS in str(caught.value)
    assert "Larkspur Mobile" in str(caught.value)
    with server(ctx, poor.url), pytest.raises(Problem) as unasked:
        ordered(letter)
    assert unasked.value.code == "server-not-asked"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Dispatch)) == 0
    with Peer(extensions=OFFERS) as good, server(ctx, good.url):
        (dispatch,) = ordered(letter)
        assert operations.send_due() == 1
    assert dispatch.state is S.ACCEPTED
    assert good.mails[0].recipients[0] == ADDRESS
    assert f"\r\nTo: Larkspur Mobile <{ADDRESS}>\r\n".encode() in good.mails[0].data
    assert good.mails[0].data.partition(b"\r\n\r\n")[2].isascii()


def test_a_plain_address_asks_no_server(ctx: AppContext) -> None:
    letter = approved("privacy@larkspur.example")
    with Peer() as peer, server(ctx, peer.url):
        ordered(letter)
    assert peer.connections == 0


def test_a_captured_mail_beyond_ascii_is_kept_and_its_bounce_is_read(ctx: AppContext) -> None:
    (dispatch,) = ordered(approved("büro@bounce.larkspur.example"))
    assert operations.send_due() == 1
    box = parcels.settings().captured_inbox
    readings = [read_bytes(path.read_bytes()) for path in box.glob("new/*")]
    (bounce,) = (one for one in readings if one.kind.value == "bounce")
    assert dispatch.message_id in bounce.reported_ids


READINGS = [
    ("privacy@larkspur.example", ""),
    ("presse@xn--bcher-kva.example", "reads as presse@bücher.example"),
    (
        "info@xn--cmpany-wqf.example",
        "reads as info@cоmpany.example, in letters of more than one alphabet",
    ),
    ("infо@company.example", "reads as written, in letters of more than one alphabet"),
    ("お問い合わせカ字@c.example", ""),
    ("@larkspur", ""),
    ("1 Quay Street\nx@y", ""),
    ("https://larkspur.example/", ""),
]


@pytest.mark.parametrize(("address", "words"), READINGS)
def test_an_address_reads_as(address: str, words: str) -> None:
    assert read_as(address) == words
    assert mixes_scripts("cоmpany")


def test_a_domain_beyond_ascii_is_shown_in_both_forms(app: Flask, client: FlaskClient) -> None:
    """bad-inputs.md A.10: on the page that asks whether to send, before anything leaves."""
    with app.app_context():
        letter_id = approved("info@cоmpany.example").id
        accounts.sign_in(client, build.staff().drafter)
        db.session.remove()
    given = {"letter_ids": letter_id}
    answer = accounts.post(client, "/staff/sending/send", given, page="/staff/halt/")
    shown = page(answer).text
    words = "(reads as info@cоmpany.example, in letters of more than one alphabet)"
    assert f"info@xn--cmpany-wqf.example {words}" in shown
    assert "Nothing has left yet" in shown
    assert words in page(client.get("/staff/companies/larkspur-mobile/")).text


def test_a_page_waits_for_a_silent_server_for_seconds_not_minutes(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Waits | None] = []
    whole = outbox.way_of_the_settings

    def noted(waits: Waits | None = None) -> object:
        asked.append(waits)
        return whole(waits)

    monkeypatch.setattr(outbox, "way_of_the_settings", noted)
    deliverability.send_test(actor=build.staff().drafter)
    ordered(approved())
    assert asked == [PAGE_WAITS, PAGE_WAITS]
    assert max(PAGE_WAITS.connect, PAGE_WAITS.command) <= 20
