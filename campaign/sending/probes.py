"""A probe: a mail of ours to our own reply address, which shows that the mailbox works.

Letters by e-mail have their archive copy for that; where a letter went by form or post only, a
probe stands in (fairness.md, gate “mailboxes read”).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import render_template

from campaign.database import transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.sending import outbox, parcels, queries
from campaign.sending.addresses import domain_of
from campaign.sending.message import Mail, build, new_message_id
from campaign.sending.models import Probe
from campaign.sending.transport import Handover, Outcome, Parcel, Transport, TransportTrouble

AGAIN_AFTER = timedelta(hours=1)
SUBJECT = "Probe: this mailbox is read"


def send_probe(*, transport: Transport | None = None) -> bool:
    """Send a probe, unless one was sent within the hour or everything is halted.

    The row is stored first, so that the mail is known when it comes back. A probe that is lost,
    or sent twice, does no harm: the next one follows.
    """
    now = clock.now()
    if queries.standing_halt() is not None or _newest() > now - AGAIN_AFTER:
        return False
    parcel = _parcel(now)
    with transaction() as session:
        probe = Probe(message_id=parcel.message_id, file_sha256=parcels.files().put(parcel.data))
        session.add(probe)
        session.flush()
        record("probe.sent", probe)
        probe_id = probe.id
    outcome = _hand_over(parcel, transport or outbox.way_of_the_settings())
    with transaction() as session:
        session.get_one(Probe, probe_id).reply = outcome.reply
    return outcome.handover is Handover.ACCEPTED


def _newest() -> datetime:
    """When the last probe was sent; a long time ago where none was."""
    newest = db.session.scalar(sa.select(Probe.sent_at).order_by(Probe.sent_at.desc()).limit(1))
    return newest or clock.now() - timedelta(days=36_500)


def _parcel(now: datetime) -> Parcel:
    ours = parcels.settings()
    words = {"organisation": ours.org_name}
    message_id = new_message_id(domain_of(ours.mail_from))
    raw = build(
        Mail(
            from_name=ours.org_name,
            from_address=ours.mail_from,
            to_name=ours.org_name,
            to_address=ours.reply_address,
            reply_to=ours.reply_address,
            subject=SUBJECT,
            text=render_template("email/probe.txt", **words),
            html=render_template("email/probe.html", **words),
            message_id=message_id,
            date=now,
        )
    )
    # The way captures what goes to companies and delivers what goes to the archive: so both.
    return Parcel(message_id, ours.reply_address, ours.reply_address, ours.archive, raw)


def _hand_over(parcel: Parcel, way: Transport) -> Outcome:
    try:
        return way.send(parcel, lambda: queries.standing_halt() is None)
    except TransportTrouble as trouble:
        return Outcome(Handover.LOST_BEFORE_DOT, reply=trouble.why)
    finally:
        way.close()


def probe_of(message_id: str) -> Probe | None:
    """The probe with this Message-ID."""
    if not message_id:
        return None
    return db.session.scalar(sa.select(Probe).where(Probe.message_id == message_id[:255]))
