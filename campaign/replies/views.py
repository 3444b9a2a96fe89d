"""The inbox: what came in, whose it may be, and what a person says that it is."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import asked
from campaign.drafting.models import Letter
from campaign.kernel import clock
from campaign.replies import operations, presenting, queries
from campaign.replies.captured import ReplyAs
from campaign.replies.forms import (
    OTHER,
    WHOLE,
    DismissForm,
    FileForm,
    LogForm,
    ReplyAsForm,
    with_verdicts,
)
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import Triage
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch
from campaign.web.acts import attempt
from campaign.web.lists import listed, searched

blueprint = Blueprint("replies", __name__, url_prefix="/staff")

PARTS = ("waiting", "filed", "settled", "dismissed", "spam", "unreadable", "all")


def _message(ref: str) -> IncomingMessage:
    return queries.message(ref) or abort(404)


def _letter(ref: str) -> Letter:
    return queries.letter(ref) or abort(404)


def _to(message: IncomingMessage) -> ResponseReturnValue:
    return redirect(url_for("replies.message", ref=message.ref))


def _to_letter(letter: Letter) -> ResponseReturnValue:
    if "drafting.letter" in current_app.view_functions:
        return redirect(url_for("drafting.letter", ref=letter.ref))
    return redirect(url_for("replies.inbox"))


@blueprint.get("/inbox/")
@staff(May.VIEW)
def inbox() -> ResponseReturnValue:
    """What came in; first what waits."""
    part, words = request.args.get("part", "waiting"), searched()
    if part not in PARTS:
        abort(400)
    return render_template(
        "replies/inbox.html",
        messages=listed(queries.inbox(part, words)),
        part=part,
        parts=PARTS,
        q=words,
        waiting=queries.waiting_count(),
        now=clock.now(),
    )


@blueprint.route("/inbox/<ref>/", methods=["GET", "POST"])
@staff(May.VIEW)
def message(ref: str) -> ResponseReturnValue:
    """One message: what it says, who it claims to be, and what it is."""
    found = _message(ref)
    if request.method == "POST" and not current_user.may(May.TRIAGE):
        abort(403)
    if found.erased_at is not None:
        return render_template("replies/erased.html", message=found)
    if found.letter is None:
        return _page(found) if request.method == "GET" else _to(found)
    letter = found.letter
    form = with_verdicts(FileForm, asked.of_letter(letter))(
        data={"permission": presenting.first_permission(found), "letter": letter.ref}
    )
    if form.validate_on_submit() and form.still_for(letter.ref):
        text = found.full_text if form.shown.data == WHOLE else found.text
        filed = attempt(
            lambda: operations.file_reply(
                found.id, letter_id=letter.id, text=text, actor=current_user, **form.facts()
            ),
            done=f"Filed to the letter to {letter.company.name}. Nothing is published by this.",
            form=form,
        )
        if filed:
            return _to(found) if form.more.data else _to_letter(letter)
        found = _message(ref)
    return _page(found, form=form)


def _page(found: IncomingMessage, **forms: Any) -> str:
    given = {"form": None, "dismiss": DismissForm(formdata=None, prefix="dismiss"), **forms}
    words = request.args.get("company", "").strip()[:200]
    return render_template(
        "replies/message.html",
        message=found,
        words=words,
        following=queries.next_waiting(found),
        letters=presenting.letters_to_choose(found, words),
        may_triage=current_user.may(May.TRIAGE) and found.triage is Triage.WAITING,
        **presenting.shown(found),
        **given,
    )


@blueprint.post("/inbox/<ref>/match")
@staff(May.TRIAGE)
def match(ref: str) -> ResponseReturnValue:
    """Say which letter it belongs to."""
    found, letter = _message(ref), _letter(request.form.get("letter", ""))
    attempt(
        lambda: operations.match(found.id, letter.id, actor=current_user),
        done=f"It belongs to the letter to {letter.company.name}. Now say what it is.",
    )
    return _to(found)


@blueprint.post("/inbox/<ref>/finish")
@staff(May.TRIAGE)
def finish(ref: str) -> ResponseReturnValue:
    """Say that it answers for nobody else than it is filed for."""
    found = _message(ref)
    attempt(
        lambda: operations.finish(found.id, actor=current_user),
        done="Filed. It blocks nothing any more; you can reopen it.",
    )
    return _to(found)


@blueprint.post("/inbox/<ref>/dismiss")
@staff(May.TRIAGE)
def dismiss(ref: str) -> ResponseReturnValue:
    """Put it aside as no company's reply."""
    found, form = _message(ref), DismissForm(prefix="dismiss")
    if form.validate_on_submit():
        attempt(
            lambda: operations.dismiss(found.id, why=form.why.data or "", actor=current_user),
            done="Put aside. It blocks nothing any more; you can reopen it.",
        )
        return _to(found)
    return _page(found, dismiss=form)


