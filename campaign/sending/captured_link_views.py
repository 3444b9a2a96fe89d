"""The captured mail with a co-signer's link, to be read while mail stays on this machine."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.sending import cosign_mail
from campaign.sending.captured_views import blueprint
from campaign.sending.parcels import settings


@blueprint.get("/captured/links/<ref>/")
@staff(May.APPROVE)
def captured_link(ref: str) -> ResponseReturnValue:
    """The newest captured mail with this link."""
    ours = settings()
    raw = cosign_mail.captured(ref, ours.captured_outbox) if ours.captured else None
    if raw is None:
        abort(404)
    # Our own bytes, made by `message.build`: no stranger's mail is parsed here.
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    return render_template(
        "sending/captured_link.html",
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=str(body.get_content()) if body else "",
    )
