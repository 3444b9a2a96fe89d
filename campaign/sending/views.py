"""Pages of sending: what leaves and when, one dispatch, the halt."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.extensions import db
from campaign.kernel import clock
from campaign.sending import (
    batch_queries,
    by_hand,
    mention_posting,
    operations,
    proof_files,
    queries,
)
from campaign.sending.doing import Act, act, acts_on
from campaign.sending.forms import HaltForm
from campaign.sending.models import DeliveryEvidence, Dispatch
from campaign.sending.parcels import files
from campaign.web.acts import attempt
from campaign.web.headers import download
from campaign.web.lists import page_number
from campaign.web.moments import relative

blueprint = Blueprint("sending", __name__, url_prefix="/staff")

FEW, MANY = 10, 50


def dispatch_or_404(ref: str) -> Dispatch:
    """The dispatch of a page."""
    return queries.with_company(ref) or abort(404)


@blueprint.get("/sending/")
@staff(May.VIEW)
def queue() -> ResponseReturnValue:
    """What leaves when, what a person has to do, what did not go."""
    part = request.args.get("part", "")
    if part and part not in queries.PARTS:
        abort(400)
    now, batches = clock.now(), [] if part else batch_queries.running(FEW)
    shown = {
        name: queries.lines(name, page_number() if part else 1, MANY if part else FEW)
        for name in queries.PARTS
        if part in ("", name)
    }
    return render_template(
        "sending/queue.html",
        part=part,
        shown=shown,
        batches=batches,
        facts=batch_queries.facts(batches, now),
        trouble=queries.sending_trouble(),
        halt=queries.standing_halt(),
        now=now,
        relative=relative,
    )


@blueprint.post("/sending/try-again")
@staff(May.SEND)
def try_again() -> ResponseReturnValue:
    """Try at once what waits for its next attempt."""
    attempt(
        lambda: operations.try_again(actor=current_user),
        done="It is tried again with the next round of the clock.",
    )
    return redirect(url_for("sending.queue"))


@blueprint.get("/dispatches/<ref>/")
@staff(May.VIEW)
def dispatch(ref: str) -> ResponseReturnValue:
    """One dispatch: where it stands, how we know, what can be done."""
    return _dispatch_page(dispatch_or_404(ref))


def _dispatch_page(found: Dispatch, tried: tuple[Act, FlaskForm] | None = None) -> str:
    acts = [
        (one, tried[1] if tried and tried[0] is one else one.form(formdata=None, prefix=one.name))
        for one in acts_on(found)
    ]
    said_by = queries.who(evidence.by_id for evidence in found.evidence)
    return render_template(
        "sending/dispatch.html",
        dispatch=found,
        letter=found.letter,
        acts=acts if current_user.may(May.SEND) else [],
        attempts=queries.attempts_of(found),
        said_by=said_by,
        to_paste=queries.text_to_paste(found),
        fill=by_hand.to_fill(found),
        stopped=by_hand.why_not(found),
        mention=mention_posting.to_mention(found),
        now=clock.now(),
        relative=relative,
    )


@blueprint.post("/dispatches/<ref>/<name>")
@staff(May.SEND)
def do(ref: str, name: str) -> ResponseReturnValue:
    """Do one of the things that can be done with a dispatch."""
    found, one = dispatch_or_404(ref), act(name)
    if one is None:
        abort(404)
    form = one.form(prefix=one.name)
    if form.validate_on_submit():
        done = attempt(
            lambda: (one.order(found, form, current_user), True), done=one.done, form=form
        )
        if done:
            return redirect(url_for("sending.dispatch", ref=ref))
    db.session.rollback()
    again = dispatch_or_404(ref)
    if not one.fits(again):  # somebody was quicker: its form is not on the page any more
        flash(" ".join(form.form_errors) or "Nothing was changed.", "error")
        return redirect(url_for("sending.dispatch", ref=ref))
    return _dispatch_page(again, (one, form)), 422


@blueprint.get("/dispatches/<ref>/evidence/<int:number>")
@staff(May.VIEW)
def evidence_file(ref: str, number: int) -> ResponseReturnValue:
    """The file that a person gave as evidence, as a download."""
    found = db.session.get(DeliveryEvidence, number)
    if found is None or found.dispatch.ref != ref or not found.file_sha256:
        abort(404)
    raw = files().get(found.file_sha256)
    name = f"evidence-{number}.{proof_files.ending(raw) or 'bin'}"
    return download(Response(raw, mimetype="application/octet-stream"), name)


@blueprint.route("/halt/", methods=["GET", "POST"])
@staff(May.HALT)
def halt_page() -> ResponseReturnValue:
    """Stop everything automatic, with a reason; what that stops, and who ends it."""
    form = HaltForm()
    if form.validate_on_submit():
        stopped = attempt(
            lambda: operations.halt(why=form.why.data or "", actor=current_user),
            done="Everything automatic is halted.",
            form=form,
        )
        if stopped:
            return redirect(url_for("sending.halt_page"))
    halt = queries.standing_halt()
    by = queries.who([halt.by_id] if halt else [])
    page = render_template(
        "sending/halt.html", form=form, halt=halt, by=by, now=clock.now(), relative=relative
    )
    return page, 422 if form.errors else 200


@blueprint.post("/halt/release")
@staff(May.PUBLISH)
def release_halt() -> ResponseReturnValue:
    """End the halt."""
    attempt(
        lambda: operations.release_halt(actor=current_user),
        done="The halt is over. What is due leaves with the next round of the clock.",
    )
    return redirect(url_for("sending.halt_page"))
