"""Mailing the links with which organisations sign without an account.

The token is made just before its mail and stands nowhere else, so the mail has no copy in our
archive and is not kept. A link whose mail did not leave is given a new token when it is tried
again.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import render_template

from campaign.accounts.models import User
from campaign.drafting import cosigning
from campaign.drafting.review_models import CosignLink
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.sending import outbox, parcels, queries
from campaign.sending.addresses import domain_of
from campaign.sending.message import Mail, build, new_message_id
from campaign.sending.transport import Handover, Outcome, Parcel, Transport, TransportTrouble

AGAIN_AFTER = timedelta(minutes=5)
_MARK = "cosign."
# The mail has not arrived for certain; one that may have arrived is not sent again by itself.
_AGAIN = (Handover.DEFERRED, Handover.LOST_BEFORE_DOT, Handover.STOPPED)


def mail_links(*, transport: Transport | None = None) -> int:
    """Mail every link that is due to its organisation; how many a server accepted.

    Nothing leaves while everything is halted.
    """
    cosigning.make_due()
    due = cosigning.due_links()
    if not due or queries.standing_halt() is not None:
        return 0
    way = transport or outbox.way_of_the_settings()
    try:
        return sum(_mail(link_id, way) for link_id in due)
    finally:
        way.close()


def _mail(link_id: int, way: Transport) -> bool:
    token = cosigning.begin_asking(link_id)
    if token is None:
        return False
    try:
        outcome = way.send(_parcel(link_id, token), lambda: queries.standing_halt() is None)
    except Problem as problem:
        outcome = Outcome(Handover.FAILED, reply=str(problem))
    except TransportTrouble as trouble:
        outcome = Outcome(Handover.LOST_BEFORE_DOT, reply=trouble.why)
    if outcome.handover in _AGAIN:
        cosigning.not_left(link_id, outcome.reply, again_at=clock.now() + AGAIN_AFTER)
    elif outcome.handover is Handover.FAILED:
        cosigning.not_left(link_id, outcome.reply, again_at=None)
    return outcome.handover is Handover.ACCEPTED


def _parcel(link_id: int, token: str) -> Parcel:
    ours, link = parcels.settings(), db.session.get_one(CosignLink, link_id)
    owner = db.session.get_one(User, link.campaign.owner_id)
    words = {
        "organisation": ours.org_name,
        "link": link,
        "url": f"{ours.base_url.rstrip('/')}/sign/{token}/",
        "letters": len(cosigning.waiting_texts(link)),
        "owner": owner,
        "until": days.in_words(link.expires_at or clock.now(), ours.timezone),
    }
    message_id = new_message_id(domain_of(ours.mail_from)).replace("<", f"<{_MARK}{link.ref}.")
    raw = build(
        Mail(
            from_name=ours.org_name,
            from_address=ours.mail_from,
            to_name=link.signer,
            to_address=link.email,
            reply_to=owner.email,  # a person: the mailbox that is read here is for companies
            subject=f"Please read and sign: {link.campaign.title}",
            text=render_template("email/cosign.txt", **words),
            html=render_template("email/cosign.html", **words),
            message_id=message_id,
            date=clock.now(),
        )
    )
    return Parcel(message_id, ours.mail_from, link.email, None, parcels.signed(raw))


def captured(ref: str, outbox_folder: Path) -> bytes | None:
    """The newest captured mail with the link of this opaque id; None where there is none."""
    mark = f"Message-ID: <{_MARK}{ref}.".encode()
    files = sorted(outbox_folder.glob("*/*"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
    return next((raw for raw in (one.read_bytes() for one in files) if mark in raw), None)
