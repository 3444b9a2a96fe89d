"""Letters through a real relay: what each end means, at the receiver and on our pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.campaigns.models import Campaign
from campaign.config import Settings
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import Triage
from campaign.sending import operations, parcels, queries
from campaign.sending.message import Mail, new_message_id
from campaign.sending.message import build as build_mail
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import EvidenceKind as E
from campaign.sending.rules import Proof
from campaign.sending.transport import Handover, Parcel, open_transport
from tests.builders import accounts, companies, drafting, replies
from tests.builders import sending as build
from tests.pages import page
from tests.sending import postfix
from tests.sending.mails import Gate, opened
from tests.sending.postfix import Relay
from tests.sending.test_message import HARD_TEXTS
from tests.servers.programs import wait_until

pytestmark = pytest.mark.xdist_group("postfix")


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with postfix.postfix(tmp_path_factory.mktemp("postfix") / "postfix.log") as running:
        yield running


@pytest.fixture
def settings(settings: Settings, relay: Relay) -> Settings:
    """Mail goes through the relay, and comes back to a mailbox of the test's own."""
    address, box = relay.new_mailbox()
    return replace(
        settings,
        mail_url=relay.url(),
        reply_address=address,
        inbox_url=f"maildir:{box}",
        check_senders="no",  # that asks name servers, which are not on this machine
    )


class Sent:
    """A letter to one address, ordered, with what became of it."""

    def __init__(self, to: str, company: str = "Larkspur Mobile") -> None:
        people = build.staff()
        written_to = companies.company(company)
        companies.contact(written_to, to, verified=False)
        campaign = db.session.scalar(sa.select(Campaign))
        letter = drafting.approved(people, drafting.draft(people, written_to, campaign))
        (ordered,) = operations.send([letter.id], actor=people.drafter)
        self.id, self.ref = ordered.id, ordered.ref

    @property
    def dispatch(self) -> Dispatch:
        db.session.rollback()
        return db.session.get_one(Dispatch, self.id, populate_existing=True)

    @property
    def letter(self) -> Letter:
        return self.dispatch.letter

    @property
    def evidence(self) -> set[E]:
        return {item.kind for item in self.dispatch.evidence}

    @property
    def proof(self) -> Proof:
        return queries.proof(self.letter, mailbox_read_at=clock.now() + timedelta(hours=1)).grade

    def bytes(self) -> bytes:
        return bytes(parcels.files().get(str(self.dispatch.file_sha256)))

    def comes_to(self, ready: Callable[[], bool], what: str) -> None:
        """Read our mailbox until it is so."""

        def read_and_look() -> bool:
            replies.take_in()
            return ready()

        wait_until(read_and_look, what, seconds=20)


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        accounts.sign_in(client, build.staff().drafter)
        db.session.remove()
    return client