@blueprint.post("/inbox/<ref>/spam")
@staff(May.TRIAGE)
def spam(ref: str) -> ResponseReturnValue:
    """Mark it as spam."""
    found = _message(ref)
    attempt(
        lambda: operations.mark_spam(found.id, actor=current_user),
        done="Marked as spam. It blocks nothing any more; you can reopen it.",
    )
    return _to(found)


@blueprint.post("/inbox/<ref>/reopen")
@staff(May.TRIAGE)
def reopen(ref: str) -> ResponseReturnValue:
    """Let it wait for a person again."""
    found = _message(ref)
    attempt(
        lambda: operations.reopen(found.id, actor=current_user), done="The message waits again."
    )
    return _to(found)


@blueprint.get("/inbox/<ref>/message.eml")
@staff(May.VIEW)
def raw(ref: str) -> ResponseReturnValue:
    """The message byte for byte, as a download that no browser opens by itself."""
    found = _message(ref)
    if found.erased_at is not None:
        abort(410)
    response = Response(current_app.extensions["files"].get(found.sha256))
    response.headers["Content-Type"] = "message/rfc822"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.sha256[:16]}.eml"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/mailboxes/")
@staff(May.VIEW)
def mailboxes() -> ResponseReturnValue:
    """When each mailbox was read to its end, and what stands in the way."""
    return render_template(
        "replies/mailboxes.html",
        boxes=queries.mailboxes(),
        watermark=queries.mailbox_watermark(),
        now=clock.now(),
    )


@blueprint.route("/letters/<ref>/log-reply", methods=["GET", "POST"])
@staff(May.TRIAGE)
def log_reply(ref: str) -> ResponseReturnValue:
    """Take down what came by telephone, by post or in person."""
    letter = _letter(ref)
    zone = current_app.extensions["settings"].timezone
    form = with_verdicts(LogForm, asked.of_letter(letter))(data={"permission": "undetermined"})
    if form.validate_on_submit():
        logged = attempt(
            lambda: operations.log_reply(
                letter.id,
                received_at=form.received_at(zone),
                sender=form.sender.data or "",
                text=form.text.data or "",
                actor=current_user,
                **form.facts(),
            ),
            done="Taken down. Nothing is published by this.",
            form=form,
        )
        if logged:
            return _to_letter(letter)
    return render_template("replies/log.html", letter=letter, form=form)


def _captured(ref: str) -> Dispatch:
    """The captured mail; there is none while mail leaves for real."""
    settings = current_app.extensions["settings"]
    found = sending.find(ref) if settings.captured and settings.inbox_captured else None
    if found is None or found.message_id is None:
        abort(404)
    return found


@blueprint.route("/captured/<ref>/reply", methods=["GET", "POST"])
@staff(May.TRIAGE)
def reply_as(ref: str) -> ResponseReturnValue:
    """Answer as the company; a real mail arrives in the captured inbox."""
    dispatch = _captured(ref)
    form = ReplyAsForm(data={"sender": dispatch.recipient, "kind": ReplyAs.REPLY.value})
    form.sender.choices = presenting.addresses(dispatch, OTHER)
    if form.validate_on_submit():

        def write() -> bool:
            operations.reply_as_company(
                dispatch.id,
                from_address=form.from_address,
                text=form.text.data or "",
                kind=form.kind.data,
                subject=form.subject.data or None,
            )
            return True

        done = "The mail lies in the captured inbox. It is read with the clock's next round."
        if attempt(write, done=done, form=form):
            return redirect(url_for("replies.inbox"))
    return render_template("replies/reply_as.html", dispatch=dispatch, form=form)
