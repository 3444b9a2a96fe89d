"""The captured outbox: mails as they left, while mail stays on this machine."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting.attached import size_words
from campaign.drafting.pictures import shown_in
from campaign.kernel import clock
from campaign.sending import carried, queries
from campaign.sending.models import Dispatch
from campaign.sending.parcels import files, settings
from campaign.sending.views import blueprint, dispatch_or_404
from campaign.web.headers import framed
from campaign.web.lists import page_number
from campaign.web.moments import relative


def _captured(ref: str) -> tuple[Dispatch, bytes]:
    """A mail that left into the captured outbox; there is none while mail leaves for real."""
    if not settings().captured:
        abort(404)
    found = dispatch_or_404(ref)
    if found.accepted_at is None or found.file_sha256 is None:
        abort(404)
    return found, files().get(found.file_sha256)


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""


def _read(raw: bytes) -> EmailMessage:
    # Our own bytes, made by `message.build`: no stranger's mail is parsed here.
    return message_from_bytes(raw, _class=EmailMessage, policy=policy.default)


@blueprint.get("/captured/")
@staff(May.VIEW)
def captured() -> ResponseReturnValue:
    """All captured mails, newest first."""
    if not settings().captured:
        abort(404)
    return render_template(
        "sending/captured.html",
        lines=queries.captured(page_number()),
        now=clock.now(),
        relative=relative,
    )


@blueprint.get("/captured/<ref>/")
@staff(May.VIEW)
def captured_mail(ref: str) -> ResponseReturnValue:
    """One captured mail: its headers, its text, its HTML in a frame."""
    found, raw = _captured(ref)
    message = _read(raw)
    headers = [(name, str(value)) for name, value in message.items()]
    return render_template(
        "sending/captured_mail.html",
        dispatch=found,
        subject=str(message["Subject"]),
        headers=[("Envelope sender", found.envelope_sender), *headers],
        text=_part(message, "plain"),
        has_html=bool(message.get_body(("html",))),
        files=[(one.name, size_words(len(one.raw))) for one in carried.files_in(message)],
    )


@blueprint.get("/captured/<ref>/html")
@staff(May.VIEW)
def captured_html(ref: str) -> ResponseReturnValue:
    """The HTML of a captured mail, for the frame."""
    message = _read(_captured(ref)[1])
    html = _part(message, "html") or abort(404)
    shown = shown_in(html, carried.pictures_of(message))
    return framed(Response(shown, mimetype="text/html"))


@blueprint.get("/captured/<ref>/mail.eml")
@staff(May.VIEW)
def captured_file(ref: str) -> ResponseReturnValue:
    """The exact bytes of a captured mail, as a download."""
    found, raw = _captured(ref)
    response = Response(raw, mimetype="message/rfc822")
    name = f"{found.letter.company.slug}-{found.kind.value}.eml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