AT_ONCE = {
    "does not know the mailbox": (
        "relay", postfix.UNKNOWN_USER, S.FAILED, 550, "User unknown in virtual mailbox table"
    ),
    "knows no such domain": ("relay", postfix.NO_SUCH_DOMAIN, S.FAILED, 550, "no such domain"),
    "says later": ("relay", postfix.GREYLISTED, S.DEFERRED, 450, "Greylisted, come back later"),
    "refuses the text before it comes": (
        "refuses-at-data", postfix.DELIVERED, S.FAILED, 554, "Data command rejected"
    ),
    "refuses the text after it came": (
        "judges-content", postfix.DELIVERED, S.FAILED, 550, "We take no such content"
    ),
    "is full after the text came": (
        "busy-after-text", postfix.DELIVERED, S.DEFERRED, 451, "Our disk is full"
    ),
    "takes no mail of that size": (
        "small", postfix.DELIVERED, S.FAILED, None, "takes mails up to 20000 bytes"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", AT_ONCE)
def test_a_relay_that(case: str, app: Flask, staff: FlaskClient, relay: Relay) -> None:
    face, to, state, code, words = AT_ONCE[case]
    with app.app_context():
        sent = Sent(to)
        way = open_transport(relay.url(face))
        assert operations.send_due(transport=way) == 0
        (attempt,) = queries.attempts_of(sent.dispatch)
        assert (sent.dispatch.state, attempt.code) == (state, code)
        assert words in sent.dispatch.why
        assert (sent.letter.state, sent.proof) == (LetterState.SENDING, Proof.NONE)
        assert sent.evidence == set()
        assert relay.copies(str(sent.dispatch.message_id)) == []
        ref = sent.ref
        db.session.remove()
    assert words in page(staff.get(f"/staff/dispatches/{ref}/")).text
    part = "leaving" if state is S.DEFERRED else "failed"
    assert "Larkspur Mobile" in page(staff.get(f"/staff/sending/?part={part}")).text


def test_a_relay_that_says_later_is_asked_again_in_its_time(app: Flask) -> None:
    with app.app_context():
        sent = Sent(postfix.GREYLISTED)
        start = clock.now()
        for after, tries in ((0, 1), (30, 1), (61, 2), (300, 2), (362, 3)):
            with clock.at(start + timedelta(seconds=after)):
                operations.send_due()
            assert len(queries.attempts_of(sent.dispatch)) == tries
        assert sent.dispatch.state is S.DEFERRED


COMES_BACK = {
    # to: state, evidence, proof, whether the address is still good, words of the page
    postfix.DELIVERED: (
        S.DELIVERED, {E.ACCEPTED, E.OWN_COPY, E.DELIVERY_RECEIPT}, Proof.ADEQUATE, True,
        "delivered to maildir",
    ),
    postfix.PASSED_ON: (
        S.DELIVERED, {E.ACCEPTED, E.OWN_COPY, E.DELIVERY_RECEIPT}, Proof.ADEQUATE, True,
        "delivered to maildir",
    ),
    postfix.PASSED_ON_IN_SILENCE: (
        S.ACCEPTED, {E.ACCEPTED, E.OWN_COPY}, Proof.WEAK, True, "Ok: queued as"
    ),
    postfix.GONE: (
        S.BOUNCED, {E.ACCEPTED, E.OWN_COPY, E.BOUNCE}, Proof.NONE, False, "No such user here"
    ),
    postfix.FULL: (
        S.BOUNCED, {E.ACCEPTED, E.OWN_COPY, E.BOUNCE}, Proof.NONE, True, "The mailbox is full"
    ),
    postfix.REFUSED_FOR_ITS_CONTENT: (
        S.BOUNCED, {E.ACCEPTED, E.OWN_COPY, E.BOUNCE}, Proof.NONE, True, "We take no such content"
    ),
}  # fmt: skip
REPORTED = 2  # our own copy, and the relay's report


@pytest.mark.parametrize("to", COMES_BACK)
def test_what_a_relay_took_comes_home_as_a_report_to_its_own_sender(
    to: str, app: Flask, staff: FlaskClient, relay: Relay
) -> None:
    state, evidence, proof, usable, words = COMES_BACK[to]
    with app.app_context():
        sent = Sent(to)
        assert operations.send_due() == 1
        assert (sent.dispatch.state, sent.proof) == (S.ACCEPTED, Proof.WEAK)
        sent.comes_to(lambda: len(replies.stored()) >= REPORTED, "the report")
        assert (sent.dispatch.state, sent.evidence, sent.proof) == (state, evidence, proof)
        assert sent.dispatch.contact.usable is usable
        assert sent.letter.state is LetterState.OPEN
        _came_home(sent)
        taken = relay.copies(str(sent.dispatch.message_id))
        assert len(taken) == (0 if state is S.BOUNCED else 1)
        for copy in taken:
            _is_what_we_sent(copy, sent)
        ref = sent.ref
        db.session.remove()
    assert words in page(staff.get(f"/staff/dispatches/{ref}/")).text


def _came_home(sent: Sent) -> None:
    """Each message was matched with the letter and settled, the report by its own address."""
    assert f"+b-{sent.dispatch.token}@" in str(sent.dispatch.envelope_sender)
    for message in replies.stored():
        assert message.letter_id == sent.letter.id
        assert message.triage is Triage.SETTLED
    (report,) = (m for m in replies.stored() if b"multipart/report" in replies.raw_of(m))
    assert f"Delivered-To: {sent.dispatch.envelope_sender}" in _head(report)


def _head(message: IncomingMessage) -> str:
    return replies.raw_of(message).partition(b"\n\n")[0].decode()


def _is_what_we_sent(copy: bytes, sent: Sent) -> None:
    """Servers put lines before it, and file it with their own line ends."""
    ours = sent.bytes().replace(b"\r\n", b"\n")
    assert copy.endswith(ours)
    before = copy.removesuffix(ours).decode()
    assert f"Return-Path: <{sent.dispatch.envelope_sender}>" in before


def test_a_busy_company_is_a_delay_first_and_a_bounce_when_the_relay_gives_up(
    app: Flask, relay: Relay
) -> None:
    with app.app_context():
        sent = Sent(postfix.ALWAYS_BUSY)
        operations.send_due()
        sent.comes_to(lambda: E.DELAY in sent.evidence, "the notice of a delay")
        assert (sent.dispatch.state, sent.proof) == (S.ACCEPTED, Proof.WEAK)
        sent.comes_to(lambda: E.BOUNCE in sent.evidence, "the bounce")
        assert (sent.dispatch.state, sent.proof) == (S.BOUNCED, Proof.NONE)
        assert sent.dispatch.contact.usable
        assert "The mailbox is busy" in sent.dispatch.why
        assert operations.send_due() == 0
        assert relay.copies(str(sent.dispatch.message_id)) == []


def test_a_relay_without_any_extension_gets_the_same_bytes_and_reports_nothing(
    app: Flask, relay: Relay
) -> None:
    with app.app_context():
        sent = Sent(postfix.DELIVERED)
        assert operations.send_due(transport=open_transport(relay.url("bare"))) == 1
        sent.comes_to(lambda: E.OWN_COPY in sent.evidence, "our own copy")
        (copy,) = relay.copies(str(sent.dispatch.message_id))
        _is_what_we_sent(copy, sent)
        assert (sent.dispatch.state, len(replies.stored())) == (S.ACCEPTED, 1)


def test_a_mail_goes_encrypted_to_a_relay_whose_certificate_holds(app: Flask, relay: Relay) -> None:
    with app.app_context():
        sent = Sent(postfix.DELIVERED)
        url = relay.url("tls", "?tls=starttls")
        assert operations.send_due(transport=open_transport(url, context=relay.trusted())) == 1
        sent.comes_to(lambda: E.OWN_COPY in sent.evidence, "our own copy")
        (copy,) = relay.copies(str(sent.dispatch.message_id))
        assert b"with ESMTPS" in copy


REFUSED_WAYS = {
    "shows a certificate that is over": (
        "expired", "?tls=starttls", "expired", "certificate has expired"
    ),
    "shows a certificate of nobody we trust": ("tls", "?tls=starttls", None, "self-signed"),
    "offers no encryption where we want it": (
        "relay", "?tls=starttls", "good", "does not offer what MAIL_URL asks for"
    ),
    "wants encryption where we have none": ("tls", "?tls=none", "good", "STARTTLS"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED_WAYS)
def test_nothing_leaves_by_a_relay_that(
    case: str, app: Flask, staff: FlaskClient, relay: Relay
) -> None:
    face, options, trusted, words = REFUSED_WAYS[case]
    with app.app_context():
        sent = Sent(postfix.DELIVERED)
        context = relay.trusted(trusted) if trusted else None
        way = open_transport(relay.url(face, options), context=context)
        assert operations.send_due(transport=way) == 0
        assert words in queries.sending_trouble().replace("self signed", "self-signed")
        assert (sent.dispatch.state, queries.attempts_of(sent.dispatch)) == (S.QUEUED, [])
        assert relay.copies(str(sent.dispatch.message_id)) == []
        db.session.remove()
    assert "Mail does not leave" in page(staff.get("/staff/sending/")).text


def test_an_address_beyond_ascii_goes_where_the_relay_takes_it_and_is_reported(
    app: Flask, relay: Relay
) -> None:
    with app.app_context():
        sent = Sent(postfix.BEYOND_ASCII)
        assert operations.send_due() == 1
        sent.comes_to(lambda: len(replies.stored()) >= REPORTED, "the report")
        assert sent.dispatch.state is S.DELIVERED
        assert sent.evidence == {E.ACCEPTED, E.OWN_COPY, E.DELIVERY_RECEIPT}
        (copy,) = relay.copies(str(sent.dispatch.message_id))
        _is_what_we_sent(copy, sent)
        assert b"with UTF8SMTP" in copy


def test_an_address_beyond_ascii_is_not_even_ordered_where_the_relay_does_not_take_it(
    app: Flask, relay: Relay
) -> None:
    with app.app_context():
        ours = app.extensions["settings"]
        app.extensions["settings"] = replace(ours, mail_url=relay.url("bare"))
        with pytest.raises(Problem) as caught:
            Sent(postfix.BEYOND_ASCII)
        assert caught.value.code == "server-takes-ascii"


def test_the_hardest_text_reaches_the_far_mailbox_as_it_was_made(relay: Relay) -> None:
    """bad-inputs.md A.11, 12, 17: bare line ends, lone dots, endless lines, odd file names."""
    ours, _box = relay.new_mailbox()
    names = ("../../passwd", "a\r\nBcc: x.pdf", "Übersicht „7“.pdf", "x" * 300 + ".pdf", "CON")
    raw = build_mail(
        Mail(
            from_name="Us",
            from_address=ours,
            to_name="Ärzte, „Söhne“ & Co",
            to_address=postfix.PASSED_ON,
            reply_to=ours,
            subject="Fragen – " * 40,
            text="\n".join(HARD_TEXTS),
            html="",
            message_id=(message_id := new_message_id("brightwater.example")),
            date=clock.now(),
            attachments=tuple((name, "application/pdf", b"\n.\r\n.\r") for name in names),
        )
    )
    parcel = Parcel(message_id, ours, postfix.PASSED_ON, ours, raw)
    with opened(relay.url()) as way:
        assert way.send(parcel, Gate()).handover is Handover.ACCEPTED
    wait_until(lambda: bool(relay.copies(message_id)), "the mail", seconds=20)
    (copy,) = relay.copies(message_id)
    assert copy.endswith(raw.replace(b"\r\n", b"\n"))
