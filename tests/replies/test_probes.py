"""Probes: a mail to ourselves that shows that the mailbox works."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.ctx import AppContext

from campaign.extensions import db
from campaign.kernel import clock
from campaign.replies import operations, queries
from campaign.replies.kinds import Kind
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import Triage
from campaign.sending import operations as sending
from campaign.sending.models import Probe
from campaign.sending.probes import send_probe
from campaign.sending.smtp import SmtpTransport
from campaign.sending.transport import open_transport
from tests.builders.waiting import SENT
from tests.sending.mails import PATIENT
from tests.sending.smtp_server import Peer


def arrived() -> list[IncomingMessage]:
    """What is in the mailbox, read."""
    operations.read_mailboxes()
    operations.read_stored()
    return list(db.session.scalars(sa.select(IncomingMessage)))


def test_a_probe_comes_home_and_is_known_as_ours(ctx: AppContext) -> None:
    with clock.at(SENT):
        assert send_probe()
        (message,) = arrived()
    assert (message.kind, message.triage) == (Kind.OWN_COPY, Triage.SETTLED)
    assert message.letter_id is None
    assert queries.active_mailboxes()[0].own_copy_at == SENT
    assert queries.waiting_count() == 0


@pytest.mark.parametrize(("later", "again"), [(59, False), (61, True)])
def test_probes_are_an_hour_apart(ctx: AppContext, later: int, again: bool) -> None:
    with clock.at(SENT):
        assert send_probe()
    with clock.at(SENT + timedelta(minutes=later)):
        assert send_probe() is again


def test_nothing_is_sent_while_everything_is_halted(ctx: AppContext) -> None:
    sending.halt(why="A fire.", actor=None)
    assert not send_probe()
    assert db.session.scalars(sa.select(Probe)).all() == []


def test_a_mail_that_only_claims_to_be_a_probe_waits_for_a_person(ctx: AppContext) -> None:
    with clock.at(SENT):
        send_probe()
        probe = db.session.scalars(sa.select(Probe)).one()
        forged = f"From: a@larkspur.example\r\nMessage-ID: {probe.message_id}\r\n\r\nNo.\r\n"
        _put(forged.encode(), SENT)
        kinds = {message.triage for message in arrived()}
    assert kinds == {Triage.SETTLED, Triage.WAITING}


def _put(raw: bytes, when: datetime) -> None:
    from flask import current_app

    from campaign.kernel.files import write_maildir

    write_maildir(current_app.extensions["settings"].captured_inbox, raw, when)


def test_a_probe_goes_by_the_mail_server_to_our_own_addresses(ctx: AppContext) -> None:
    with Peer() as peer:
        way = open_transport(peer.url, waits=PATIENT, ehlo_name="ours.example")
        assert isinstance(way, SmtpTransport)
        assert send_probe(transport=way)
    (mail,) = peer.mails
    assert set(mail.recipients) == {"answers@brightwater.example"}


def test_a_server_that_is_away_leaves_its_words_and_the_next_hour_tries_again(
    ctx: AppContext,
) -> None:
    with Peer() as peer:
        url = peer.url
    with clock.at(SENT):
        assert not send_probe(transport=open_transport(url, waits=PATIENT))
    assert "refused" in db.session.scalars(sa.select(Probe)).one().reply
    with Peer() as peer, clock.at(SENT + timedelta(hours=2)):
        assert send_probe(transport=open_transport(peer.url, waits=PATIENT))
